// The inspector of the selected cell: the figures of its kind, for the shown runs side by side on shared scales.
// Invariant: every figure shows the same runs, the same epoch and the same marked run. Figures load after the sheet.

import {
  type Accessor,
  createEffect,
  createMemo,
  createSignal,
  For,
  type JSX,
  Match,
  Show,
  Switch,
} from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { late } from '../../core/late-loading';
import type { RunId } from '../../core/sheet/sheet';
import { DiagnosisPanel } from '../diagnosis/diagnosis-panel';
import { lateView } from '../dom/late-view';
import { createExample, ExamplePanel } from '../examples/example-panel';
import type { Figure } from '../figures/draw/figure';
import { type Figures, FigureView, type Pointer } from '../figures/page/figure-view';
import type { Session } from '../session/session';
import { createBoundaries } from '../sources/boundaries';
import { createConfusions } from '../sources/confusions';
import { createFigureValues, type FigureValues } from '../sources/figure-values';
import { createBands } from '../sources/member-bands';
import type { CrossChecks } from '../workspace/cross-checks';
import { CrossCheckLines, finishedChecks } from './cross-check-lines';
import { EpochSlider, ShownRuns } from './inspector-head';
import { createPlayer } from './training-playback';
import { waitingText } from './waiting-text';
import './inspector.css';
import '../figures/page/figures.css';

type Of<K extends keyof Figures['figures']> = Figures['figures'][K][number] extends {
  draw(runs: readonly { readonly value: infer V }[], ...rest: never[]): unknown;
}
  ? V
  : never;
type Trained = Of<'train'>;

/**
 * Parts of the list of figures of `train`: loss and accuracy before CURVES, gradient flow before FLOW, the
 * others below the ledger.
 */
const CURVES = 2;
const FLOW = 3;

const LedgerPanel = lateView(
  late(() => import('./ledger-panel')),
  (found) => found.LedgerPanel,
);

const MapPanel = lateView(
  late(() => import('../map/map-panel')),
  (found) => found.MapPanel,
);

const DifferencePanel = lateView(
  late(() => import('./difference-panel')),
  (found) => found.DifferencePanel,
);

