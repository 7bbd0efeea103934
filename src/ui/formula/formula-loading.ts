// Loads the formula assistant, and holds the assistant once it is loaded.
// Invariant: typing works without the assistant; the assistant loads with the language, after the first paint, and once for the
// page.

import { createSignal } from 'solid-js';
import { late } from '../../core/late-loading';
import type { Workspace } from '../workspace/workspace';
import type { Assistant } from './formula-assistant';

const formulaAssistant = late(() => import('./formula-assistant'));

const [assistant, setAssistant] = createSignal<Assistant>();

/** The assistant of the page's workspace; undefined until the assistant is loaded. */
export { assistant };

let asked: Workspace | undefined;

/**
 * Loads the assistant, once per workspace. The formula language must be loaded. A failed load is tried
 * again on the next call.
 */
export async function loadAssistant(workspace: Workspace): Promise<void> {
  if (asked === workspace) return;
  asked = workspace;
  try {
    const { createAssistant } = await formulaAssistant();
    setAssistant(() => createAssistant(workspace));
  } catch {
    // For example offline during the first visit. Typing works without the assistant.
    asked = undefined;
  }
}
