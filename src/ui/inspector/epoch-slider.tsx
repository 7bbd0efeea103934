// The epoch above the figures: the slider, and the button that plays a training.
// Invariant: the slider's bound is set before its value.

import { createEffect, on, onCleanup } from 'solid-js';
import { announce, holdWhile } from '../dom/announcer';
import type { Player } from './training-playback';

export function EpochSlider(props: {
  epochs: number;
  epoch: number;
  /** The epoch that the figures show: the hovered one, else the chosen one. */
  shown: number;
  player: Player;
  onChoose: (epoch: number) => void;
}) {
  onCleanup(holdWhile(props.player.playing));
  createEffect(
    on(
      props.player.playing,
      (plays) => announce('play', plays ? undefined : `played to epoch ${props.epoch} of ${props.epochs}`),
      { defer: true },
    ),
  );
  return (
    <div class="epoch">
      <button
        type="button"
        disabled={props.epochs < 2}
        title={
          props.player.word() === 'Step'
            ? 'Step by a tenth of the training (your system asks for less motion)'
            : 'Play the training, epoch by epoch (Space on the slider)'
        }
        onClick={() => props.player.toggle()}
      >
        {props.player.word()}
      </button>
      <label for="epoch" class="unseen">
        epoch
      </label>
      <input
        id="epoch"
        type="range"
        min="1"
        ref={(element) => {
          // `max` first: the browser clamps a value beyond it.
          createEffect(() => {
            element.max = String(props.epochs);
            element.value = String(props.epoch);
            // A constant text while the training plays, so that no epoch on the way is spoken.
            element.ariaValueText = props.player.playing()
              ? 'playing'
              : `epoch ${props.epoch} of ${props.epochs}`;
          });
        }}
        onInput={(event) => {
          // Read first: a player that stops writes its own epoch into the slider.
          const chosen = event.currentTarget.valueAsNumber;
          props.player.stop();
          props.onChoose(chosen);
        }}
        onKeyDown={(event) => {
          if (event.key !== ' ' || event.repeat) return;
          event.preventDefault();
          props.player.toggle();
        }}
      />
      <output for="epoch" aria-live="off">
        {props.shown} of {props.epochs}
      </output>
    </div>
  );
}
