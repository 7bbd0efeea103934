// The panel that adds, renames, moves and removes a row of the person's own; the row's formula can be
// typed in the grid too.
// Invariant: the panel reports an invalid text while a person types, and saves no row without a name;
// each save is one step of the history.

import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import {
  addRow,
  freshRowName,
  moveRow,
  refuseRowName,
  removeRow,
  renameRow,
  setRow,
} from '../../core/formulas/sheet-rows';
import type { Language } from '../../core/plan/language';
import { MAX_TEXT } from '../../core/sheet/sheet';
import { announce } from '../dom/announcer';
import { focusActiveCell } from '../dom/focus';
import { mountDialog } from '../dom/mount-dialog';
import { formMemory, keepForm } from '../session/kept-form';
import type { Session } from '../session/session';
import { rowOutcome } from './row-outcome';
import '../dom/panels.css';

/** Example formulas with a description each. */
const EXAMPLES = [
  ['=loss - A.loss', 'the loss minus the loss of A'],
  ['=min(train.testLoss)', 'the lowest test loss of all epochs'],
  ['=argmin(train.testLoss)', 'its epoch, counted from 0'],
  ['=max(train.testLoss - train.loss)', 'the largest gap between test and training'],
  ['=train.gradientRms[0][0] / last(train.gradientRms[0])', 'the first layer’s gradient over the last’s'],
] as const;

/**
 * Opens the panel for the row `name`, or for a new row without `name`. `texts` holds the name and formula
 * that were typed before a reload. Does nothing until the formula language is loaded.
 */
export function openRowPanel(session: Session, name?: string, texts?: readonly string[]): void {
  const language = session.language();
  if (!language) return;
  mountDialog(
    (close) => <RowPanel session={session} language={language} name={name} texts={texts} close={close} />,
    () => queueMicrotask(focusActiveCell),
  );
}

