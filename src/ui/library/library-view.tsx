// The library: finds, names and compares every finished training that this browser holds, and adds trainings to the sheet.
// Invariant: chosen trainings stay chosen while the filter, the order or the comparison changes.
// Knows no storage: the view shows its props and reports the person's requests.

import { createEffect, createMemo, createSignal, onMount, Show } from 'solid-js';
import type { Kind } from '../../core/kinds/kind';
import { late } from '../../core/late-loading';
import { speakOf } from '../dom/announcer';
import { lateView } from '../dom/late-view';
import { count } from '../figures/draw/format';
import { type FormMemory, keepForm } from '../session/kept-form';
import { Comparison } from './comparison';
import { type LibraryForm, LibraryHead } from './library-head';
import { LibraryTable, type RowText, type TableHandle } from './library-table';
import { createFilter } from './lineages/library-filter';
import {
  comparator,
  firstOrder,
  type Lineage,
  type Order,
  settingsOf,
  sorted,
} from './lineages/library-model';
import { createSliced, filterInSlices, isInOrder, sortInSlices } from './lineages/sliced-values';
import type { ScatterChoice } from './scatter/scatter-view';
import { UnreadableLine, type UnreadableTrainings } from './unreadable-line';
import './library.css';

const ScatterView = lateView(
  late(() => import('./scatter/scatter-view')),
  (found) => found.ScatterView,
  () => <p class="library-empty">Drawing the scatter …</p>,
);

const MAX_COMPARED = 12;
/** Up to this number, all trainings are sorted at once, without slices. */
const FEW = 1_000;

/** Data and callbacks of the library. */
export interface LibraryProps {
  readonly lineages: readonly Lineage[];
  /** In the order of the sheet. */
  readonly kinds: readonly Kind[];
  /** The present time in ms since 1970, for relative times. */
  readonly now: number;
  /** Number of trainings in the last removal, while it can be undone. */
  readonly removed?: number | undefined;
  onAdd(lineages: readonly Lineage[]): void;
  onUpdate(key: string, change: { readonly name?: string; readonly note?: string }): void;
  onRemove(keys: readonly string[]): void;
  /** Writes the trainings with these keys to a file; undefined while exports are not available. */
  readonly onExport?: ((keys: readonly string[]) => void) | undefined;
  onUndoRemove(): void;
  /** Stored trainings that cannot be read; their line stays until a person removes them. */
  readonly unreadable?: UnreadableTrainings | undefined;
  /** Opens the storage panel, which returns the focus to the button; undefined until storage is loaded. */
  readonly onStorage?: ((button: HTMLElement) => void) | undefined;
  /** Whether the storage panel was open before a reload, and opens again. */
  readonly showsStorage?: boolean | undefined;
  /** Keeps the typed texts over a reload. */
  readonly memory?: FormMemory | undefined;
  onClose(): void;
}

