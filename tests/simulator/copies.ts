// The account of sheets that are copies of others: duplicates, what files bring, and what is kept beside a sheet that is not
// this release's to write.
// Invariant: a sheet is a copy of one other that was allowed to be copied, and shows nothing but what that one had or what was
// done in the copy itself. Does not know storage.

import { OWN } from './foreign';
import type { Shown } from './page';

export class Copies {
  readonly #sources = new Set<string>();
  readonly #sourceOf = new Map<string, string>();
  /** Sheets that another hand took over: what a page does to them it does to a sheet beside. */
  readonly #loose = new Set<string>();
  /** Edits that went with a record that became unreadable. */
  readonly #destroyed = new Set<string>();

  /** From now on there may be copies of the sheet. */
  allow(sheet: string): void {
    this.#sources.add(sheet);
  }

  /** Another hand takes the sheet over. */
  takeOver(sheet: string): void {
    this.allow(sheet);
    this.#loose.add(sheet);
  }

  /** These edits went with a record that became unreadable. */
  destroy(tags: readonly string[]): void {
    for (const tag of tags) this.#destroyed.add(tag);
  }

  /** Whether a page made the sheet by itself, beside one that another hand took over. */
  isParted(sheet: string): boolean {
    const source = this.#sourceOf.get(sheet);
    return source !== undefined && source !== OWN && this.#loose.has(source);
  }

  isLoose(sheet: string): boolean {
    return this.#loose.has(sheet);
  }

  /** Whether all that a sheet shows beside its own edits is of one other; `editsOf` gives the edits of a sheet. */
  isCopy({ sheet, tags }: Shown, editsOf: (sheet: string) => ReadonlySet<string>): boolean {
    const own = editsOf(sheet);
    const come = [...tags].filter((tag) => !own.has(tag));
    // What comes of a sheet that another hand took over may have been copied before anybody saw it.
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

  /** Whether an edit of a sheet is found, in the sheet itself or, where that is not a page's to write, in any. */
  has(found: ReadonlyMap<string, Pick<Shown, 'tags'>>, sheet: string, tag: string): boolean {
    if (found.get(sheet)?.tags.has(tag) || this.#destroyed.has(tag)) return true;
    return this.#loose.has(sheet) && [...found.values()].some(({ tags }) => tags.has(tag));
  }
}
