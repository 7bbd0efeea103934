import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Arrival, createNavigation } from '../../src/platform/navigation';

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
});
