// The colours of runs: up to six in the colours of tokens.css (Okabe and Ito's, which colour-blind eyes can tell apart), more by
// the value of the one number that varies, or grey.
// Invariants: sheet and figures read a run's colour here; colours follow from the sheet's runs, the shown ones and the active
// one, never from their history; two shown runs have different colours, unless both are grey.

import type { Registry } from '../../core/kinds/kind';
import { paramAt } from '../../core/plan/param-values';
import { type Plan, readIn } from '../../core/plan/plan';
import { type RunId, SEEDS_PATH } from '../../core/sheet/sheet';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { pathText } from './sheet-rows';
import { colorDomain, RAMP_COLORS, READABLE } from './viridis';

/** The six colours, in order. */
export const RUN_COLORS: readonly string[] = [1, 2, 3, 4, 5, 6].map((number) => `var(--run-${number})`);

const SIX = RUN_COLORS.length;

/** Value of the param that alone varies, for the legend of the colours of many runs. */
export interface Shade {
  readonly param: string;
  readonly text: string;
  readonly value: number;
}

/** A run's colour as a CSS colour, and the value that it stands for if there is one. */
interface RunColor {
  readonly color: string;
  readonly shade?: Shade;
}

/** The place of a run's id in the order A, B, …, Z, AA: a run that was added earlier has a lower one. */
const ageOf = (id: RunId): number =>
  [...id].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

const inColor = (slot: number): string => RUN_COLORS[slot % SIX] ?? '';

/** At most six runs, each in the colour of its id or, if an earlier run has that, in the next free one. */
function ownColors(ids: readonly RunId[]): [RunId, RunColor][] {
  const taken = new Set<number>();
  return ids
    .toSorted((a, b) => ageOf(a) - ageOf(b))
    .map((id) => {
      let slot = ageOf(id) % SIX;
      while (taken.has(slot)) slot = (slot + 1) % SIX;
      taken.add(slot);
      return [id, { color: inColor(slot) }];
    });
}

/** Grey while neither the active run nor, by the class `marked`, the run under the pointer. */
const GREY = 'var(--rest)';

function greyColors(ids: readonly RunId[], active: RunId): [RunId, RunColor][] {
  const chosen = ageOf(active) % SIX;
  return ids.map((id) => {
    const own = ageOf(id) % SIX;
    if (id === active) return [id, { color: inColor(own) }];
    return [id, { color: `var(--rest, ${inColor(own === chosen ? own + 1 : own)})` }];
  });
}

/** The value of each run at the one path where the runs differ; undefined unless it is one number, different in each. */
function variedNumber(registry: Registry, plan: Plan): ReadonlyMap<RunId, Shade> | undefined {
  const runs = [...plan.runs];
  const paths = new Set(
    runs.flatMap(([, { settings, seeds }]) => [
      ...(seeds.text === undefined ? [] : [SEEDS_PATH]),
      ...[...settings].flatMap(([kind, { texts }]) => [...texts.keys()].map((name) => `${kind}.${name}`)),
    ]),
  );
  let found: ReadonlyMap<RunId, Shade> | undefined;
  for (const path of paths) {
    const param = paramAt(registry, path);
    if (!param) return undefined;
    const shades = runs.map(([id, run]): [RunId, Shade] => {
      const read = readIn(run, path);
      const value = read ? read.value : param.default;
      const text = value === undefined ? '' : param.format(value);
      return [id, { param: pathText(path), text, value: typeof value === 'number' ? value : Number.NaN }];
    });
    const texts = new Set(shades.map(([, { text }]) => text));
    if (texts.size === 1) continue;
    if (found || texts.size < runs.length || !shades.every(([, { value }]) => Number.isFinite(value)))
      return undefined;
    found = new Map(shades);
  }
  return found;
}

/** Ratio of the largest to the smallest number from which their colours are on a logarithmic scale. */
const LOG_RATIO = 50;

/** Colours by value, from the part of viridis that the page's ground allows; undefined if two values look the same. */
function shadedColors(shades: ReadonlyMap<RunId, Shade>): [RunId, RunColor][] | undefined {
  const values = [...shades.values()].map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLog = low > 0 && high / low >= LOG_RATIO;
  const from = colorDomain(low, high)[0];
  const shareOf = (value: number): number =>
    isLog ? Math.log(value / from) / Math.log(high / from) : (value - low) / (high - low);
  const step = (share: number, [start, end]: readonly [number, number]): string =>
    RAMP_COLORS[Math.round((start + share * (end - start)) * (RAMP_COLORS.length - 1))] ?? '';
  const colors = [...shades].map(([id, shade]): [RunId, RunColor] => {
    const share = shareOf(shade.value);
    return [
      id,
      { color: `light-dark(${step(share, READABLE.light)}, ${step(share, READABLE.dark)})`, shade },
    ];
  });
  return new Set(colors.map(([, { color }]) => color)).size === colors.length ? colors : undefined;
}

const shadedOf = new WeakMap<Plan, readonly [RunId, RunColor][] | 'none'>();

/** The colours by the one number that varies in a plan, found once for the plan; undefined if there is no such number. */
function shadedIn(registry: Registry, plan: Plan): readonly [RunId, RunColor][] | undefined {
  let known = shadedOf.get(plan);
  if (!known) {
    const varied = variedNumber(registry, plan);
    known = (varied && shadedColors(varied)) ?? 'none';
    shadedOf.set(plan, known);
  }
  return known === 'none' ? undefined : known;
}

/**
 * The colours of all runs of a sheet. Up to six runs have the six colours. In a wider sheet, the value of the
 * one number that varies is the colour; else the shown runs have the six colours and the others are grey;
 * with more than six shown, all are grey but the active one and, on the page, the one under the pointer.
 */
export function runColors(
  registry: Registry,
  plan: Plan,
  shown: readonly RunId[],
  active: RunId,
): ReadonlyMap<RunId, RunColor> {
  const ids = [...plan.runs.keys()];
  if (ids.length <= SIX) return new Map(ownColors(ids));
  return new Map(
    shadedIn(registry, plan) ?? (shown.length > SIX ? greyColors(shown, active) : ownColors(shown)),
  );
}

interface Known {
  readonly shown: readonly RunId[];
  readonly active: RunId;
  readonly colors: ReadonlyMap<RunId, RunColor>;
}

const knownOf = new WeakMap<Plan, Known>();

/** The colour of a run of the session's sheet; grey if the sheet has no such run, or the figures leave it out. */
export function runColor(
  {
    registry,
    plan,
    shown,
    active,
  }: Pick<SessionDocument & SessionCursor, 'registry' | 'plan' | 'shown' | 'active'>,
  id: RunId,
): RunColor {
  const [now, present] = [plan(), shown()];
  const run = present.length > SIX ? active().run : '';
  let known = knownOf.get(now);
  if (known?.shown !== present || known.active !== run) {
    known = { shown: present, active: run, colors: runColors(registry, now, present, run) };
    knownOf.set(now, known);
  }
  return known.colors.get(id) ?? { color: GREY };
}
