// The line above a sheet that would compute much: the cost, and the choice of the person.
// Invariant: the line is present as long as something waits for permission; the line takes no focus, and gives back a focus
// that it has.

import { Show } from 'solid-js';
import { focusActiveCell } from '../dom/focus';
import type { Leave } from '../session/leave';
import { type Load, loadText } from '../session/workload';

export function LeaveLine(props: { leave: Leave; load: Load }) {
  let runAll: HTMLButtonElement | undefined;
  return (
    <p class="banner" role="status">
      <Show when={props.leave.isDeclined()} fallback={<>This sheet trains {loadText(props.load)}.</>}>
        Only the runs in the figures are computed; the rest trains {loadText(props.load)}.
      </Show>{' '}
      <button
        ref={(element) => {
          runAll = element;
        }}
        type="button"
        onClick={() => {
          props.leave.runAll();
          // Where a person has scrolled to stays.
          focusActiveCell({ preventScroll: true });
        }}
      >
        Compute all
      </button>
      <Show when={!props.leave.isDeclined()}>
        {' '}
        <button
          type="button"
          onClick={() => {
            props.leave.decline();
            runAll?.focus();
          }}
        >
          Only the runs in the figures
        </button>
      </Show>
    </p>
  );
}
