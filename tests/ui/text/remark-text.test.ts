// The remark of the formula bar explains the active cell: the param with its bounds and its default, the mark of a computed cell.
// And the words of every status are those that its mark is explained with.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createPlanner, type RunPlan } from '../../../src/core/plan/plan';
import { type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { parseAddress } from '../../../src/platform/page/address';
import type { LiveState } from '../../../src/ui/session/live-states';
import { STATUS_TEXTS } from '../../../src/ui/text/mark-text';
import { rowMeaning } from '../../../src/ui/text/meaning-text';
import { readParam } from '../../../src/ui/text/param-reading';
import { paramLine, statusLine } from '../../../src/ui/text/remark-text';
import { type Row, rowsOf } from '../../../src/ui/text/sheet-rows';
import { membersStatus, NOT_STARTED, readStatus, STOPPED, tooLarge } from '../../../src/ui/text/status';

const planner = createPlanner(registry);

function sheetAt(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

function runB(sheet: Sheet): RunPlan {
  const run = planner(sheet).runs.get('B');
  if (!run) throw new Error('no run B');
  return run;
}

const sheet = sheetAt('#v1&A=a&B=b&B.base=A&A.dataset.noise=0.1&B.train.epochs=20');
const run = runB(sheet);
const bad = runB(setOverride(sheet, 'B', 'optimizer.learningRate', '-1'));

describe('the remark on a param', () => {
  test.each([
    ['dataset.noise', / · takes a number from 0 to 10 · default 0.05 · from A$/],
    ['train.epochs', /^passes over the training set · takes a whole .* · default 100 · overrides A$/],
    ['train.batchSize', /^points per step of the optimizer · takes a whole number .* · default 32$/],
  ])('%s: its meaning, its bounds, its default, and who sets it', (id, line) => {
    const [kind = '', param = ''] = id.split('.');
    const reading = readParam(registry, run, { type: 'param', id, kind, param });
    expect(reading && paramLine(reading.param, run, reading)).toMatch(line);
    expect(reading && paramLine(reading.param)).not.toMatch(/A$/);
  });
});

describe('the remark on a computed cell', () => {
  const row: Row = { type: 'kind', id: 'train', kind: 'train' };
  const [meaning] = rowMeaning(registry, row) ?? [];

  test('has the meaning of the row, the mark with its meaning, and the recipe', () => {
    const line = statusLine(registry, row, 'train 1', run, 'train', { activity: 'queued' }, undefined);
    expect(line).toEqual({ text: `${meaning} · queued: ${STATUS_TEXTS.queued.about} · train 1` });
  });

  test('is the problem where there is one', () => {
    const line = statusLine(registry, row, undefined, bad, 'train', undefined, undefined);
    expect(line.text).toContain('"-1" is not a number above 0');
    expect(line.problem?.cell).toBe('B.optimizer.learningRate');
  });
});

test('the words of a status are those that its mark is explained with', () => {
  const planned = run.cells.get('train')?.node?.key;
  if (!planned) throw new Error('no key');
  const read = (state?: LiveState, first?: string, of = run, kind = 'train') =>
    readStatus(of, kind, state, first);
  const ended = (from: 'computed' | 'disk', ms = 4): LiveState => ({
    activity: 'idle',
    outcome: { result: { key: planned, value: {}, ms, from } },
  });
  const found = [
    read(ended('computed')),
    read(ended('disk')),
    read(ended('computed'), 'A'),
    read({ activity: 'running', progress: 0.62 }),
    read({ activity: 'queued' }),
    read(undefined, undefined, bad),
    read(undefined, undefined, bad, 'optimizer'),
    read(undefined, undefined, run, 'nothing'),
    membersStatus(3, 20),
    membersStatus(20, 20),
    STOPPED,
    NOT_STARTED,
    tooLarge(STOPPED),
  ];
  const general = (text: string): string => text.replace(/\d+/g, '#');
  for (const { mark, word } of found) expect(general(word), mark).toBe(general(STATUS_TEXTS[mark].shown));
  expect(new Set(found.map(({ mark }) => mark)).size).toBe(found.length);
});

test('every row of the sheet has a meaning, except those that only the person can explain', () => {
  const plan = planner(sheetAt('#v1&A=a&row.gap=%3Dloss'));
  const rows = rowsOf(registry, plan, new Set(), new Set(registry.kinds.map(({ name }) => name)));
  for (const row of rows) {
    const lines = rowMeaning(registry, row);
    if (row.type === 'own' && row.proposed === undefined) expect(lines).toBeUndefined();
    else expect(lines?.[0], row.id).toMatch(/\w/);
  }
});
