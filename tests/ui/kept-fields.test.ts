// Every field for text that the page has, found in the sources: each says which form keeps what is typed into it over a reload.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { FORMS } from '../../src/page/sheets/form-reading';
import { formOfTexts, formTexts, type ValuesForm } from '../../src/ui/fill/sweep';
import type { FormName } from '../../src/ui/session/open-sheets';

const ui = resolve(import.meta.dirname, '../../src');

/** What takes no text, none that is typed, or only the name of a place to go to. */
const NO_TEXT = /type="(checkbox|radio|range|file)"|\breadonly\b|id="place"/i;
/** What a draft is in is kept with the draft; a dialog without fields and the open tab of figures are remembered too. */
const DRAFT = 'draft';
const WITHOUT_FIELDS: readonly FormName[] = ['removal', 'tab'];

const files = readdirSync(ui, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

test('each of them names a form that is remembered, and each form is named', () => {
  const named = new Set<string>();
  const unkept: string[] = [];
  let fields = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [tag] of text.matchAll(/<(?:input|textarea)\b.*?\/>/gs)) {
      if (NO_TEXT.test(tag)) continue;
      fields++;
      const [, name] = tag.match(/data-kept=(?:"(\w+)"|\{props\.kept\})/) ?? [];
      if (!/data-kept=/.test(tag)) unkept.push(`${relative(ui, file)}: ${tag.slice(0, 60)}`);
      else if (name) named.add(name);
    }
    for (const [, name = ''] of text.matchAll(/\bkept="(\w+)"/g)) named.add(name);
    // Nothing is typed into but what this test can find.
    expect(text, file).not.toMatch(/contenteditable|createElement\('(input|textarea)'\)/i);
  }
  expect(unkept).toEqual([]);
  expect(fields).toBeGreaterThan(11);
  expect([...named].sort()).toEqual(
    [...FORMS.filter((name) => !WITHOUT_FIELDS.includes(name)), DRAFT].sort(),
  );
});

test('how values are given is the same as texts and back, and what is no such texts is nothing', () => {
  const form: ValuesForm = {
    ...{ how: 'choices', first: '1', last: '', count: '5', list: '1, \n2' },
    chosen: ['relu', 'tanh'],
  };
  expect(formOfTexts(formTexts(form))).toEqual(form);
  expect(formOfTexts(formTexts({ ...form, chosen: [] }))).toEqual({ ...form, chosen: [] });
  expect(formOfTexts([])).toBeUndefined();
  expect(formOfTexts(formTexts(form).slice(1))).toBeUndefined();
  expect(formOfTexts(['other', ...formTexts(form).slice(1)])).toBeUndefined();
});
