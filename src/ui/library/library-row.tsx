// One finished training as a row: its name and note are editable in place, everything else is read-only.
// Invariant: an edit ends once, as committed or as cancelled, and the focus returns to the place where the edit began.
// Knows nothing of the other rows; the table passes in whether the row is chosen, current or edited.

import { Match, onMount, Show, Switch } from 'solid-js';
import { MAX_NAME } from '../../core/sheet/sheet';
import { SmallCurve } from '../dom/small-curve';
import { type Lineage, RESULTS } from './lineages/library-model';
import { ago, fullDate, machineDate, resultText } from './lineages/library-text';

/** The parts of a lineage that can be edited in place. */
export type Field = 'name' | 'note';

/** Actions of a person on a row. */
export interface RowActions {
  choose(key: string, chosen: boolean, range: boolean): void;
  edit(key: string, field: Field): void;
  /** Reports the text of the edit on every input. */
  type(text: string): void;
  /**
   * Ends the edit. `text` is undefined after a cancellation; `refocus` is false if the focus moved
   * elsewhere.
   */
  finish(key: string, field: Field, text: string | undefined, refocus: boolean): void;
  add(key: string): void;
  remove(key: string): void;
}

const MAX_NOTE = 2_000;

/** The field for a one-line name or a note of several lines. */
function Editor(props: {
  field: Field;
  text: string;
  /** The text typed before a reload, to be continued; undefined for a new edit. */
  left: string | undefined;
  label: string;
  type(text: string): void;
  finish(text: string | undefined, refocus: boolean): void;
}) {
  // Read once: another tab may change the stored text, and must not put it over the typed one.
  const value = props.left ?? props.text;
  let box: HTMLInputElement | HTMLTextAreaElement | undefined;
  let done = false;
  const finish = (text: string | undefined, refocus: boolean): void => {
    // Removing a focused field from the page fires a blur event, which must not commit again.
    if (done) return;
    done = true;
    props.finish(text, refocus);
  };
  const common = {
    value,
    onInput: () => props.type(box?.value ?? ''),
    get 'aria-label'() {
      return props.label;
    },
    onBlur: () => finish(box?.value, false),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.isComposing) return;
      if (event.key === 'Enter' && !event.shiftKey) finish(box?.value, true);
      else if (event.key === 'Escape') finish(undefined, true);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  onMount(() => {
    box?.focus();
    if (props.left === undefined) box?.select();
    else box?.setSelectionRange(box.value.length, box.value.length);
  });
  return (
    <Show
      when={props.field === 'note'}
      fallback={
        <input
          ref={(element) => {
            box = element;
          }}
          data-kept="library"
          class="library-edit"
          maxLength={MAX_NAME}
          {...common}
        />
      }
    >
      <textarea
        ref={(element) => {
          box = element;
        }}
        data-kept="library"
        class="library-edit"
        maxLength={MAX_NOTE}
        {...common}
      />
      <small class="library-quiet">Enter saves, Shift+Enter starts a new line</small>
    </Show>
  );
}

/** The table row of a lineage. */
export function LibraryRow(props: {
  lineage: Lineage;
  title: string;
  summary: string;
  now: number;
  rowIndex: number;
  chosen: boolean;
  /** Whether this row is the table's tab stop. */
  current: boolean;
  editing: Field | undefined;
  /** The text typed before a reload; undefined for a new edit. */
  left: string | undefined;
  actions: RowActions;
}) {
  const key = () => props.lineage.key;
  const stop = () => (props.current ? 0 : -1);
  const finish = (text: string | undefined, refocus: boolean): void => {
    if (props.editing) props.actions.finish(key(), props.editing, text, refocus);
  };
  return (
    <tr
      aria-rowindex={props.rowIndex}
      data-key={key()}
      class="library-row"
      classList={{ chosen: props.chosen, tall: props.editing === 'note' }}
    >
      <td class="library-choice">
        <label class="library-box">
          <input
            type="checkbox"
            data-control="choice"
            tabindex={stop()}
            checked={props.chosen}
            aria-label={`Choose ${props.title}`}
            onClick={(event) => props.actions.choose(key(), event.currentTarget.checked, event.shiftKey)}
          />
        </label>
      </td>
      <th scope="row" class="library-name">
        <Switch>
          <Match when={props.editing === 'name'}>
            <Editor
              field="name"
              text={props.lineage.name}
              left={props.left}
              label="Name"
              type={props.actions.type}
              finish={finish}
            />
          </Match>
          <Match when={true}>
            <button
              type="button"
              data-control="name"
              class="library-text"
              classList={{ 'library-quiet': props.lineage.name === '' }}
              tabindex={stop()}
              title={props.lineage.name || undefined}
              aria-label={`${props.lineage.name || 'Unnamed'}: edit the name`}
              onClick={() => props.actions.edit(key(), 'name')}
            >
              {props.lineage.name || 'Unnamed'}
            </button>
          </Match>
        </Switch>
        <Switch>
          <Match when={props.editing === 'note'}>
            <Editor
              field="note"
              text={props.lineage.note}
              left={props.left}
              label={`Note on ${props.title}`}
              type={props.actions.type}
              finish={finish}
            />
          </Match>
          <Match when={true}>
            <button
              type="button"
              data-control="note"
              class="library-text library-note library-quiet"
              classList={{ 'library-offer': props.lineage.note === '' }}
              tabindex={stop()}
              title={props.lineage.note || undefined}
              aria-label={props.lineage.note ? `Note: ${props.lineage.note}` : `Add a note to ${props.title}`}
              onClick={() => props.actions.edit(key(), 'note')}
            >
              {props.lineage.note || 'Add a note'}
            </button>
          </Match>
        </Switch>
      </th>
      <td>
        <time datetime={machineDate(props.lineage.when)} title={fullDate(props.lineage.when)}>
          {ago(props.lineage.when, props.now)}
        </time>
        <Show when={props.lineage.imported}>
          <small class="library-quiet" title="From a file or a link, not computed in this browser">
            imported
          </small>
        </Show>
      </td>
      <td>
        <div
          class="library-summary"
          classList={{ 'library-quiet': props.summary === '' }}
          title={props.summary}
        >
          {props.summary || 'all defaults'}
        </div>
      </td>
      {RESULTS.map(({ name }) => (
        <td class="library-figure">{resultText(name, props.lineage.results[name])}</td>
      ))}
      <td>
        <SmallCurve
          values={Float64Array.from(props.lineage.curves.loss).filter(Number.isFinite)}
          log={true}
        />
      </td>
      <td class="library-actions">
        <button
          type="button"
          data-control="add"
          class="library-quiet"
          tabindex={stop()}
          aria-label={`Add ${props.title} to the sheet`}
          onClick={() => props.actions.add(key())}
        >
          Add
        </button>
        <button
          type="button"
          data-control="remove"
          class="library-quiet"
          tabindex={stop()}
          aria-label={`Remove ${props.title}`}
          onClick={() => props.actions.remove(key())}
        >
          Remove
        </button>
      </td>
    </tr>
  );
}
