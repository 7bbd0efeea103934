// The tiles of a map as their results arrive: planned as a drafted sheet, demanded as bulk, read once and
// released.
// Invariants: a tile shows the values of its key, or its previous values, marked as old; a long computation
// waits for permission;
// results that nobody sees any more are released. Stores, keys and computes nothing itself.

import { type Accessor, batch, createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js';
import type { Failure, Scheduler } from '../../core/compute/scheduler';
import type { Plain } from '../../core/kinds/value';
import { macrotask } from '../../core/macrotask';
import type { Key } from '../../core/plan/key';
import type { Node } from '../../core/plan/node';
import type { RunPlan } from '../../core/plan/plan';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import { grouped } from '../../core/text-formatting';
import type { Trained } from '../figures/curves/curve-text';
import { curvesOf, type MapTile, type TileCurves } from '../figures/map/map-values';
import type { SessionDocument } from '../session/document';
import { memberNodes } from '../session/members';
import type { SessionProgress } from '../session/progress';
import { type Costs, costsOf, costsText } from '../text/cost-line';
import { type Crossing, coarseFirst, crossedSheet } from './crossed-sheet';

/** Largest estimated time in ms of a map that starts to compute without consent. */
const UNASKED_MS = 10_000;
/** Largest number of trainings in a map. */
const MOST_TRAININGS = 4_000;
const EVERY_MS = 100;

/** States of tiles that have nothing left to compute. */
const OVER: ReadonlySet<MapTile['state']> = new Set(['done', 'diverged', 'invalid']);

/** A planned crossing: for each tile, row by row, its plan and the train nodes of its members. */
interface Planned {
  readonly crossing: Crossing;
  readonly runs: readonly RunPlan[];
  readonly nodes: readonly (readonly Node[])[];
  /** Ids of the sheet's runs by the text of their trainings (see trainingsOf). */
  readonly runsByTraining: ReadonlyMap<string, readonly RunId[]>;
  readonly costs: Costs;
}

/** A crossing with its tiles, row by row, at one moment. */
interface Tiles {
  readonly crossing: Crossing;
  readonly tiles: readonly MapTile[];
}

/** Keys of the trainings of all members of a run, as one text: equal for runs that train the same. */
const trainingsOf = (nodes: readonly Node[]): string => nodes.map(({ key }) => key).join(' ');

/**
 * Creates the tiles of the requested crossing; call inside a Solid root. Disposing of the root releases all
 * demands.
 */
export function createTiles(
  session: SessionDocument & SessionProgress,
  scheduler: Scheduler,
  crossing: Accessor<Crossing | undefined>,
) {
  const [planned, setPlanned] = createSignal<Planned>();
  const [reason, setReason] = createSignal<string>();
  const [shown, setShown] = createSignal<Tiles>();
  /**
   * `granted`: missing trainings may be computed. `allowed`: so may trainings that ask for permission one by
   * one.
   */
  const [granted, setGranted] = createSignal(false);
  const [allowed, setAllowed] = createSignal(false);
  const demandSet = scheduler.demandSet();
  const curves = new Map<Key, TileCurves>();
  const failures = new Map<Key, Failure>();
  let wanted: ReadonlySet<Key> = new Set();
  let before = new Map<string, MapTile>();
  let version = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function plan(sheet: Sheet, asked: Crossing): Promise<void> {
    const mine = ++version;
    const drafted = crossedSheet(sheet, asked);
    if (!drafted.ok) {
      refuse(drafted.reason);
      return;
    }
    const yieldThread = async (): Promise<boolean> => {
      await macrotask();
      return mine === version;
    };
    const { forecast } = session;
    const costs = await costsOf(forecast, sheet, drafted.value.sheet, yieldThread);
    if (!costs || mine !== version) return;
    if (costs.trainings > MOST_TRAININGS) {
      const count = grouped(costs.trainings);
      refuse(
        `${count} trainings are too many for a map: choose fewer values, or fewer seeds in ${asked.base}`,
      );
      return;
    }
    const all = forecast.plan(drafted.value.sheet).runs;
    const runs = drafted.value.ids.flatMap((id) => all.get(id) ?? []);
    const nodes = runs.map((run) => memberNodes(run, 'train'));
    const runsByTraining = new Map<string, RunId[]>();
    for (const { id } of sheet.runs) {
      const own = all.get(id);
      const trained = own && trainingsOf(memberNodes(own, 'train'));
      if (trained) runsByTraining.set(trained, [...(runsByTraining.get(trained) ?? []), id]);
    }
    // Consent holds for the trainings that it was given for: it stays after an edit that needs no other
    // trainings, as when a tile opens as a run.
    const isKnown = nodes.flat().every(({ key }) => wanted.has(key));
    batch(() => {
      setReason(undefined);
      setGranted((before) => costs.ms <= UNASKED_MS || (before && isKnown));
      setAllowed((before) => before && isKnown);
      setPlanned({ crossing: asked, runs, nodes, runsByTraining, costs });
    });
  }
  function refuse(why: string): void {
    batch(() => {
      setReason(why);
      setPlanned(undefined);
      setShown(undefined);
    });
  }
  createEffect(() => {
    const [sheet, asked] = [session.sheet(), crossing()];
    // A formula that could not be read without the language may be readable now.
    session.language();
    untrack(() => {
      if (asked) void plan(sheet, asked);
    });
  });

  function read(key: Key, value: Plain): void {
    // The kind's schema checked the value before it was stored.
    if (!curves.has(key)) curves.set(key, curvesOf(value as unknown as Trained));
  }
  /**
   * Reads the outcome that the scheduler already has for a key: it sends no event for a result that another
   * part of the page holds.
   */
  function readOutcome(key: Key): void {
    if (curves.has(key)) return;
    const { outcome } = scheduler.state(key);
    if (outcome?.result) read(key, outcome.result.value);
    else if (outcome) failures.set(key, outcome.failure);
  }
  function tileOf(run: RunPlan, nodes: readonly Node[], runsByTraining: Planned['runsByTraining']): MapTile {
    const of = run.seeds.count;
    const runs = runsByTraining.get(trainingsOf(nodes)) ?? [];
    const none = { curves: [], of, old: false, runs };
    if (nodes.length === 0) {
      const problems = [...run.cells.values()].flatMap(({ problem }) => problem ?? []);
      const origin = problems.find(({ kind }) => kind !== 'blocked') ?? problems[0];
      return {
        ...none,
        state: 'invalid',
        message: origin && `${origin.cell}: ${origin.message}`,
        isListLength: [...run.settings.values()].some((settings) => settings.isListLength),
      };
    }
    const there = nodes.flatMap(({ key }) => curves.get(key) ?? []);
    const lost = nodes.flatMap(({ key }) => failures.get(key) ?? []);
    const state = ((): MapTile['state'] => {
      if (there.length === 0 && lost[0] && lost.length === nodes.length)
        return lost[0].kind === 'diverged' ? 'diverged' : 'failed';
      if (there.length + lost.length === nodes.length) return 'done';
      const states = nodes.map(({ key }) => scheduler.state(key));
      if (states.some(({ activity }) => activity === 'running')) return 'running';
      return states.some(({ activity, waitsFor }) => activity === 'asking' || waitsFor)
        ? 'asking'
        : 'waiting';
    })();
    return { ...none, state, curves: there, message: lost[0]?.message };
  }
  /** Publishes the present state of all tiles. */
  function tell(): void {
    timer = undefined;
    const now = untrack(planned);
    if (!now) return;
    const { rows, columns } = now.crossing;
    const kept = new Map<string, MapTile>();
    const tiles = now.runs.map((run, index) => {
      const nodes = now.nodes[index] ?? [];
      for (const { key } of nodes) {
        readOutcome(key);
        // Consent for a demand does not cover its inputs; inputs that ask for permission are allowed here.
        const { waitsFor } = scheduler.state(key);
        if (waitsFor && untrack(allowed)) scheduler.allow(waitsFor.key);
      }
      const tile = tileOf(run, nodes, now.runsByTraining);
      const [down, across] = [Math.floor(index / columns.texts.length), index % columns.texts.length];
      const place = [rows.path, rows.texts[down], columns.path, columns.texts[across]].join(' ');
      const last = before.get(place);
      const isAwaited = tile.state !== 'invalid' && tile.curves.length === 0 && tile.message === undefined;
      const current =
        isAwaited && last ? { ...tile, curves: last.curves, old: last.curves.length > 0 } : tile;
      kept.set(place, current);
      return current;
    });
    before = kept;
    setShown({ crossing: now.crossing, tiles });
  }
  const stop = scheduler.subscribe((event) => {
    if (!('node' in event) || !wanted.has(event.node.key)) return;
    const { key } = event.node;
    if (event.type === 'finished') read(key, event.result.value);
    if (event.type === 'failed') failures.set(key, event.failure);
    else failures.delete(key);
    timer ??= setTimeout(tell, EVERY_MS);
  });

  createEffect(() => {
    const now = planned();
    const [all, may] = [granted(), allowed()];
    if (!now) {
      wanted = new Set();
      demandSet.release();
      return;
    }
    const places = coarseFirst(now.crossing.rows.texts.length, now.crossing.columns.texts.length);
    const most = Math.max(0, ...now.nodes.map((own) => own.length));
    const nodes = Array.from({ length: most }, (_, member) =>
      places.flatMap((place) => now.nodes[place]?.[member] ?? []),
    ).flat();
    wanted = new Set(nodes.map(({ key }) => key));
    for (const key of curves.keys()) if (!wanted.has(key)) curves.delete(key);
    for (const key of failures.keys()) if (!wanted.has(key)) failures.delete(key);
    const demand = (some: readonly Node[]): void =>
      demandSet.show(some.map((node) => ({ node, urgency: 'bulk', hold: false, allowed: may })));
    const mine = version;
    if (all) demand(nodes);
    else
      void scheduler.cached(nodes).then((there) => {
        if (mine === version && !untrack(granted)) demand(nodes.filter(({ key }) => there.has(key)));
      });
    tell();
  });
  onCleanup(() => {
    version++;
    stop();
    clearTimeout(timer);
    demandSet.release();
  });

  return {
    shown,
    /** Why there is no map; undefined if there is one. */
    reason,
    costs: createMemo(() => {
      const now = planned();
      const { crossing, tiles = [] } = shown() ?? {};
      // All results are available by now, so the map costs nothing more.
      const isFilled = crossing === now?.crossing && tiles.every(({ state }) => OVER.has(state));
      return now && costsText(isFilled ? { ...now.costs, cached: now.costs.trainings } : now.costs);
    }),
    /** Whether the map waits for consent before it computes missing trainings. */
    asks: createMemo(() => planned() !== undefined && !granted()),
    fill: () => setGranted(true),
    /** Allows the trainings that ask for permission one by one. */
    allow: () => setAllowed(true),
  };
}
