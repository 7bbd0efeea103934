// Reads the texts within an address: escapes, titles and notes.
// Invariant: a text from an address is bounded and has no control characters, or is refused with its place.

import { quote } from '../../core/kinds/param';

/** A refusal of an address; thrown and caught within this folder only. */
export class Refusal extends Error {}

/** Percent-decodes a text. Throws `Refusal`, with the place, for a bad escape. */
export function decode(text: string, place: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(`${place}: ${quote(text)} has a bad escape`);
  }
}

/**
 * Returns a title or a note without outer blanks; undefined if nothing is left. Throws `Refusal`, with the
 * name, for more than `most` characters and for a control character.
 */
export function readLine(name: string, text: string, most: number): string | undefined {
  if (text.length > most) throw new Refusal(`${name}: longer than ${most} characters`);
  if (/\p{Cc}/u.test(text)) throw new Refusal(`${name}: ${quote(text)} has a control character`);
  return text.trim() || undefined;
}
