// The widths of the columns of runs: as wide as the texts of a run need, or as a person made them; and the width of the whole sheet.
// Invariant: a width lies within bounds and follows from the lengths of texts alone, so that the page has its final geometry
// before a cell is drawn. Widths by hand end with the sheet. Knows no elements.

import { type Accessor, createEffect, createMemo, createSignal, mapArray, on } from 'solid-js';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import { matching, WINDOWS } from '../dom/media';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';

/** Widths of a run's column in px: the least, the most, and the least in a narrow window. */
const RUN_WIDTH = { least: 112, most: 160, narrow: 96 } as const;

/** Widths of the columns beside the runs, in px: row names as in page.css, and the column that adds a run. */
const BESIDE = {
  usual: { names: 152, ghost: 72 },
  wide: { names: 184, ghost: 96 },
  narrow: { names: 116, ghost: 72 },
} as const;

/** The least and the most width by hand, and the step of the menu, in px. */
export const HAND_WIDTH = { least: 72, most: 320, step: 24 } as const;

/** Width of a character of a cell, and of the space beside the text, in px. */
const [CHARACTER, SPACE] = [7.2, 24];

/** The width of a column that holds a text of this many characters. */
const widthFor = (characters: number, least: number): number =>
  Math.min(RUN_WIDTH.most, Math.max(least, Math.ceil(characters * CHARACTER + SPACE)));

/** Whether a cell of a run waits for a permission, and shows its cost beside a button. */
const asks = (session: SessionProgress, { cells }: RunPlan): boolean =>
  [...cells.values()].some(({ node }) => node && session.live.state(node.key).activity === 'asking');

/** The number of characters of the longest text that a run sets itself. */
const longestText = ({ run }: RunPlan): number =>
  Math.max(0, ...[...run.overrides.values()].map(({ length }) => length));

/** The widths of the columns, in px. */
export interface ColumnWidths {
  /** The width of a run's column; without a run, that of a member's column. */
  of(run?: RunId): number;
  /** The width of the column of row names. */
  readonly names: Accessor<number>;
  /** The width of the whole sheet without members, with the column that adds a run. */
  readonly sheet: Accessor<number>;
  /** Gives a run's column a width by hand; undefined gives it the width of its texts again. */
  set(run: RunId, width: number | undefined): void;
}

/** The widths in one session; must be made inside a Solid root. */
export function createColumnWidths(session: SessionDocument & SessionProgress): ColumnWidths {
  const [isNarrow, isWide] = [matching(WINDOWS.narrow), matching(WINDOWS.wide)];
  const [byHand, setByHand] = createSignal<ReadonlyMap<RunId, number>>(new Map());
  createEffect(
    on(
      createMemo(() => session.open().opened),
      () => setByHand(new Map()),
      { defer: true },
    ),
  );
  const beside = () => BESIDE[isNarrow() ? 'narrow' : isWide() ? 'wide' : 'usual'];
  const least = (): number => (isNarrow() ? RUN_WIDTH.narrow : isWide() ? RUN_WIDTH.most : RUN_WIDTH.least);
  /** The runs, each with whether its column is as wide as any. A memo per run: the progress of one run wakes no other. */
  const runs = createMemo(
    mapArray(
      () => [...session.plan().runs.values()],
      (run) => [run, createMemo(() => run.seeds.count > 1 || asks(session, run))] as const,
    ),
  );
  const widths = createMemo<ReadonlyMap<RunId, number>>(
    () =>
      new Map(
        runs().map(([run, needsMost]) => [
          run.run.id,
          byHand().get(run.run.id) ??
            // In a wide window every column has the most already.
            (least() < RUN_WIDTH.most && needsMost() ? RUN_WIDTH.most : widthFor(longestText(run), least())),
        ]),
      ),
    new Map(),
    { equals: (a, b) => a.size === b.size && [...a].every(([id, width]) => b.get(id) === width) },
  );
  return {
    of: (run) => (run === undefined ? undefined : widths().get(run)) ?? least(),
    names: () => beside().names,
    sheet: createMemo(
      () => beside().names + beside().ghost + [...widths().values()].reduce((sum, width) => sum + width, 0),
    ),
    set(run, width) {
      const next = new Map(byHand());
      if (width === undefined) next.delete(run);
      else next.set(run, Math.round(Math.max(HAND_WIDTH.least, Math.min(width, HAND_WIDTH.most))));
      setByHand(next);
    },
  };
}
