// Where that is kept which makes formulas easier to write and to follow, once it is loaded.
// Invariant: what is typed works without it; it comes with the language, after the first paint, and once for the page.

import { createSignal } from 'solid-js';
import { late } from '../../core/late';
import type { Desk } from '../workspace/workspace';
import type { Assistant } from './formula-assistant';

const formulaAssistant = late(() => import('./formula-assistant'));

const [assistant, setAssistant] = createSignal<Assistant>();

/** The assistant of the page's desk; undefined for a moment after the first paint. */
export { assistant };

let asked: Desk | undefined;

/** Loads the assistant, once; the language must be there. */
export async function loadAssistant(desk: Desk): Promise<void> {
  if (asked === desk) return;
  asked = desk;
  try {
    const { createAssistant } = await formulaAssistant();
    setAssistant(() => createAssistant(desk));
  } catch {
    // Offline before the first visit was over: what is typed works without it.
    asked = undefined;
  }
}
