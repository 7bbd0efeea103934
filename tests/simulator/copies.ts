// The account of sheets that are copies of others: duplicates, sheets from files, and sheets that a page
// keeps beside a record that this release must not write.
// Invariant: a sheet is a copy of exactly one other sheet that may be copied, and shows only that sheet's
// edits and its own. Does not know storage.

import { OWN } from './foreign-writers';
import type { Shown } from './page';

/** The sheets that may be copied, and the source of each copy. */
export class Copies {
  readonly #sources = new Set<string>();
  readonly #sourceOf = new Map<string, string>();
  /** Sheets that another hand took over: a page that edits one of these edits another sheet beside it. */
  readonly #loose = new Set<string>();
  /** Edits in records that became unreadable. */
  readonly #destroyed = new Set<string>();

  /** Allows copies of the sheet from now on. */
  allow(sheet: string): void {
    this.#sources.add(sheet);
  }

  /** Notes that another hand takes the sheet over. */
  takeOver(sheet: string): void {
    this.allow(sheet);
    this.#loose.add(sheet);
  }

  /** Notes that these edits were in a record that became unreadable. */
  destroy(tags: readonly string[]): void {
    for (const tag of tags) this.#destroyed.add(tag);
  }

  /** Whether a page made the sheet on its own, beside a sheet that another hand took over. */
  isParted(sheet: string): boolean {
    const source = this.#sourceOf.get(sheet);
    return source !== undefined && source !== OWN && this.#loose.has(source);
  }

  isLoose(sheet: string): boolean {
    return this.#loose.has(sheet);
  }

  /**
   * Whether all edits that a sheet shows besides its own belong to one other sheet; `editsOf` returns the
   * edits of a sheet.
   */
  isCopy({ sheet, tags }: Shown, editsOf: (sheet: string) => ReadonlySet<string>): boolean {
    const own = editsOf(sheet);
    const come = [...tags].filter((tag) => !own.has(tag));
    // An edit of a sheet that another hand took over may have been copied before any screen showed it.
    const unseen = [...this.#loose].map(editsOf);
    const isOf = (source: string, others: typeof unseen): boolean => {
      const edits = editsOf(source);
      return come.every((tag) => edits.has(tag) || others.some((other) => other.has(tag)));
    };
    const known = this.#sourceOf.get(sheet);
    if (known !== undefined) return isOf(known, unseen);
    const others = [...this.#sources].filter((one) => one !== sheet);
    const sources = [
      ...others.filter((one) => this.isLoose(one)),
      ...others.filter((one) => !this.isLoose(one)),
    ];
    const source = sources.find((one) => isOf(one, [])) ?? sources.find((one) => isOf(one, unseen));
    if (source === undefined) return false;
    this.#sourceOf.set(sheet, source);
    return true;
  }

  /** Whether an edit is found in its sheet or, if another hand took the sheet over, in any sheet. */
  has(found: ReadonlyMap<string, Pick<Shown, 'tags'>>, sheet: string, tag: string): boolean {
    if (found.get(sheet)?.tags.has(tag) || this.#destroyed.has(tag)) return true;
    return this.#loose.has(sheet) && [...found.values()].some(({ tags }) => tags.has(tag));
  }
}
