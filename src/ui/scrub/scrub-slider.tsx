// The slider beside the formula bar: changes the active number by mouse, touch and arrow keys.
// Invariant: one press, or one sequence of key presses, is one step of the history; Escape cancels.

import { createEffect, onCleanup } from 'solid-js';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import { type Scrub, type Scrubbable, startScrub } from './scrub';

/** Slider for `number`; a scrub in progress is cancelled when the slider is removed. */
export function ScrubSlider(props: { session: SessionDocument & SessionProgress; number: Scrubbable }) {
  let scrub: Scrub | undefined;
  let keysDown = 0;
  const finish = (how: 'commit' | 'cancel'): void => {
    scrub?.[how]();
    scrub = undefined;
    keysDown = 0;
  };
  onCleanup(() => finish('cancel'));
  return (
    <input
      class="scrub"
      type="range"
      aria-label={props.number.name}
      aria-valuetext={props.number.text}
      ref={(element) => {
        // Set the bounds before the value: the browser clamps a value beyond the old bounds, and nothing
        // would set it again.
        createEffect(() => {
          const { scale, value } = props.number;
          if (!scrub) {
            const { min, max } = scale.range(value);
            element.min = String(min);
            element.max = String(max);
          }
          element.value = String(scale.place(value));
        });
      }}
      onInput={(event) => {
        scrub ??= startScrub(props.session, props.number);
        const { scale, value } = scrub.from;
        const position = event.currentTarget.valueAsNumber;
        scrub.to(position === scale.place(value) ? value : scale.at(position));
      }}
      onChange={() => {
        if (keysDown === 0) finish('commit');
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && scrub) {
          event.preventDefault();
          finish('cancel');
        } else if (!event.repeat && event.key !== 'Tab') keysDown++;
      }}
      onKeyUp={() => {
        keysDown = Math.max(0, keysDown - 1);
        if (keysDown === 0) finish('commit');
      }}
      onBlur={() => finish('commit')}
    />
  );
}
