// The form of Help: sections, groups and entries. Types alone.
// Invariant: an entry can be read and searched without knowing where it comes from.

/** One thing that Help explains. */
export interface HelpEntry {
  readonly name: string;
  /** The name in the code, in addresses and formulas. */
  readonly code?: string;
  readonly about: string;
  /** Further facts, a line each. */
  readonly notes?: readonly string[];
  /** The row of the sheet that the entry explains. */
  readonly row?: string;
  /** The keys to press, and their chords. */
  readonly keys?: { readonly shown: readonly string[]; readonly chords: readonly string[] };
}

/** Entries under one heading. */
export interface HelpGroup {
  readonly title?: string;
  /** What the title means; a search that finds the title and its meaning finds the whole group. */
  readonly about?: string;
  /** The row of the sheet that the title explains. */
  readonly row?: string;
  readonly entries: readonly HelpEntry[];
}

/** A section of Help; its name is also that of its button. */
export interface HelpSection {
  readonly name: string;
  readonly groups: readonly HelpGroup[];
}
