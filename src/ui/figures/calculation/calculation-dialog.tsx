// The arithmetic behind a point of a figure, in a dialog: tables of terms, and lines that a person can redo. Loaded on first use.
// Invariants: the lines show the numbers of the calculation and no others; the work for it ends with the dialog; the focus
// returns to where it was.

import { createEffect, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import type { RunId } from '../../../core/sheet/sheet';
import { speakOf } from '../../dom/announcer';
import { mountDialog } from '../../dom/mount-dialog';
import type { Calculation, CalculationPart, Place } from '../draw/calculation';
import { formatShare } from '../draw/format';
import { calculationText, DIGITS, expressionText, mismatchText, numberText } from './calculation-text';
import '../../dom/panels.css';
import './calculation.css';

/** What the dialog needs: the point, the runs to choose from, and the way to a calculation. */
export interface CalculationRequest {
  /** The figure's title, shown until there is a calculation. */
  readonly title: string;
  readonly place: Place;
  readonly runs: readonly { readonly id: RunId; readonly name: string }[];
  calculate(
    place: Place,
    terms: { readonly signal: AbortSignal; progress(fraction: number): void },
  ): Promise<Calculation>;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function Part(props: { part: CalculationPart; isFull: boolean }) {
  const number = (value: number): string => numberText(value, props.isFull);
  return (
    <section>
      <h3>{props.part.head}</h3>
      <Show when={props.part.words}>{(words) => <p>{words()}</p>}</Show>
      <Show when={props.part.table}>
        {(table) => (
          <table class="terms">
            <thead>
              <tr>
                <For each={table()[0]}>{(name) => <th scope="col">{name}</th>}</For>
              </tr>
            </thead>
            <tbody>
              <For each={table().slice(1)}>
                {(row) => (
                  <tr>
                    <For each={row}>
                      {(cell) => <td>{typeof cell === 'number' ? number(cell) : cell}</td>}
                    </For>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        )}
      </Show>
      <Show when={props.part.steps.length > 0}>
        <ol class="steps">
          <For each={props.part.steps}>
            {(step, index) => (
              <li classList={{ result: index() === props.part.steps.length - 1 }}>
                <span>{step.name}</span>
                <span>
                  {expressionText(step, props.isFull)}
                  <strong>{number(step.value)}</strong>
                </span>
              </li>
            )}
          </For>
        </ol>
      </Show>
      <Show when={mismatchText(props.part)}>{(words) => <p class="quiet">{words()}</p>}</Show>
    </section>
  );
}

function CalculationDialog(props: { request: CalculationRequest; close: () => void }) {
  let dialog: HTMLDialogElement | undefined;
  let scroller: HTMLElement | undefined;
  let work = new AbortController();
  const [place, setPlace] = createSignal(props.request.place);
  /** The finished share of a training that runs again for the numbers; undefined for other calculations. */
  const [share, setShare] = createSignal<number>();
  const [isFull, setFull] = createSignal(false);
  const [message, setMessage] = createSignal('');
  const [calculation, setCalculation] = createSignal<Calculation>();
  const [failure, setFailure] = createSignal<string>();
  // Not Solid's resource, which would load before the first paint.
  createEffect(() => {
    const at = place();
    work.abort();
    work = new AbortController();
    const { signal } = work;
    setShare(undefined);
    setMessage('');
    setCalculation(undefined);
    setFailure(undefined);
    props.request.calculate(at, { signal, progress: setShare }).then(
      (made) => !signal.aborted && setCalculation(made),
      (error: unknown) => !signal.aborted && setFailure(`No calculation: ${reasonOf(error)}.`),
    );
  });
  const waiting = (): string => {
    const known = share();
    return known === undefined
      ? 'Calculating …'
      : `Training again up to this epoch, for the numbers of each batch: ${formatShare(known)}`;
  };
  onCleanup(() => work.abort());
  onMount(() => {
    dialog?.showModal();
    scroller?.focus();
  });
  speakOf('dialog', () => message() || failure() || calculation()?.title);
  const copy = async (): Promise<void> => {
    const found = calculation();
    if (!found) return;
    setMessage('');
    try {
      await navigator.clipboard.writeText(calculationText(found, isFull()));
      setMessage('Copied as text.');
    } catch {
      setMessage('The browser refused to copy.');
    }
  };
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel calculation"
      aria-labelledby="calculation-title"
      onClose={() => props.close()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="calculation-head">
        <h2 id="calculation-title">{calculation()?.title ?? props.request.title}</h2>
        <Show when={props.request.runs.length > 1}>
          <select
            aria-label="Run"
            onChange={(event) => {
              const id = props.request.runs[event.currentTarget.selectedIndex]?.id;
              if (id !== undefined) setPlace(([, ...rest]) => [id, ...rest]);
            }}
          >
            <For each={props.request.runs}>
              {({ id, name }) => (
                <option selected={id === (place()[0] ?? props.request.runs[0]?.id)}>
                  {id} {name}
                </option>
              )}
            </For>
          </select>
        </Show>
      </div>
      <section
        class="calculation-parts"
        aria-label="Calculation"
        // Scrolled by the arrow keys.
        tabindex="0"
        ref={(element) => {
          scroller = element;
        }}
      >
        <Show
          when={calculation()}
          fallback={<p classList={{ quiet: failure() === undefined }}>{failure() ?? waiting()}</p>}
        >
          {(found) => (
            <>
              <Show when={found().words}>{(words) => <p>{words()}</p>}</Show>
              <For each={found().parts}>{(part) => <Part part={part} isFull={isFull()} />}</For>
            </>
          )}
        </Show>
      </section>
      <form class="choices" method="dialog">
        <span>
          {message() ||
            (calculation() &&
              (isFull() ? 'All digits.' : `Shown rounded to ${DIGITS} digits; computed with all of them.`))}
        </span>
        <button
          type="button"
          disabled={!calculation()}
          aria-pressed={isFull()}
          onClick={() => setFull(!isFull())}
        >
          All digits
        </button>
        <button type="button" disabled={!calculation()} onClick={copy}>
          Copy
        </button>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

/** Opens the dialog; `closed` is called when it has closed, to take the focus back. */
export function openCalculation(request: CalculationRequest, closed: () => void): void {
  mountDialog((close) => <CalculationDialog request={request} close={close} />, closed);
}
