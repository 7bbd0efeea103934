// The inspector: the figures of one question in the open tab, for the shown runs side by side on shared scales.
// Invariant: every figure shows the same runs, the same epoch and the same marked run. Figures load after the sheet.

import { type Accessor, createEffect, createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { tabOf } from '../../core/kinds/tabs';
import { late } from '../../core/late-loading';
import type { RunId } from '../../core/sheet/sheet';
import { DiagnosisPanel } from '../diagnosis/diagnosis-panel';
import { lateView } from '../dom/late-view';
import { createExample, ExamplePanel } from '../examples/example-panel';
import type { Figure } from '../figures/draw/figure';
import { type Figures, FigureView, type Pointer } from '../figures/page/figure-view';
import { createOpenFigures } from '../figures/page/open-figures';
import { isHidden, QuestionPanel } from '../lessons/question-panel';
import { MAX_SHOWN } from '../session/demands';
import { isShared } from '../session/members';
import type { Session } from '../session/session';
import { NotePanel } from '../sheets/note-panel';
import { createBoundaries } from '../sources/boundaries';
import { createConfusions } from '../sources/confusions';
import { createEpochTerms } from '../sources/epoch-terms';
import { createFigureValues, type FigureValues } from '../sources/figure-values';
import { createBands } from '../sources/member-bands';
import type { CrossChecks } from '../workspace/cross-checks';
import { chooseRun, forgetChoice, isChosen, pressOf } from '../workspace/run-choice';
import { SWEEP } from '../workspace/tab-list';
import { CrossCheckLines, finishedChecks } from './cross-check-lines';
import { EpochSlider } from './epoch-slider';
import { FigureTabs } from './figure-tabs';
import { leftOutText } from './left-out-text';
import { RunChips } from './run-chips';
import { keepTab } from './tab-keeping';
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

/** The figures of learning that are open until a person closes them. A cross-check is there only if a person asked for it. */
const OPEN_AT_FIRST = ['loss', 'accuracy', 'gradient', 'boundary', 'cross-check'];

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
  const learning = tabOf(session.registry, 'train');
  /** The kinds of the open tab, in the order of the sheet. */
  const openKinds = createMemo(() =>
    session.registry.kinds.filter(({ name }) => tabOf(session.registry, name) === session.inspected()),
  );
  const trained = createFigureValues<Trained>(session, ['train'], ([value]) => value);

  const banded = createBands(session, 'train', props.figures.TRAIN_BANDS, trained);

  const finished = createMemo(() => finishedChecks(session, crossChecks));

  // An example opens its own tab first, so that after a reload the person's tab is the last to open.
  const example = createExample(session);
  keepTab(session);
  forgetChoice(session);
  const curves = createMemo(() => {
    const published = example()?.example.published;
    return published ? props.figures.curveFigures(published) : figures.train.slice(0, CURVES);
  });

  const epochs = createMemo(() => Math.max(1, ...trained().runs.map(({ value }) => value.loss.length)));
  const epoch = () => Math.min(chosenEpoch() ?? epochs(), epochs());
  const choose = (at: number): void => void setChosenEpoch(at >= epochs() ? undefined : at);
  const player = createPlayer(epochs, epoch, choose);
  createEffect(() => session.inspected() !== learning && player.stop());
  const pointer: Pointer = {
    epoch: () => (player.playing() ? undefined : hoveredEpoch()) ?? epoch(),
    // The chip of a hidden run dims no figure.
    marked: () => session.shown().find((id) => id === marked()),
    onEpoch: setHoveredEpoch,
    onRun: setMarked,
    onLegend: (run, event) => chooseRun(session, run, pressOf(event)),
    epochTerms: createEpochTerms(session, props.scheduler, props.ask),
  };
  // An embedded sheet has no memory.
  const open = createOpenFigures(OPEN_AT_FIRST, session.typed !== undefined);
  const boundaries = createBoundaries(session, props.scheduler, props.ask, {
    epoch: () => chosenEpoch() ?? Number.POSITIVE_INFINITY,
    playing: player.playing,
    wanted: () => open.isOpen('boundary'),
  });

  const confusions = createConfusions(session, props.scheduler, props.ask, {
    epoch: () => chosenEpoch() ?? Number.POSITIVE_INFINITY,
    playing: player.playing,
    wanted: () => figures.confusion.some(({ name }) => open.isOpen(name)),
  });

  /** One view per figure of the list, all with the same values; those of learning can be closed. */
  function draw<V>(
    list: readonly Figure<V>[],
    values: Accessor<FigureValues<V>>,
    closable?: typeof open,
  ): JSX.Element {
    return (
      <For each={list}>
        {(figure) => (
          <FigureView
            figures={props.figures}
            figure={figure}
            runs={values().runs}
            old={values().old}
            pointer={pointer}
            {...(closable && { open: closable })}
          />
        )}
      </For>
    );
  }

  /** The panel of probed networks; a failed training still has its initial weights. */
  const ledgerPanel = (): JSX.Element => (
    <LedgerPanel {...props} epoch={epoch()} chosen={chosenEpoch()} pointer={pointer} open={open} />
  );
  const hasFailed = (id: RunId): boolean => {
    const node = session.plan().runs.get(id)?.cells.get('train')?.node;
    return node !== undefined && session.live.state(node.key).outcome?.failure !== undefined;
  };
  const hasBands = (id: RunId): boolean => banded().runs.some((run) => run.id === id && run.members);
  /**
   * The members of a run that the figures of the open tab show: all as bands, all in shared cells, or member 0
   * for the others. Empty for a run without seeds.
   */
  const membersText = (id: RunId): string => {
    const run = session.plan().runs.get(id);
    const count = run?.seeds.count ?? 1;
    if (!run || count === 1) return '';
    if (session.inspected() === learning && hasBands(id)) return `${count} members`;
    const isOne = openKinds().every(({ name }) => isShared(run, name));
    return isOne ? `all ${count} members` : `member 0 of ${count}`;
  };
  /** The figures of any kind but `train`, or a text if there is nothing to draw yet. */
  const part = (kind: string): JSX.Element => {
    const found = kinds.find(({ name }) => name === kind);
    return (
      found && (
        <Show when={found.values().runs.length > 0} fallback={nothing(kind)}>
          <div class="figure-list">{draw(found.list, found.values)}</div>
        </Show>
      )
    );
  };
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

  /** Findings and figures of the trainings, or a text if there is nothing to draw yet. */
  const trainPart = (): JSX.Element => (
    <>
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
          {draw(curves(), banded, open)}
          {draw(figures.train.slice(CURVES, FLOW), banded, open)}
          {draw(figures.boundary, boundaries, open)}
          {draw(figures.confusion, confusions, open)}
          {ledgerPanel()}
          {draw(figures.train.slice(FLOW), banded, open)}
          <Show when={finished().length > 0}>
            {draw(figures.crossCheck, () => ({ runs: finished(), old: false }), open)}
          </Show>
        </div>
      </Show>
    </>
  );
  const leftOut = () =>
    leftOutText(
      session.sheet().runs.map(({ id }) => id),
      session.shown(),
      session.hidden(),
      session.selected(),
    );
  /** The two runs that are compared: those that the person chose for the figures, or the selected ones. */
  const compared = createMemo(
    () => {
      const [a, b, ...more] = isChosen(session) ? session.shown() : session.selected();
      return a !== undefined && b !== undefined && more.length === 0 ? { a, b } : undefined;
    },
    undefined,
    { equals: (x, y) => x?.a === y?.a && x?.b === y?.b },
  );

  return (
    <section class="inspector" aria-label="Inspector">
      <h2 class="unseen">Inspector</h2>
      <Show when={!isHidden(session) && example()}>{(shown) => <ExamplePanel shown={shown()} />}</Show>
      <NotePanel session={session} />
      <QuestionPanel session={session} />
      <FigureTabs session={session} />
      <Show when={session.inspected() !== SWEEP || trained().runs.length > 0}>
        <div class="shown-line">
          <Show when={session.inspected() !== SWEEP}>
            <RunChips
              session={session}
              membersText={membersText}
              leftOut={leftOut()}
              marked={marked()}
              onMark={setMarked}
            />
          </Show>
          <Show when={[learning, SWEEP].includes(session.inspected()) && trained().runs.length > 0}>
            <EpochSlider
              epochs={epochs()}
              epoch={epoch()}
              shown={pointer.epoch()}
              player={player}
              onChoose={choose}
            />
          </Show>
        </div>
      </Show>
      {/* In a small sheet, the chips say it. */}
      <Show when={session.inspected() !== SWEEP && session.sheet().runs.length > MAX_SHOWN && leftOut()}>
        {(text) => <p class="head-note quiet">Not in the figures: {text()}.</p>}
      </Show>
      <Show when={session.inspected() === learning && session.shown().some(hasBands)}>
        <p class="head-note quiet">
          Boundaries, chain rule and activations show member 0; the other figures show all members.
        </p>
      </Show>
      <Show when={compared()}>{(ends) => <DifferencePanel session={session} ends={ends()} />}</Show>
      <Show when={session.inspected() === SWEEP}>
        <Show when={!isHidden(session)} fallback={<p class="quiet">The map appears after your guess.</p>}>
          <MapPanel {...props} epoch={chosenEpoch() ?? Number.POSITIVE_INFINITY} pointer={pointer} />
        </Show>
      </Show>
      <For each={openKinds()}>
        {({ name }) => (
          <Show when={openKinds().length > 1} fallback={name === 'train' ? trainPart() : part(name)}>
            <section class="kind-figures" aria-labelledby={`figures-of-${name}`}>
              <h3 id={`figures-of-${name}`}>{name}</h3>
              {name === 'train' ? trainPart() : part(name)}
            </section>
          </Show>
        )}
      </For>
    </section>
  );
}
