// The scale of text and space: LOOK's five sizes, two weights and its spaces, in every style sheet.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ui = resolve(import.meta.dirname, '../../../src/ui');
const sheets = readdirSync(ui, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.css'))
  .map((file) => [file, readFileSync(join(ui, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')] as const);

/** Every value of the properties that match, with its sheet. */
const values = (property: RegExp): [file: string, value: string][] =>
  sheets.flatMap(([file, rules]) =>
    [...rules.matchAll(new RegExp(`(?<![\\w-])(?:${property.source}):\\s*([^;}]+)`, 'g'))].map(
      ([, value = '']): [string, string] => [file, value.trim()],
    ),
  );

test('text has five sizes and two weights, and none of it is slanted', () => {
  const sizes = values(/font-size/).filter(([, value]) => value !== 'inherit');
  expect(sizes.length).toBeGreaterThan(20);
  expect(sizes.filter(([, value]) => !/^(11|12|13|15|20)px$/.test(value))).toEqual([]);
  expect(values(/font-weight/).filter(([, value]) => !/^(400|600|100 900)$/.test(value))).toEqual([]);
  expect(values(/font-style/)).toEqual([]);
  const fonts = values(/font/).filter(([, value]) => value !== 'inherit');
  expect(fonts.length).toBeGreaterThan(10);
  expect(fonts.filter(([, value]) => !/^var\(--text-(11|12|13|15|20)\)$/.test(value))).toEqual([]);
});

test('spaces are of the scale; larger ones are places in the layout', () => {
  const spaces = values(/(?:padding|margin|gap|row-gap|column-gap)(?:-[a-z-]+)?/);
  expect(spaces.length).toBeGreaterThan(200);
  const odd = spaces.filter(([, value]) =>
    [...value.matchAll(/(?<![\d.])(\d+(?:\.\d+)?)px/g)].some(
      ([, size = '']) => Number(size) <= 32 && !['1', '4', '8', '12', '16', '24', '32'].includes(size),
    ),
  );
  expect(odd).toEqual([]);
});

test('corners are those of controls, of menus and dialogs, or none', () => {
  const odd = values(/border-radius/).filter(([, value]) => !/^((0|4px|6px)\s*)+$|^50%$/.test(value));
  expect(odd).toEqual([]);
});
