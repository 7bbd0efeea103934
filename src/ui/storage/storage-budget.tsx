// The field for the budget of stored data, in the panel of storage.
// Invariant: Enter or moving on sets the typed budget; until then a reload keeps the typed text.

import { createSignal, createUniqueId } from 'solid-js';
import { type FormMemory, keepForm } from '../session/kept-form';

const MB = 2 ** 20;

/**
 * Storage as the field needs it. All amounts are in bytes; `setBudget` expects a budget within the
 * bounds.
 */
export interface BudgetPort {
  readonly bounds: { readonly least: number; readonly most: number };
  setBudget(bytes: number): Promise<void>;
}

/**
 * The field for the budget; `budget` is in bytes, the field shows MB (2²⁰ bytes). `memory` keeps the
 * typed text over a reload.
 */
export function Budget(props: { port: BudgetPort; budget: number; memory: FormMemory | undefined }) {
  const id = createUniqueId();
  const [refused, setRefused] = createSignal('');
  /** The typed text; undefined when nothing is typed since the last budget was set. */
  const [typed, setTyped] = createSignal(props.memory?.left?.texts[0]);
  keepForm(props.memory, () => {
    const text = typed();
    return text === undefined ? undefined : { about: '', texts: [text] };
  });
  function commit(): void {
    const text = typed();
    if (text === undefined) return;
    const bytes = Math.round(Number(text) * MB);
    const { least, most } = props.port.bounds;
    const fits = bytes >= least && bytes <= most;
    setRefused(fits ? '' : `A budget is a number from ${Math.ceil(least / MB)} to ${Math.floor(most / MB)}.`);
    if (!fits) return;
    void props.port.setBudget(bytes).then(() => setTyped(undefined));
  }
  return (
    <>
      <label>
        Budget in MB
        <input
          ref={(input) => queueMicrotask(() => props.memory?.left && input.focus())}
          data-kept="budget"
          type="number"
          min={Math.ceil(props.port.bounds.least / MB)}
          max={Math.floor(props.port.bounds.most / MB)}
          step="any"
          value={typed() ?? Number((props.budget / MB).toFixed(1))}
          aria-invalid={refused() ? 'true' : undefined}
          aria-describedby={id}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onChange={commit}
          // The browser fires no change event for a text that a reload restored, so leaving the field
          // sets the budget too.
          onBlur={commit}
          onKeyDown={({ key }) => {
            if (key === 'Enter') commit();
            // Escape closes the dialog; the typed text must not be set on the way.
            else if (key === 'Escape') setTyped(undefined);
          }}
        />
      </label>
      <p id={id} classList={{ bad: refused() !== '' }}>
        {refused() || 'Above the budget, the page removes free results, the least used first.'}
      </p>
    </>
  );
}