/** The library: the table or scatter of the trainings, or the comparison of the chosen ones. */
export function LibraryView(props: LibraryProps) {
  let heading: HTMLHeadingElement | undefined;
  let compareButton: HTMLButtonElement | undefined;
  let table: TableHandle | undefined;
  let returning: string | undefined;
  let undone = false;
  const { about = '', texts: [leftQuery = '', leftField, leftText] = [] } = props.memory?.left ?? {};
  const [query, setQuery] = createSignal(leftQuery);
  const left: RowText | undefined =
    about !== '' && (leftField === 'name' || leftField === 'note') && leftText !== undefined
      ? { key: about, field: leftField, text: leftText }
      : undefined;
  const [typing, setTyping] = createSignal(left);
  keepForm(props.memory, () => {
    const row = typing();
    if (!row) return query() === '' ? undefined : { about: '', texts: [query()] };
    return { about: row.key, texts: [query(), row.field, row.text] };
  });
  const [order, setOrder] = createSignal<Order>(firstOrder('when'));
  const [picked, setPicked] = createSignal<ReadonlySet<string>>(new Set());
  const [comparing, setComparing] = createSignal(false);
  const [baseline, setBaseline] = createSignal<string>();
  const [message, setMessage] = createSignal('');
  const [form, setForm] = createSignal<LibraryForm>('Table');
  const [scatter, setScatter] = createSignal<ScatterChoice>({});

  const settings = createMemo(() => settingsOf(props.kinds));
  const filter = createMemo(() => createFilter(settings()));
  const ordered = createSliced(function* () {
    const [all, by] = [props.lineages, order()];
    if (all.length <= FEW) return sorted(all, by);
    return isInOrder(all, comparator(by)) ? all : yield* sortInSlices(all, comparator(by));
  }, props.lineages);
  const shown = createSliced(function* () {
    const [all, keep, text] = [ordered(), filter(), query()];
    return text.trim() === '' ? all : yield* filterInSlices(all, (some) => keep(some, text));
  }, props.lineages);
  const chosen = createMemo(() => ordered().filter(({ key }) => picked().has(key)));
  const chosenKeys = createMemo(() => new Set(chosen().map(({ key }) => key)));
  const hidden = createMemo(() => {
    const visible = new Set(shown().map(({ key }) => key));
    return chosen().filter(({ key }) => !visible.has(key)).length;
  });

  const choose = (keys: readonly string[], on: boolean): void => {
    const next = new Set(picked());
    for (const key of keys) {
      if (on) next.add(key);
      else next.delete(key);
    }
    setPicked(next);
  };
  const add = (lineages: readonly Lineage[]): void => {
    props.onAdd(lineages);
    setMessage(`Added ${count(lineages.length, 'training')} to the sheet.`);
  };

  /**
   * Removes trainings. The focus moves to the first remaining row after the first removed one, or,
   * without such a row, to the last row before.
   */
  function remove(keys: readonly string[], control: string): void {
    const gone = new Set(keys);
    const before = shown();
    const place = before.findIndex(({ key }) => gone.has(key));
    const next =
      before.slice(place).find(({ key }) => !gone.has(key)) ??
      before.slice(0, Math.max(0, place)).findLast(({ key }) => !gone.has(key));
    setMessage('');
    returning = keys[0];
    choose(keys, false);
    props.onRemove(keys);
    if (next && form() === 'Table') table?.focusRow(next.key, control);
    else heading?.focus();
  }

  /** Switches to the table and focuses the training's row. */
  function showRow(key: string): void {
    setForm('Table');
    table?.focusRow(key);
  }

  function undo(): void {
    heading?.focus();
    undone = true;
    props.onUndoRemove();
  }

  // The removed trainings may return later than the request, so the focus waits for the first of them.
  createEffect(() => {
    const back = shown().find(({ key }) => key === returning);
    if (!undone || !back) return;
    undone = false;
    if (form() === 'Table') table?.focusRow(back.key);
  });

  function closeComparison(): void {
    setComparing(false);
    compareButton?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox';
    if ((event.ctrlKey || event.metaKey) && event.key === 'z' && props.removed && !isTyping) {
      undo();
      event.preventDefault();
      return;
    }
    if (event.key !== 'Escape' || event.defaultPrevented || comparing()) return;
    if (query() !== '') setQuery('');
    else props.onClose();
    event.preventDefault();
  }

  // The table is drawn one task after the frame, so that neither task blocks the page for long.
  const [framed, setFramed] = createSignal(false);
  onMount(() => setTimeout(() => setFramed(true)));

  // In the next frame, because focusing forces a layout, and the frame makes one anyway.
  onMount(() => requestAnimationFrame(() => left || heading?.focus()));

  speakOf('library', message);
  speakOf('removal', () =>
    props.removed ? `Removed ${count(props.removed, 'training')}; Undo is beside Export` : undefined,
  );
  speakOf('filter', () =>
    query().trim() === ''
      ? undefined
      : `${count(shown().length, 'training')} of ${props.lineages.length} shown`,
  );

  const hint = () => {
    const taken = chosen().length;
    if (taken === 0)
      return `Choose two or more to compare them.${form() === 'Table' ? ' Arrow keys go from row to row.' : ''}`;
    const unseen = hidden() > 0 ? `, ${hidden()} of them not shown` : '';
    const limit = taken > MAX_COMPARED ? `; at most ${MAX_COMPARED} can be compared` : '';
    return `${taken} chosen${unseen}${limit}`;
  };

  return (
    <section class="library" aria-label="Library" onKeyDown={onKeyDown}>
      <Show when={comparing()}>
        <Comparison
          lineages={chosen()}
          kinds={props.kinds}
          baseline={baseline()}
          message={message()}
          onBaseline={setBaseline}
          onAdd={add}
          onClose={closeComparison}
        />
      </Show>
      <div class="library-page" hidden={comparing()}>
        <LibraryHead
          heading={(element) => {
            heading = element;
          }}
          total={props.lineages.length}
          shown={shown().length}
          query={query()}
          onQuery={setQuery}
          form={form()}
          onForm={setForm}
          onStorage={props.onStorage}
          showsStorage={props.showsStorage}
          onClose={() => props.onClose()}
        />
        <div class="library-bulk">
          <Show when={props.lineages.length > 0}>
            <button
              type="button"
              class="library-button library-primary"
              ref={(element) => {
                compareButton = element;
              }}
              disabled={chosen().length < 2 || chosen().length > MAX_COMPARED}
              onClick={() => {
                setMessage('');
                setComparing(true);
              }}
            >
              Compare
            </button>
            <button
              type="button"
              class="library-button"
              disabled={chosen().length === 0}
              onClick={() => add(chosen())}
            >
              Add to the sheet
            </button>
            <button
              type="button"
              class="library-button"
              disabled={chosen().length === 0}
              onClick={() =>
                remove(
                  chosen().map(({ key }) => key),
                  'choice',
                )
              }
            >
              Remove
            </button>
            <Show when={props.onExport}>
              <button
                type="button"
                class="library-button"
                disabled={chosen().length === 0}
                onClick={() => props.onExport?.(chosen().map(({ key }) => key))}
              >
                Export
              </button>
            </Show>
            <span class="library-quiet">{hint()}</span>
          </Show>
          <div class="library-status">
            <Show when={message()}>
              <p>{message()}</p>
            </Show>
            <Show when={props.removed}>
              {(removed) => (
                <p>
                  Removed {count(removed(), 'training')}.{' '}
                  <button type="button" class="library-button" onClick={undo}>
                    Undo
                  </button>
                </p>
              )}
            </Show>
          </div>
        </div>
        <Show when={props.unreadable?.count().all ? props.unreadable : undefined}>
          {(unreadable) => <UnreadableLine unreadable={unreadable()} />}
        </Show>
        <Show
          when={props.lineages.length > 0}
          fallback={
            <p class="library-empty">
              No trainings yet. The library keeps every finished training, in this browser only.
            </p>
          }
        >
          <Show
            when={shown().length > 0}
            fallback={<p class="library-empty">No training matches “{query()}”.</p>}
          >
            <Show when={framed()}>
              <LibraryTable
                hidden={form() !== 'Table'}
                lineages={shown()}
                settings={settings()}
                order={order()}
                chosen={chosenKeys()}
                now={props.now}
                handle={(handle) => {
                  table = handle;
                }}
                left={left}
                onType={setTyping}
                onOrder={setOrder}
                onChoose={choose}
                onUpdate={(key, change) => props.onUpdate(key, change)}
                onAdd={(key) => add(props.lineages.filter((lineage) => lineage.key === key))}
                onRemove={(key, control) => remove([key], control)}
              />
            </Show>
            <Show when={form() === 'Scatter'}>
              <ScatterView
                lineages={shown()}
                settings={settings()}
                chosen={chosenKeys()}
                now={props.now}
                choice={scatter()}
                onChoice={setScatter}
                onChoose={(key, on) => choose([key], on)}
                onAdd={(key) => add(props.lineages.filter((lineage) => lineage.key === key))}
                onShow={showRow}
              />
            </Show>
          </Show>
        </Show>
      </div>
    </section>
  );
}
