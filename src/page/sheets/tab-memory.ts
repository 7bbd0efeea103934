// The memory of one tab over a reload: edits that storage has not confirmed, and a text being typed. sessionStorage writes at
// once, where IndexedDB may be too slow for a page that is being closed.
// Invariants: stored data is hostile until parsed; a tab without sessionStorage forgets, and nothing else fails.

import { late } from '../../core/late-loading';
import { sheetData } from '../../platform/storage/sheets/sheet-data';
import type { FormName, TypedForm, TypedText } from '../../ui/session/open-sheets';
import type { Unwritten } from './pending-edits';
import { MAX_EDITS, MAX_WORD, MOST_UNWRITTEN } from './tab-bounds';

const tabReading = late(() => import('./tab-reading'));
const formReading = late(() => import('./form-reading'));

/** The part of sessionStorage in use. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The memory of one tab; writing never throws, and unreadable data count as none. */
export interface TabMemory {
  /** The unwritten edits at the last close or reload of the tab, by the sheet's id. */
  unwritten(): Promise<ReadonlyMap<string, Unwritten>>;
  rememberUnwritten(id: string, unwritten: Unwritten | undefined): void;
  /** The text that was being typed into the sheet with this id or address. */
  load(sheet: string): Promise<TypedText | undefined>;
  save(sheet: string, text: TypedText | undefined): void;
  /** The forms that were open over the sheet with this id or address. */
  loadForms(sheet: string): Promise<readonly TypedForm[]>;
  saveForm(sheet: string, form: FormName, typed: Omit<TypedForm, 'form'> | undefined): void;
}

/** Opens the memory of this tab; `storage` may throw, and so may every operation on it. */
export function tabMemory(storage: () => TabStorage): TabMemory {
  /** The unwritten edits of each sheet, in stored form. */
  const pending = new Map<string, unknown>();
  /** The open forms, in stored form. */
  const forms = new Map<FormName, TypedForm & { readonly of: string }>();

  function read(key: string): string | undefined {
    try {
      return storage().getItem(`gradsheet ${key}`) ?? undefined;
    } catch {
      return undefined;
    }
  }

  function write(key: string, value: unknown): void {
    try {
      if (value !== undefined) storage().setItem(`gradsheet ${key}`, JSON.stringify(value));
      else storage().removeItem(`gradsheet ${key}`);
    } catch {
      // If storage is full or forbidden, the old value is removed, so that an older edit does not come back.
      // The edit itself is on its way to IndexedDB.
      if (value !== undefined) write(key, undefined);
    }
  }

  return {
    async unwritten() {
      const text = read('unwritten');
      if (text === undefined) return new Map();
      const { readUnwritten } = await tabReading();
      const found = readUnwritten(text);
      for (const [id, item] of found) pending.set(id, { ...item, sheet: sheetData(item.sheet) });
      return found;
    },
    rememberUnwritten(id, unwritten) {
      if (unwritten) {
        const edits = unwritten.edits.slice(-MAX_EDITS);
        const label = unwritten.label.slice(0, MAX_WORD);
        pending.set(id, { ...unwritten, edits, label, sheet: sheetData(unwritten.sheet) });
      } else if (!pending.delete(id)) return;
      write('unwritten', pending.size > 0 ? [...pending.values()].slice(-MOST_UNWRITTEN) : undefined);
    },
    async load(sheet) {
      const text = read('typed');
      if (text === undefined) return undefined;
      const { readTyped } = await tabReading();
      return readTyped(text, sheet);
    },
    save: (sheet, text) => write('typed', text && { of: sheet, ...text }),
    async loadForms(sheet) {
      const text = read('form');
      if (text === undefined) return [];
      const { readForms } = await formReading();
      const found = readForms(text, sheet);
      for (const form of found) if (!forms.has(form.form)) forms.set(form.form, { of: sheet, ...form });
      return found;
    },
    saveForm(sheet, form, typed) {
      if (typed) forms.set(form, { of: sheet, form, ...typed });
      else if (!forms.delete(form)) return;
      write('form', forms.size > 0 ? [...forms.values()] : undefined);
    },
  };
}
