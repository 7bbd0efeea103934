// The account of a schedule, kept outside the pages: which edits were made, seen, called saved, undone, or
// reported as dropped.
// Invariant: the account follows the screen and nothing else; a lost edit is a violation unless a person took
// it back, a message reported it, or its page went away before it said "saved".
// Does not know storage.

import { Copies } from './copies';
import type { Shown, SimulatedPage } from './page';
import { Removals } from './removals';

/** An edit in one sheet; a copy of the sheet has a separate record of the edit. */
export interface Edit {
  readonly tag: string;
  readonly sheet: string;
  readonly by: string;
  readonly step: number;
  /** Set if the edit is in the sheet because the sheet is a copy of another. */
  readonly came?: true;
  isSaved: boolean;
  isTold: boolean;
}

interface Seen {
  shown: Shown | undefined;
  messages: number;
  status: string;
}

/** The state in which a fresh page shows a sheet. */
export type Found = Pick<Shown, 'tags' | 'kept'>;

const difference = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...one].filter((tag) => !other.has(tag));

const isEqual = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && difference(one, other).length === 0;

const placeOf = (sheet: string, tag: string): string => `${sheet} ${tag}`;

/** The account of one schedule; `violations` lists the broken promises. */
export class Ledger {
  readonly violations: string[] = [];
  readonly removals = new Removals();
  readonly copies = new Copies();
  readonly #edits = new Map<string, Edit>();
  /** The profile of each page. */
  readonly #profiles = new Map<string, number>();
  /** The pages in which an edit was undone and not redone; each of these pages may be the last to write. */
  readonly #takenBack = new Map<string, Set<string>>();
  /** All edits that were ever undone: another page may learn of an undo after the redo. */
  readonly #everTakenBack = new Set<string>();
  /** The same by tag, for all sheets: if another hand took a sheet over, the edit is in a sheet beside it. */
  readonly #tagsTakenBack = new Set<string>();
  /** Edits that set a sheet's title; a sheet shows only one of them. */
  readonly #titles = new Set<string>();
  readonly #seen = new Map<SimulatedPage, Seen>();
  /** The sheets that a page showed as the person's. */
  readonly #kept = new Set<string>();
  /** The final screens of the pages that live to the end. */
  readonly #last = new Map<string, Shown>();
  /** The unfinished navigations back in each page, and the pages in which one finished in this step. */
  readonly #requests = new Map<SimulatedPage, number>();
  readonly #done: SimulatedPage[] = [];
  readonly #later = new Set<SimulatedPage>();
  /** The last step at which each page may have been writing a sheet. */
  readonly #busy = new Map<string, Map<string, number>>();
  /** The last step at which a person changed a sheet in a page. */
  readonly #acted = new Map<string, number>();
  saves = 0;

  get edits(): number {
    return this.#edits.size;
  }

  /** Notes a new page and its profile. */
  begin(name: string, profile: number): void {
    this.#profiles.set(name, profile);
  }

  /** Notes edits that are on disk before any page, or that another hand adds. */
  give(sheet: string, tags: readonly string[]): void {
    for (const tag of tags) this.#note({ tag, sheet, by: 'another hand', step: -1, isSaved: true });
    this.copies.allow(sheet);
  }

