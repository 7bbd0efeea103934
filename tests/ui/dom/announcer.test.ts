// The queue before the live region: newest first to go, nothing while something moves, one message at rest.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAnnouncer } from '../../../src/ui/dom/announcer';

const said: string[] = [];

beforeEach(() => {
  said.length = 0;
  vi.useFakeTimers();
});

afterEach(() => vi.useRealTimers());

const speaker = () => createAnnouncer((text) => said.push(text));

test('of many messages about one subject, the newest is spoken, once', () => {
  const { announce } = speaker();
  for (let tile = 1; tile <= 15; tile++) {
    announce('map', `${tile} of 15 filled`);
    vi.advanceTimersByTime(80);
  }
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(['15 of 15 filled']);
});

test('messages about several subjects are one message, in their order', () => {
  const { announce } = speaker();
  announce('step', 'run D added');
  announce('problem', '-1 is not positive.');
  announce('result', 'recomputed train of D');
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(['run D added. -1 is not positive. recomputed train of D']);
});

test('nothing is spoken while something moves, and the newest afterwards', () => {
  const { announce, holdWhile } = speaker();
  let moves = true;
  const end = holdWhile(() => moves);
  announce('step', 'one');
  vi.advanceTimersByTime(5_000);
  announce('step', 'two');
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual([]);
  moves = false;
  vi.advanceTimersByTime(500);
  expect(said).toEqual(['two']);
  moves = true;
  end();
  announce('step', 'three');
  vi.advanceTimersByTime(500);
  expect(said).toEqual(['two', 'three']);
});

test('a message that is withdrawn in time is never spoken, and the same text later is spoken again', () => {
  const { announce } = speaker();
  announce('step', 'wrong');
  announce('step', undefined);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([]);
  for (const _ of [1, 2]) {
    announce('step', 'undid: set noise of B');
    vi.advanceTimersByTime(1_000);
  }
  expect(said).toEqual(['undid: set noise of B', 'undid: set noise of B']);
});
