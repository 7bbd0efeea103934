// What one tab remembers over a reload: edits that storage has not confirmed, and a text being typed. sessionStorage writes
// at once, where IndexedDB may be too slow for a page that is being closed.
// Invariants: what is read is hostile until parsed; a tab without sessionStorage forgets, and nothing else fails.

import * as v from 'valibot';
import { parseSheet, sheetData } from '../platform/storage/sheet-data';
import { sheetId } from '../platform/storage/sheet-records';
import type { Unwritten } from './document';
import type { TypedForm } from './form-reading';

const KEY = 'gradsheet';
const MAX_TEXT = 100_000;
/** The most sheets of one tab that wait for storage. */
const MOST = 20;

const word = v.pipe(v.string(), v.maxLength(2_000));

const storedUnwritten = v.strictObject({
  id: sheetId,
  kept: v.boolean(),
  base: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  edits: v.pipe(v.array(word), v.maxLength(1_000)),
  label: word,
  sheet: v.unknown(),
});

const storedDraft = v.strictObject({
  /** The id of the sheet, or its address where it has none. */
  of: v.string(),
  run: word,
  row: word,
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT)),
  place: v.picklist(['cell', 'bar']),
});

/** A text being typed, and where. */
export type TypedText = Omit<v.InferOutput<typeof storedDraft>, 'of'>;

/** The part of sessionStorage that is used. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface TabMemory {
  /** What was not written when the tab was closed or loaded anew, by the sheet's id. */
  unwritten(): ReadonlyMap<string, Unwritten>;
  rememberUnwritten(id: string, unwritten: Unwritten | undefined): void;
  /** The text that was being typed into the sheet of that id or address. */
  load(sheet: string): TypedText | undefined;
  save(sheet: string, text: TypedText | undefined): void;
  /** The form that was open over the sheet of that id or address. */
  loadForm(sheet: string): Promise<TypedForm | undefined>;
  saveForm(sheet: string, form: TypedForm | undefined): void;
}

/** The memory of this tab; `storage` may be missing, and may throw whatever is done with it. */
export function tabMemory(storage: () => TabStorage): TabMemory {
  function read(key: string): unknown {
    try {
      const text = storage().getItem(`${KEY} ${key}`);
      return text === null ? undefined : JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  function write(key: string, value: unknown): void {
    try {
      if (value !== undefined) storage().setItem(`${KEY} ${key}`, JSON.stringify(value));
      else storage().removeItem(`${KEY} ${key}`);
    } catch {
      // Full or forbidden: the edit is on its way to IndexedDB all the same, and an older one must not come back.
      if (value !== undefined) write(key, undefined);
    }
  }

  /** What each sheet has not written, as it is stored. */
  const pending = new Map<string, unknown>();

  return {
    unwritten() {
      const found = new Map<string, Unwritten>();
      const parsed = v.safeParse(v.pipe(v.array(storedUnwritten), v.maxLength(MOST)), read('unwritten'));
      for (const item of parsed.success ? parsed.output : []) {
        const sheet = parseSheet(item.sheet);
        if (!sheet) continue;
        found.set(item.id, { ...item, sheet });
        pending.set(item.id, item);
      }
      return found;
    },
    rememberUnwritten(id, unwritten) {
      if (unwritten) pending.set(id, { ...unwritten, sheet: sheetData(unwritten.sheet) });
      else if (!pending.delete(id)) return;
      write('unwritten', pending.size > 0 ? [...pending.values()].slice(-MOST) : undefined);
    },
    load(sheet) {
      const parsed = v.safeParse(storedDraft, read('typed'));
      if (!parsed.success || parsed.output.of !== sheet) return undefined;
      const { of: _, ...typed } = parsed.output;
      return typed;
    },
    save: (sheet, text) => write('typed', text && { of: sheet, ...text }),
    async loadForm(sheet) {
      const held = read('form');
      return held === undefined ? undefined : (await import('./form-reading')).parseForm(sheet, held);
    },
    saveForm: (sheet, form) => write('form', form && { of: sheet, ...form }),
  };
}
