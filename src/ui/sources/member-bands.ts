// The bands of the shown runs with seeds: percentiles over the present members, computed again as members arrive.
// Invariant: no stretch of work takes longer than a share of a frame; a band belongs to the value beside it, so that a band of
// one sheet is never beside the curves of another. Knows no figure. Does not share `newest-request.ts`, because each run has a
// newest request of its own, and a request for more members of the same sheet does not end the work on fewer.

import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import { inSlices } from '../../core/slices';
import { bandsOf, type Line } from '../figures/curves/band-area';
import type { Bands, Shown } from '../figures/draw/figure';
import type { SessionDocument } from '../session/document';
import { memberNodes } from '../session/members';
import type { SessionProgress } from '../session/progress';
import { untilRedrawTick } from '../session/redraw-tick';
import type { FigureValues } from './figure-values';

/** The bands of a run, and the value that they are shown beside. */
interface Made<V> {
  readonly value: V;
  readonly bands: Bands;
}

/** A request for the bands of a run, and the value that they will be shown beside. */
interface BandRequest<V> {
  readonly run: RunPlan;
  readonly value: V;
}

const sameList = (a: readonly unknown[] | undefined, b: readonly unknown[]): boolean =>
  a?.length === b.length && b.every((item, index) => item === a[index]);

/** Access to a value for its bands: its number of epochs, and its lines, the same for all members. */
interface BandSource<V> {
  epochs(value: V): number;
  lines(value: V): readonly Line<V>[];
}

/**
 * The figure values, with bands for each run with seeds that has at least two finished members. Must be made
 * inside a Solid root.
 */
export function createBands<V>(
  session: SessionDocument & SessionProgress,
  kind: string,
  source: BandSource<V>,
  values: Accessor<FigureValues<V>>,
): Accessor<FigureValues<V>> {
  const [made, setMade] = createSignal<ReadonlyMap<RunId, Made<V>>>(new Map());
  const requests = new Map<RunId, BandRequest<V>>();
  const begun = new Map<RunId, readonly V[]>();
  let busy = false;
  let ended = false;

  /**
   * The members' values with as many epochs as the shown value, the number of members, and the number of
   * failed ones; undefined unless the shown value is the finished value of member 0.
   */
  function gather({ run, value }: BandRequest<V>): { values: V[]; of: number; lost: number } | undefined {
    const states = session.members.states(run.run.id, memberNodes(session.members.opened(run), kind));
    // The kind's schema has checked the values before storage; V is their type.
    const values = states.flatMap(({ outcome }) => (outcome?.result?.value as unknown as V) ?? []);
    if (values[0] !== value || states[0]?.outcome?.result === undefined) return undefined;
    const length = source.epochs(value);
    return {
      values: values.filter((member) => source.epochs(member) === length),
      of: states.length,
      lost: states.filter(({ outcome }) => outcome?.failure).length,
    };
  }

  async function work(): Promise<void> {
    busy = true;
    const batch = [...requests];
    requests.clear();
    let fresh: (readonly [RunId, Made<V>])[] = [];
    // Published together: a figure draws all of its runs again when one band changes.
    const show = (): void => {
      if (fresh.length > 0) setMade((before) => new Map([...before, ...fresh]));
      fresh = [];
    };
    let shown = performance.now();
    for (const [id, request] of batch) {
      const found = gather(request);
      if (!found || found.values.length < 2 || sameList(begun.get(id), found.values)) continue;
      begun.set(id, found.values);
      // A newer request for the same value only has more members; a request for another value ends this work.
      const isWanted = (): boolean => !ended && (requests.get(id)?.value ?? request.value) === request.value;
      const { epochs, lines } = source;
      const work = bandsOf(found.values, lines(request.value), epochs(request.value), found);
      const made = await inSlices(work, isWanted);
      if (made) fresh.push([id, { value: request.value, bands: made.value }]);
      else begun.delete(id);
      if (ended) return;
      if (untilRedrawTick(shown) > 0) continue;
      show();
      shown = performance.now();
    }
    show();
    // Waits for the redraw tick, however fast members arrive.
    await new Promise((resolve) => setTimeout(resolve, untilRedrawTick()));
    busy = false;
    if (requests.size > 0 && !ended) void work();
  }

  createEffect(() => {
    const { runs } = values();
    if (session.isMoving()) return;
    for (const { id, value } of runs) {
      const run = session.plan().runs.get(id);
      if (!run || run.seeds.count < 2) continue;
      session.members.version(id);
      requests.set(id, { run, value });
    }
    if (requests.size > 0 && !busy) void work();
  });
  onCleanup(() => {
    ended = true;
  });

  interface Joined extends FigureValues<V> {
    readonly sources: ReadonlyMap<Shown<V>, Made<V> | undefined>;
  }
  return createMemo<Joined>(
    (before) => {
      const { runs, old } = values();
      const sources = new Map(
        runs.map((run) => {
          const found = made().get(run.id);
          const isMany = (session.plan().runs.get(run.id)?.seeds.count ?? 1) > 1;
          return [run, isMany && found?.value === run.value ? found : undefined] as const;
        }),
      );
      const known = new Map([...before.sources.keys()].map((run, index) => [run, before.runs[index]]));
      const joined = [...sources].map(([run, found]) => {
        const last = known.get(run);
        if (last && before.sources.get(run) === found) return last;
        return found ? { ...run, members: found.bands } : run;
      });
      return { runs: sameList(before.runs, joined) ? before.runs : joined, old, sources };
    },
    { runs: [], old: false, sources: new Map() },
    { equals: (a, b) => a.runs === b.runs && a.old === b.old },
  );
}
