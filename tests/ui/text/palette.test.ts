// The colours of runs: six, by value, or grey; never twice in one figure unless grey, and the same however the sheet came about.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import { parseAddress } from '../../../src/platform/page/address';
import { RUN_COLORS, runColors } from '../../../src/ui/text/palette';
import { colorDomain } from '../../../src/ui/text/viridis';

const LETTERS = 'ABCDEFGHIJ';

function planOf(address: string): Plan {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(`no sheet: ${address}`);
  return createPlanner(registry)(parsed.sheet);
}

/** A sheet of these runs, each a twin of the first but one param. */
const sheetOf = (ids: string, path: string, texts: readonly string[]): Plan =>
  planOf(
    `#v1${[...ids]
      .map(
        (id, at) => `&${id}=${at}${at > 0 ? `&${id}.base=${ids[0]}` : ''}&${id}.${path}=${texts[at] ?? ''}`,
      )
      .join('')}`,
  );

const colorsOf = (plan: Plan, shown: string, active = shown[0] ?? 'A') => {
  const colors = runColors(registry, plan, [...shown], active);
  return new Map([...colors].map(([id, { color }]) => [id, color]));
};

const WORDS = ['relu', 'tanh', 'sigmoid', 'elu', 'selu', 'swish', 'linear', 'leakyRelu'];
const counted = (n: number): string[] => Array.from({ length: n }, (_, at) => String(at + 1));

describe('up to six runs', () => {
  test('have the colours of their ids, whichever are shown', () => {
    const plan = sheetOf('ABCDEF', 'architecture.hiddenLayers', counted(6));
    expect([...colorsOf(plan, 'ABCDEF').values()]).toEqual(RUN_COLORS);
    expect(colorsOf(plan, 'CE')).toEqual(colorsOf(plan, 'ABCDEF'));
  });

  test('never share a colour, and the earlier run keeps its own', () => {
    const colors = colorsOf(sheetOf('GAB', 'architecture.activation', WORDS), 'GAB');
    expect(colors.get('A')).toBe(RUN_COLORS[0]);
    expect(colors.get('B')).toBe(RUN_COLORS[1]);
    expect(colors.get('G')).toBe(RUN_COLORS[2]);
  });

  test('keep their colours when another run is edited or removed', () => {
    const before = colorsOf(sheetOf('ABC', 'architecture.activation', WORDS), 'ABC');
    expect(colorsOf(sheetOf('ABC', 'architecture.activation', WORDS.slice(3)), 'ABC')).toEqual(before);
    expect(colorsOf(sheetOf('AC', 'architecture.activation', WORDS), 'AC').get('C')).toBe(before.get('C'));
  });
});

describe('more than six runs', () => {
  test('have the colour of the one number that varies, in the order of its values', () => {
    const plan = sheetOf(LETTERS, 'architecture.hiddenLayers', counted(10).reverse());
    const colors = runColors(registry, plan, [...'CDEFGH'], 'E');
    expect(new Set([...colors.values()].map(({ color }) => color)).size).toBe(10);
    expect(colors.get('A')).toMatchObject({ shade: { param: 'hidden layers', text: '10', value: 10 } });
    expect(colors.get('J')?.color).toMatch(/^light-dark\(#440154, #/);
    expect(runColors(registry, plan, [...'AB'], 'A')).toEqual(colors);
  });

  test('of which six are shown have six colours where words vary, and the others are grey', () => {
    const colors = colorsOf(sheetOf('ABCDEFGH', 'architecture.activation', WORDS), 'CDEFGH');
    expect(new Set(colors.values()).size).toBe(6);
    expect(colors.get('A')).toBeUndefined();
    expect(colorsOf(sheetOf('ABCDEFGH', 'architecture.activation', WORDS), 'AG').get('G')).toBe(
      RUN_COLORS[1],
    );
  });

  test('shown together are grey but the active one, and a marked one differs from the active one', () => {
    const colors = colorsOf(sheetOf('ABCDEFGH', 'architecture.activation', WORDS), 'ABCDEFGH', 'A');
    expect(colors.get('A')).toBe('var(--run-1)');
    expect(colors.get('B')).toBe('var(--rest, var(--run-2))');
    expect(colors.get('G')).toBe('var(--rest, var(--run-2))');
  });

  test('are not coloured by a number that two runs share, or beside another param that varies', () => {
    const twice = sheetOf('ABCDEFGH', 'architecture.hiddenLayers', ['1', '1', ...counted(6)]);
    expect(colorsOf(twice, 'ABCDEFGH').get('C')).toContain('--rest');
    const both = planOf(
      `#v1&A=a&A.train.epochs=3${[...'BCDEFGH'].map((id, at) => `&${id}=${id}&${id}.base=A&${id}.train.epochs=${at + 9}`).join('')}&B.architecture.activation=tanh`,
    );
    expect(colorsOf(both, 'ABCDEFGH').get('C')).toContain('--rest');
  });

  test('a scale over decades is logarithmic: equal factors are equal steps', () => {
    const rates = ['0.00001', '0.0001', '0.001', '0.01', '0.1', '0.5', '1'];
    const colors = [...colorsOf(sheetOf('ABCDEFG', 'optimizer.learningRate', rates), 'ABCDEFG').values()];
    expect(new Set(colors).size).toBe(7);
    expect(colors.every((color) => color.startsWith('light-dark'))).toBe(true);
  });
});

test('a logarithmic scale of colours spans two decades or more, up to the largest value', () => {
  expect(colorDomain(1, 2)).toEqual([0.02, 2]);
  expect(colorDomain(1e-5, 1)).toEqual([1e-5, 1]);
});
