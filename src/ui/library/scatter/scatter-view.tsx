// The library's scatter: lists that choose the quantities across, up and in colour; the drawing; the
// pointed training; the trainings left out; and the numbers by value.
// Invariant: the pointed training stays named until another one is pointed at, so that its buttons can be
// reached. Loaded late, since the drawing is larger than the page before it.

import { createEffect, createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { saveCsv, savePng, saveSvg } from '../../figures/draw/figure-export';
import { FigureMenu } from '../../figures/page/figure-menu';
import { type Lineage, type Setting, titleOf } from '../lineages/library-model';
import { ago } from '../lineages/library-text';
import { createSliced } from '../lineages/sliced-values';
import { type Offer, QuantityList } from './quantity-list';
import { ScatterDrawing } from './scatter-drawing';
import {
  describeScatter,
  paramsOf,
  pointText,
  RESULT_QUANTITIES,
  remarksOn,
  type Scatter,
  type Shown,
  scatterOf,
  scatterTable,
  titleOfScatter,
} from './scatter-model';
import { ScatterNumbers } from './scatter-numbers';

/** The chosen quantities by id. An undefined entry means the default; an empty `color` means no colour. */
export interface ScatterChoice {
  readonly x?: string;
  readonly y?: string;
  readonly color?: string;
}

/** The scatter of the lineages that pass the filter. */
export function ScatterView(props: {
  lineages: readonly Lineage[];
  settings: readonly Setting[];
  chosen: ReadonlySet<string>;
  now: number;
  choice: ScatterChoice;
  onChoice(choice: ScatterChoice): void;
  onChoose(key: string, chosen: boolean): void;
  onAdd(key: string): void;
  /** Shows the training's row in the table. */
  onShow(key: string): void;
}) {
  let drawing: HTMLElement | undefined;
  let slider: HTMLInputElement | undefined;
  const params = createSliced(function* () {
    const [lineages, settings] = [props.lineages, props.settings];
    return yield* paramsOf(lineages, settings);
  }, undefined);
  const offered = createMemo((): readonly Offer[] => {
    const found = params();
    return [
      { words: 'Differing', quantities: found?.differing ?? [] },
      { words: 'The same in all', quantities: found?.identical ?? [] },
    ].filter(({ quantities }) => quantities.length > 0);
  });
  const known = createMemo(
    () =>
      new Map(
        [...offered().flatMap(({ quantities }) => quantities), ...RESULT_QUANTITIES].map((one) => [
          one.id,
          one,
        ]),
      ),
  );
  // The first default stays, so that a change of the filter does not change the axis.
  const first = createMemo((before: string | undefined) => before ?? params()?.first?.id);
  const x = createMemo(() => known().get(props.choice.x ?? first() ?? ''));
  const y = createMemo(() => known().get(props.choice.y ?? 'testLoss'));
  const color = createMemo(() => known().get(props.choice.color ?? ''));
  const scatter = createSliced(function* (): Generator<void, Scatter | undefined> {
    const [lineages, across, up, shade] = [props.lineages, x(), y(), color()];
    if (!across || !up) return undefined;
    const shown: Shown = { x: across, y: up, color: shade };
    return yield* scatterOf(lineages, shown);
  }, undefined);

  const [key, setKey] = createSignal<string>();
  const index = createMemo(() => {
    const wanted = key();
    const found =
      wanted === undefined ? -1 : (scatter()?.drawn.findIndex(({ lineage }) => lineage.key === wanted) ?? -1);
    return found < 0 ? undefined : found;
  });
  const pointed = () => scatter()?.drawn[index() ?? -1];
  const point = (at: number): void => void setKey(scatter()?.drawn[at]?.lineage.key);
  const choose = (at: number): void => {
    const found = scatter()?.drawn[at]?.lineage.key;
    if (found !== undefined) props.onChoose(found, !props.chosen.has(found));
  };
  const words = () => {
    const [shown, at] = [scatter(), pointed()];
    if (!shown || !at) return '';
    return `${titleOf(at.lineage, props.settings)}, ${pointText(shown, at)}${props.chosen.has(at.lineage.key) ? ', chosen' : ''}`;
  };

  // A range input clamps its value to its bounds, so `max` is set before `value`.
  createEffect(() => {
    const [most, at] = [scatter()?.drawn.length ?? 1, index() ?? 0];
    if (!slider) return;
    slider.max = String(most);
    slider.value = String(at + 1);
  });

  const picture = (as: typeof saveSvg | typeof savePng, shown: Scatter) =>
    drawing &&
    as(drawing, { title: titleOfScatter(shown), description: describeScatter(shown, props.settings) });

  const readout = (shown: Scatter): JSX.Element => (
    <div class="scatter-readout">
      <Show
        when={pointed()}
        fallback={<p class="library-quiet">Point at a training to name it; a click chooses it.</p>}
      >
        {(at) => (
          <>
            <p>
              <strong>{titleOf(at().lineage, props.settings)}</strong>
              <span>{pointText(shown, at())}</span>
              <span class="library-quiet">{ago(at().lineage.when, props.now)}</span>
            </p>
            <div class="scatter-actions">
              <button
                type="button"
                class="library-button"
                aria-pressed={props.chosen.has(at().lineage.key)}
                onClick={() => props.onChoose(at().lineage.key, !props.chosen.has(at().lineage.key))}
              >
                {props.chosen.has(at().lineage.key) ? 'Chosen' : 'Choose'}
              </button>
              <button type="button" class="library-button" onClick={() => props.onShow(at().lineage.key)}>
                Show in the table
              </button>
              <button type="button" class="library-button" onClick={() => props.onAdd(at().lineage.key)}>
                Add to the sheet
              </button>
            </div>
          </>
        )}
      </Show>
    </div>
  );

  return (
    <section class="scatter" aria-label="Scatter">
      <div class="scatter-choices">
        <QuantityList
          label="Across"
          offers={offered()}
          chosen={x()?.id ?? ''}
          onChoose={(id) => props.onChoice({ ...props.choice, x: id })}
        />
        <QuantityList
          label="Up"
          offers={[{ words: 'Results', quantities: RESULT_QUANTITIES }]}
          chosen={y()?.id ?? ''}
          onChoose={(id) => props.onChoice({ ...props.choice, y: id })}
        />
        <QuantityList
          label="Colour"
          none="none"
          offers={[...offered(), { words: 'Results', quantities: RESULT_QUANTITIES }]}
          chosen={color()?.id ?? ''}
          onChoose={(id) => props.onChoice({ ...props.choice, color: id })}
        />
      </div>
      <Show when={scatter()}>
        {(shown) => (
          <figure aria-labelledby="scatter-title">
            <figcaption>
              <h3 id="scatter-title">{titleOfScatter(shown())}</h3>
              <FigureMenu
                title={titleOfScatter(shown())}
                file="scatter"
                table={() => scatterTable(shown(), props.settings)}
                savings={[
                  { name: 'SVG', make: () => picture(saveSvg, shown()) },
                  { name: 'PNG', make: () => picture(savePng, shown()) },
                  { name: 'CSV', make: () => saveCsv(scatterTable(shown(), props.settings)) },
                ]}
              />
            </figcaption>
            <Show
              when={shown().drawn.length > 0}
              fallback={
                <p class="library-quiet">
                  No training has both {shown().x.label} and {shown().y.label}.
                </p>
              }
            >
              <ScatterDrawing
                scatter={shown()}
                pointed={index()}
                chosen={props.chosen}
                ref={(element) => {
                  drawing = element;
                }}
                onPoint={point}
                onChoose={choose}
              />
              <input
                type="range"
                class="scatter-slider"
                min="1"
                step="1"
                aria-label="Training, from left to right"
                aria-valuetext={words() || 'none yet'}
                aria-description="Enter chooses the training"
                ref={(element) => {
                  slider = element;
                }}
                onFocus={() => index() === undefined && point(0)}
                onInput={(event) => point(event.currentTarget.valueAsNumber - 1)}
                onKeyDown={(event) => {
                  const at = index();
                  if ((event.key !== 'Enter' && event.key !== ' ') || at === undefined) return;
                  event.preventDefault();
                  choose(at);
                }}
              />
              {readout(shown())}
            </Show>
            <For each={remarksOn(shown())}>
              {(remark) => <p class="scatter-remark library-quiet">{remark}</p>}
            </For>
            <p class="unseen">{describeScatter(shown(), props.settings)}</p>
            <ScatterNumbers scatter={shown()} />
          </figure>
        )}
      </Show>
    </section>
  );
}
