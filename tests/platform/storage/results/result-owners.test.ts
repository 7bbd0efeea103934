// The owners of results: the keys and traces that sheets and trainings need, the same however a sheet is cut for planning.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../../src/cells';
import { createLanguage } from '../../../../src/core/formulas/formula-language';
import { hashText } from '../../../../src/core/plan/key';
import { createPlanner } from '../../../../src/core/plan/plan';
import type { Sheet } from '../../../../src/core/sheet/sheet';
import { parseAddress } from '../../../../src/platform/page/address';
import { lineageOf } from '../../../../src/platform/storage/library/lineage';
import { SEVERAL } from '../../../../src/platform/storage/results/budget';
import { findOwners } from '../../../../src/platform/storage/results/result-owners';

const language = createLanguage(registry);
const planner = () => createPlanner(registry, () => language);

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

/** All keys and hashed traces of a sheet, planned in one go. */
function allOf(sheet: Sheet): string[] {
  const ids = new Set<string>();
  for (const { seeds, member } of planner()(sheet).runs.values())
    for (let index = 0; index < seeds.count; index++)
      for (const { node } of member(index).values()) {
        if (node) ids.add(node.key);
        if (node?.trace !== undefined) ids.add(hashText(node.trace));
      }
  return [...ids].sort();
}

const sorted = async (sheet: Sheet): Promise<string[]> =>
  [...(await findOwners([{ sheet }], registry, planner())).keys()].sort();

describe('the results that a sheet needs', () => {
  test('are all of its cells with their traces, members included', async () => {
    const sheet = sheetOf('#v1&A=a&A.seeds=5&B=b&B.base=A&B.train.epochs=7');
    expect(await sorted(sheet)).toEqual(allOf(sheet));
    // Data, split and optimizer are shared; each member has an architecture, and each run of it a training and a diff.
    expect((await sorted(sheet)).filter((id) => id.startsWith('train-'))).toHaveLength(10);
  });

  test('are the same in parts, whatever run depends on whatever other', async () => {
    const runs = Array.from({ length: 350 }, (_, index) => {
      const id = String.fromCharCode(65 + Math.floor(index / 26)) + String.fromCharCode(65 + (index % 26));
      const base = index > 200 ? `&${id}.base=AA` : '';
      const rate = encodeURIComponent(index > 300 ? '=BC.optimizer.learningRate * 2' : `0.0${index + 1}`);
      return `${id}=${index}${base}&${id}.optimizer.learningRate=${rate}`;
    });
    const sheet = sheetOf(`#v1&${runs.join('&')}`);
    expect(await sorted(sheet)).toEqual(allOf(sheet));
  });

  test('with a problem are those of its sound cells', async () => {
    const sheet = sheetOf('#v1&A=a');
    const [run] = sheet.runs;
    if (!run) throw new Error('there is no run');
    const bad = { ...sheet, runs: [{ ...run, overrides: new Map([['optimizer.learningRate', '=B.x']]) }] };
    expect((await sorted(bad)).some((id) => id.startsWith('train-'))).toBe(false);
    expect((await sorted(bad)).some((id) => id.startsWith('dataset-'))).toBe(true);
  });
});

test('a training refers to what its run refers to, and what two need belongs to neither', async () => {
  const sheet = sheetOf('#v1&A=a&A.train.epochs=3');
  const cells = planner()(sheet).runs.get('A')?.cells;
  const curve = new Float64Array([1]);
  const gradientRms = { shape: [1, 1] as const, data: curve };
  const value = { loss: curve, accuracy: curve, testLoss: curve, testAccuracy: curve, gradientRms };
  const lineage = cells && lineageOf(cells, value, 1);
  if (!lineage) throw new Error('there is no lineage');
  const alone = await findOwners([{ lineage }], registry, planner());
  expect([...alone.keys()].sort()).toEqual(allOf(sheet));
  expect(alone.get(lineage.key)).toBe(0);
  const other = sheetOf('#v1&A=a&A.train.epochs=4');
  const both = await findOwners([{ lineage }, { sheet: other }], registry, planner());
  expect(both.get(lineage.key)).toBe(0);
  expect(both.get(cells?.get('dataset')?.node?.key ?? '')).toBe(SEVERAL);
  // Both go on from the same checkpoints.
  expect(both.get(hashText(cells?.get('train')?.node?.trace ?? ''))).toBe(SEVERAL);
});
