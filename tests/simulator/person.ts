// A person's deeds in a page, within a sheet, with whole sheets, files and trainings; and their account.
// Invariant: a deed that the page reports as done enters the account at once; an unfinished deed may take
// effect at any time.
// Does not know how the page does it.

import { unzipSync, zipSync } from 'fflate';
import type { TabHistory } from './environment';
import type { Ledger } from './ledger';
import type { Exported, SheetDeeds, SimulatedPage } from './page';

/** The deeds with whole sheets, files and trainings. */
export const WHOLE_DEEDS = ['remove', 'restore', 'rename', 'duplicate', 'export', 'import', 'train'] as const;
export type WholeDeed = (typeof WHOLE_DEEDS)[number];

/** A page in which a person acts. */
export interface Acting {
  readonly name: string;
  readonly profile: number;
  readonly page: SimulatedPage;
  readonly history: TabHistory;
  /** The number of the running step. */
  step(): number;
  isGone(): boolean;
}

/** Returns a damaged file: with a changed byte, cut short, or with a changed and repacked part. */
function damaged({ name, bytes }: Exported, amount: number): Uint8Array {
  if (amount % 3 === 0 && name.endsWith('.zip')) {
    const parts = Object.entries(unzipSync(bytes)).map(([path, content]) => {
      const text = new TextDecoder().decode(content);
      return [path, new TextEncoder().encode(text.replace('"tag.e', '"tag.x'))] as const;
    });
    return zipSync(Object.fromEntries(parts), { mtime: '2026-01-01' });
  }
  const at = (amount * 7_919) % bytes.length;
  if (amount % 2) return bytes.slice(0, at);
  const other = bytes.slice();
  other[at] = (other[at] ?? 0) ^ 0x10;
  return other;
}

const textOf = (tags: ReadonlySet<string>): string => [...tags].sort().join(' ');

/** The person of one schedule, and the account of files and trainings. */
export class Person {
  readonly #ledger: Ledger;
  readonly #files: Exported[] = [];
  /** The trainings stored in each profile, and those computed there. */
  readonly #kept = new Map<number, Set<number>>();
  readonly #computed = new Map<number, Set<number>>();
  #edits = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Returns a tag that no other edit has. */
  newTag(): string {
    return `e${++this.#edits}`;
  }

  /** Performs a deed in a page that shows a sheet. */
  act(deed: string, amount: number, acting: Acting): void {
    const whole = WHOLE_DEEDS.find((one) => one === deed);
    const { deeds } = acting.page;
    if (!whole) this.#inSheet(deed, amount, acting);
    else if (deeds) this.#withSheets(whole, amount, acting, deeds);
  }

  #inSheet(deed: string, amount: number, { name, page, history, step }: Acting): void {
    const tag = deed === 'edit' || deed === 'replace' ? this.newTag() : undefined;
    /** Only 'back' may take edits off the screen while it is under way, so only its promise is returned. */
    const act = (): Promise<void> | undefined => {
      if (deed === 'back') return history.go(amount % 3 === 0 ? 1 : -1) ? page.arrive() : undefined;
      if (deed === 'edit' && tag) page.edit(tag);
      else if (tag) page.replace(tag);
      else if (deed === 'undo') page.undo();
      else if (deed === 'redo') page.redo();
      else if (deed === 'create') void page.create();
      else if (deed === 'keep') void page.keep();
      else if (deed === 'link') {
        history.push({ address: page.linkTo(amount), mark: undefined });
        void page.arrive();
      } else void page.openAny(amount);
      return undefined;
    };
    this.#ledger.act(name, page, step(), act, tag);
  }

  #withSheets(deed: WholeDeed, amount: number, acting: Acting, deeds: SheetDeeds): void {
    const { name, step } = acting;
    const ledger = this.#ledger;
    if (deed === 'remove' || deed === 'restore') {
      let end: ((step: number) => void) | undefined;
      const begin = (sheet: string): void => {
        end = ledger.removals.begin(sheet, deed === 'remove', name, step());
      };
      void deeds[deed](amount, begin).then((isDone) => {
        if (isDone && !acting.isGone()) end?.(step());
      });
    } else if (deed === 'rename') {
      const tag = this.newTag();
      const begin = (sheet: string): void => ledger.rename(name, sheet, tag, step());
      void deeds.rename(amount, tag, begin).then((isDone) => {
        if (!isDone) ledger.reported(tag);
      });
    } else if (deed === 'duplicate') void deeds.duplicate(amount, (sheet) => ledger.copies.allow(sheet));
    else if (deed === 'export') void this.#export(amount, deeds);
    else if (deed === 'import') void this.#import(amount, acting, deeds);
    else void this.#train(amount, acting, deeds);
  }

  async #export(amount: number, deeds: SheetDeeds): Promise<void> {
    const file = await deeds.exportFile(amount);
    if (!file) return;
    this.#files.push(file);
    for (const { sheet } of file.sheets) this.#ledger.copies.allow(sheet);
  }

  async #import(amount: number, { name, profile, step }: Acting, deeds: SheetDeeds): Promise<void> {
    const file = this.#files[amount % this.#files.length];
    if (!file) return;
    const isDamaged = amount % 5 === 0;
    const bytes = isDamaged ? damaged(file, amount) : file.bytes;
    const held = new Set(file.sheets.map(({ tags }) => textOf(tags)));
    const fault = (what: string): void => void this.#ledger.violations.push(`${name}: ${what}`);
    /** Sheets that differ from the exported ones. */
    const strange: string[] = [];
    const added: string[] = [];
    const done = await deeds.importFile({ name: file.name, bytes }, (sheet, tags) => {
      added.push(textOf(tags));
      if (!held.has(textOf(tags))) strange.push(textOf(tags));
      this.#ledger.added(name, sheet, tags, step());
    });
    // A changed sheet file is read with a remark; a changed part of an export is reported as damaged.
    if (strange.length > (file.name.endsWith('.zip') ? 0 : (done?.noted ?? 1)))
      fault(`a file brought sheets with ${strange.join(', ')}, which it does not hold`);
    if (!done || done.damaged > 0) return;
    const count = file.sheets.length + file.trainings.length;
    const there = new Set([...added, ...done.here.map(textOf)]);
    for (const { tags } of file.sheets)
      if (!isDamaged && !there.has(textOf(tags))) fault(`a file's sheet with ${textOf(tags)} did not come`);
    if (done.added + done.skipped === count)
      for (const number of file.trainings) this.#in(this.#kept, profile).add(number);
    else if (!isDamaged)
      fault(`of ${count} parts of a file ${done.added} came and ${done.skipped} were there`);
  }

  async #train(amount: number, { profile }: Acting, deeds: SheetDeeds): Promise<void> {
    const number = amount % 8;
    if (!(await deeds.train(number))) return;
    this.#in(this.#kept, profile).add(number);
    this.#in(this.#computed, profile).add(number);
  }

  #in(map: Map<number, Set<number>>, profile: number): Set<number> {
    const held = map.get(profile) ?? new Set<number>();
    map.set(profile, held);
    return held;
  }

  /** Compares the library of a fresh page with the trainings reported as stored. */
  audit(profile: number, found: Awaited<ReturnType<SheetDeeds['trainings']>>): void {
    for (const number of this.#in(this.#kept, profile))
      if (!found.all.has(number))
        this.#ledger.violations.push(`training ${number} was kept, and is not in the library`);
    for (const number of this.#in(this.#computed, profile))
      if (!found.own.has(number))
        this.#ledger.violations.push(`training ${number} was computed here, and is called imported`);
  }
}
