// What a tab remembers of open forms, which anything may have written.

import { expect, test } from 'vitest';
import { FORMS, readForms } from '../../../src/page/sheets/form-reading';
import { tabMemory } from '../../../src/page/sheets/tab-memory';

const storageOf = (held: Map<string, string>) => () => ({
  getItem: (key: string) => held.get(key) ?? null,
  setItem: (key: string, text: string) => void held.set(key, text),
  removeItem: (key: string) => void held.delete(key),
});

const ROW = { about: 'gap', texts: ['gap', '=lo'] } as const;
const LIBRARY = { about: '', texts: ['rel'] } as const;

test('forms that are being filled in come back for their own sheet only, each until it is closed', async () => {
  const held = new Map<string, string>();
  const tab = tabMemory(storageOf(held));
  tab.saveForm('abc', 'row', ROW);
  tab.saveForm('abc', 'library', LIBRARY);
  const forms = [
    { form: 'row', ...ROW },
    { form: 'library', ...LIBRARY },
  ];
  const again = tabMemory(storageOf(held));
  expect(await again.loadForms('abc')).toEqual(forms);
  expect(await again.loadForms('#v1')).toEqual([]);
  again.saveForm('abc', 'row', undefined);
  again.saveForm('abc', 'map', undefined);
  expect(await tabMemory(storageOf(held)).loadForms('abc')).toEqual(forms.slice(1));
  again.saveForm('abc', 'library', undefined);
  expect(await again.loadForms('abc')).toEqual([]);
  expect(held.size).toBe(0);
});

test('what was not opened again yet is still there after one more reload', async () => {
  const held = new Map<string, string>();
  for (const form of FORMS) {
    const tab = tabMemory(storageOf(held));
    await tab.loadForms('abc');
    tab.saveForm('abc', form, ROW);
  }
  expect((await tabMemory(storageOf(held)).loadForms('abc')).map(({ form }) => form)).toEqual([...FORMS]);
});

test('what is no such form is nothing, and takes none of the others with it', () => {
  const good = { of: 'abc', form: 'row', ...ROW };
  const { of: _, ...read } = good;
  const readAll = (held: unknown) => readForms(JSON.stringify(held), 'abc');
  expect(readAll([good])).toEqual([read]);
  for (const bad of [
    undefined,
    null,
    'form',
    { ...good, form: 'script' },
    { ...good, about: 1 },
    { ...good, texts: [1] },
    { ...good, texts: Array(201).fill('') },
    { ...good, texts: ['x'.repeat(100_001)] },
    { ...good, more: true },
  ])
    expect(readAll([bad ?? null, good])).toEqual([read]);
  for (const bad of [null, 5, {}, good, '[']) expect(readAll(bad)).toEqual([]);
  expect(readForms('[{', 'abc')).toEqual([]);
  expect(readAll(Array(1_000).fill(good)).length).toBeLessThanOrEqual(FORMS.length);
});
