// Which figures are open: as they were left, whatever the browser kept.

import { createRoot } from 'solid-js';
import { afterEach, expect, test, vi } from 'vitest';
import { createOpenFigures } from '../../../src/ui/figures/page/open-figures';

afterEach(() => vi.unstubAllGlobals());

/** A storage with one text in it, and what is written to it. */
function keeping(text: string | null) {
  const written: string[] = [];
  vi.stubGlobal('localStorage', {
    getItem: () => text,
    setItem: (_: string, value: string) => written.push(value),
  });
  return written;
}

const made = (keeps = true) => createRoot(() => createOpenFigures(['loss'], keeps));

test('a figure is open at first or closed, and is kept as it was left', () => {
  const written = keeping(null);
  const open = made();
  expect([open.isOpen('loss'), open.isOpen('roc')]).toEqual([true, false]);
  open.toggle('loss');
  open.toggle('roc');
  expect([open.isOpen('loss'), open.isOpen('roc')]).toEqual([false, true]);
  expect(written.at(-1)).toBe('{"loss":false,"roc":true}');
  keeping(written.at(-1) ?? '');
  expect([made().isOpen('loss'), made().isOpen('roc')]).toEqual([false, true]);
});

test.each(['{', '3', 'null', '[true]', '{"loss":"no"}', `{"loss":false,"x":"${'x'.repeat(10_000)}"}`])(
  'what was kept is forgotten where it is no table of booleans: %.20s',
  (text) => {
    keeping(text);
    expect([made().isOpen('loss'), made().isOpen('roc')]).toEqual([true, false]);
  },
);

test('where nothing is kept, a choice holds until the page is left', () => {
  vi.stubGlobal('localStorage', undefined);
  const open = made();
  open.toggle('loss');
  expect(open.isOpen('loss')).toBe(false);
  const written = keeping('{"loss":false}');
  const embedded = made(false);
  expect(embedded.isOpen('loss')).toBe(true);
  embedded.toggle('loss');
  expect(written).toEqual([]);
});
