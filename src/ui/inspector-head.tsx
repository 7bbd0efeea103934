// The line above the figures: which runs they show, and at which epoch.
// Invariant: hovering a run here marks it everywhere; the slider's bound is set before its value.

import { createEffect, For, Show } from 'solid-js';
import type { RunId } from '../core/sheet';
import { runColor } from './palette';
import type { Session } from './session';

export function ShownRuns(props: {
  session: Session;
  marked: RunId | undefined;
  onMark: (run: RunId | undefined) => void;
}) {
  const { session } = props;
  const seeds = (id: RunId): number => session.plan().runs.get(id)?.seeds.count ?? 1;
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
            <Show when={seeds(id) > 1}>
              <span class="quiet">member 0 of {seeds(id)}</span>
            </Show>
          </span>
        )}
      </For>
      <Show when={session.shown().length < session.sheet().runs.length}>
        <span class="quiet">
          {session.shown().length} of {session.sheet().runs.length} runs
        </span>
      </Show>
    </p>
  );
}

export function EpochSlider(props: {
  epochs: number;
  epoch: number;
  /** The epoch that the figures stand at, which hovering changes. */
  shown: number;
  onChoose: (epoch: number) => void;
}) {
  return (
    <div class="epoch">
      <label for="epoch">epoch</label>
      <input
        id="epoch"
        type="range"
        min="1"
        ref={(element) => {
          // The bound first: a value beyond it would be cut, and never be set again.
          createEffect(() => {
            element.max = String(props.epochs);
            element.value = String(props.epoch);
          });
        }}
        onInput={(event) => props.onChoose(event.currentTarget.valueAsNumber)}
      />
      <output for="epoch">
        {props.shown} of {props.epochs}
      </output>
    </div>
  );
}
