// Parts that are loaded when they are asked for, over loads that fail.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { late, onLost, withPart } from '../../src/core/late-loading';

let losses: boolean[];

beforeEach(() => {
  vi.useFakeTimers();
  losses = [];
  onLost((isLost) => losses.push(isLost));
});

afterEach(() => {
  vi.useRealTimers();
});

/** A load that fails as often as this, and the count of its calls. */
function failing(times: number) {
  const load = vi.fn(async () => {
    if (load.mock.calls.length <= times) throw new TypeError('Failed to fetch dynamically imported module');
    return { name: 'part' };
  });
  return load;
}

test('a part is loaded once, whoever asks', async () => {
  const load = failing(0);
  const part = late(load);
  expect(load).not.toHaveBeenCalled();
  const [one, other] = await Promise.all([part(), part()]);
  expect([one === other, (await part()) === one, load.mock.calls.length, losses]).toEqual([
    true,
    true,
    1,
    [false],
  ]);
});

test('what failed once or twice is there a moment later, and nobody is told', async () => {
  for (const times of [1, 2]) {
    const load = failing(times);
    const used = vi.fn();
    withPart(late(load), used);
    await vi.runAllTimersAsync();
    expect(used).toHaveBeenCalledWith({ name: 'part' });
    expect(load).toHaveBeenCalledTimes(times + 1);
  }
  expect(losses).toEqual([false]);
});

test('what stays out is told, rejects whoever waits, and is no more told once it is there', async () => {
  const load = failing(3);
  const part = late(load);
  const used = vi.fn();
  withPart(part, used);
  const refused = expect(part()).rejects.toThrow('Failed to fetch');
  await vi.runAllTimersAsync();
  await refused;
  expect([used.mock.calls.length, load.mock.calls.length, losses]).toEqual([0, 3, [false, true]]);
  const heard: boolean[] = [];
  onLost((isLost) => heard.push(isLost));
  withPart(part, used);
  await vi.runAllTimersAsync();
  expect([used.mock.calls.length, heard]).toEqual([1, [true, false]]);
});

test('as long as one of several parts stays out, it is told', async () => {
  const [one, other] = [late(failing(3)), late(failing(3))];
  for (const part of [one, other]) withPart(part, () => {});
  await vi.runAllTimersAsync();
  withPart(one, () => {});
  await vi.runAllTimersAsync();
  expect(losses.at(-1)).toBe(true);
  withPart(other, () => {});
  await vi.runAllTimersAsync();
  expect(losses.at(-1)).toBe(false);
});
