// The map on the page: the choice, the cost of filling the map, the figure, and tiles that open as runs.
// Invariant: the sheet is unchanged until a tile is opened, which is one step of undo. Loaded on first use.

import { createEffect, createMemo, createSignal, on, Show } from 'solid-js';
import type { Scheduler } from '../../core/compute/scheduler';
import { speakOf } from '../dom/announcer';
import { FormChoice } from '../dom/form-choice';
import type { Shown } from '../figures/draw/figure';
import type { MapMeasure, MapView } from '../figures/map/map-values';
import { type Figures, FigureView, type Pointer } from '../figures/page/figure-view';
import type { Session } from '../session/session';
import { runColor } from '../text/palette';
import { mapAxis, tileSweep } from './crossed-sheet';
import { createMapChoice } from './map-choice';
import { MapChooser } from './map-chooser';
import { MapGrid } from './map-grid';
import { MapRuns } from './map-runs';
import { createTiles } from './map-tiles';
import './map-panel.css';

const MEASURES: readonly (readonly [MapMeasure, string])[] = [
  ['ratio', 'gradient ratio'],
  ['testAccuracy', 'test accuracy'],
  ['accuracy', 'accuracy'],
];

const FIRST = 'epoch 1';

export function MapPanel(props: {
  session: Session;
  scheduler: Scheduler;
  figures: Figures;
  /** The chosen epoch, counted from 1; Infinity if no epoch is chosen, which means the last epoch. */
  epoch: number;
  pointer: Pointer;
}) {
  const { session } = props;
  const { registry } = session;
  const [chosenBase, setBase] = createSignal(session.active().run);
  const base = createMemo(() =>
    session.sheet().runs.some(({ id }) => id === chosenBase()) ? chosenBase() : session.active().run,
  );
  const [measure, setMeasure] = createSignal<MapMeasure>('ratio');
  const [isFirst, setFirst] = createSignal(true);
  const [pointed, setPointed] = createSignal<number>();

  // One slider sets the epoch of all figures: once the slider moves, the map leaves epoch 1.
  createEffect(
    on(
      () => props.epoch,
      () => setFirst(false),
      { defer: true },
    ),
  );

  /** The other choice of an epoch; epoch 1 by the slider has no name of its own. */
  const laterEpoch = (): string => {
    if (!Number.isFinite(props.epoch)) return 'last epoch';
    return props.epoch === 1 ? 'chosen epoch' : `epoch ${props.epoch}`;
  };
  const choice = createMapChoice(session, base);
  const tiles = createTiles(session, props.scheduler, choice.crossing);

  const runs = createMemo<readonly Shown<MapView>[]>(() => {
    const shown = tiles.shown();
    if (!shown) return [];
    const view: MapView = {
      rows: mapAxis(registry, shown.crossing.rows),
      columns: mapAxis(registry, shown.crossing.columns),
      tiles: shown.tiles,
      measure: measure(),
      epoch: measure() === 'ratio' && isFirst() ? 1 : props.epoch,
    };
    return [
      {
        id: shown.crossing.base,
        name: `map of ${shown.crossing.base}`,
        color: runColor(session, shown.crossing.base).color,
        value: view,
      },
    ];
  });
  const view = (): MapView | undefined => runs()[0]?.value;
  const figure = () => props.figures.figures.map[0];

  const progress = createMemo(() => {
    const all = tiles.shown()?.tiles ?? [];
    const open = all.filter(({ state }) => state === 'waiting' || state === 'running').length;
    const asking = all.filter(({ state }) => state === 'asking').length;
    return { open, asking, over: all.length - open - asking, of: all.length };
  });

  /** Nothing while the map fills: the cost before, and the end. */
  speakOf('map', () => {
    const why = choice.reason() ?? tiles.reason();
    if (why) return why;
    const { open, asking, of } = progress();
    if (tiles.asks()) return tiles.costs();
    if (of === 0 || open > 0) return undefined;
    return asking > 0 ? `${asking} of ${of} tiles wait for confirmation` : `the map is filled, ${of} tiles`;
  });

  /** Activates the run of a tile; if the sheet has no such run, adds it behind the base. */
  function open(index: number): void {
    const shown = tiles.shown();
    if (!shown) return;
    const { crossing: made, tiles: all } = shown;
    const across = made.columns.texts.length;
    const [down, along] = [made.rows.texts[Math.floor(index / across)], made.columns.texts[index % across]];
    if (down === undefined || along === undefined) return;
    const stay = (run: string): void => session.activate({ run, row: made.columns.path });
    const [held] = all[index]?.runs ?? [];
    if (held !== undefined) {
      stay(held);
      session.report(`this tile is run ${held}`);
      return;
    }
    const sweep = tileSweep(session.sheet(), made, [down], [along]);
    if (!sweep.ok) {
      session.say(`No run was added: ${sweep.reason}.`);
      return;
    }
    const before = new Set(session.sheet().runs.map(({ id }) => id));
    const [name = ''] = sweep.value.names;
    session.edit(`add ${name} from the map`, sweep.value.make);
    const added = session.sheet().runs.find(({ id }) => !before.has(id));
    if (!added) return;
    stay(added.id);
    session.report(`added ${added.id}: ${made.base} with ${name}`);
  }

  return (
    <section class="map" aria-label="Map">
      <MapChooser session={session} choice={choice} base={base()} onBase={setBase} />
      <div class="map-line">
        <span>coloured by</span>
        <FormChoice
          label="Coloured by"
          words={MEASURES.map(([, name]) => name)}
          chosen={MEASURES.find(([name]) => name === measure())?.[1] ?? ''}
          onChoose={(word) => setMeasure(MEASURES.find(([, name]) => name === word)?.[0] ?? 'ratio')}
        />
        <Show when={measure() === 'ratio'}>
          <FormChoice
            label="Epoch of the map"
            words={[FIRST, laterEpoch()]}
            chosen={isFirst() ? FIRST : laterEpoch()}
            onChoose={(word) => setFirst(word === FIRST)}
          />
        </Show>
      </div>
      <p class="map-cost">
        <Show
          when={choice.reason() ?? tiles.reason()}
          fallback={
            <>
              {[
                tiles.costs(),
                progress().open > 0 && !tiles.asks() ? `${progress().over} of ${progress().of} filled` : '',
                progress().asking > 0 ? `${progress().asking} wait for confirmation` : '',
              ]
                .filter(Boolean)
                .join(' · ')}
              <Show when={tiles.asks()}>
                <button type="button" onClick={tiles.fill}>
                  Fill the map
                </button>
              </Show>
              <Show when={progress().asking > 0}>
                <button type="button" onClick={tiles.allow}>
                  Compute these
                </button>
              </Show>
            </>
          }
        >
          {(why) => <span class="bad">{`${why().charAt(0).toUpperCase()}${why().slice(1)}.`}</span>}
        </Show>
      </p>
      <Show when={view()}>
        {(shown) => (
          <>
            <FigureView
              figures={props.figures}
              figure={figure()}
              runs={runs()}
              pointer={props.pointer}
              over={(width) => (
                <MapGrid
                  label={`Tiles of the map of ${base()}: ${shown().rows.name} down, ${shown().columns.name} across`}
                  rows={shown().rows.values.length}
                  columns={shown().columns.values.length}
                  place={props.figures.mapPlace(shown(), width())}
                  words={(index) => props.figures.tileDescription(shown(), index)}
                  onPoint={setPointed}
                  onOpen={open}
                />
              )}
            />
            <p class="map-readout quiet">{readout(shown())}</p>
            <Show when={tiles.shown()}>
              {(now) => <MapRuns session={session} crossing={now().crossing} view={shown()} />}
            </Show>
          </>
        )}
      </Show>
    </section>
  );

  function readout(shown: MapView): string {
    const at = pointed();
    if (at === undefined)
      return 'A click or Enter on a tile adds the tile as a run, or goes to the run of the tile.';
    return `${props.figures.tileDescription(shown, at)}.`;
  }
}
