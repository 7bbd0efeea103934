// The texts of the list of sheets: the time of the last edit, the time left to restore a removed sheet,
// the unreadable items.
// Invariant: no edit is shown as in the future, even if a clock was changed. Knows neither elements nor
// the session.

import { tenths } from '../../core/text-formatting';
import type { UnreadableItem } from '../session/open-sheets';

const MINUTE = 60_000;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

const isSameDay = (a: Date, b: Date): boolean => a.toDateString() === b.toDateString();

const clock = (date: Date): string =>
  [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');

function dayOf(date: Date, now: Date): string {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (isSameDay(date, now)) return 'today';
  if (isSameDay(date, yesterday)) return 'yesterday';
  const day = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === now.getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

/**
 * A time in words, in the local time zone: "just now", "5 min ago", "yesterday 14:02", "3 Nov 2025". Both
 * arguments are in ms since 1970.
 */
export function whenText(when: number, now: number): string {
  const past = now - when;
  if (past < MINUTE) return 'just now';
  if (past < 60 * MINUTE) return `${Math.floor(past / MINUTE)} min ago`;
  const [date, today] = [new Date(when), new Date(now)];
  const day = dayOf(date, today);
  return date.getFullYear() === today.getFullYear() || /^[a-z]/.test(day) ? `${day} ${clock(date)}` : day;
}

/** Remaining days in which a removed sheet can be restored. */
export const leftText = (left: number): string => (left <= 1 ? 'one day left' : `${left} days left`);

/** A number of runs in words. */
export const runsText = (runs: number): string => (runs === 1 ? '1 run' : `${runs} runs`);

/** A size in bytes as text with decimal units: "812 B", "1.2 kB", "3 MB". */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [amount, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${amount < 10 ? tenths(amount) : Math.round(amount)} ${unit}`;
}

/** Description of an unreadable item, by its key in the storage of sheets. */
export function unreadableText({ key, missing }: Pick<UnreadableItem, 'key' | 'missing'>): string {
  if (missing) return 'the rest of a lost sheet';
  if (key.startsWith('sheet ')) return 'a damaged sheet';
  if (key === 'own') return 'the sheet of an older version';
  return 'data that an older version could not read';
}

/** Replacer for `JSON.stringify`: bigints as strings, maps, sets and bytes as arrays. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Map || value instanceof Set) return [...value];
  if (ArrayBuffer.isView(value))
    return Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
  return value;
}

/**
 * An unreadable item and its key as the text of a JSON file. A value that JSON cannot express becomes its
 * string form.
 */
export function unreadableJson(key: string, held: unknown): string {
  try {
    return JSON.stringify({ key, held }, plain, 1);
  } catch {
    // For example a cyclic structure.
    return JSON.stringify({ key, held: String(held) });
  }
}
