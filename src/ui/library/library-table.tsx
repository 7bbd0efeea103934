// The library as a table; only the rows around the view are in the page.
// Invariant: the row with the focus stays in the page however far the table is scrolled, so focus is never lost.
// One row at a time takes the Tab key; arrow keys go from row to row, in the same place of the row.

import {
  createEffect,
  createMemo,
  createSelector,
  createSignal,
  For,
  onCleanup,
  onMount,
  Show,
} from 'solid-js';
import { type Field, LibraryRow, type RowActions } from './library-row';
import { type Lineage, type Order, type Setting, summaryOf, titleOf } from './lineages/library-model';
import { rowWindow } from './row-window';
import { COLUMN_COUNT, TableHead } from './table-head';

const ROW_REM = 3.5;
const NOTE_REM = 6;

/** Operations on the table for the view around it. */
export interface TableHandle {
  /** Focuses a control in a row, the name by default, and scrolls to the row. */
  focusRow(key: string, control?: string): void;
}

/** A text that is being typed into a row. */
export interface RowText {
  readonly key: string;
  readonly field: Field;
  readonly text: string;
}

/** The table of the shown lineages, in the given order. */
export function LibraryTable(props: {
  /** Whether the scatter is shown instead of the table. */
  hidden: boolean;
  lineages: readonly Lineage[];
  settings: readonly Setting[];
  order: Order;
  chosen: ReadonlySet<string>;
  now: number;
  /** The text that was being typed before a reload. */
  left?: RowText | undefined;
  onType(typed: RowText | undefined): void;
  handle(handle: TableHandle): void;
  onOrder(order: Order): void;
  onChoose(keys: readonly string[], chosen: boolean): void;
  onUpdate(key: string, change: { name?: string; note?: string }): void;
  onAdd(key: string): void;
  onRemove(key: string, control: string): void;
}) {
  let scroller: HTMLElement | undefined;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const [view, setView] = createSignal({ top: 0, height: innerHeight });
  const [wanted, setWanted] = createSignal(props.left?.key);
  const [editing, setEditing] = createSignal<{ key: string; field: Field; left?: string } | undefined>(
    props.left && { key: props.left.key, field: props.left.field, left: props.left.text },
  );
  let anchor: string | undefined;

  const places = createMemo(() => new Map(props.lineages.map(({ key }, index) => [key, index])));
  const current = createMemo(() => {
    const key = wanted();
    return key !== undefined && places().has(key) ? key : props.lineages[0]?.key;
  });
  const isCurrent = createSelector(current);
  const shown = createMemo(() => {
    const edited = editing();
    const tall = edited?.field === 'note' ? places().get(edited.key) : undefined;
    const { rows, after } = rowWindow({
      count: props.lineages.length,
      rowHeight: ROW_REM * rem,
      tall: tall === undefined ? undefined : { index: tall, extra: NOTE_REM * rem },
      ...view(),
      kept: places().get(current() ?? ''),
    });
    const keyed = rows.flatMap(({ index, gap }) => {
      const lineage = props.lineages[index];
      return lineage ? [[lineage.key, { index, gap, lineage }] as const] : [];
    });
    return { rows: new Map(keyed), after };
  });
  let active: Element | null = null;
  // Rows are identified by key: a renamed lineage is a new object, but its row and the focus in it stay.
  const keys = createMemo(() => {
    active = document.activeElement;
    return [...shown().rows.keys()];
  });
  // Moving a row in the document takes the focus away from it.
  createEffect(() => {
    keys();
    if (!scroller?.contains(active) || document.activeElement !== document.body) return;
    if (active instanceof HTMLElement) active.focus({ preventScroll: true });
  });

  const look = (): void => {
    if (scroller) setView({ top: scroller.scrollTop, height: scroller.clientHeight || innerHeight });
  };
  const observer = new ResizeObserver(look);
  onMount(() => scroller && observer.observe(scroller));
  onCleanup(() => observer.disconnect());

  function focusRow(key: string, control = 'name'): void {
    setWanted(key);
    const row = scroller?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    row?.querySelector<HTMLElement>(`[data-control="${control}"]`)?.focus();
  }
  props.handle({ focusRow });

  const actions: RowActions = {
    choose(key, chosen, range) {
      const [from, to] = [places().get(range && anchor !== undefined ? anchor : key), places().get(key)];
      anchor = key;
      if (from === undefined || to === undefined) return;
      const taken = props.lineages.slice(Math.min(from, to), Math.max(from, to) + 1);
      props.onChoose(
        taken.map((lineage) => lineage.key),
        chosen,
      );
    },
    edit: (key, field) => setEditing({ key, field }),
    type(text) {
      const at = editing();
      if (at) props.onType({ key: at.key, field: at.field, text });
    },
    finish(key, field, text, refocus) {
      props.onType(undefined);
      setEditing(undefined);
      const lineage = props.lineages[places().get(key) ?? -1];
      if (text !== undefined && lineage && text.trim() !== lineage[field])
        props.onUpdate(key, { [field]: text.trim() });
      if (refocus) focusRow(key, field);
    },
    add: (key) => props.onAdd(key),
    remove: (key) => props.onRemove(key, 'remove'),
  };

  function onKeyDown(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || event.target.matches('.library-edit')) return;
    const control = event.target.dataset['control'];
    const key = event.target.closest<HTMLElement>('[data-key]')?.dataset['key'];
    const place = places().get(key ?? '');
    if (control === undefined || key === undefined || place === undefined) return;
    const page = Math.max(1, Math.floor(view().height / (ROW_REM * rem)) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: place - 1,
      ArrowDown: place + 1,
      PageUp: place - page,
      PageDown: place + page,
      Home: 0,
      End: props.lineages.length - 1,
    };
    const target = steps[event.key];
    if (target !== undefined) {
      const to = props.lineages[Math.min(Math.max(0, target), props.lineages.length - 1)];
      if (to) focusRow(to.key, control);
    } else if (event.key === 'F2') actions.edit(key, control === 'note' ? 'note' : 'name');
    else if (event.key === 'Delete') props.onRemove(key, control);
    else return;
    event.preventDefault();
  }

  const row = (key: string) => {
    // Looked up by key, so that a row is created once and later changes update only its changed parts.
    const slot = createMemo(
      (previous: { index: number; gap: number; lineage: Lineage } | undefined) =>
        shown().rows.get(key) ?? previous,
    );
    return (
      <Show when={slot()}>
        {(at) => (
          <>
            <Gap height={at().gap} />
            <LibraryRow
              lineage={at().lineage}
              title={titleOf(at().lineage, props.settings)}
              summary={summaryOf(at().lineage, props.settings).join(' · ')}
              now={props.now}
              rowIndex={at().index + 2}
              chosen={props.chosen.has(key)}
              current={isCurrent(key)}
              editing={editing()?.key === key ? editing()?.field : undefined}
              left={editing()?.left}
              actions={actions}
            />
          </>
        )}
      </Show>
    );
  };

  return (
    <section
      class="library-scroller"
      hidden={props.hidden}
      aria-label="Trainings"
      ref={(element) => {
        scroller = element;
      }}
      onScroll={look}
      onKeyDown={onKeyDown}
      onFocusIn={(event) =>
        setWanted(event.target.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? wanted())
      }
    >
      <table class="library-table" aria-rowcount={props.lineages.length + 1} aria-label="Finished trainings">
        <TableHead
          order={props.order}
          lineages={props.lineages}
          chosen={props.chosen}
          onOrder={props.onOrder}
          onChoose={props.onChoose}
        />
        <tbody>
          <For each={keys()}>{row}</For>
          <Gap height={shown().after} />
        </tbody>
      </table>
    </section>
  );
}

/** A placeholder with the height, in px, of the rows that are not in the page. */
function Gap(props: { height: number }) {
  return (
    <Show when={props.height > 0}>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: a bare row cannot take the focus */}
      <tr aria-hidden="true">
        <td class="library-gap" colSpan={COLUMN_COUNT} style={{ height: `${props.height}px` }} />
      </tr>
    </Show>
  );
}
