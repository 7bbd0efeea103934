// The line above the figures: the shown runs, their members, and the epoch.
// Invariant: hovering a run here marks the run everywhere; the slider's bound is set before its value.

import { createEffect, For, on, onCleanup, Show } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import { announce, holdWhile } from '../dom/announcer';
import type { Shown } from '../figures/draw/figure';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { isShared } from '../session/members';
import { runColor } from '../text/palette';
import type { Player } from './training-playback';

export function ShownRuns(props: {
  session: SessionDocument & SessionCursor;
  /** The runs of the curves, with bands where a run has bands. */
  banded: readonly Shown<unknown>[];
  marked: RunId | undefined;
  onMark: (run: RunId | undefined) => void;
}) {
  const { session } = props;
  const hasBands = (id: RunId): boolean =>
    session.inspected() === 'train' && props.banded.some((run) => run.id === id && run.members);
  /**
   * The members of a run that the figures show: all as bands, all in a shared cell, or member 0 for the
   * others. Empty for a run without seeds.
   */
  const membersText = (id: RunId): string => {
    const run = session.plan().runs.get(id);
    const count = run?.seeds.count ?? 1;
    if (!run || count === 1) return '';
    if (hasBands(id)) return `${count} members`;
    return isShared(run, session.inspected()) ? `all ${count} members` : `member 0 of ${count}`;
  };
  return (
    <p class="shown-runs">
      <For each={session.shown()}>
        {(id) => (
          <span
            class="run-tag"
            classList={{ marked: props.marked === id }}
            onPointerEnter={() => props.onMark(id)}
            onPointerLeave={() => props.onMark(undefined)}
          >
            <svg class="swatch" viewBox="0 0 8 8" aria-hidden="true">
              <circle cx="4" cy="4" r="4" fill={runColor(id)} />
            </svg>
            {id} {session.plan().runs.get(id)?.run.name}
            <Show when={membersText(id)}>{(text) => <span class="quiet">{text()}</span>}</Show>
          </span>
        )}
      </For>
      <Show when={session.shown().length < session.sheet().runs.length}>
        <span class="quiet">
          {session.shown().length} of {session.sheet().runs.length} runs,{' '}
          {session.selected().length > 1 ? 'the selected ones' : 'the ones near the active cell'}
        </span>
      </Show>
      <Show when={session.shown().some(hasBands)}>
        <span class="quiet">
          Boundaries, chain rule and activations show member 0; the other figures show all members.
        </span>
      </Show>
    </p>
  );
}

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
      <label for="epoch">epoch</label>
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
          props.player.stop();
          props.onChoose(event.currentTarget.valueAsNumber);
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
