// Walks the points of a figure by keys: the drawing is a slider over its epochs, or else over the rows of its table, and the value
// of each point is spoken as the slider's text.
// Invariant: a point's words come from the figure's own words or its table, never from its drawing. Knows no marks.

import { type Accessor, createMemo, createSignal } from 'solid-js';
import type { RunId } from '../../../core/sheet/sheet';
import { trueMinus } from '../../../core/text-formatting';
import type { Place } from '../draw/calculation';
import type { Figure, Shown, Table } from '../draw/figure';

/** The figure to walk, and the epoch that all figures share. */
interface Walked<V> {
  readonly figure: Accessor<Figure<V>>;
  readonly runs: Accessor<readonly Shown<V>[]>;
  readonly epoch: Accessor<number>;
  onEpoch(epoch: number | undefined): void;
}

/** The words of a drawing that is not walked: what its keys do. */
export const walkHint = ({ calculation }: Pick<Figure<never>, 'calculation'>): string =>
  `Arrow keys walk the points${calculation ? ', Enter shows the calculation' : ''}.`;

/** Points that PageUp and PageDown pass. */
const PAGE = 10;

/** A row in words: each value after the name of its column. */
export function rowText([head = []]: Table, row: readonly (string | number)[]): string {
  return row
    .flatMap((value, index) => {
      if (value === '' || (typeof value === 'number' && Number.isNaN(value))) return [];
      const text = typeof value === 'number' ? trueMinus(String(Number(value.toPrecision(4)))) : value;
      return [`${head[index] ?? ''} ${text}`];
    })
    .join(', ');
}

/** The place after a key, from 1 to `count`; undefined for a key that does not move. */
export function placeAfter(key: string, at: number, count: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowDown: 1,
    ArrowLeft: -1,
    ArrowUp: -1,
    PageDown: PAGE,
    PageUp: -PAGE,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.max(1, Math.min(count, at + step));
}

/** The place of the walk, the number of places, the words of the place, and what the keys do. */
export interface Walk {
  at(): number;
  count(): number;
  text(): string;
  /** The point of the walk, in figures by epoch of the run `run`. */
  place(run: RunId | undefined): Place;
  /** Returns to a place that `at` gave, when the focus comes back. */
  resume(at: number): void;
  onKeyDown(event: KeyboardEvent): void;
  /** Gives the shared epoch back, and the table free, when the focus leaves. */
  leave(): void;
}

/** The walk of one figure; must be made inside a Solid root. The table is made at the first key. */
export function createWalk<V>({ figure, runs, epoch, onEpoch }: Walked<V>): Walk {
  const [row, setRow] = createSignal(1);
  const [isWalked, setWalked] = createSignal(false);
  const byEpoch = () => figure().byEpoch;
  const table = createMemo<Table>(() => (isWalked() && !byEpoch() ? figure().table(runs()) : []));
  const count = (): number => byEpoch()?.epochs(runs()) ?? Math.max(1, table().length - 1);
  const at = (): number => Math.min(byEpoch() ? epoch() : row(), count());
  return {
    at,
    count,
    text() {
      const words = byEpoch()?.words(runs(), at());
      if (isWalked()) return words ?? rowText(table(), table()[at()] ?? []);
      return [words, words && !figure().calculation ? '' : walkHint(figure())].filter(Boolean).join(' ');
    },
    place(run) {
      if (byEpoch()) return [run ?? runs()[0]?.id ?? '', at()];
      if (isWalked()) return table()[at()] ?? [];
      return run === undefined ? [] : [run];
    },
    resume(at) {
      setWalked(true);
      if (byEpoch()) onEpoch(at);
      else setRow(at);
    },
    onKeyDown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (placeAfter(event.key, 1, 1) === undefined) return;
      event.preventDefault();
      setWalked(true);
      const next = placeAfter(event.key, at(), count()) ?? at();
      if (byEpoch()) onEpoch(next);
      else setRow(next);
    },
    leave() {
      setWalked(false);
      if (byEpoch()) onEpoch(undefined);
    },
  };
}
