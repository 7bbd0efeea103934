// The account of removing and restoring: which sheets may be removed at the end.
// Invariant: of what was done to a sheet anything may be the last that was not certainly followed by something else; what
// writes a sheet brings it back. Does not know pages.

export interface Removal {
  readonly removes: boolean;
  /** The page in which it was done. */
  readonly by: string;
  readonly start: number;
  /** The step by which it was certainly done; it may never be. */
  end: number;
}

export class Removals {
  readonly #deeds = new Map<string, Removal[]>();

  /** A person begins to remove or to restore a sheet; returns what is to be called once that is certainly done. */
  begin(sheet: string, removes: boolean, by: string, start: number): (end: number) => void {
    const deed: Removal = { removes, by, start, end: Number.POSITIVE_INFINITY };
    this.#deeds.set(sheet, [...(this.#deeds.get(sheet) ?? []), deed]);
    return (end) => {
      deed.end = end;
    };
  }

  /** Whether somebody tried to remove the sheet. */
  touched(sheet: string): boolean {
    return this.#deeds.has(sheet);
  }

  /** What is wrong with a sheet that is removed at the end, or is not; `mayBeBack`: something was written after that. */
  audit(sheet: string, isRemoved: boolean, mayBeBack: (removal: Removal) => boolean): string[] {
    const deeds = this.#deeds.get(sheet) ?? [];
    // What may have failed takes the place of nothing.
    const isLast = (deed: Removal): boolean =>
      deeds.every(({ start, end }) => start <= deed.end || end === Number.POSITIVE_INFINITY);
    const last = deeds.filter(isLast);
    if (isRemoved)
      return last.some(({ removes }) => removes) ? [] : [`sheet ${sheet} is removed, and nobody wanted that`];
    const isBack =
      last.length === 0 ||
      last.some((one) => !one.removes || one.end === Number.POSITIVE_INFINITY || mayBeBack(one));
    return isBack ? [] : [`sheet ${sheet} was removed, and is back`];
  }
}