  #note(edit: Omit<Edit, 'isTold'>): Edit {
    const noted = { ...edit, isTold: false };
    this.#edits.set(placeOf(edit.sheet, edit.tag), noted);
    return noted;
  }

  #write(sheet: string, name: string, step: number): void {
    const pages = this.#busy.get(sheet) ?? new Map<string, number>();
    this.#busy.set(sheet, pages.set(name, Math.max(step, pages.get(name) ?? 0)));
  }

  /** Performs a person's deed and compares the screens around it. `act` returns a promise if it is slow. */
  act(
    name: string,
    page: SimulatedPage,
    step: number,
    act: () => Promise<void> | undefined,
    tag?: string,
  ): void {
    const before = page.shown();
    const messages = page.messages();
    if (tag && before) this.#write(before.sheet, name, step);
    if (before) this.#acted.set(placeOf(before.sheet, name), step);
    const goingBack = act();
    const after = page.shown();
    if (tag && before && after) {
      const isThere = after.tags.has(tag);
      // A sheet gets its id with its first edit at the latest.
      const { sheet } = isThere ? after : before;
      const edit = this.#note({ tag, sheet, by: name, step, isSaved: false });
      if (!isThere && page.messages() > messages) edit.isTold = true;
      else if (!isThere) this.violations.push(`${name}: edit ${tag} does not appear, and nothing says why`);
    }
    if (before && after?.sheet === before.sheet) {
      this.#request(name, before, after);
      const seen = this.#seen.get(page);
      if (seen) seen.shown = after;
    }
    // An undo before storage has answered may show later.
    if (!tag && before && after && isEqual(before.tags, after.tags)) this.#later.add(page);
    if (!goingBack) return;
    this.#requests.set(page, (this.#requests.get(page) ?? 0) + 1);
    // The screen at the end of the navigation is observed before the navigation counts as finished.
    void goingBack.finally(() => this.#done.push(page));
  }

  /** Notes that a person gives a sheet another title, which replaces all titles before. */
  rename(name: string, sheet: string, tag: string, step: number): void {
    // If another hand took a sheet over, its title may have become this sheet's.
    const before = [...this.#edits.values()].filter(
      (edit) => (edit.sheet === sheet || this.copies.isLoose(edit.sheet)) && this.#titles.has(edit.tag),
    );
    this.#titles.add(tag);
    this.#note({ tag, sheet, by: name, step, isSaved: false });
    this.#write(sheet, name, Number.POSITIVE_INFINITY);
    this.#acted.set(placeOf(sheet, name), step);
    for (const other of before) {
      this.#withdraw(other.sheet, other.tag, name);
      // An unwritten title may be written after this one.
      if (!other.isSaved) this.#withdraw(sheet, tag, other.by);
    }
  }

  /** Notes that a message reported an edit. */
  reported(tag: string): void {
    for (const edit of this.#edits.values()) if (edit.tag === tag) edit.isTold = true;
  }

  #withdraw(sheet: string, tag: string, by: string): void {
    const place = placeOf(sheet, tag);
    this.#takenBack.set(place, new Set([...(this.#takenBack.get(place) ?? []), by]));
    this.#everTakenBack.add(place);
    this.#tagsTakenBack.add(tag);
  }

  #takeBack(name: string, before: Shown, after: Shown): void {
    for (const gone of difference(before.tags, after.tags)) this.#withdraw(before.sheet, gone, name);
  }

  /** Compares two screens around a person's deed: its changes are intended. */
  #request(name: string, before: Shown, after: Shown): void {
    this.#takeBack(name, before, after);
    for (const back of difference(after.tags, before.tags)) {
      const place = placeOf(after.sheet, back);
      this.#takenBack.get(place)?.delete(name);
      // A redone edit is not saved yet.
      const again = this.#edits.get(place);
      if (again) again.isSaved = false;
    }
  }

  /** Called after all screens were observed in a step. */
  observed(): void {
    for (const page of this.#done.splice(0)) this.#requests.set(page, (this.#requests.get(page) ?? 1) - 1);
  }

  /**
   * Returns the edit that a screen shows in a sheet, made in the sheet or copied with it; undefined if it
   * belongs to neither.
   */
  #shownEdit(name: string, shown: Shown, tag: string, step: number): Edit | undefined {
    const edit = this.#edits.get(placeOf(shown.sheet, tag));
    if (edit) return edit;
    const own = (sheet: string): ReadonlySet<string> =>
      new Set([...this.#edits.values()].filter((one) => one.sheet === sheet).map((one) => one.tag));
    if (!this.copies.isCopy(shown, own)) return undefined;
    return this.#note({ tag, sheet: shown.sheet, by: name, step, came: true, isSaved: false });
  }

  /** Notes that a page reported a sheet with these edits as added. */
  added(name: string, sheet: string, tags: ReadonlySet<string>, step: number): void {
    this.#kept.add(sheet);
    this.#write(sheet, name, Number.POSITIVE_INFINITY);
    for (const tag of tags) {
      const edit = this.#edits.get(placeOf(sheet, tag));
      if (edit) edit.isSaved = true;
      else this.#note({ tag, sheet, by: name, step, came: true, isSaved: true });
    }
  }

  /** Observes the screen of a page. */
  observe(name: string, page: SimulatedPage, step: number): void {
    const shown = page.shown();
    const status = page.status();
    const messages = page.messages();
    const seen = this.#seen.get(page);
    if (shown?.kept && status === 'saved') this.#kept.add(shown.sheet);
    if (shown && status !== 'saved') this.#write(shown.sheet, name, step);
    if (seen && messages > seen.messages) this.#hear(name, shown);
    if (seen && seen.shown === shown && seen.status === status) {
      seen.messages = messages;
      return;
    }
    this.#seen.set(page, { shown, status, messages });
    if (!shown) return;
    for (const tag of shown.twice) this.violations.push(`${name}: edit ${tag} is made twice`);
    const isRequested = (this.#requests.get(page) ?? 0) > 0 || this.#later.has(page);
    if (isRequested && seen?.shown?.sheet === shown.sheet) {
      this.#takeBack(name, seen.shown, shown);
      if (difference(seen.shown.tags, shown.tags).length > 0) this.#later.delete(page);
    }
    for (const tag of shown.tags) {
      const edit = this.#shownEdit(name, shown, tag, step);
      if (!edit) this.violations.push(`${name}: sheet ${shown.sheet} shows edit ${tag} of another`);
      if (status === 'saved' && edit && !edit.isSaved) {
        edit.isSaved = true;
        this.saves++;
      }
    }
    if (seen?.shown && seen.shown.sheet !== shown.sheet) {
      // Unwritten edits of a sheet that leaves the screen are written at an unknown time.
      if (seen.status !== 'saved') this.#write(seen.shown.sheet, name, Number.POSITIVE_INFINITY);
      return;
    }
    if (!seen?.shown) return;
    for (const tag of difference(seen.shown.tags, shown.tags)) {
      const edit = this.#edits.get(placeOf(shown.sheet, tag));
      if (edit && messages > seen.messages) edit.isTold = true;
      else if (!this.#everTakenBack.has(placeOf(shown.sheet, tag)) && !edit?.isTold)
        this.violations.push(`${name}: edit ${tag} vanished from the screen without a message`);
    }
  }

  /** The page lives to the end and says "saved", so all edits made in it must be saved. */
  promise(name: string, shown: Shown | undefined): void {
    if (shown) this.#last.set(name, shown);
    // An undone edit may have been redone by a page that is gone.
    for (const [place, edit] of this.#edits)
      if (edit.by === name && !this.#everTakenBack.has(place)) edit.isSaved = true;
  }

  /** A page ends; its tab may write the page's unwritten edits at any time, from the tab's memory. */
  end(name: string): void {
    for (const { by, sheet, isSaved } of this.#edits.values())
      if (by === name && !isSaved) this.#write(sheet, name, Number.POSITIVE_INFINITY);
  }

  /** A message may concern unwritten edits of a sheet that is not on the screen. */
  #hear(name: string, shown: Shown | undefined): void {
    for (const edit of this.#edits.values())
      if (edit.by === name && !edit.isSaved && edit.sheet !== shown?.sheet) edit.isTold = true;
  }

  /** The sheets of a profile that contain edits. */
  sheets(profile: number): string[] {
    const own = [...this.#edits.values()].filter(({ by }) => (this.#profiles.get(by) ?? 0) === profile);
    return [...new Set(own.map(({ sheet }) => sheet))];
  }

  /** The last step at which a page may have been writing the sheet. */
  busy(sheet: string): number {
    return Math.max(-1, ...(this.#busy.get(sheet)?.values() ?? []));
  }

  /** Adds the violations of a sheet that is wrongly removed, or wrongly present, at the end. */
  auditRemoval(sheet: string, isRemoved: boolean): void {
    const wrong = this.removals.audit(sheet, isRemoved, ({ by, start }) => {
      // A page writes its own edits before it removes a sheet.
      const others = [...(this.#busy.get(sheet) ?? [])].filter(([name]) => name !== by);
      return others.some(([, step]) => step >= start) || (this.#acted.get(placeOf(sheet, by)) ?? -1) >= start;
    });
    this.violations.push(...wrong);
  }

  /**
   * Compares the sheets of fresh pages with what was promised and, if `isHeard`, with the final screens of
   * the other pages.
   */
  audit(found: ReadonlyMap<string, Found>, isHeard: boolean): void {
    for (const [name, { sheet, tags }] of isHeard ? this.#last : []) {
      const stored = found.get(sheet);
      if (!stored) continue;
      const [older, newer] = [difference(stored.tags, tags), difference(tags, stored.tags)];
      if (older.length + newer.length > 0)
        this.violations.push(`${name}: says saved, lacks ${older} and has ${newer} beside what is stored`);
    }
    for (const sheet of this.#kept)
      if (found.get(sheet)?.kept === false) this.violations.push(`sheet ${sheet} was kept, and is not`);
    const isTakenBack = (place: string, sheet: string, tag: string): boolean =>
      (this.#takenBack.get(place)?.size ?? 0) > 0 ||
      (this.copies.isLoose(sheet) && this.#tagsTakenBack.has(tag));
    for (const [place, { tag, sheet, by, isSaved, isTold }] of this.#edits)
      if (isSaved && !isTold && !isTakenBack(place, sheet, tag) && !this.copies.has(found, sheet, tag))
        this.violations.push(`edit ${tag} of ${by} was called saved, and is not in sheet ${sheet}`);
  }

  /** Checks that a fresh page opens the sheet of its profile that was edited last. */
  auditFirst(first: string | undefined, profile: number, isStored: boolean): void {
    // A sheet that no page was seen to write came from a file, from the release before, or from a document
    // that was not on the screen.
    const isUnseen = first !== undefined && this.busy(first) < 0;
    if (isUnseen && isStored && (!this.#kept.has(first) || this.copies.isParted(first))) return;
    const isFirst = (sheet: string): boolean =>
      this.#kept.has(sheet) && !this.removals.touched(sheet) && !this.copies.isLoose(sheet);
    const until = first === undefined ? -1 : this.busy(first);
    for (const [place, { tag, by, sheet, isSaved, isTold, step, came }] of this.#edits) {
      const isIts = (this.#profiles.get(by) ?? 0) === profile && !came && sheet !== first && isFirst(sheet);
      if (isIts && isSaved && !isTold && step > until && !this.#takenBack.get(place)?.size) {
        this.violations.push(`a fresh page opens ${first}, but ${sheet} was saved later (edit ${tag})`);
        return;
      }
    }
  }
}
