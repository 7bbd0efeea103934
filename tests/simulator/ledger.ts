// The account of a schedule, kept outside of the pages: which edits were made, seen, called saved, taken back, or given up aloud.
// Invariant: it believes what a person sees and nothing else; a loss is a violation unless a person took the edit back, a line
// told of it, or its page went away while it did not yet say "saved".
// Does not know storage.

import type { Shown, SimulatedPage } from './page';

interface Edit {
  readonly sheet: string;
  readonly by: string;
  readonly step: number;
  isSaved: boolean;
  isTold: boolean;
}

interface Seen {
  shown: Shown | undefined;
  messages: number;
  status: string;
}

const difference = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...one].filter((tag) => !other.has(tag));

const isEqual = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && difference(one, other).length === 0;

export class Ledger {
  readonly violations: string[] = [];
  readonly #edits = new Map<string, Edit>();
  /** The pages in which an edit was taken back and not done again: each of them may be the last to write. */
  readonly #takenBack = new Map<string, Set<string>>();
  /** What was taken back at some time: another page may learn of that after it was done again. */
  readonly #everTakenBack = new Set<string>();
  readonly #seen = new Map<SimulatedPage, Seen>();
  /** Sheets that need not open first: those that a person removed. */
  readonly #removed = new Set<string>();
  #removals = 0;
  /** The sheets that were seen to be the person's. */
  readonly #kept = new Set<string>();
  /** What the pages show that are there to the end. */
  readonly #last = new Map<string, Shown>();
  /** How often a person is on the way back in a page, and where that was done in this step. */
  readonly #wishes = new Map<SimulatedPage, number>();
  readonly #done: SimulatedPage[] = [];
  readonly #later = new Set<SimulatedPage>();
  /** The last step at which a page may have been writing a sheet. */
  readonly #busy = new Map<string, number>();
  saves = 0;

  get edits(): number {
    return this.#edits.size;
  }

  /** Notes what the person does, and what the screen shows of it: at once, or until going back is done. */
  act(
    name: string,
    page: SimulatedPage,
    step: number,
    act: () => Promise<void> | undefined,
    tag?: string,
  ): void {
    const before = page.shown();
    const messages = page.messages();
    if (tag && before) {
      this.#edits.set(tag, { sheet: before.sheet, by: name, step, isSaved: false, isTold: false });
      this.#busy.set(before.sheet, Math.max(step, this.#busy.get(before.sheet) ?? 0));
    }
    const goingBack = act();
    const after = page.shown();
    const edit = tag === undefined ? undefined : this.#edits.get(tag);
    // A sheet gets its identity with its first edit at the latest.
    if (tag && edit && after?.tags.has(tag)) this.#edits.set(tag, { ...edit, sheet: after.sheet });
    if (tag && before && !after?.tags.has(tag)) {
      if (page.messages() > messages) this.#tell(tag);
      else this.violations.push(`${name}: edit ${tag} does not appear, and nothing says why`);
    }
    if (before && after?.sheet === before.sheet) {
      this.#wish(name, before, after);
      const seen = this.#seen.get(page);
      if (seen) seen.shown = after;
    }
    // Undo before storage has answered may show later.
    if (!tag && before && after && isEqual(before.tags, after.tags)) this.#later.add(page);
    if (!goingBack) return;
    this.#wishes.set(page, (this.#wishes.get(page) ?? 0) + 1);
    // The screen of the moment in which that is done is looked at before it counts as done.
    void goingBack.finally(() => this.#done.push(page));
  }

  #takeBack(name: string, before: Shown, after: Shown): void {
    for (const gone of difference(before.tags, after.tags)) {
      this.#takenBack.set(gone, new Set([...(this.#takenBack.get(gone) ?? []), name]));
      this.#everTakenBack.add(gone);
    }
  }

  #isTakenBack(tag: string): boolean {
    return (this.#takenBack.get(tag)?.size ?? 0) > 0;
  }

