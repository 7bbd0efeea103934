// A small registry for tests of the core: integer arithmetic in the shape of the real graph, with a fold, a seed,
// a rule across params, failures, and computations that take their time at places that differ from cell to cell.

import { createRegistry, defineKind } from '../../src/core/kinds/kind';
import { bool, choice, int, listOf, real, seed } from '../../src/core/kinds/param';
import { CellError } from '../../src/core/kinds/problem';
import { array, integer, number, pipe, strictObject, typed } from '../../src/core/kinds/value';

const MODULUS = 9_973;
const mix = (a: number, b: number): number => (a * 31 + b * 17 + 7) % MODULUS;
const total = (values: Iterable<number>): number => [...values].reduce(mix, 1);

export const source = defineKind({
  name: 'source',
  about: 'source',
  version: 1,
  params: {
    size: int({ about: 'size', default: 3, min: 1, max: 9 }),
    scale: real({ about: 'scale', default: 0.5, min: 0, max: 10 }),
  },
  inputs: {},
  value: strictObject({ data: typed('float64') }),
  compute: ({ size, scale }) => ({ data: Float64Array.from({ length: size }, (_, i) => i * scale) }),
});

export const part = defineKind({
  name: 'part',
  about: 'part',
  version: 2,
  params: { every: int({ about: 'every', default: 1, min: 1, max: 9 }) },
  inputs: { source },
  value: strictObject({ picked: array(number()) }),
  async compute({ every }, inputs, context) {
    for (let ticks = 0; ticks < every; ticks++) {
      await new Promise((resolve) => setTimeout(resolve));
      await context.yieldThread();
    }
    if (every > inputs.source.data.length) throw new CellError('diverged', `every ${every} picks nothing`);
    return { picked: [...inputs.source.data].filter((_, i) => i % every === 0) };
  },
});

export const shape = defineKind({
  name: 'shape',
  about: 'shape',
  version: 1,
  params: {
    layers: int({ about: 'layers', default: 2, min: 0, max: 4 }),
    units: listOf(int({ about: 'units', default: 5, min: 1, max: 9 }), 4),
    kind: choice(['plain', 'fancy'], { about: 'kind' }),
    flair: bool({ about: 'flair', default: false }),
    seed: seed({ about: 'seed', default: 0 }),
  },
  applies: (param, { kind }) => param !== 'flair' || kind === 'fancy',
  inputs: {},
  value: strictObject({ total: pipe(number(), integer()) }),
  check: ({ layers, units }) =>
    Array.isArray(units) && units.length !== layers
      ? { param: 'units', reason: `it lists ${units.length} values for ${layers} layers` }
      : undefined,
  compute: ({ layers, units, kind, flair, seed: start }) => ({
    total: total([
      layers,
      start % MODULUS,
      kind.length,
      flair ? 1 : 0,
      ...(Array.isArray(units) ? units : [Number(units)]),
    ]),
  }),
});

export const fold = defineKind({
  name: 'fold',
  about: 'fold',
  version: 1,
  params: {
    steps: int({ about: 'steps', default: 4, min: 1, max: 40 }),
    rate: int({ about: 'rate', default: 1, min: 1, max: 9 }),
    seed: seed({ about: 'seed', default: 0 }),
    engine: choice(['auto', 'exact'], { about: 'engine' }),
  },
  engine: { param: 'engine', resolve: () => 'exact 1.0' },
  inputs: { part, shape },
  value: strictObject({ curve: typed('float64') }),
  extent: { param: 'steps', state: strictObject({ curve: typed('float64') }) },
  async compute({ steps, rate, seed: start }, inputs, context) {
    const curve = new Float64Array(steps);
    const from = context.checkpoint?.at ?? 0;
    curve.set(context.checkpoint?.state.curve ?? []);
    for (let step = from; step < steps; step++) {
      const before = step === 0 ? (start + inputs.shape.total) % MODULUS : (curve[step - 1] ?? 0);
      curve[step] = mix(before, total(inputs.part.picked) + rate);
      if (step % 3 === 0) await new Promise((resolve) => setTimeout(resolve));
      await context.yieldThread();
      context.progress((step + 1) / steps, () => ({ curve: curve.slice(0, step + 1) }));
      if (step % 4 === 3) context.save(step + 1, () => ({ curve: curve.slice(0, step + 1) }));
    }
    return { curve };
  },
});

export const report = defineKind({
  name: 'report',
  about: 'report',
  version: 1,
  params: { limit: int({ about: 'limit', default: 0, min: 0, max: 9_999 }) },
  inputs: { source, part, shape, fold },
  value: strictObject({ sum: number() }),
  compute({ limit }, inputs) {
    const sum = total(inputs.fold.curve) + inputs.source.data.length;
    if (sum < limit) throw new CellError('diverged', `the sum ${sum} is below ${limit}`);
    return { sum };
  },
});

export const toyRegistry = createRegistry([source, part, shape, fold, report]);
