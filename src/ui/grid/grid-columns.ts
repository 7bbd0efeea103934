// The columns that the grid draws now: their plans, and the gaps in place of the columns out of sight.
// Invariants: a column keeps its piece for as long as it is drawn, so that scrolling by one column draws one column; new
// columns fill their first rows at once, and the other rows a few per task.
// Knows only the scroll position and the width of the scrolling element.

import { type Accessor, createMemo, createSignal, mapArray, onCleanup } from 'solid-js';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';
import { type Column, columnName, planOf } from '../workspace/columns';
import type { Workspace } from '../workspace/workspace';
import { type Gap, gapWidth, offsetsOf, piecesOf, windowOf } from './column-window';

/** A drawn column, with the present plan of its run or member. */
export interface ColumnView {
  readonly column: Column;
  /** Name of the column: "A", or "A[3]" for a member. */
  readonly name: string;
  readonly plan: Accessor<RunPlan>;
}

/** A piece of a row: a drawn column or a gap. */
export type Piece = ColumnView | Gap;

/** Columns drawn on each side of those in view, so that scrolling shows no gap. */
const BESIDE = 4;

/** Rows filled in the task that draws new columns, and rows filled in each later task. */
const ROWS = { first: 40, more: 8 };

/** An empty plan, for a column whose run was removed a moment ago. */
const nothing = (id: RunId): RunPlan => ({
  run: { id, name: '', overrides: new Map() },
  settings: new Map(),
  seeds: { count: 1 },
  cells: new Map(),
  member: () => new Map(),
});

function viewOf(session: SessionDocument, column: Column): ColumnView {
  const plan = createMemo<RunPlan>((before) => planOf(session, column) ?? before, nothing(column.id));
  return { column, name: columnName(column.id, column.member), plan };
}

/** The pieces of every row, always with the column of the active cell; must be made inside a Solid root. */
export function createGridColumns({ session, columns, rows, widths }: Workspace) {
  const [left, setLeft] = createSignal(0);
  const [width, setWidth] = createSignal(innerWidth);

  // Paper shows all columns at once.
  const [isPrinting, setPrinting] = createSignal(false);
  const print = ({ type }: Event): void => void setPrinting(type === 'beforeprint');
  for (const event of ['beforeprint', 'afterprint']) {
    addEventListener(event, print);
    onCleanup(() => removeEventListener(event, print));
  }

  const widthOf = ({ id, member }: Column): number => widths.of(member === undefined ? id : undefined);
  const offsets = createMemo(() => offsetsOf(columns.all().map(widthOf)));
  const shown = createMemo(
    () =>
      windowOf(offsets(), {
        left: isPrinting() ? 0 : left(),
        right: isPrinting() ? Number.POSITIVE_INFINITY : left() + width() - widths.names(),
        beside: BESIDE,
        kept: columns.placeOf(session.active()),
      }),
    undefined,
    {
      equals: (a, b) =>
        a !== undefined &&
        a.first === b.first &&
        a.end === b.end &&
        a.before === b.before &&
        a.after === b.after,
    },
  );
  const drawn = createMemo(() =>
    piecesOf(offsets(), shown()).flatMap((piece) =>
      typeof piece === 'string' ? piece : (columns.all()[piece] ?? []),
    ),
  );

  const pieces = createMemo(
    mapArray(drawn, (piece): Piece => (typeof piece === 'string' ? piece : viewOf(session, piece))),
  );
  /** Number of rows that hold the present pieces; a new signal for each change of pieces or rows. */
  const filled = createMemo<Accessor<number>>(() => {
    pieces();
    const count = rows.rows().length;
    const first = isPrinting() ? count : ROWS.first;
    const [ready, setReady] = createSignal(first);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const goOn = (): void => {
      setReady(ready() + ROWS.more);
      timer = ready() < count ? setTimeout(goOn) : undefined;
    };
    if (count > first) timer = setTimeout(goOn);
    onCleanup(() => clearTimeout(timer));
    return ready;
  });

  return {
    pieces,
    /** Whether the row at this index may hold the present pieces. */
    isReady: (index: number): boolean => index < filled()(),
    gapWidth: (gap: Gap): number => gapWidth(offsets(), shown(), gap),
    widthOf,
    /** Follows the scroll position and the width of this element. */
    follow(scroller: HTMLElement) {
      const onScroll = (): void => void setLeft(Math.max(0, scroller.scrollLeft));
      scroller.addEventListener('scroll', onScroll, { passive: true });
      const resize = new ResizeObserver(() => setWidth(scroller.clientWidth));
      resize.observe(scroller);
      onCleanup(() => {
        scroller.removeEventListener('scroll', onScroll);
        resize.disconnect();
      });
    },
  };
}

export type GridColumns = ReturnType<typeof createGridColumns>;
