// Parses the tab's memory of the forms that were open over the sheet. Loaded only if there is something to read.
// Invariant: stored data is hostile until parsed; a form of another sheet is left out, and so is an item that is no form.

import * as v from 'valibot';
import { isOf, parseJson } from './tab-reading';

const MAX_TEXT = 100_000;
const MAX_TEXTS = 200;
const word = v.pipe(v.string(), v.maxLength(2_000));

/** The names of all forms that the browser's tab remembers, and of the open tab of figures. */
export const FORMS = [
  'tab',
  'row',
  'title',
  'fill',
  'sweep',
  'map',
  'library',
  'budget',
  'removal',
  'note',
  'guess',
  'lesson',
  'help',
] as const;

const storedForm = v.strictObject({
  of: v.string(),
  form: v.picklist(FORMS),
  about: word,
  texts: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_TEXT))), v.maxLength(MAX_TEXTS), v.readonly()),
});

/** The texts typed into a form over the sheet. */
type TypedForm = Omit<v.InferOutput<typeof storedForm>, 'of'>;

/** Returns the remembered forms over the sheet with this id or address. */
export function readForms(text: string, sheet: string): readonly TypedForm[] {
  const held = parseJson(text);
  return (Array.isArray(held) ? held.slice(0, FORMS.length) : []).flatMap((item) => {
    const parsed = v.safeParse(storedForm, item);
    if (!parsed.success || !isOf(parsed.output.of, sheet)) return [];
    const { of: _, ...form } = parsed.output;
    return form;
  });
}
