// Help explains everything that the code declares: what is added without a meaning fails here or does not compile.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { createRegistry } from '../../../src/core/kinds/kind';
import type { Param } from '../../../src/core/kinds/param';
import { seedsParam } from '../../../src/core/plan/param-values';
import { RULES } from '../../../src/ui/diagnosis/rules';
import { KEYS } from '../../../src/ui/grid/grid-keys';
import { OPERATORS } from '../../../src/ui/help/formula-texts';
import { entryOfRow, helpSections } from '../../../src/ui/help/help-entries';
import type { HelpEntry } from '../../../src/ui/help/help-entry';
import { START } from '../../../src/ui/help/start-text';
import { ORIGIN_TEXTS } from '../../../src/ui/text/mark-text';
import { SIGNS } from '../../../src/ui/text/status';
import { tally } from '../../cells/seventh-kind';

const language = createLanguage(registry);
const sections = helpSections(registry);
const groupsOf = (name: string) => sections.find((section) => section.name === name)?.groups ?? [];
const entriesOf = (name: string): HelpEntry[] => groupsOf(name).flatMap(({ entries }) => entries);
const all = sections.flatMap(({ name }) => entriesOf(name));

describe('what is declared has an entry', () => {
  test('every kind, with what it holds', () => {
    for (const { name, about } of registry.kinds)
      expect(entryOfRow(sections, name), name).toMatchObject({ name, about });
  });

  test('every param, with its meaning, its bounds and its default', () => {
    const params: (readonly [string, Param])[] = registry.kinds.flatMap((kind) =>
      Object.entries(kind.params).map(([name, param]) => [`${kind.name}.${name}`, param] as const),
    );
    for (const [path, param] of [...params, ['seeds', seedsParam] as const]) {
      const entry = entryOfRow(sections, path);
      expect(entry, path).toMatchObject({ code: path, about: param.about });
      const notes = entry?.notes?.join('\n');
      expect(notes, path).toContain(param.accepts);
      expect(notes, path).toContain(`default ${param.format(param.default)}`);
    }
    expect(entriesOf('Params')).toHaveLength(params.length + 1);
  });

  test('every result, with a formula that the language reads', () => {
    for (const { name, label, group, about, formula } of registry.results) {
      expect(entryOfRow(sections, `${group}.${name}`)).toMatchObject({ name: label, code: name, about });
      if (formula !== undefined)
        expect(language.parse(`=${formula}`, { rows: [] }).error, formula).toBeUndefined();
    }
    expect(entriesOf('Results')).toHaveLength(registry.results.length);
  });

  test('a seventh kind too, by its declaration alone', () => {
    const seven = helpSections(createRegistry([...registry.kinds, tally]));
    expect(entryOfRow(seven, 'tally')?.about).toBe(tally.about);
    expect(entryOfRow(seven, 'tally.stripes')?.about).toBe('number of stripes');
    expect(entryOfRow(seven, 'tally.positives')?.name).toBe('share of class 1');
  });

  test('every function that the language completes', () => {
    const offered = [...'abcdefghijklmnopqrstuvwxyz'].flatMap((letter) =>
      language.complete(`=${letter}`, 2).filter(({ text }) => text.endsWith('(') && text.startsWith(letter)),
    );
    expect(offered.length).toBeGreaterThan(15);
    for (const { text, about } of offered)
      expect(
        entriesOf('Formulas').find((entry) => entry.name.startsWith(text)),
        text,
      ).toMatchObject({ about });
  });

  test('every operator that the language reads', () => {
    const signs = ['+', '-', '*', '/', '^', '%', '!', '=', '<', '>', '&', '|', '~', '?', ':', '@'];
    const candidates = [...signs, ...signs.flatMap((a) => signs.map((b) => a + b))];
    const infix = candidates.filter((sign) => !language.parse(`=1${sign}2`).error);
    const prefix = signs.filter((sign) => !language.parse(`=${sign}1`).error);
    // Two signs in a row, of which the second belongs to the number.
    const single = infix.filter((sign) => sign.length === 1 || !/[-+!]$/.test(sign));
    const explained = OPERATORS.flatMap(({ name }) => name.split(' '));
    expect(single.length).toBeGreaterThan(10);
    expect([...single, ...prefix].filter((sign) => !explained.includes(sign))).toEqual([]);
  });

  test('every mark, finding and key', () => {
    const names = entriesOf('Marks and terms').map(({ name }) => name);
    for (const { shown } of Object.values(ORIGIN_TEXTS)) expect(names).toContain(shown);
    for (const { word } of RULES) expect(names).toContain(word);
    const computed = groupsOf('Marks and terms').find(({ title }) => title === 'Computed cells');
    expect(computed?.entries.map(({ name }) => name.charAt(0))).toEqual(Object.values(SIGNS));
    const chords = entriesOf('Keys').flatMap(({ keys }) => keys?.chords ?? []);
    expect(chords).toEqual(KEYS.flatMap(({ keys }) => keys.flatMap((line) => line.chords)));
  });
});

test('every entry says something, in one way: no full stop after a meaning, no name twice in a group', () => {
  for (const { name, about } of all) {
    expect(about, name).not.toBe('');
    if (!START.some((entry) => entry.name === name)) expect(about, name).not.toMatch(/\.$/);
  }
  for (const { groups } of sections)
    for (const { title, entries } of groups.filter((group) => group.entries.every(({ keys }) => !keys)))
      expect(new Set(entries.map(({ name }) => name)).size, title).toBe(entries.length);
});

test('the first section has the words that a newcomer needs, and its formula is one', () => {
  const text = START.map(({ about }) => about).join(' ');
  for (const words of [
    'spreadsheet for small neural-network experiments',
    'can be changed',
    'Drag a number',
    'starts with =',
    'address is the document',
    'Nothing leaves this browser',
  ])
    expect(text).toContain(words);
  const [formula = ''] = text.match(/=A\.[\w.]+ \* 10/) ?? [];
  expect(language.parse(formula).error).toBeUndefined();
});