function RowPanel(props: {
  session: Session;
  language: Language;
  name: string | undefined;
  texts: readonly string[] | undefined;
  close: () => void;
}) {
  const { session, language, name: before } = props;
  const [typedName, typedFormula] = props.texts ?? [];
  const place = session.sheet().rows.findIndex(({ name }) => name === before);
  const [name, setName] = createSignal(typedName ?? before ?? freshRowName(session.sheet().rows));
  const [formula, setFormula] = createSignal(typedFormula ?? session.sheet().rows[place]?.formula ?? '=');
  keepForm(formMemory(session, 'row'), () => ({ about: before ?? '', texts: [name(), formula()] }));
  const written = () => (formula().trim().startsWith('=') ? formula().trim() : `=${formula().trim()}`);
  const scope = () => ({ rows: session.sheet().rows.map((row) => row.name) });
  const nameTrouble = createMemo(() => {
    const refused = refuseRowName(name(), session.registry);
    if (refused !== undefined) return refused;
    return name() !== before && scope().rows.includes(name())
      ? `the row “${name()}” already exists`
      : undefined;
  });
  const trouble = createMemo(() =>
    formula().trim() === '=' ? undefined : language.parse(written(), scope()).error,
  );
  const example = createMemo(() => {
    const { run: id } = session.active();
    const run = session.plan().runs.get(id);
    if (trouble() || formula().trim() === '=' || !run) return undefined;
    const outcome = rowOutcome(session, { name: name(), formula: written() }, run);
    if (!outcome) return undefined;
    const { text, over, problem, note } = outcome;
    return [`${id}:`, text, over?.spread, over?.count, problem && note].filter(Boolean).join(' ');
  });
  let dialog: HTMLDialogElement | undefined;
  let field: HTMLInputElement | undefined;
  onMount(() => {
    dialog?.showModal();
    // Selected, so that typing replaces the suggested name.
    if (before === undefined && !props.texts) dialog?.querySelector('input')?.select();
    else field?.focus();
  });

  function save(): void {
    if (nameTrouble()) return;
    const text = language.writeOut(written(), scope());
    if (before === undefined)
      session.edit(`add the row ${name()}`, (sheet) =>
        addRow(sheet, { name: name(), formula: text }, session.registry),
      );
    else
      session.edit(`change the row ${name()}`, (sheet) =>
        setRow(renameRow(sheet, before, name(), session.registry, language), name(), text),
      );
    const { run } = session.active();
    session.activate({ run, row: `row.${name()}` });
    props.close();
  }
  /**
   * Clause on the rows that can no longer read this row after the removal. The clause is part of the
   * step's label; the panel asks no question, since one undo restores the row.
   */
  const readers = (): string => {
    const names = session.sheet().rows.flatMap((row) => {
      const references = language.parse(row.formula, scope()).formula?.references ?? [];
      return references.some(({ what, name: read }) => what === 'row' && read === before) ? row.name : [];
    });
    return names.length > 0 ? `, which ${names.join(', ')} can no longer read` : '';
  };
  const move = (by: number): void => {
    if (before === undefined) return;
    session.edit(`move the row ${before} ${by < 0 ? 'up' : 'down'}`, (sheet) =>
      moveRow(sheet, before, place + by),
    );
    props.close();
  };

  /** The outcome of a committed formula; nothing while the formula is typed. */
  const outcomeText = (): string | undefined =>
    trouble() ? `${trouble()?.code} ${trouble()?.message}` : example();
  const speakOutcome = (): void => announce('row', outcomeText());
  onCleanup(() => announce('row', undefined));

  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel"
      aria-labelledby="row-title"
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
    >
      <h2 id="row-title">{before === undefined ? 'Add a row' : `The row ${before}`}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (formula().trim() === '=') field?.focus();
          else save();
        }}
      >
        <label>
          Name
          <input
            data-kept="row"
            value={name()}
            spellcheck={false}
            autocomplete="off"
            aria-invalid={nameTrouble() ? true : undefined}
            aria-describedby="row-name-trouble"
            onInput={(event) => setName(event.currentTarget.value.trim())}
            onChange={() => announce('row', nameTrouble())}
          />
        </label>
        <p id="row-name-trouble" class="bad">
          {nameTrouble()}
        </p>
        <label>
          Formula, evaluated in every run
          <input
            ref={(element) => {
              field = element;
            }}
            data-kept="row"
            value={formula()}
            maxLength={MAX_TEXT}
            spellcheck={false}
            autocomplete="off"
            aria-invalid={trouble() ? true : undefined}
            aria-describedby="row-outcome"
            onInput={(event) => setFormula(event.currentTarget.value)}
            onChange={speakOutcome}
          />
        </label>
        <p id="row-outcome" classList={{ bad: trouble() !== undefined }}>
          {outcomeText()}
        </p>
        <Show when={before === undefined}>
          <p class="quiet">For example</p>
          <ul class="examples">
            <For each={EXAMPLES}>
              {([text, words]) => (
                <li>
                  <button type="button" onClick={() => setFormula(text)}>
                    <code>{text}</code>
                  </button>{' '}
                  {words}
                </li>
              )}
            </For>
          </ul>
        </Show>
        <div class="choices">
          <Show when={before !== undefined}>
            <button type="button" disabled={place <= 0} onClick={() => move(-1)}>
              Move up
            </button>
            <button
              type="button"
              disabled={place === session.sheet().rows.length - 1}
              onClick={() => move(1)}
            >
              Move down
            </button>
            <button
              type="button"
              onClick={() => {
                if (before !== undefined)
                  session.edit(`remove the row ${before}${readers()}`, (sheet) => removeRow(sheet, before));
                props.close();
              }}
            >
              Remove
            </button>
          </Show>
          <button type="button" onClick={() => props.close()}>
            Cancel
          </button>
          <button type="submit" class="first" disabled={nameTrouble() !== undefined}>
            {before === undefined ? 'Add' : 'Save'}
          </button>
        </div>
      </form>
    </dialog>
  );
}