export function Inspector(props: {
  session: Session;
  scheduler: Scheduler;
  figures: Figures;
  ask: Ask;
  crossChecks: CrossChecks;
}) {
  const { session, crossChecks } = props;
  const { figures } = props.figures;
  const [chosenEpoch, setChosenEpoch] = createSignal<number>();
  const [hoveredEpoch, setHoveredEpoch] = createSignal<number>();
  const [marked, setMarked] = createSignal<RunId>();

  /**
   * The figures of each kind but `train`, whose figures also include cross-checks, boundaries, confusions and
   * the ledger.
   */
  const kinds = session.registry.kinds
    .filter(({ name }) => name !== 'train')
    .map(({ name }) => {
      const { needs, join, figures: list } = props.figures.figuresOf(name);
      return { name, list, values: createFigureValues<never>(session, needs, join) };
    });
  const trained = createFigureValues<Trained>(session, ['train'], ([value]) => value);

  const banded = createBands(session, 'train', props.figures.TRAIN_BANDS, trained);

  const finished = createMemo(() => finishedChecks(session, crossChecks));

  const example = createExample(session);
  const curves = createMemo(() => {
    const published = example()?.example.published;
    return published ? props.figures.curveFigures(published) : figures.train.slice(0, CURVES);
  });

  const epochs = createMemo(() => Math.max(1, ...trained().runs.map(({ value }) => value.loss.length)));
  const epoch = () => Math.min(chosenEpoch() ?? epochs(), epochs());
  const choose = (at: number): void => void setChosenEpoch(at >= epochs() ? undefined : at);
  const player = createPlayer(epochs, epoch, choose);
  createEffect(() => session.inspected() !== 'train' && player.stop());
  const pointer: Pointer = {
    epoch: () => (player.playing() ? undefined : hoveredEpoch()) ?? epoch(),
    marked,
    onEpoch: setHoveredEpoch,
    onRun: setMarked,
  };
  const boundaries = createBoundaries(
    session,
    props.scheduler,
    props.ask,
    () => chosenEpoch() ?? Number.POSITIVE_INFINITY,
    player.playing,
  );

  const confusions = createConfusions(
    session,
    props.scheduler,
    props.ask,
    () => chosenEpoch() ?? Number.POSITIVE_INFINITY,
    player.playing,
  );

  /** One view per figure of the list, all with the same values. */
  function draw<V>(list: readonly Figure<V>[], values: Accessor<FigureValues<V>>): JSX.Element {
    return (
      <For each={list}>
        {(figure) => (
          <FigureView
            figures={props.figures}
            figure={figure}
            runs={values().runs}
            old={values().old}
            pointer={pointer}
          />
        )}
      </For>
    );
  }

  /** The panel of probed networks; a failed training still has its initial weights. */
  const ledgerPanel = (): JSX.Element => (
    <LedgerPanel {...props} epoch={epoch()} chosen={chosenEpoch()} pointer={pointer} />
  );
  const hasFailed = (id: RunId): boolean => {
    const node = session.plan().runs.get(id)?.cells.get('train')?.node;
    return node !== undefined && session.live.state(node.key).outcome?.failure !== undefined;
  };
  /** The figures of a kind, or a text if there is nothing to draw yet. */
  const part = <V,>(
    kind: string,
    list: readonly Figure<V>[],
    values: Accessor<FigureValues<V>>,
  ): JSX.Element => (
    <Match when={session.inspected() === kind}>
      <Show when={values().runs.length > 0} fallback={nothing(kind)}>
        <div class="figure-list">{draw(list, values)}</div>
      </Show>
    </Match>
  );
  /** Text on why there is nothing to draw of a kind: the state of its cells and of their inputs. */
  const nothing = (kind: string) => (
    <p class="quiet">
      {waitingText(
        session.shown(),
        [...Object.values(session.registry.get(kind)?.inputs ?? {}).map(({ name }) => name), kind],
        {
          plan: session.plan(),
          state: session.live.state,
          isStopped: (key) => session.stopped().has(key),
        },
      )}
    </p>
  );

  return (
    <section class="inspector" aria-label="Inspector">
      <h2 class="unseen">Inspector</h2>
      <Show when={example()}>{(shown) => <ExamplePanel shown={shown()} />}</Show>
      <nav aria-label="Kind">
        <For each={session.registry.kinds}>
          {({ name }) => (
            <button
              type="button"
              aria-pressed={session.inspected() === name}
              onClick={() => session.inspect(name)}
            >
              {name}
            </button>
          )}
        </For>
        <button
          type="button"
          aria-pressed={session.inspected() === 'map'}
          onClick={() => session.inspect('map')}
        >
          map
        </button>
      </nav>
      <div class="shown-line">
        <Show when={session.inspected() !== 'map'}>
          <ShownRuns session={session} banded={banded().runs} marked={marked()} onMark={setMarked} />
        </Show>
        <Show when={['train', 'map'].includes(session.inspected()) && trained().runs.length > 0}>
          <EpochSlider
            epochs={epochs()}
            epoch={epoch()}
            shown={pointer.epoch()}
            player={player}
            onChoose={choose}
          />
        </Show>
      </div>
      <Show when={session.selected().length === 2}>
        <DifferencePanel session={session} />
      </Show>
      <Switch>
        {kinds.map(({ name, list, values }) => part(name, list, values))}
        <Match when={session.inspected() === 'map'}>
          <MapPanel {...props} epoch={chosenEpoch() ?? Number.POSITIVE_INFINITY} pointer={pointer} />
        </Match>
        <Match when={session.inspected() === 'train'}>
          <CrossCheckLines session={session} crossChecks={crossChecks} />
          <DiagnosisPanel session={session} />
          <Show
            when={trained().runs.length > 0}
            fallback={
              <>
                {nothing('train')}
                <Show when={session.shown().some(hasFailed)}>{ledgerPanel()}</Show>
              </>
            }
          >
            <div class="figure-list train">
              {draw(curves(), banded)}
              {draw(figures.train.slice(CURVES, FLOW), banded)}
              <Show when={boundaries().runs.length > 0}>{draw(figures.boundary, boundaries)}</Show>
              <Show when={confusions().runs.length > 0}>{draw(figures.confusion, confusions)}</Show>
              {ledgerPanel()}
              {draw(figures.train.slice(FLOW), banded)}
              <Show when={finished().length > 0}>
                {draw(figures.crossCheck, () => ({ runs: finished(), old: false }))}
              </Show>
            </div>
          </Show>
        </Match>
      </Switch>
    </section>
  );
}
