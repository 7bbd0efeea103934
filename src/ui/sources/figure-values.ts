// The values for figures, run by run: the newest values, and until these arrive, the last ones.
// Invariants: the values of a run belong together, never the points of one sheet and the network of another; an unchanged value
// is the same object as before, so that it is not drawn again.

import { type Accessor, createMemo } from 'solid-js';
import type { Plain } from '../../core/kinds/value';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { Shown } from '../figures/draw/figure';
import type { SessionProgress } from '../session/progress';
import type { Session } from '../session/session';
import { runColor } from '../text/palette';

/**
 * The values that a figure shows. `old` if some of them have belonged to an earlier state of the sheet for
 * longer than a blink.
 */
export interface FigureValues<V> {
  readonly runs: readonly Shown<V>[];
  readonly old: boolean;
}

interface Kept<V> {
  readonly sources: readonly Plain[];
  readonly shown: Shown<V>;
}

type Read = { readonly value: Plain } | 'awaited' | 'none';

/**
 * The value of a cell, or the partial value of a running one; 'awaited' if neither is known, 'none' if no
 * value will follow. A drag uses no partial values, since figures would jump back and forth.
 */
function readCell(session: SessionProgress, run: RunPlan, kind: string): Read {
  const node = run.cells.get(kind)?.node;
  if (!node) return 'none';
  const { outcome, partial } = session.live.state(node.key);
  if (outcome?.failure) return 'none';
  const value = outcome?.result.value ?? (session.isMoving() ? undefined : partial);
  return value === undefined ? 'awaited' : { value };
}

/**
 * The shown runs that have a value of every kind in `kinds`. `join` gets these values in order and returns
 * the figure's value. The kinds' schemas have checked the values before storage, so the result of `join`
 * counts as a V.
 */
export function createFigureValues<V>(
  session: Session,
  kinds: readonly string[],
  join: (values: readonly Plain[], run: RunPlan) => unknown,
): Accessor<FigureValues<V>> {
  interface State extends FigureValues<V> {
    readonly kept: ReadonlyMap<RunId, Kept<V>>;
  }
  const nothing: State = { runs: [], old: false, kept: new Map() };
  return createMemo<State>(
    (before) => {
      const kept = new Map<RunId, Kept<V>>();
      let old = false;
      for (const id of session.shown()) {
        const run = session.plan().runs.get(id);
        if (!run) continue;
        const last = before.kept.get(id);
        const reads = kinds.map((kind) => readCell(session, run, kind));
        const look = runColor(session, id);
        if (reads.includes('none')) continue;
        const sources = reads.flatMap((read) => (typeof read === 'object' ? [read.value] : []));
        const whole = sources.length === kinds.length;
        if (last && (!whole || same(last, look, sources, run, kinds))) {
          old ||= !whole;
          kept.set(id, last);
        } else if (whole) {
          const { name } = run.run;
          const standsFor = standsForOf(run, kinds);
          const value = join(sources, run) as V;
          const shown = { id, name, ...look, value, ...(standsFor && { standsFor }) };
          kept.set(id, { sources, shown });
        }
      }
      const runs = [...kept.values()].map(({ shown }) => shown);
      const isSame = runs.length === before.runs.length && runs.every((run, i) => run === before.runs[i]);
      return { runs: isSame ? before.runs : runs, old: old && session.stale(), kept };
    },
    nothing,
    { equals: (a, b) => a.runs === b.runs && a.old === b.old },
  );
}

/**
 * The number of members that the shown member represents; undefined if the members share the cells of all
 * these kinds.
 */
const standsForOf = (run: RunPlan, kinds: readonly string[]): number | undefined =>
  run.seeds.count > 1 && kinds.some((kind) => run.cells.get(kind)?.node !== run.member(1).get(kind)?.node)
    ? run.seeds.count
    : undefined;

const same = <V>(
  { sources, shown }: Kept<V>,
  look: Pick<Shown<V>, 'color' | 'shade'>,
  next: readonly Plain[],
  run: RunPlan,
  kinds: readonly string[],
): boolean =>
  shown.name === run.run.name &&
  shown.color === look.color &&
  shown.shade?.text === look.shade?.text &&
  shown.standsFor === standsForOf(run, kinds) &&
  sources.every((source, index) => source === next[index]);
