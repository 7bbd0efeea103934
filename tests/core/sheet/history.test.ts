import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as past from '../../../src/core/sheet/history';
import { renameRun, type Sheet } from '../../../src/core/sheet/sheet';
import { anyEdit, sheetOf } from '../random-sheets';

const start = sheetOf('first');
/** A history of so many renamings, with ids "1", "2", … */
const renamed = (steps: number): past.History =>
  Array.from({ length: steps }, (_, index) => index + 1).reduce(
    (history, step) => past.commit(history, renameRun(start, 'A', `${step}`), `rename to ${step}`, `${step}`),
    past.startHistory(start),
  );
const name = ({ present }: past.History): string | undefined => present.runs[0]?.name;
const places = (history: past.History): [number, string][] =>
  past.stepsOf(history).map(({ id }, index) => [history.first + index, id]);

describe('a history', () => {
  test('undoes every step to the first sheet itself, and redoes them all', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 30 }), (edits) => {
        let history = past.startHistory(start);
        const seen: Sheet[] = [start];
        for (const [index, edit] of edits.entries()) {
          history = past.commit(history, edit(history.present), 'edit', `${index}`);
          if (history.present !== seen.at(-1)) seen.push(history.present);
        }
        const whole = history;
        expect(past.statesOf(history)).toEqual(seen);
        while (history.past.length > 0) history = past.undo(history);
        expect(history.present).toBe(start);
        expect(past.statesOf(history)).toEqual(seen);
        while (history.future.length > 0) history = past.redo(history);
        expect(history).toEqual(whole);
        expect(past.undo(past.startHistory(start))).toEqual(past.startHistory(start));
      }),
    );
  });

  test('keeps every step at its place, whatever is done to the others', () => {
    const action = fc.constantFrom('commit', 'undo', 'redo', 'forget');
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        let history = renamed(5);
        const placeOf = new Map(places(history).map(([place, id]) => [id, place]));
        for (const [index, what] of actions.entries()) {
          if (what === 'commit')
            history = past.commit(history, renameRun(start, 'A', `new ${index}`), 'new', `new ${index}`);
          else if (what === 'forget') history = past.forget(history, 1);
          else history = what === 'undo' ? past.undo(history) : past.redo(history);
          for (const [place, id] of places(history)) {
            expect(place).toBe(placeOf.get(id) ?? place);
            placeOf.set(id, place);
          }
        }
      }),
    );
  });

  test('goes back 500 steps at most, and counts those that are forgotten', () => {
    const history = renamed(past.MAX_STEPS + 7);
    expect(history.past).toHaveLength(past.MAX_STEPS);
    expect(history.first).toBe(7);
    expect(places(history)[0]).toEqual([7, '8']);
    let back = history;
    while (back.past.length > 0) back = past.undo(back);
    expect(name(back)).toBe('7');
    expect(back.future).toHaveLength(past.MAX_STEPS);
  });

  test('gives the sheet right after a step, of the past and of the future', () => {
    const history = past.undo(past.undo(renamed(4)));
    expect(['1', '2', '3', '4'].map((id) => past.sheetAfter(history, id)?.runs[0]?.name)).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
    expect(past.sheetAfter(history, '5')).toBeUndefined();
    expect(past.sheetAfter(past.startHistory(start), '')).toBeUndefined();
  });

  test('takes no step for an edit that changes nothing, and forgets the future with one that does', () => {
    const history = past.undo(renamed(2));
    expect(past.commit(history, history.present, 'nothing', '3')).toBe(history);
    expect(past.commit(history, start, 'back', '3').future).toEqual([]);
    expect(past.forget(history, 0)).toBe(history);
  });
});
