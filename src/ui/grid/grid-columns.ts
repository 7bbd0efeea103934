// The columns that the grid draws now: their plans, and the gaps in place of the columns out of sight.
// Invariants: a column keeps its piece for as long as it is drawn, so that scrolling by one column draws one column; new
// columns fill their first rows at once, and the other rows some a task.
// Knows the scrolling element by its measures alone.

import { type Accessor, createMemo, createSignal, mapArray, onCleanup } from 'solid-js';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import { type Column, columnName, planOf } from '../workspace/columns';
import type { Workspace } from '../workspace/workspace';
import { COLUMN_WIDTH, type Gap, gapWidth, HEAD_WIDTH, offsetsOf, piecesOf, windowOf } from './column-window';

/** A column that is drawn. */
export interface ColumnView {
  readonly column: Column;
  /** "A", or "A[3]". */
  readonly name: string;
  readonly plan: Accessor<RunPlan>;
}

/** What a row holds at a place. */
export type Piece = ColumnView | Gap;

/** So many columns beside those in view are drawn too, so that a hand that scrolls sees no gap. */
const BESIDE = 4;

/** So many rows are filled in the task that draws other columns, and so many more in each task after it. */
const ROWS = { first: 40, more: 8 };

const NARROW = '(max-width: 899px)';

/** A column whose run is not planned, which lasts no longer than the change that takes it away. */
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

/** Whether a run has cells that need their width on any screen: means with their spread, costs with their button. */
const needsWidth = (session: SessionProgress, { seeds, cells }: RunPlan): boolean =>
  seeds.count > 1 ||
  [...cells.values()].some(({ node }) => node && session.live.state(node.key).activity === 'asking');

/** The pieces of every row; the column that has the focus is always one of them. */
export function createGridColumns({ session, columns, rows }: Workspace) {
  const media = matchMedia(NARROW);
  const [isNarrow, setNarrow] = createSignal(media.matches);
  const [left, setLeft] = createSignal(0);
  const [width, setWidth] = createSignal(innerWidth);
  const listen = (): void => void setNarrow(media.matches);
  media.addEventListener('change', listen);
  onCleanup(() => media.removeEventListener('change', listen));

  const wide = createMemo<ReadonlySet<RunId>>(() => {
    if (!isNarrow()) return new Set();
    const found = [...session.plan().runs].filter(([, run]) => needsWidth(session, run));
    return new Set(found.map(([id]) => id));
  });
  const isWide = ({ id, member }: Column): boolean => member === undefined && wide().has(id);
  const offsets = createMemo(() =>
    offsetsOf(
      columns
        .all()
        .map((column) =>
          isWide(column) ? COLUMN_WIDTH.wide : isNarrow() ? COLUMN_WIDTH.narrow : COLUMN_WIDTH.usual,
        ),
    ),
  );
  const shown = createMemo(
    () =>
      windowOf(offsets(), {
        left: left(),
        right: left() + width() - (isNarrow() ? HEAD_WIDTH.narrow : HEAD_WIDTH.usual),
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
  /** How many rows hold the pieces so far; a signal of its own for each change of pieces or rows. */
  const filled = createMemo<Accessor<number>>(() => {
    pieces();
    const count = rows.rows().length;
    const [ready, setReady] = createSignal(ROWS.first);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const goOn = (): void => {
      setReady(ready() + ROWS.more);
      timer = ready() < count ? setTimeout(goOn) : undefined;
    };
    if (count > ROWS.first) timer = setTimeout(goOn);
    onCleanup(() => clearTimeout(timer));
    return ready;
  });

  return {
    pieces,
    /** Whether it is the turn of a row at this place to hold the pieces. */
    isReady: (index: number): boolean => index < filled()(),
    gapWidth: (gap: Gap): number => gapWidth(offsets(), shown(), gap),
    isWide,
    /** Follows what is in view of this element. */
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
