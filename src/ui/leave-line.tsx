// The line above a sheet that would compute much: what it would take, and who decides.
// Invariant: it is there as long as something waits for a person's leave, and takes no focus.

import { Show } from 'solid-js';
import type { Leave } from './leave';
import { type Load, loadWords } from './workload';

export function LeaveLine(props: { leave: Leave; load: Load }) {
  return (
    <p class="banner" role="status">
      <Show when={props.leave.isDeclined()} fallback={<>This sheet trains {loadWords(props.load)}.</>}>
        Only what is selected is computed; the rest trains {loadWords(props.load)}.
      </Show>{' '}
      <button type="button" onClick={() => props.leave.runAll()}>
        Run all
      </button>
      <Show when={!props.leave.isDeclined()}>
        {' '}
        <button type="button" onClick={() => props.leave.decline()}>
          Only what is selected
        </button>
      </Show>
    </p>
  );
}
