// Reads what this tab remembers of a form that was open over the sheet. Loaded only where there is something to read.
// Invariant: what is read is hostile until parsed, and is of the sheet that is asked for or nothing.

import * as v from 'valibot';
import { parseJson } from './tab-reading';

const MAX_TEXT = 100_000;
const word = v.pipe(v.string(), v.maxLength(2_000));

const storedForm = v.strictObject({
  of: v.string(),
  form: v.picklist(['row', 'title']),
  about: word,
  texts: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_TEXT))), v.maxLength(4), v.readonly()),
});

/** What is being typed into a form over the sheet. */
export type TypedForm = Omit<v.InferOutput<typeof storedForm>, 'of'>;

/** The form over the sheet of that id or address, if that is what was remembered. */
export function readForm(text: string, sheet: string): TypedForm | undefined {
  const parsed = v.safeParse(storedForm, parseJson(text));
  if (!parsed.success || parsed.output.of !== sheet) return undefined;
  const { of: _, ...form } = parsed.output;
  return form;
}