  /** The person wanted what changed. */
  #wish(name: string, before: Shown, after: Shown): void {
    this.#takeBack(name, before, after);
    for (const back of difference(after.tags, before.tags)) {
      this.#takenBack.get(back)?.delete(name);
      // That it is back is not called saved yet.
      const again = this.#edits.get(back);
      if (again) again.isSaved = false;
    }
  }

  /** Is called once all screens were looked at after a step. */
  observed(): void {
    for (const page of this.#done.splice(0)) this.#wishes.set(page, (this.#wishes.get(page) ?? 1) - 1);
  }

  /** Looks at the screen of a page. */
  observe(name: string, page: SimulatedPage, step: number): void {
    const shown = page.shown();
    const status = page.status();
    const messages = page.messages();
    const seen = this.#seen.get(page);
    if (shown?.kept && status === 'saved') this.#kept.add(shown.sheet);
    if (shown && status !== 'saved')
      this.#busy.set(shown.sheet, Math.max(step, this.#busy.get(shown.sheet) ?? 0));
    if (seen && messages > seen.messages) this.#hear(name, shown);
    if (seen && seen.shown === shown && seen.status === status) {
      seen.messages = messages;
      return;
    }
    this.#seen.set(page, { shown, status, messages });
    if (!shown) return;
    for (const tag of shown.twice) this.violations.push(`${name}: edit ${tag} is made twice`);
    const isWished = (this.#wishes.get(page) ?? 0) > 0 || this.#later.has(page);
    if (isWished && seen?.shown?.sheet === shown.sheet) {
      this.#takeBack(name, seen.shown, shown);
      if (difference(seen.shown.tags, shown.tags).length > 0) this.#later.delete(page);
    }
    for (const tag of shown.tags) {
      const edit = this.#edits.get(tag);
      if (edit?.sheet !== shown.sheet)
        this.violations.push(`${name}: sheet ${shown.sheet} shows edit ${tag} of ${edit?.sheet}`);
      if (status === 'saved' && edit && !edit.isSaved) {
        edit.isSaved = true;
        this.saves++;
      }
    }
    if (seen?.shown && seen.shown.sheet !== shown.sheet) {
      // What waits for storage when its sheet leaves the screen is written at some time.
      if (seen.status !== 'saved') this.#busy.set(seen.shown.sheet, Number.POSITIVE_INFINITY);
      return;
    }
    if (!seen?.shown) return;
    for (const tag of difference(seen.shown.tags, shown.tags)) {
      if (messages > seen.messages) this.#tell(tag);
      else if (!this.#everTakenBack.has(tag) && !this.#edits.get(tag)?.isTold)
        this.violations.push(`${name}: edit ${tag} vanished from the screen without a message`);
    }
  }

  /** The page is there to the end and says "saved": so all that was done in it is. */
  promise(name: string, shown: Shown | undefined): void {
    if (shown) this.#last.set(name, shown);
    // One that was taken back may have been done again by a page that is gone.
    for (const [tag, edit] of this.#edits)
      if (edit.by === name && !this.#everTakenBack.has(tag)) edit.isSaved = true;
  }

  /** A page is gone: what it had not written its tab may write at any time, from its memory. */
  end(name: string): void {
    for (const { by, sheet, isSaved } of this.#edits.values())
      if (by === name && !isSaved) this.#busy.set(sheet, Number.POSITIVE_INFINITY);
  }

  /** A person begins to remove a sheet; whether and when that happens is known later. */
  beginRemoval(): void {
    this.#removals++;
  }

  /** A person removed a sheet: it is there, and need not open first any more. */
  remove(sheet: string | undefined): void {
    this.#removals--;
    if (sheet !== undefined) this.#removed.add(sheet);
  }

  /** A line may be about edits that wait for storage on a sheet that is not on the screen. */
  #hear(name: string, shown: Shown | undefined): void {
    for (const edit of this.#edits.values())
      if (edit.by === name && !edit.isSaved && edit.sheet !== shown?.sheet) edit.isTold = true;
  }

  #tell(tag: string): void {
    const edit = this.#edits.get(tag);
    if (edit) edit.isTold = true;
  }

  /** The sheets that hold edits. */
  sheets(): string[] {
    return [...new Set([...this.#edits.values()].map(({ sheet }) => sheet))];
  }

  /** Compares what a fresh page finds with what was promised, and with what all others show by now. */
  audit(found: ReadonlyMap<string, ReadonlySet<string>>, isHeard: boolean): void {
    for (const [name, { sheet, tags }] of isHeard ? this.#last : []) {
      const stored = found.get(sheet);
      if (!stored) continue;
      const [older, newer] = [difference(stored, tags), difference(tags, stored)];
      if (older.length + newer.length > 0)
        this.violations.push(`${name}: says saved, lacks ${older} and has ${newer} beside what is stored`);
    }
    for (const [tag, { sheet, by, isSaved, isTold }] of this.#edits)
      if (isSaved && !isTold && !this.#isTakenBack(tag) && !found.get(sheet)?.has(tag))
        this.violations.push(`edit ${tag} of ${by} was called saved, and is not in sheet ${sheet}`);
  }

  /** Whether a page that opens this sheet first opens the one that was edited last. */
  auditFirst(first: string | undefined): void {
    if (this.#edits.size === 0 || this.#removals > 0) return;
    const isFirst = (sheet: string): boolean => this.#kept.has(sheet) && !this.#removed.has(sheet);
    const until = first === undefined ? -1 : (this.#busy.get(first) ?? -1);
    for (const [tag, { sheet, isSaved, step }] of this.#edits)
      if (isSaved && sheet !== first && isFirst(sheet) && step > until && !this.#isTakenBack(tag)) {
        this.violations.push(`a fresh page opens ${first}, but ${sheet} was saved later (edit ${tag})`);
        return;
      }
  }
}
