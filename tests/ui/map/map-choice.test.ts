// What the map crosses: what it begins with, what is typed, and that a mistake leaves the map as it is.

import { createRoot } from 'solid-js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { paramAt } from '../../../src/core/plan/param-values';
import { setOverride } from '../../../src/core/sheet/sheet';
import { parseAddress, writeAddress } from '../../../src/platform/page/address';
import { formTexts, textsOf } from '../../../src/ui/fill/sweep';
import {
  createMapChoice,
  firstForm,
  hasTyped,
  type MapChoice,
  recallChoice,
} from '../../../src/ui/map/map-choice';
import { createSession, type Session } from '../../../src/ui/session/session';
import { oneSheet } from '../figures/sheet-session';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const REST_MS = 300;

/** The forms that the session kept, the last one first; a form that was given up is undefined. */
const kept: (readonly string[] | undefined)[] = [];

function sessionAt(address: string): Session {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const ports = {
    write: (sheet: typeof parsed.sheet) => writeAddress(sheet, registry),
    sheets: oneSheet(parsed.sheet),
    typed: {
      load: async () => undefined,
      save() {},
      loadForms: async () => [],
      saveForm: (_: string, __: string, form: { texts: readonly string[] } | undefined) =>
        void kept.unshift(form?.texts),
    },
  };
  return createSession(registry, scheduler, ports);
}

/** A choice of a new map on the session, for as long as `act` runs. */
function choosing(session: Session, act: (choice: MapChoice, rest: () => void) => void): void {
  const [choice, dispose] = createRoot((end) => [createMapChoice(session, () => 'A'), end] as const);
  act(choice, () => void vi.advanceTimersByTime(REST_MS));
  dispose();
}

// Outside of the roots: effects wait for the end of the one that makes them.
function withSession(address: string, act: (session: Session) => void): void {
  const [session, dispose] = createRoot((end) => [sessionAt(address), end] as const);
  act(session);
  dispose();
}

const at = (address: string, act: Parameters<typeof choosing>[1]): void =>
  withSession(address, (session) => choosing(session, act));

const first = (path: string, text: string): readonly string[] | string => {
  const param = paramAt(registry, path);
  if (!param) throw new Error(`no ${path}`);
  const texts = textsOf(param, firstForm(param, path, text));
  return texts.ok ? texts.value : texts.reason;
};

describe('a choice from before a reload', () => {
  const LEFT = ['architecture.units', 'architecture.activation', 'architecture.units'];
  const texts = [
    ...LEFT,
    ...formTexts({ how: 'list', first: '', last: '', count: '', list: '3, 4', chosen: [] }),
  ];

  test.each(['before', 'after'])(
    'is there whether it is recalled %s the map opens, and is never forgotten',
    (when) => {
      kept.length = 0;
      withSession('#v1&A=a', (session) => {
        if (when === 'before') recallChoice(session, texts);
        choosing(session, (choice, rest) => {
          if (when === 'after') {
            // The map that opens first gives up nothing of what is still to be recalled.
            expect(kept).toEqual([]);
            recallChoice(session, texts);
          }
          rest();
          expect(choice.crossing()?.rows).toEqual({ path: 'architecture.units', texts: ['3', '4'] });
          expect(hasTyped(session)).toBe(true);
          expect(kept[0]).toEqual(texts);
        });
        expect(kept).not.toContain(undefined);
      });
    },
  );
});

describe('what the map crosses', () => {
  test('is one to ten layers and all activations at first', () => {
    at('#v1&A=a', ({ crossing }) => {
      expect(crossing()).toEqual({
        base: 'A',
        rows: {
          path: 'architecture.hiddenLayers',
          texts: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'],
        },
        columns: {
          path: 'architecture.activation',
          texts: ['sigmoid', 'linear', 'tanh', 'relu', 'leakyRelu', 'elu', 'selu', 'swish'],
        },
      });
    });
  });

  test('may be any param, with values around what the base has', () => {
    expect(first('optimizer.learningRate', '0.001')).toEqual([
      '0.0001',
      '0.000316',
      '0.001',
      '0.00316',
      '0.01',
    ]);
    expect(first('optimizer.nesterov', 'false')).toEqual(['false', 'true']);
    expect(first('architecture.units', '10')).toEqual(['5', '10', '20']);
    expect(first('dataset.noise', '0')).toEqual(['0', '0.1', '1']);
    for (const kind of registry.kinds)
      for (const [name, param] of Object.entries(kind.params))
        expect(first(`${kind.name}.${name}`, param.format(param.default)).length).toBeGreaterThan(0);
    at('#v1&A=a&A.optimizer.learningRate=0.1', ({ choose, crossing }, rest) => {
      choose('columns', 'optimizer.learningRate');
      rest();
      expect(crossing()?.columns.texts).toEqual(['0.01', '0.0316', '0.1', '0.316', '1']);
    });
  });

  test('stays as it began where the base’s own value is edited', () => {
    withSession('#v1&A=a', (session) =>
      choosing(session, ({ choose, crossing }, rest) => {
        choose('columns', 'dataset.noise');
        rest();
        const before = crossing()?.columns.texts;
        expect(before).toEqual(['0.005', '0.0158', '0.05', '0.158', '0.5']);
        session.edit('edit noise', (sheet) => setOverride(sheet, 'A', 'dataset.noise', '1'));
        rest();
        expect(crossing()?.columns.texts).toEqual(before);
      }),
    );
  });

  test('changes places where the other side’s param is chosen', () => {
    at('#v1&A=a', ({ choose, paths }) => {
      choose('rows', 'architecture.activation');
      expect(paths()).toEqual({ rows: 'architecture.activation', columns: 'architecture.hiddenLayers' });
    });
  });

  test('stays as it is while something typed is refused, which is said by its place', () => {
    at('#v1&A=a', ({ update, crossing, reason }, rest) => {
      update('rows', { how: 'list', list: '2, 4, 51' });
      rest();
      expect(reason()).toBe('hidden layers: value 3: "51" is not a whole number from 0 to 50');
      expect(crossing()?.rows.texts).toHaveLength(10);
      update('rows', { list: '' });
      expect(reason()).toBe('hidden layers: the list is empty');
      update('rows', { list: '2, 4, 4, 50' });
      rest();
      expect(reason()).toBeUndefined();
      expect(crossing()?.rows.texts).toEqual(['2', '4', '50']);
      update('columns', { chosen: [] });
      expect(reason()).toBe('activation: no value is chosen');
    });
  });

  test('is followed when hands rest, and is there again when the map is', () => {
    withSession('#v1&A=a', (session) => {
      choosing(session, ({ update, crossing }, rest) => {
        update('rows', { how: 'list', list: '1' });
        update('rows', { how: 'list', list: '12' });
        expect(crossing()?.rows.texts).toHaveLength(10);
        rest();
        expect(crossing()?.rows.texts).toEqual(['12']);
      });
      choosing(session, ({ crossing }) => expect(crossing()?.rows.texts).toEqual(['12']));
    });
  });
});
