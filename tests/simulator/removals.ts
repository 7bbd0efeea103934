// The account of removing and restoring: which sheets may be removed at the end.
// Invariant: of what was done to a sheet anything may be the last that was not certainly followed by something else; what
// writes a sheet brings it back. Does not know pages.

interface Deed {
  readonly removes: boolean;
  readonly start: number;
  /** The step by which it was certainly done; it may never be. */
  end: number;
}

export class Removals {
  readonly #deeds = new Map<string, Deed[]>();

  /** A person begins to remove or to restore a sheet; returns what is to be called once that is certainly done. */
  begin(sheet: string, removes: boolean, start: number): (end: number) => void {
    const deed: Deed = { removes, start, end: Number.POSITIVE_INFINITY };
    this.#deeds.set(sheet, [...(this.#deeds.get(sheet) ?? []), deed]);
    return (end) => {
      deed.end = end;
    };
  }

  /** Whether somebody tried to remove the sheet. */
  touched(sheet: string): boolean {
    return this.#deeds.has(sheet);
  }

  /** What is wrong with a sheet that is removed at the end, or is not; `busy` is the last step at which it was written. */
  audit(sheet: string, isRemoved: boolean, busy: number): string[] {
    const deeds = this.#deeds.get(sheet) ?? [];
    // What may have failed takes the place of nothing.
    const isLast = (deed: Deed): boolean =>
      deeds.every(({ start, end }) => start <= deed.end || end === Number.POSITIVE_INFINITY);
    const last = deeds.filter(isLast);
    if (isRemoved)
      return last.some(({ removes }) => removes) ? [] : [`sheet ${sheet} is removed, and nobody wanted that`];
    const isBack =
      last.length === 0 ||
      last.some(({ removes, start, end }) => !removes || end === Number.POSITIVE_INFINITY || busy >= start);
    return isBack ? [] : [`sheet ${sheet} was removed, and is back`];
  }
}
