// Plays a training: the chosen epoch moves from its present place to the last one, in about six seconds; with reduced motion,
// each request advances by a tenth of the training, and nothing moves by itself.
// Invariant: the epoch follows the clock and not the frames, so that a slow page skips epochs and is never late. Knows no
// figure: figures follow the epoch.

import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js';

/** Milliseconds to play a whole training, and the most per epoch. */
const WHOLE_MS = 6_000;
const EPOCH_MS = 400;

/** Steps through a whole training with reduced motion. */
const STEPS = 10;

/** Milliseconds to play from an epoch to the last one. */
export const playingTime = (from: number, epochs: number): number =>
  Math.min(WHOLE_MS * ((epochs - from) / Math.max(1, epochs - 1)), EPOCH_MS * (epochs - from));

/** The epoch at `elapsed` ms after playing began at epoch `from`. */
export const playedEpoch = (from: number, epochs: number, elapsed: number): number => {
  const whole = playingTime(from, epochs);
  if (!(elapsed < whole)) return epochs;
  return from + Math.floor((elapsed / whole) * (epochs - from));
};

/** The epoch one step, a tenth of the training, after `from`; after the last epoch, the first. */
export const steppedEpoch = (from: number, epochs: number): number =>
  from >= epochs ? 1 : Math.min(epochs, from + Math.max(1, Math.round((epochs - 1) / STEPS)));

/** The control of playing, behind one button. */
export interface Player {
  playing(): boolean;
  /** Label of the button: "Play", "Pause" or, with reduced motion, "Step". */
  word(): 'Play' | 'Pause' | 'Step';
  /** Plays, pauses or steps, as `word` says; from the last epoch, starts again at the first. */
  toggle(): void;
  stop(): void;
}

/**
 * A player that passes epochs, counted from 1, to `choose`; stops at the last epoch, and when the number of
 * epochs changes. Must be made inside a Solid root.
 */
export function createPlayer(
  epochs: Accessor<number>,
  epoch: Accessor<number>,
  choose: (epoch: number) => void,
): Player {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const [isStill, setIsStill] = createSignal(still.matches);
  const [playing, setPlaying] = createSignal(false);
  let frame = 0;

  function stop(): void {
    cancelAnimationFrame(frame);
    setPlaying(false);
  }
  function play(): void {
    const from = epoch() >= epochs() ? 1 : epoch();
    const last = epochs();
    let start: number | undefined;
    const walk = (now: number): void => {
      start ??= now;
      const at = playedEpoch(from, last, now - start);
      choose(at);
      if (at >= last) stop();
      else frame = requestAnimationFrame(walk);
    };
    setPlaying(true);
    choose(from);
    frame = requestAnimationFrame(walk);
  }
  function onStill({ matches }: MediaQueryListEvent): void {
    setIsStill(matches);
    if (matches) stop();
  }
  still.addEventListener('change', onStill);
  let before = epochs();
  createEffect(() => {
    // Another number of epochs is another training, which does not play by itself.
    if (epochs() !== before) stop();
    before = epochs();
  });
  onCleanup(() => {
    still.removeEventListener('change', onStill);
    stop();
  });

  return {
    playing,
    word: () => (isStill() ? 'Step' : playing() ? 'Pause' : 'Play'),
    toggle() {
      if (isStill()) choose(steppedEpoch(epoch(), epochs()));
      else if (playing()) stop();
      else if (epochs() > 1) play();
    },
    stop,
  };
}
