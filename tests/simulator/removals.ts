// The account of removing and restoring: which sheets may be removed at the end.
// Invariant: the last deed of a sheet may be any deed that was not certainly followed by another; a write
// brings a removed sheet back. Does not know pages.

/** A deed that removes or restores a sheet. */
export interface Removal {
  readonly removes: boolean;
  /** The page of the deed. */
  readonly by: string;
  readonly start: number;
  /** The step at which the deed was certainly done; Infinity if that is unknown. */
  end: number;
}

/** The removals and restorations of one schedule, by sheet. */
export class Removals {
  readonly #deeds = new Map<string, Removal[]>();

  /** Notes that a person begins a deed; returns a function to call when the deed is certainly done. */
  begin(sheet: string, removes: boolean, by: string, start: number): (end: number) => void {
    const deed: Removal = { removes, by, start, end: Number.POSITIVE_INFINITY };
    this.#deeds.set(sheet, [...(this.#deeds.get(sheet) ?? []), deed]);
    return (end) => {
      deed.end = end;
    };
  }

  /** Whether a person tried to remove or restore the sheet. */
  touched(sheet: string): boolean {
    return this.#deeds.has(sheet);
  }

  /**
   * Returns the violations of a sheet's final state. `mayBeBack` says whether the sheet may have been written
   * after a removal.
   */
  audit(sheet: string, isRemoved: boolean, mayBeBack: (removal: Removal) => boolean): string[] {
    const deeds = this.#deeds.get(sheet) ?? [];
    // A deed that may have failed does not supersede the deeds before it.
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
