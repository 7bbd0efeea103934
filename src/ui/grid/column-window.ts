// Chooses the drawn columns of a wide sheet: those in view, a few beside them, and always the column with the focus.
// Invariant: columns and gaps together are as wide as all columns, and each column is at its own place.
// Pure; knows no elements. Widths are given, so that no column has to be measured.

/**
 * Left edges of columns with these widths, and the right edge of the last one, in px: one number more than
 * there are columns.
 */
export function offsetsOf(widths: readonly number[]): readonly number[] {
  const offsets = [0];
  for (const width of widths) offsets.push((offsets.at(-1) ?? 0) + width);
  return offsets;
}

/** Index of the column at `x` px, or of the nearest column. */
function columnAt(offsets: readonly number[], x: number): number {
  let [low, high] = [0, Math.max(0, offsets.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((offsets[middle] ?? 0) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The drawn columns: indices from `first` to before `end`, and the kept column if it lies `before` or `after`
 * these.
 */
interface ColumnWindow {
  readonly first: number;
  readonly end: number;
  readonly before?: number;
  readonly after?: number;
}

/**
 * The columns that cover the stretch from `left` to `right` (px), with `beside` more on each side. `kept` is
 * the index of a column that is always drawn; −1 for none.
 */
export function windowOf(
  offsets: readonly number[],
  { left, right, beside, kept }: { left: number; right: number; beside: number; kept: number },
): ColumnWindow {
  const count = offsets.length - 1;
  if (count <= 0) return { first: 0, end: 0 };
  const first = Math.max(0, columnAt(offsets, left) - beside);
  const end = Math.min(count, columnAt(offsets, Math.max(left, right)) + 1 + beside);
  if (kept >= 0 && kept < first) return { first, end, before: kept };
  if (kept >= end && kept < count) return { first, end, after: kept };
  return { first, end };
}

/** The gaps of a row from left to right; each takes the place of columns that are not drawn. */
export const GAPS = ['start', 'before', 'after', 'end'] as const;
export type Gap = (typeof GAPS)[number];

/** Width of a gap in px; a gap of width 0 is not drawn. */
export function gapWidth(
  offsets: readonly number[],
  { first, end, before, after }: ColumnWindow,
  gap: Gap,
): number {
  const at = (index: number): number => offsets[index] ?? 0;
  switch (gap) {
    case 'start':
      return at(before ?? first);
    case 'before':
      return before === undefined ? 0 : at(first) - at(before + 1);
    case 'after':
      return after === undefined ? 0 : at(after) - at(end);
    case 'end':
      return at(offsets.length - 1) - at(after === undefined ? end : after + 1);
  }
}

/**
 * The pieces of a row from left to right: indices of columns and names of gaps. Pieces that two windows share
 * have the same order in both.
 */
export function piecesOf(offsets: readonly number[], window: ColumnWindow): readonly (number | Gap)[] {
  const gap = (name: Gap): Gap[] => (gapWidth(offsets, window, name) > 0 ? [name] : []);
  const { first, end, before, after } = window;
  return [
    ...gap('start'),
    ...(before === undefined ? [] : [before]),
    ...gap('before'),
    ...Array.from({ length: end - first }, (_, index) => first + index),
    ...gap('after'),
    ...(after === undefined ? [] : [after]),
    ...gap('end'),
  ];
}
