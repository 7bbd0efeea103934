// Requests one at a time, the newest next.

import { expect, test } from 'vitest';
import { createNewestRequest } from '../../../src/ui/sources/newest-request';

/** Requests whose outcomes the test decides, by name. */
function requests() {
  const begun: string[] = [];
  const ends = new Map<string, { done(): void; fail(): void }>();
  const make = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, { done: () => resolve(name), fail: () => reject(new Error(name)) });
    });
  };
  const settle = async (name: string, how: 'done' | 'fail'): Promise<void> => {
    ends.get(name)?.[how]();
    for (let ticks = 0; ticks < 10; ticks++) await null;
  };
  return { begun, make, settle };
}

test('of the requests that come during the work only the newest follows', async () => {
  const { begun, make, settle } = requests();
  const taken: string[] = [];
  const request = createNewestRequest<string>(new AbortController().signal, (made) => taken.push(made));
  for (const name of ['first', 'second', 'third']) request(make(name));
  expect(begun).toEqual(['first']);
  await settle('first', 'done');
  expect(begun).toEqual(['first', 'third']);
  await settle('third', 'done');
  expect(taken).toEqual(['first', 'third']);
});

test('a request that fails holds up no later one, and nothing is taken after an abort', async () => {
  const { begun, make, settle } = requests();
  const taken: string[] = [];
  const abort = new AbortController();
  const request = createNewestRequest<string>(abort.signal, (made) => taken.push(made));
  request(make('first'));
  await settle('first', 'fail');
  request(make('second'));
  request(make('third'));
  expect(begun).toEqual(['first', 'second']);
  abort.abort();
  await settle('second', 'done');
  expect([begun, taken]).toEqual([['first', 'second'], []]);
});
