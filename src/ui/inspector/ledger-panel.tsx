// The panel of probed networks, with the chain rule as a ledger and the activations: before training or at the chosen epoch,
// and with one layer of the active run changed at fixed weights.
// Invariant: the panel trains nothing, and the sheet is unchanged until the change becomes a run.

import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { addRun, nextId, setOverride } from '../../core/sheet/sheet';
import { FormChoice } from '../dom/form-choice';
import { type Figures, FigureView, type Pointer } from '../figures/page/figure-view';
import type { OpenFigures } from '../figures/page/open-figures';
import './ledger-panel.css';
import type { Session } from '../session/session';
import { type Change, createProbes } from '../sources/probes';

const BEFORE = 'before training';

const PARAMS = [
  ['activation', 'activation'],
  ['kernelInitializer', 'initialised by'],
] as const;

export function LedgerPanel(props: {
  session: Session;
  scheduler: Scheduler;
  figures: Figures;
  ask: Ask;
  /** The epoch of the slider, counted from 1. */
  epoch: number;
  /** The epoch that a person chose; undefined for the last one. */
  chosen: number | undefined;
  pointer: Pointer;
  open: OpenFigures;
}) {
  const { session } = props;
  const shownFigures = [...props.figures.figures.ledger, ...props.figures.figures.activations];
  const [isBefore, setBefore] = createSignal(true);
  const [request, setRequest] = createSignal<Change>();
  const [chosenLayer, setLayer] = createSignal(0);
  /** The run that can be changed: the active one, if the figures show it. */
  const run = createMemo(() => {
    const [active, shown] = [session.active().run, session.shown()];
    return shown.includes(active) ? active : (shown[0] ?? active);
  });
  const architecture = createMemo(
    () => session.plan().runs.get(run())?.cells.get('architecture')?.node?.params,
  );
  const hidden = () => Number(architecture()?.['hiddenLayers'] ?? 0);
  /** The hidden layer to change, counted from 0, within those of the active run. */
  const layer = () => Math.max(0, Math.min(chosenLayer(), hidden() - 1));
  /** The requested change, if it is of the active run and of one of its hidden layers. */
  const change = createMemo(() => {
    const requested = request();
    return requested?.run === run() && requested.layer < hidden() ? requested : undefined;
  });
  // The slider moves every figure, so choosing an epoch leaves the initial weights.
  createEffect(
    on(
      () => props.chosen,
      () => setBefore(false),
      { defer: true },
    ),
  );
  const isAnyOpen = () => shownFigures.some(({ name }) => props.open.isOpen(name));
  const probes = createProbes(session, props.scheduler, props.ask, {
    epoch: () => (isBefore() ? 0 : props.epoch),
    change,
    wanted: () => isAnyOpen(),
  });
  const { figures, pointer, open } = props;
  const shared = { figures, pointer, open };

  const choicesOf = (param: string) => session.registry.get('architecture')?.params[param]?.choices ?? [];
  /** The present activation of a hidden layer, counted from 0. */
  const current = (at: number): string => {
    const activation = architecture()?.['activation'];
    return String(Array.isArray(activation) ? activation[at] : activation);
  };
  const choose = (text: string): void => {
    const [param, choice = ''] = text.split(' ');
    if (param === 'activation' || param === 'kernelInitializer')
      setRequest({ run: run(), layer: layer(), param, choice });
    else setRequest(undefined);
  };
  function makeRun({ run: base, layer: at, choice }: Change): void {
    const activations = Array.from({ length: hidden() }, (_, index) =>
      index === at ? choice : current(index),
    );
    const name = `layer ${at + 1} ${choice}`;
    session.edit(`add ${base} with ${name}`, (sheet) => {
      const id = nextId(sheet);
      const added = addRun(sheet, { name, base, after: base });
      return setOverride(added, id, 'architecture.activation', activations.join(','));
    });
    setRequest(undefined);
  }

  return (
    <section class="ledger" aria-label="Chain rule and activations">
      <Show when={isAnyOpen()}>
        <div class="ledger-line">
          <FormChoice
            label="Weights"
            words={[BEFORE, `epoch ${props.epoch}`]}
            chosen={isBefore() ? BEFORE : `epoch ${props.epoch}`}
            onChoose={(word) => setBefore(word === BEFORE)}
          />
          <Show when={hidden() > 0}>
            <span class="what-if">
              what if
              <select
                aria-label={`Layer of ${run()} to change`}
                onChange={(event) => {
                  const at = event.currentTarget.selectedIndex;
                  setLayer(at);
                  const now = change();
                  if (now) setRequest({ ...now, layer: at });
                }}
              >
                <For each={Array.from({ length: hidden() }, (_, index) => index)}>
                  {(index) => (
                    <option selected={index === layer()}>
                      only layer {index + 1} of {run()}
                    </option>
                  )}
                </For>
              </select>
              <select aria-label="New value" onChange={(event) => choose(event.currentTarget.value)}>
                <option value="" selected={!change()}>
                  unchanged
                </option>
                <For each={PARAMS}>
                  {([param, label]) => (
                    <optgroup label={label}>
                      <For each={choicesOf(param)}>
                        {(choice) => (
                          <option
                            value={`${param} ${choice}`}
                            selected={change()?.param === param && change()?.choice === choice}
                          >
                            {choice}
                          </option>
                        )}
                      </For>
                    </optgroup>
                  )}
                </For>
              </select>
            </span>
          </Show>
          <Show when={change()}>
            {(tried) => (
              <>
                <Show when={tried().param === 'activation'}>
                  <button type="button" onClick={() => makeRun(tried())}>
                    Add as a run
                  </button>
                </Show>
                <button type="button" onClick={() => setRequest(undefined)}>
                  Reset
                </button>
              </>
            )}
          </Show>
        </div>
      </Show>
      <FigureView
        {...shared}
        figure={props.figures.figures.ledger[0]}
        runs={probes().runs}
        old={probes().old}
      />
      <FigureView
        {...shared}
        figure={props.figures.figures.activations[0]}
        runs={probes().runs}
        old={probes().old}
      />
    </section>
  );
}
