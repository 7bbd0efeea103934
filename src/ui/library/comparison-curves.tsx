// The losses of compared trainings in one figure, with one cursor and every run's value at the cursor.
// Invariant: the cursor is always on a kept epoch, and a value from another epoch names that epoch.
// The drawing itself loads when it is first seen.

import { createEffect, createMemo, createSignal, For } from 'solid-js';
import { late } from '../../core/late-loading';
import { grouped } from '../../core/text-formatting';
import { lateView } from '../dom/late-view';
import { resultText } from './lineages/library-text';
import { nearestStop, type Point, pointAt, stopsOf, type Track } from './lineages/lineage-curves';
import { RunLabel } from './run-label';

const CurveDrawing = lateView(
  late(() => import('./curve-drawing')),
  (found) => found.CurveDrawing,
  () => <div class="comparison-drawing" />,
);

/** The figure, the slider for its cursor, and the table of values at the cursor. */
export function ComparisonCurves(props: { tracks: readonly Track[] }) {
  const stops = createMemo(() => stopsOf(props.tracks));
  const [wanted, setWanted] = createSignal(Number.POSITIVE_INFINITY);
  const epoch = () => stops()[nearestStop(stops(), wanted())] ?? 1;
  let slider: HTMLInputElement | undefined;

  // A range input clamps its value to its bounds, so `max` is set before `value`.
  createEffect(() => {
    if (!slider) return;
    slider.max = String(stops().at(-1) ?? 1);
    slider.value = String(epoch());
  });

  /**
   * Moves the cursor to the next stop in the slider's direction, because the curves do not keep every
   * epoch.
   */
  function slide(input: HTMLInputElement): void {
    const to = input.valueAsNumber;
    const forward = stops().find((stop) => stop >= to);
    const back = stops().findLast((stop) => stop <= to);
    setWanted((to > epoch() ? forward : back) ?? to);
    input.value = String(epoch());
  }

  const value = (track: Track, point: Point | undefined, curve: 'loss' | 'testLoss') => (
    <td>
      {point ? resultText(curve, point[curve]) : `ended at ${track.epochs}`}
      {point && point.epoch !== epoch() && <small class="library-quiet"> at {grouped(point.epoch)}</small>}
    </td>
  );

  return (
    <figure class="comparison-curves" aria-label="Loss by epoch">
      <figcaption>
        Loss by epoch <span class="library-quiet">solid: training, dashed: test; logarithmic</span>
      </figcaption>
      <CurveDrawing tracks={props.tracks} epoch={epoch()} onEpoch={setWanted} />
      <input
        type="range"
        class="comparison-slider"
        min="1"
        step="1"
        aria-label="Epoch"
        aria-valuetext={`epoch ${epoch()}`}
        ref={(element) => {
          slider = element;
        }}
        onInput={(event) => slide(event.currentTarget)}
      />
      <table class="comparison-readout">
        <thead>
          <tr>
            <th scope="col">at epoch {grouped(epoch())}</th>
            <th scope="col">loss</th>
            <th scope="col">test loss</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.tracks}>
            {(track) => {
              const point = createMemo(() => pointAt(track, epoch()));
              return (
                <tr>
                  <th scope="row">
                    <RunLabel track={track} />
                  </th>
                  {value(track, point(), 'loss')}
                  {value(track, point(), 'testLoss')}
                </tr>
              );
            }}
          </For>
        </tbody>
      </table>
    </figure>
  );
}
