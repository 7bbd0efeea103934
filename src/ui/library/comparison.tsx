// Compares a few trainings side by side: first the differences between their params, then their results.
// Invariant: every param is on exactly one side, and words give each difference from the one baseline.
// Knows nothing of the table in which the trainings were chosen.

import { createMemo, createUniqueId, For, onMount, Show } from 'solid-js';
import type { Kind } from '../../core/kinds/kind';
import { words } from '../../core/text-formatting';
import { count } from '../figures/draw/format';
import { RUN_COLORS } from '../text/palette';
import { ComparisonCurves } from './comparison-curves';
import { contrast, type Lineage, RESULTS, type Setting, settingsOf, titleOf } from './lineages/library-model';
import { differenceText, resultText } from './lineages/library-text';
import { epochsOf, pointsOf, type Track } from './lineages/lineage-curves';
import { RunLabel } from './run-label';

/** The comparison of two or more lineages. */
export function Comparison(props: {
  readonly lineages: readonly Lineage[];
  readonly kinds: readonly Kind[];
  /** The key of the baseline; the first lineage is the baseline if no lineage has the key. */
  readonly baseline?: string | undefined;
  /** The effect of the last action, in words. */
  readonly message?: string | undefined;
  onBaseline(key: string): void;
  onAdd(lineages: readonly Lineage[]): void;
  onClose(): void;
}) {
  let heading: HTMLHeadingElement | undefined;
  const group = createUniqueId();
  const settings = createMemo(() => settingsOf(props.kinds));
  const sides = createMemo(() => contrast(props.lineages, settings()));
  const baseline = () => props.lineages.find(({ key }) => key === props.baseline) ?? props.lineages[0];
  /** Six colours; of more trainings, only the baseline has one. */
  const colorOf = (lineage: Lineage, index: number): string =>
    (props.lineages.length <= RUN_COLORS.length || lineage === baseline()
      ? RUN_COLORS[index % RUN_COLORS.length]
      : undefined) ?? 'var(--rest)';
  const tracks = createMemo(() =>
    props.lineages.map((lineage, index): Track => {
      const epochs = epochsOf(lineage, props.kinds);
      return {
        key: lineage.key,
        number: index + 1,
        title: titleOf(lineage, settings()),
        color: colorOf(lineage, index),
        epochs,
        points: pointsOf(lineage, epochs),
      };
    }),
  );

  onMount(() => heading?.focus());

  const label = (setting: Setting) => (
    <>
      <span class="library-quiet">{setting.kind}</span> {words(setting.name)}
    </>
  );
  const cell = (setting: Setting, lineage: Lineage) => {
    const base = baseline();
    const same = () => lineage !== base && base && setting.text(base) === setting.text(lineage);
    return (
      <td classList={{ 'library-quiet': Boolean(same()) || !setting.applies(lineage) }}>
        {setting.applies(lineage) ? setting.text(lineage).replaceAll(',', ', ') : 'does not apply'}
      </td>
    );
  };

  const commonText = (setting: Setting): string => {
    const lineage = props.lineages.find(setting.applies);
    return lineage ? setting.text(lineage).replaceAll(',', ', ') : 'does not apply';
  };

  return (
    <section
      class="library-page comparison"
      aria-label="Comparison"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        props.onClose();
      }}
    >
      <header class="library-head">
        <h2
          tabindex={-1}
          ref={(element) => {
            heading = element;
          }}
        >
          {count(props.lineages.length, 'training')} compared
        </h2>
        <button type="button" class="library-button" onClick={() => props.onAdd(props.lineages)}>
          Add all to the sheet
        </button>
        <span>{props.message}</span>
        <button type="button" class="library-button library-close" onClick={() => props.onClose()}>
          Back to the library
        </button>
      </header>
      <div class="comparison-body">
        <div class="comparison-numbers">
          <section class="comparison-scroller" tabindex={0} aria-label="Params and results">
            <table class="comparison-table">
              <thead>
                <tr>
                  <td />
                  <For each={tracks()}>
                    {(track) => (
                      <th scope="col">
                        <RunLabel track={track} />
                      </th>
                    )}
                  </For>
                </tr>
                <tr>
                  <th scope="row">baseline</th>
                  <For each={tracks()}>
                    {(track) => (
                      <td>
                        <input
                          type="radio"
                          name={group}
                          aria-label={`Baseline: ${track.number}, ${track.title}`}
                          checked={baseline()?.key === track.key}
                          onChange={() => props.onBaseline(track.key)}
                        />
                      </td>
                    )}
                  </For>
                </tr>
              </thead>
              <tbody>
                <tr>
                  <th scope="rowgroup" colSpan={props.lineages.length + 1}>
                    {sides().differing.length === 0
                      ? 'No param differs'
                      : `Differing: ${count(sides().differing.length, 'param')}`}
                  </th>
                </tr>
                <For each={sides().differing}>
                  {(setting) => (
                    <tr>
                      <th scope="row">{label(setting)}</th>
                      <For each={props.lineages}>{(lineage) => cell(setting, lineage)}</For>
                    </tr>
                  )}
                </For>
              </tbody>
              <tbody>
                <tr>
                  <th scope="rowgroup" colSpan={props.lineages.length + 1}>
                    Results
                  </th>
                </tr>
                <For each={RESULTS}>
                  {({ name, words }) => (
                    <tr>
                      <th scope="row">{words}</th>
                      <For each={props.lineages}>
                        {(lineage) => (
                          <td>
                            {resultText(name, lineage.results[name])}
                            <Difference result={name} lineage={lineage} baseline={baseline()} />
                          </td>
                        )}
                      </For>
                    </tr>
                  )}
                </For>
                <tr>
                  <td />
                  <For each={tracks()}>
                    {(track, index) => (
                      <td>
                        <button
                          type="button"
                          class="library-button"
                          aria-label={`Add ${track.number}, ${track.title}, to the sheet`}
                          onClick={() => props.onAdd(props.lineages.slice(index(), index() + 1))}
                        >
                          Add
                        </button>
                      </td>
                    )}
                  </For>
                </tr>
              </tbody>
            </table>
          </section>
          <details>
            <summary>Identical: {count(sides().identical.length, 'param')}</summary>
            <dl class="comparison-identical">
              <For each={sides().identical}>
                {(setting) => (
                  <div>
                    <dt>{label(setting)}</dt>
                    <dd>{commonText(setting)}</dd>
                  </div>
                )}
              </For>
            </dl>
          </details>
        </div>
        <ComparisonCurves tracks={tracks()} />
      </div>
    </section>
  );
}

/** The difference of a result from the baseline's result; for the baseline itself, the word "baseline". */
function Difference(props: {
  result: Parameters<typeof differenceText>[0];
  lineage: Lineage;
  baseline: Lineage | undefined;
}) {
  return (
    <Show when={props.baseline}>
      {(baseline) => (
        <small class="library-quiet">
          {props.lineage === baseline()
            ? 'baseline'
            : differenceText(props.result, props.lineage, baseline())}
        </small>
      )}
    </Show>
  );
}
