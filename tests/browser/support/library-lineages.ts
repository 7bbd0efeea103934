// Made-up lineages for the library's tests and screenshots: the real param spaces, plausible curves.
// Invariant: the same count gives the same lineages.

import type { Kind } from '../../../src/core/kinds/kind';
import { ancestry, type Lineage } from '../../../src/ui/library/lineages/library-model';

/** What people try, by path; the first is the default more often than not. */
const TRIED: Readonly<Record<string, readonly string[]>> = {
  'dataset.generator': ['moons', 'moons', 'moons', 'circles', 'blobs'],
  'dataset.noise': ['0.05', '0.05', '0.1', '0.2'],
  'architecture.hiddenLayers': ['3', '3', '2', '6', '10'],
  'architecture.units': ['10', '10', '4', '32'],
  'architecture.activation': ['sigmoid', 'relu', 'relu', 'tanh', 'leakyRelu', 'swish'],
  'architecture.kernelInitializer': ['glorotUniform', 'glorotUniform', 'heNormal'],
  'architecture.seed': ['0', '0', '1', '2'],
  'optimizer.name': ['adam', 'adam', 'adam', 'sgd', 'rmsprop'],
  'optimizer.learningRate': ['0.001', '0.001', '0.01', '0.1', '0.0003'],
  'optimizer.momentum': ['0', '0.9'],
  'train.epochs': ['100', '100', '300', '30', '1000'],
  'train.batchSize': ['32', '32', '8'],
};

const NAMES = ['sigmoid', 'relu', 'relu, twin', 'the fair comparison', 'deep and narrow', 'he init'];
const NOTES = [
  'the one for the slides',
  'unstable after epoch 60, try a smaller learning rate',
  'as printed',
];
const MINUTE = 60_000;

/** Numerical Recipes' linear congruential generator: enough for made-up figures. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many lineages, the newest minutes old, the oldest months. */
export function madeUpLineages(kinds: readonly Kind[], count: number, now: number): Lineage[] {
  const random = randomFrom(7);
  const one = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  return Array.from({ length: count }, (_, index): Lineage => {
    const params: Record<string, Record<string, string>> = {};
    for (const kind of ancestry(kinds)) {
      const texts = Object.entries(kind.params).map(([name, param]) => [
        name,
        (index > 0 && one(TRIED[`${kind.name}.${name}`] ?? [])) || param.format(param.default),
      ]);
      params[kind.name] = Object.fromEntries(texts);
    }
    const epochs = Number(params['train']?.['epochs']);
    const sigmoid = params['architecture']?.['activation'] === 'sigmoid';
    const points = Math.min(64, epochs);
    const rate = (sigmoid ? 0.3 : 3) * (0.5 + random());
    const gap = 1.05 + random() * 0.2;
    const loss = Float32Array.from({ length: points }, (_, i) => {
      const done = i / Math.max(1, points - 1);
      return 0.71 * Math.exp(-rate * done) * (1 + 0.04 * (random() - 0.5));
    });
    const testLoss = loss.map((value) => value * gap * (1 + 0.03 * (random() - 0.5)));
    const last = loss.at(-1) ?? 0;
    const lastTest = testLoss.at(-1) ?? 0;
    return {
      key: `train-${index.toString(16).padStart(40, '0')}`,
      when: now - Math.round(MINUTE * (2 + index ** 1.7)),
      name:
        index % 3 === 0 || count < 5
          ? `${NAMES[Math.floor(index / 3 + (count < 5 ? index : 0)) % NAMES.length]}`
          : '',
      note: index % 7 === 1 ? `${one(NOTES)}` : '',
      params,
      results: {
        loss: last,
        accuracy: Math.round(200 * (1 - last / 2.4)) / 200,
        testLoss: lastTest,
        testAccuracy: Math.round(50 * (1 - lastTest / 2.4)) / 50,
        firstToLast: sigmoid ? 1 / (20 + 200 * random()) : 0.5 + 2 * random(),
      },
      curves: { loss, testLoss },
      ...(index % 11 === 5 && { imported: true }),
    };
  });
}

/** Lineages of which every field is as odd as a stored one can be and still be read. */
export function hostileLineages(kinds: readonly Kind[]): Lineage[] {
  const [plain] = madeUpLineages(kinds, 1, 0);
  if (!plain) throw new Error('there is none');
  const numbers = [Number.NaN, Number.POSITIVE_INFINITY, -Number.MAX_VALUE, 5e-324, -0, 1e16];
  const texts = ['', '1e300', '-1', '\u202e<b>\u0000', ',,,', 'NaN', 'toString', '9'.repeat(2_000)];
  const when = [0, 8.64e15, 1e15, 0.5];
  return Array.from({ length: 48 }, (_, index): Lineage => {
    const number = (at: number): number => numbers[(index + at) % numbers.length] ?? 0;
    const text = (at: number): string => texts[(index * 3 + at) % texts.length] ?? '';
    const params = Object.entries(plain.params).map(([kind, held]) => {
      const odd = Object.keys(held).map((name, at) => [name, text(at + index)]);
      return [kind, Object.fromEntries([...odd, ['toString', text(1)], ['', text(2)]])] as const;
    });
    const curve = Float32Array.from({ length: index % 65 }, (_, at) => number(at));
    return {
      ...plain,
      key: `train-${index.toString(16).padStart(40, 'f')}`,
      when: when[index % when.length] ?? 0,
      name: text(index).slice(0, 200),
      note: text(index + 1),
      params: index % 5 === 0 ? {} : Object.fromEntries([...params, ['hasOwnProperty', { a: 'b' }]]),
      results: {
        loss: number(0),
        accuracy: number(1),
        testLoss: number(2),
        testAccuracy: number(3),
        firstToLast: number(4),
      },
      curves: { loss: curve, testLoss: curve.slice(index % 3) },
    };
  });
}
