// The place of the person in the sheet: the active cell, the selection around it, the open tab of figures, the runs side by side.
// Invariant: the active cell lies in a run of the open sheet; moving and editing change neither the tab nor the choice of runs.
// Knows neither elements nor results.

import { type Accessor, batch, createEffect, createMemo, createSignal, on } from 'solid-js';
import { tabOf } from '../../core/kinds/tabs';
import type { RunId } from '../../core/sheet/sheet';
import { shownRuns } from './demands';
import type { SessionDocument } from './document';
import { openingCell } from './opening-cell';

/** A cell of the grid: `row` is a row's id, `member` is set in the columns of a run's members. */
export interface Active {
  readonly run: RunId;
  readonly row: string;
  readonly member?: number;
}

/**
 * The selection around the active cell: the rectangle up to `corner`, or the whole columns or rows of that
 * rectangle.
 */
interface Span {
  readonly corner?: Active;
  readonly columns?: boolean;
  readonly rows?: boolean;
}

/** The active cell, the selection, and the runs and the tab that figures show. */
export interface SessionCursor {
  readonly active: Accessor<Active>;
  readonly span: Accessor<Span>;
  /** The runs between the two corners of the selection, in the sheet's order. */
  readonly selected: Accessor<readonly RunId[]>;
  /** The runs that figures show side by side. */
  readonly shown: Accessor<readonly RunId[]>;
  /** The runs that the person hid from the figures; undefined if the person hid and chose none. */
  readonly hidden: Accessor<ReadonlySet<RunId> | undefined>;
  /** Hides runs from the figures, also while others are selected; undefined forgets the choice. */
  hide(runs: ReadonlySet<RunId> | undefined): void;
  /** The open tab of figures. */
  readonly inspected: Accessor<string>;
  /** Opens a tab by its name, or the tab of a kind by the name of the kind. */
  inspect(name: string): void;
  /** Makes a cell active and selects that cell alone. */
  activate(next: Active): void;
  /** Sets the selection around the active cell; the active cell stays the same. */
  select(next: Span): void;
}

const NO_SPAN: Span = {};

const same = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a === b || (a.length === b.length && a.every((item, index) => item === b[index]));

/** The cursor of a document; must be made inside a Solid root. */
export function createCursor({
  registry,
  sheet,
  open,
  address,
}: Pick<SessionDocument, 'registry' | 'sheet' | 'open' | 'address'>): SessionCursor {
  const [active, setActive] = createSignal<Active>(openingCell(open()));
  const [span, setSpan] = createSignal<Span>(NO_SPAN);
  const [inspected, setInspected] = createSignal(tabOf(registry, 'train'));
  const [hidden, hide] = createSignal<ReadonlySet<RunId>>();

  const ids = createMemo<readonly RunId[]>(() => sheet().runs.map(({ id }) => id), [], { equals: same });
  const activeRun = createMemo(() => active().run);
  const cornerRun = createMemo(() => span().corner?.run ?? activeRun());
  const selected = createMemo<readonly RunId[]>(
    () => {
      if (span().rows) return ids();
      const ends = [ids().indexOf(activeRun()), ids().indexOf(cornerRun())];
      return ids().slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
    },
    [],
    { equals: same },
  );
  const shown = createMemo<readonly RunId[]>(() => shownRuns(ids(), selected(), activeRun(), hidden()), [], {
    equals: same,
  });

  // Another sheet starts at its own opening cell, as on a page opened with that sheet.
  createEffect(
    on(
      createMemo(() => open().opened),
      (_, __, before: string | undefined) => {
        if (before !== undefined && before !== address()) {
          setSpan(NO_SPAN);
          setActive(openingCell(open()));
        }
        return address();
      },
    ),
  );
  createEffect(
    on(ids, (present, before: readonly RunId[] = []) => {
      const runs = new Set(present);
      const at = before.indexOf(active().run);
      // The run that comes to the place of a removed one, or the one before where the last is removed.
      const near = [...before.slice(at), ...before.slice(0, at).reverse()];
      const next = near.find((id) => runs.has(id)) ?? present.at(-1) ?? 'A';
      if (!runs.has(active().run)) setActive({ ...active(), run: next });
      if (!runs.has(cornerRun())) setSpan(NO_SPAN);
    }),
  );

  return {
    active,
    span,
    selected,
    shown,
    hidden,
    hide,
    inspected,
    inspect: (name) => void setInspected(tabOf(registry, name)),
    activate(next) {
      batch(() => {
        setSpan(NO_SPAN);
        setActive(next);
      });
    },
    select: setSpan,
  };
}
