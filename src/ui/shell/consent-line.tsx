// The line above a sheet that would compute much: the cost, and the choice of the person.
// Invariant: the line is present as long as something waits for consent; the line takes no focus, and gives back a focus
// that it has.

import { Show } from 'solid-js';
import { focusActiveCell } from '../dom/focus';
import type { Consent } from '../session/consent';
import { type Load, loadText } from '../session/workload';

/** The question for consent; `load` is the work that waits for the consent. */
export function ConsentLine(props: { consent: Consent; load: Load }) {
  let computeAll: HTMLButtonElement | undefined;
  return (
    <p class="banner">
      <Show when={props.consent.isDeclined()} fallback={<>This sheet trains {loadText(props.load)}.</>}>
        Only the runs in the figures are computed. The other runs train {loadText(props.load)}.
      </Show>{' '}
      <button
        ref={(element) => {
          computeAll = element;
        }}
        type="button"
        onClick={() => {
          props.consent.computeAll();
          // The person's scroll position must not change.
          focusActiveCell({ preventScroll: true });
        }}
      >
        Compute all
      </button>
      <Show when={!props.consent.isDeclined()}>
        {' '}
        <button
          type="button"
          onClick={() => {
            props.consent.decline();
            computeAll?.focus();
          }}
        >
          Only the runs in the figures
        </button>
      </Show>
    </p>
  );
}
