// Loads the formula assistant, and holds the assistant once it is loaded.
// Invariant: typing works without the assistant; the assistant loads with the language, after the first paint, and once for the
// page.

import { createSignal } from 'solid-js';
import { late } from '../../core/late';
import type { Workspace } from '../workspace/workspace';
import type { Assistant } from './formula-assistant';

const formulaAssistant = late(() => import('./formula-assistant'));

const [assistant, setAssistant] = createSignal<Assistant>();

/** The assistant of the page's workspace; undefined for a moment after the first paint. */
export { assistant };

let asked: Workspace | undefined;

/** Loads the assistant, once; the language must be there. */
export async function loadAssistant(workspace: Workspace): Promise<void> {
  if (asked === workspace) return;
  asked = workspace;
  try {
    const { createAssistant } = await formulaAssistant();
    setAssistant(() => createAssistant(workspace));
  } catch {
    // Offline before the first visit was over: what is typed works without it.
    asked = undefined;
  }
}
