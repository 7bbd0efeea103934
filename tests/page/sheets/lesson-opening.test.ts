import { beforeEach, describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { createPlanner } from '../../../src/core/plan/plan';
import { readAddress } from '../../../src/page/sheets/address-reading';

const LESSON =
  '#lesson1&title=Two&predict.2=B.loss&predict.3=Q.loss/v1&A=a/v1&B=b&A=a&B.base=A/v1&A=a/v1&A=%';
const stepOf = async (step: number) => readAddress(LESSON.replace('/', `&step=${step}/`), registry);

const held = new Map<string, string>();
beforeEach(() => {
  held.clear();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => held.set(key, value),
  });
});

describe('a lesson', () => {
  test('opens at its step, with the canonical address of the step’s sheet', async () => {
    const read = await stepOf(2);
    expect(read).toMatchObject({
      ok: true,
      sheet: { runs: [{ id: 'B' }, { id: 'A' }] },
      lesson: { title: 'Two', step: 2, steps: 4, sheet: '#v1&B=b&B.base=A&A=a' },
    });
    expect(read.lesson?.address).toContain('&step=2/v1&A=a/v1&B=b&B.base=A&A=a/v1&A=a/v1&A=%');
  });

  test('stays open at a step that cannot be read, and says why', async () => {
    for (const [step, why] of [
      [3, 'the question is invalid: "Q.loss": there is no run "Q"'],
      [4, 'the address is invalid: A: "%" has a bad escape'],
    ] as const) {
      const read = await stepOf(step);
      expect(read).toMatchObject({ ok: false, message: why, lesson: { step, steps: 4, trouble: why } });
      expect(read.lesson?.question).toBeUndefined();
    }
  });

  test('that is no lesson at all is refused like any address', async () => {
    const read = await readAddress('#lesson1&x=1/v1', registry);
    expect(read).toMatchObject({ ok: false });
    expect(read.lesson).toBeUndefined();
    expect(await readAddress('#v1&A=a', registry)).toMatchObject({ ok: true });
    expect(await readAddress('#lesson9/v1', registry)).toMatchObject({ ok: false });
  });

  test('hides the plan of a step with a question until the guess, which this tab remembers', async () => {
    const { lesson, ...read } = await stepOf(2);
    if (!read.ok || !lesson?.question) throw new Error('the step has no question');
    const plan = createPlanner(registry)(read.sheet);
    const keys = () =>
      [...lesson.hide(plan).runs.values()].flatMap(({ cells }) =>
        [...cells.values()].flatMap(({ node }) => node ?? []),
      );
    expect(lesson.question.guess()).toBeUndefined();
    expect(keys()).toEqual([]);
    lesson.question.commit('0.3');
    expect(keys().length).toBeGreaterThan(0);
    expect((await stepOf(2)).lesson?.question?.guess()).toBe('0.3');
    expect([...held.values()].join()).toContain('0.3');
    expect((await stepOf(1)).lesson?.question).toBeUndefined();
    expect((await stepOf(1)).lesson?.hide(plan)).toBe(plan);
  });

  test.each(['', '{', '[[1,2]]', '{"a":"b"}', '[["a"]]', 'null'])(
    'holds no guess in hostile data %s',
    async (text) => {
      held.set('gradsheet guesses', text);
      const read = await readAddress(
        `#lesson1&title=${encodeURIComponent(text)}&predict.1=A.loss/v1&A=a`,
        registry,
      );
      expect(read.lesson?.question?.guess()).toBeUndefined();
      read.lesson?.question?.commit('x'.repeat(200));
      expect(read.lesson?.question?.guess()).toHaveLength(100);
    },
  );
});
