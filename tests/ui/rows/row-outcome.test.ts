// Rows of a person's own over a real session: what cells show of members, how seldom it is evaluated, what removals keep.

import { createMemo, createRoot, createSignal } from 'solid-js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import type { Language } from '../../../src/core/plan/language';
import { renameRun, type Sheet, setOverride } from '../../../src/core/sheet/sheet';
import { writeAddress } from '../../../src/platform/page/address';
import { planRemoval } from '../../../src/ui/rows/removal-plan';
import { rowOutcome } from '../../../src/ui/rows/row-outcome';
import { createSession, type Session } from '../../../src/ui/session/session';
import { sheetAt } from '../../sheet-at';
import { oneSheet } from '../figures/sheet-session';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const plain = createLanguage(registry);
let evaluations = 0;
/** The language, which counts how often a formula is evaluated. */
const language: Language = {
  ...plain,
  parse(text, scope) {
    const { formula, error } = plain.parse(text, scope);
    if (!formula) return { error };
    const evaluate: typeof formula.evaluate = (read) => {
      evaluations++;
      return formula.evaluate(read);
    };
    return { formula: { ...formula, evaluate } };
  },
};

/** Member i of M has train.seed i; nothing is computed before the test is over, as all of it is synchronous. */
const SHEET = '#v1&A=a&A.dataset.nSamples=20&A.train.epochs=1&M=m&M.base=A&M.seeds=4';

function at(address: string, act: (session: Session) => void): void {
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const ports = {
    write: (sheet: Sheet) => writeAddress(sheet, registry),
    sheets: oneSheet(sheetAt(address)),
    language: () => language,
  };
  const [session, dispose] = createRoot((end) => [createSession(registry, scheduler, ports), end]);
  evaluations = 0;
  act(session);
  dispose();
}

function shown(session: Session, formula: string, id = 'M') {
  const run = session.plan().runs.get(id);
  if (!run) throw new Error(`no run ${id}`);
  return rowOutcome(session, { name: 'own', formula }, run);
}

describe('over members', () => {
  test('a truth is said with how many it is true in', () => {
    at(SHEET, (session) => {
      expect(shown(session, '=train.seed == 2')).toEqual({
        text: 'true in 1 of 4',
        note: 'true in 1 of 4 members',
      });
      expect(shown(session, '=train.seed >= 0')?.text).toBe('true in 4 of 4');
    });
  });

  test('a word is shown where all have it, else how many there are and how often each', () => {
    at(SHEET, (session) => {
      expect(shown(session, '="relu"')).toMatchObject({ text: 'relu', over: { spread: '', count: 'n 4' } });
      expect(shown(session, '=if(train.seed == 0, "a", if(train.seed == 1, "b", "c"))')).toEqual({
        text: '3 different',
        note: 'c in 2, a in 1, b in 1 of 4 members',
        over: { spread: '', count: 'n 4' },
      });
    });
  });

  test('a list is said to be of which member', () => {
    at(SHEET, (session) => {
      expect(shown(session, '=[train.seed + 5, 1]')).toEqual({
        text: '[2]',
        note: 'of member 0: 2 values: 5, 1; there are 4 of 4 members',
        over: { spread: 'of member 0', count: 'n 4' },
      });
    });
  });

  test('a number is a mean, and members with another kind of value are counted', () => {
    at(SHEET, (session) => {
      expect(shown(session, '=train.seed')).toMatchObject({
        text: '1.5',
        over: { spread: '± 1.3', count: 'n 4' },
      });
      expect(shown(session, '=if(train.seed > 1, "x", 7)')).toMatchObject({
        text: '7',
        note: 'mean ± standard deviation of 2 of 4 members, 2 without a number',
        over: { count: 'n 2/4' },
      });
    });
  });

  test('members without a value yet are not counted', () => {
    at(SHEET, (session) => {
      expect(shown(session, '=if(train.seed < 2, "x", if(loss > 0, "y", "z"))')).toEqual({
        text: 'x',
        note: 'x in 2 of 2 members so far, 4 in all',
        over: { spread: '', count: 'n 2' },
      });
      expect(shown(session, '=loss')).toBeUndefined();
    });
  });
});

describe('what was evaluated', () => {
  test('is remembered member by member, and what waits is asked again', () => {
    at(SHEET, (session) => {
      shown(session, '=train.seed + 1');
      expect(evaluations).toBe(4);
      shown(session, '=train.seed + 1');
      expect(evaluations).toBe(4);
      evaluations = 0;
      shown(session, '=if(train.seed < 3, 1, loss)');
      shown(session, '=if(train.seed < 3, 1, loss)');
      expect(evaluations).toBe(5);
    });
  });

  test('is not taken once the own run, a run or a row that it read is another', () => {
    at(`${SHEET}&B=b&row.far=%3Dunits%20*%202`, (session) => {
      const gap = '=train.epochs - B.train.batchSize + far';
      const set = (run: string, path: string, text: string) =>
        session.edit('set', (sheet) => setOverride(sheet, run, path, text));
      set('B', 'train.batchSize', '8');
      const before = Number(shown(session, gap)?.text);
      set('B', 'train.batchSize', '11');
      expect(Number(shown(session, gap)?.text)).toBe(before - 3);
      set('A', 'train.epochs', '5');
      expect(Number(shown(session, gap)?.text)).toBe(before - 3 + 4);
      session.edit('row', (sheet) => ({ ...sheet, rows: [{ name: 'far', formula: '=0' }] }));
      expect(Number(shown(session, gap)?.text)).toBe(5 - 11);
    });
  });

  describe('with a clock', () => {
    afterEach(() => vi.useRealTimers());

    test('is told no more often than in the beat where it waits for other runs, the last time included', () => {
      vi.useFakeTimers();
      at(SHEET, (session) => {
        const [telling, tell] = createSignal(0);
        const dispose = createRoot((end) => {
          createMemo(() => {
            telling();
            shown(session, '=if(train.seed < 1, 1, A.loss)');
          });
          return end;
        });
        expect(evaluations).toBe(4);
        for (let index = 1; index <= 5; index++) tell(index);
        expect(evaluations).toBe(4);
        vi.advanceTimersByTime(410);
        expect(evaluations).toBe(7);
        vi.advanceTimersByTime(2_000);
        expect(evaluations).toBe(7);
        dispose();
      });
    });
  });
});

describe('a removal', () => {
  const REFERRING = `${SHEET}&M.optimizer.learningRate=%3DA.optimizer.learningRate%20*%202`;

  test('keeps what is read, as one step', () => {
    at(REFERRING, (session) => {
      const { removal, remove } = planRemoval(session, ['A']);
      expect(removal?.dangling).toHaveLength(1);
      remove(true);
      expect(session.sheet().runs.map(({ id }) => id)).toEqual(['M']);
      expect(session.sheet().runs[0]?.overrides.get('optimizer.learningRate')).not.toContain('A.');
      session.undo();
      expect(session.sheet()).toEqual(sheetAt(REFERRING));
    });
  });

  test('that was asked of one sheet leaves another alone, and says so', () => {
    at(REFERRING, (session) => {
      const { remove } = planRemoval(session, ['A']);
      session.edit('rename', (sheet) => renameRun(sheet, 'A', 'another'));
      const meanwhile = session.sheet();
      remove(true);
      expect(session.sheet()).toBe(meanwhile);
      expect(session.notice()).toBe('the sheet has changed');
    });
  });
});
