// Small multiples: decides which runs share a panel, places the panels, and draws the header with the names of a panel's runs.
// Invariant: panels of one figure have one width, and panels of a row one height. Knows nothing of the drawing inside a panel.

import type { RunId } from '../../../core/sheet/sheet';
import type { Shown } from './figure';
import { fitText } from './format';
import { legendEntry } from './legend-entries';
import type { Mark } from './mark';
import { memberRemark } from './member-text';
import { label, svg } from './svg';

/** Runs with equal values, which share a panel. */
export interface Group<V> {
  readonly runs: readonly Shown<V>[];
  readonly value: V;
}

/** Groups runs with equal values, ordered by the first run of each group. */
export function groupRuns<V>(runs: readonly Shown<V>[], same: (a: V, b: V) => boolean): Group<V>[] {
  const groups: { runs: Shown<V>[]; value: V }[] = [];
  for (const run of runs) {
    const group = groups.find(({ value }) => value === run.value || same(value, run.value));
    if (group) group.runs.push(run);
    else groups.push({ runs: [run], value: run.value });
  }
  return groups;
}

/** Whether two lists are one object or hold equal numbers; NaN equals no number. */
export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The ids of runs, for sentences. */
export const idsOf = (runs: readonly Shown<unknown>[]): RunId[] => runs.map(({ id }) => id);

/** Largest number of panels in a figure: more cannot be compared side by side. */
export const MAX_PANELS = 12;

/** Distance in pixels between two panels, horizontally and vertically. */
export const PANEL_GAP = 12;

/** A layout of panels in rows; all sizes in pixels. */
interface Grid {
  readonly width: number;
  readonly columns: number;
  place(index: number): { readonly x: number; readonly y: number };
  /** The height of the tallest row. */
  readonly panelHeight: number;
  /**
   * Index of the panel at a pixel of the drawing, the gap after the panel included; undefined beyond the
   * panels.
   */
  at(x: number, y: number): number | undefined;
  /** The height of all panels together. */
  readonly height: number;
}

/**
 * Lays out `count` panels in rows; each panel is at least `least` wide if the width allows, and at most
 * `most`. `heightOf` gives the height of a panel.
 */
export function panelGrid(
  count: number,
  width: number,
  least: number,
  most: number,
  heightOf: (width: number, index: number) => number,
): Grid {
  const gap = PANEL_GAP;
  const fitting = Math.max(1, Math.min(count, Math.floor((width + gap) / (least + gap))));
  const rows = Math.max(1, Math.ceil(count / fitting));
  const columns = Math.ceil(count / rows) || 1;
  const panel = Math.min(most, Math.floor((width - gap * (columns - 1)) / columns));
  const heights = Array.from({ length: rows }, (_, row) => {
    const own = Math.min(columns, count - row * columns);
    return Math.max(
      0,
      ...Array.from({ length: own }, (_, column) => heightOf(panel, row * columns + column)),
    );
  });
  // The lower end of each row, with the gap below it.
  let end = 0;
  const ends = heights.map((height) => {
    end += height + gap;
    return end;
  });
  return {
    width: panel,
    columns,
    panelHeight: Math.max(...heights),
    at(x, y) {
      const column = Math.floor(x / (panel + gap));
      const row = y < 0 ? -1 : ends.findIndex((bottom) => y < bottom);
      const index = row * columns + column;
      return column >= 0 && column < columns && row >= 0 && index < count ? index : undefined;
    },
    place: (index) => ({
      x: (index % columns) * (panel + gap),
      y: ends[Math.floor(index / columns) - 1] ?? 0,
    }),
    height: end - gap,
  };
}

/** Height in pixels of the header above a panel. */
export const HEADER = 20;

/** A panel's header: colour and id of each run; for a single run also its name, its member and a remark. */
export function header(runs: readonly Shown<unknown>[], width: number, remark = ''): Mark {
  const group = svg('g', { class: 'header' });
  const step = 24;
  const room = Math.max(1, Math.floor((width - 28) / step));
  const shown = runs.length > room ? runs.slice(0, room) : runs;
  shown.forEach((run, index) => {
    const x = index * step;
    group.append(
      legendEntry(run.id, svg('rect', { x, y: 4, width: 8, height: 8, fill: run.color })),
      legendEntry(run.id, label(run.id, x + 12, 12, { class: 'strong' })),
    );
  });
  const [only] = runs;
  if (only && runs.length === 1) {
    const left = 15 + only.id.length * 9;
    const room = width - 28 - (remark ? 6 * remark.length + 8 : 0);
    // The remark comes first: a name may be cut, a count may not.
    const member = memberRemark(only);
    const forms = member ? [`${only.name} · ${member}`, member, member.replace('member ', '')] : [];
    const words = forms.find((form) => form.length * 6.8 <= room) ?? fitText(only.name, room);
    if (room > 24) group.append(legendEntry(only.id, label(words, left, 12)));
    if (remark) group.append(label(remark, width, 12, { 'text-anchor': 'end', class: 'quiet' }));
  } else if (shown.length < runs.length) {
    group.append(label(`+${runs.length - shown.length}`, shown.length * step, 12));
  }
  return group;
}

/** Line below the panels that states how many of all groups are drawn; empty if all are drawn. */
export const restNote = (groups: number): string =>
  groups > MAX_PANELS ? `${MAX_PANELS} of ${groups} are drawn; the table lists all.` : '';
