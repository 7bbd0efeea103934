// Plays a training: the chosen epoch moves from its present place to the last one, in about six seconds; with reduced motion,
// each request advances by a tenth of the training, and nothing moves by itself.
// Invariant: the epoch follows the clock and not the frames, so that a slow page skips epochs and is never late. Knows no
// figure: figures follow the epoch.

import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js';

/** How long the whole training takes, and what one epoch takes at most. */
const WHOLE_MS = 6_000;
const EPOCH_MS = 400;

/** In so many steps the whole training is walked through where nothing shall move. */
const STEPS = 10;

/** How long it takes to play from an epoch to the last. */
export const playingTime = (from: number, epochs: number): number =>
  Math.min(WHOLE_MS * ((epochs - from) / Math.max(1, epochs - 1)), EPOCH_MS * (epochs - from));

/** The epoch at a time after the start. */
export const playedEpoch = (from: number, epochs: number, elapsed: number): number => {
  const whole = playingTime(from, epochs);
  if (!(elapsed < whole)) return epochs;
  return from + Math.floor((elapsed / whole) * (epochs - from));
};

/** The epoch after a step of a tenth; from the last one the first. */
export const steppedEpoch = (from: number, epochs: number): number =>
  from >= epochs ? 1 : Math.min(epochs, from + Math.max(1, Math.round((epochs - 1) / STEPS)));

export interface Player {
  playing(): boolean;
  /** What the button does: "Play", "Pause" or, where less motion is wanted, "Step". */
  word(): 'Play' | 'Pause' | 'Step';
  /** Does what the word says; from the last epoch it starts again at the first. */
  toggle(): void;
  stop(): void;
}

/** Walks the epoch that `choose` takes; stops by itself at the last one, and when there is nothing to play. */
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
    // Another training is another walk.
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
