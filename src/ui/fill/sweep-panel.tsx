// The panel for filling and sweeping: two forms, their cost, and one button that applies the form as one edit.
// Invariant: the browser's own dialog holds the focus and gives it back; nothing changes before the button or Enter.
// Loaded on first use.

import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { SheetError } from '../../core/sheet/sheet';
import { speakOf } from '../dom/announcer';
import { focusActiveCell } from '../dom/focus';
import type { Kept } from '../session/kept-form';
import { createCostLine } from '../text/cost-line';
import { FillForm, type Outcome } from './fill-form';
import { type FillWorkspace, makeEdit } from './fill-workspace';
import { SweepForm } from './sweep-form';
import './sweep.css';

/** The two tabs of the panel. */
export type Use = 'fill' | 'sweep';

const USES: readonly (readonly [Use, string])[] = [
  ['fill', 'Fill with a series'],
  ['sweep', 'Sweep'],
];

function Panel(props: { workspace: FillWorkspace; use: Use; left?: Kept; onClose: () => void }) {
  const { session, rows } = props.workspace;
  // A fill needs a selected param; a sweep lets the person choose the param.
  const hasParam = rows.find(session.active().row)?.type === 'param';
  const [use, setUse] = createSignal<Use>(hasParam ? props.use : 'sweep');
  const leftOf = (form: Use): Kept => (props.use === form ? props.left : undefined);
  const [outcome, setOutcome] = createSignal<Outcome>({ action: 'Fill' });
  const [refusal, setRefusal] = createSignal<string>();
  const costs = createCostLine(props.workspace.forecast);
  let dialog: HTMLDialogElement | undefined;
  onMount(() => {
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[role="tabpanel"] :is(input, select, textarea)')?.focus();
  });
  onCleanup(costs.stop);

  function tell(next: Outcome): void {
    setOutcome(next);
    const sheet = session.sheet();
    setRefusal(undefined);
    try {
      costs.ask(sheet, next.edit?.make(sheet));
    } catch (error) {
      if (!(error instanceof SheetError)) throw error;
      setRefusal(error.message);
      costs.ask(sheet, undefined);
    }
  }

  function applyForm(): void {
    const { edit } = outcome();
    if (!edit || refusal()) return;
    // Closed first, so that the grid has the focus and the focus follows the new selection.
    dialog?.close();
    makeEdit(props.workspace, edit);
  }

  const refused = (): string | undefined => (outcome().shownInForm ? 'not valid yet' : outcome().reason);

  const said = (): string | undefined => refusal() ?? refused() ?? (costs.text() || undefined);
  speakOf('fill', said);

  const other = (step: number): Use => {
    const at = USES.findIndex(([name]) => name === use());
    return USES[(at + step + USES.length) % USES.length]?.[0] ?? use();
  };

  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="sweep-panel"
      aria-labelledby="sweep-title"
      onClose={() => {
        props.onClose();
        queueMicrotask(() => {
          if (document.activeElement === document.body) focusActiveCell();
        });
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          applyForm();
        }}
      >
        <h2 id="sweep-title" class="unseen">
          Fill and sweep
        </h2>
        <div class="uses" role="tablist" aria-label="Fill or sweep">
          <For each={USES}>
            {([name, label]) => (
              <button
                type="button"
                role="tab"
                id={`tab-${name}`}
                aria-selected={use() === name}
                aria-controls="sweep-form"
                tabindex={use() === name ? 0 : -1}
                onClick={() => setUse(name)}
                onKeyDown={(event) => {
                  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                  if (step === 0) return;
                  event.preventDefault();
                  setUse(other(step));
                  document.getElementById(`tab-${use()}`)?.focus();
                }}
              >
                {label}
              </button>
            )}
          </For>
        </div>
        <div id="sweep-form" role="tabpanel" aria-labelledby={`tab-${use()}`}>
          <Show
            when={use() === 'fill'}
            fallback={<SweepForm workspace={props.workspace} left={leftOf('sweep')} tell={tell} />}
          >
            <FillForm workspace={props.workspace} left={leftOf('fill')} tell={tell} />
          </Show>
        </div>
        <footer>
          <p classList={{ bad: (refusal() ?? outcome().reason) !== undefined }}>{said() ?? 'counting …'}</p>
          <button type="button" onClick={() => dialog?.close()}>
            Cancel
          </button>
          <button
            type="submit"
            class="go"
            aria-disabled={!outcome().edit || refusal() !== undefined ? true : undefined}
          >
            {outcome().action}
          </button>
        </footer>
      </form>
    </dialog>
  );
}

/**
 * Opens the panel as a dialog. `left` holds the texts that were typed before a reload. Returns a function
 * that closes the panel.
 */
export function openPanel(workspace: FillWorkspace, use: Use, left?: Kept): () => void {
  const layer = document.createElement('div');
  document.body.append(layer);
  let dispose: (() => void) | undefined;
  const close = (): void => {
    dispose?.();
    dispose = undefined;
    layer.remove();
  };
  dispose = render(
    () => <Panel workspace={workspace} use={use} left={left} onClose={() => queueMicrotask(close)} />,
    layer,
  );
  return close;
}
