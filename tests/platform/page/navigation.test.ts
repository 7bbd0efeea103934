import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Arrival, createNavigation } from '../../../src/platform/page/navigation';

/** The parts of a window that navigation uses, with a history of its own. */
function windowOf(hash: string, state: unknown) {
  const events = new EventTarget();
  const entries = [{ hash, state }];
  let at = 0;
  const entry = () => entries[at] ?? { hash: '', state: null };
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  vi.stubGlobal('location', {
    get hash() {
      return entry().hash;
    },
  });
  vi.stubGlobal('history', {
    get state() {
      return entry().state;
    },
    pushState(next: unknown, _: string, address: string) {
      entries.splice(++at, Number.POSITIVE_INFINITY, { hash: address, state: next });
    },
    replaceState(next: unknown, _: string, address: string) {
      entries[at] = { hash: address, state: next };
    },
  });
  return {
    entries,
    go(by: number) {
      at += by;
      for (const type of ['popstate', 'hashchange']) events.dispatchEvent(new Event(type));
    },
  };
}

let arrivals: Arrival[];
const navigate = () => createNavigation((arrival) => arrivals.push(arrival));

beforeEach(() => {
  arrivals = [];
});
afterEach(() => vi.unstubAllGlobals());

describe('the address bar', () => {
  test.each<unknown>([
    null,
    5,
    'sheet',
    'sheet A/.. x',
    'sheet abc',
    'sheet abc x y',
    'sheet abc x #v1',
    'sheet abc x #lesson1 y',
    `sheet ${'a'.repeat(41)} `,
    `sheet abc ${'x'.repeat(41)}`,
    { id: 'abc' },
    { toString: null, valueOf: 1 },
    ['sheet abc '],
  ])('with the state %j of another page of the origin is an address from elsewhere', (state) => {
    const { go } = windowOf('#v1', state);
    const navigation = navigate();
    expect(navigation.current()).toEqual({ address: '#v1' });
    navigation.write('#v2', { id: 'abc', step: '' }, true);
    go(-1);
    expect(arrivals).toEqual([{ address: '#v1' }]);
  });

  test('knows an entry that it wrote for a sheet, after a reload too, and tells each arrival once', () => {
    const { go, entries } = windowOf('#v1', null);
    const navigation = navigate();
    navigation.write('#v1&a', { id: 'abc', step: '' }, false);
    navigation.write('#v1&b', { id: 'abc', step: 's1' }, true);
    navigation.write('#v1&b', { id: 'abc', step: 's2' }, true);
    navigation.write('#v1&c', { id: '', step: '' }, true);
    navigation.write('#v1&d', undefined, true);
    expect(entries).toHaveLength(4);
    expect(arrivals).toEqual([]);
    for (let times = 0; times < 3; times++) go(-1);
    expect(arrivals).toEqual([
      { address: '#v1&c', place: { id: '', step: '' } },
      { address: '#v1&b', place: { id: 'abc', step: 's2' } },
      { address: '#v1&a', place: { id: 'abc', step: '' } },
    ]);
    expect(navigate().current()).toEqual({ address: '#v1&a', place: { id: 'abc', step: '' } });
  });

  test('knows the lesson that a sheet is a step of', () => {
    windowOf('#v1', null);
    const place = { id: 'abc', step: '', lesson: '#lesson1&step=2/v1/v1&A=a' };
    navigate().write('#v1&a', place, false);
    expect(navigate().current()).toEqual({ address: '#v1&a', place });
    navigate().write('#v1&b', { id: '', step: '', lesson: '#lesson1/v1' }, false);
    expect(navigate().current().place).toEqual({ id: '', step: '', lesson: '#lesson1/v1' });
  });

  test('gets the newest address later where the browser refuses it, and every write returns', () => {
    vi.useFakeTimers();
    const { go, entries } = windowOf('#v1', null);
    const navigation = navigate();
    const [push, replace] = [history.pushState, history.replaceState];
    const refuse = (): never => {
      throw new DOMException('more than 100 times per 10 seconds', 'SecurityError');
    };
    Object.assign(history, { pushState: refuse, replaceState: refuse });
    navigation.write('#v1&a', { id: 'abc', step: 's1' }, true);
    navigation.write('#v1&b', { id: 'abc', step: 's1' }, false);
    vi.advanceTimersByTime(3_000);
    expect(entries).toEqual([{ hash: '#v1', state: null }]);
    Object.assign(history, { pushState: push, replaceState: replace });
    vi.advanceTimersByTime(3_000);
    expect(entries.slice(1)).toEqual([{ hash: '#v1&b', state: 'sheet abc s1' }]);
    expect(arrivals).toEqual([]);

    Object.assign(history, { pushState: refuse, replaceState: refuse });
    navigation.write('#v1&c', { id: 'abc', step: 's2' }, true);
    go(-1);
    Object.assign(history, { pushState: push, replaceState: replace });
    vi.advanceTimersByTime(3_000);
    expect(arrivals).toEqual([{ address: '#v1' }]);
    expect(entries.map(({ hash }) => hash)).toEqual(['#v1', '#v1&b']);
    vi.useRealTimers();
  });
});
