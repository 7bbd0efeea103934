// What a tab remembers of an open form, which anything may have written.

import { expect, test } from 'vitest';
import { readForm } from '../../src/page/form-reading';
import { tabMemory } from '../../src/page/tab-memory';

function memory(): { held: Map<string, string>; tab: ReturnType<typeof tabMemory> } {
  const held = new Map<string, string>();
  const tab = tabMemory(() => ({
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, text) => void held.set(key, text),
    removeItem: (key) => void held.delete(key),
  }));
  return { held, tab };
}

const FORM = { form: 'row', about: 'gap', texts: ['gap', '=lo'] } as const;

test('a form that is being filled in comes back for its own sheet only, until it is closed', async () => {
  const { held, tab } = memory();
  tab.saveForm('abc', FORM);
  expect(await tab.loadForm('abc')).toEqual(FORM);
  expect(await tab.loadForm('#v1')).toBeUndefined();
  tab.saveForm('abc', undefined);
  expect(await tab.loadForm('abc')).toBeUndefined();
  expect(held.size).toBe(0);
});

test('what is no such form is nothing', () => {
  const good = { of: 'abc', ...FORM };
  expect(readForm(JSON.stringify(good), 'abc')).toEqual(FORM);
  for (const bad of [
    undefined,
    null,
    'form',
    { ...good, form: 'script' },
    { ...good, about: 1 },
    { ...good, texts: [1] },
    { ...good, texts: Array(5).fill('') },
    { ...good, texts: ['x'.repeat(100_001)] },
    { ...good, more: true },
  ])
    expect(readForm(JSON.stringify(bad ?? null), 'abc')).toBeUndefined();
});
