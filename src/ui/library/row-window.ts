// Chooses the rows of a long table that are in the page: the visible rows, a few around them, and the row
// with the focus.
// Invariant: gaps and rows add up to the whole height, so that the scroll bar is correct.

/** A long table and its scroll position; all lengths in CSS px. */
interface Scrolled {
  readonly count: number;
  readonly rowHeight: number;
  /** The row that is taller than the others, with its additional height. */
  readonly tall?: { readonly index: number; readonly extra: number } | undefined;
  readonly top: number;
  readonly height: number;
  /** The index of the row that stays in the page at every scroll position: the row with the focus. */
  readonly kept?: number | undefined;
}

/**
 * The rows to render, ascending, each with the empty height before the row; `after` is the empty height
 * at the end.
 */
interface RowWindow {
  readonly rows: readonly { readonly index: number; readonly gap: number }[];
  readonly after: number;
}

const AROUND = 6;

/** Returns the rows of a table to render at a scroll position. */
export function rowWindow({ count, rowHeight, tall, top, height, kept }: Scrolled): RowWindow {
  const startOf = (index: number): number =>
    index * rowHeight + (tall && tall.index < index && tall.index < count ? tall.extra : 0);
  const extra = tall?.extra ?? 0;
  const first = Math.max(0, Math.floor((top - extra) / rowHeight) - AROUND);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + AROUND);
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset);
  if (kept !== undefined && kept >= 0 && kept < count) {
    if (kept < first) indices.unshift(kept);
    else if (kept >= last) indices.push(kept);
  }
  let end = 0;
  const rows = indices.map((index) => {
    const gap = startOf(index) - startOf(end);
    end = index + 1;
    return { index, gap };
  });
  return { rows, after: startOf(count) - startOf(end) };
}
