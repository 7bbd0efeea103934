// Bounds of the memory of one tab over a reload, for writing and for reading.

/** The most sheets of one tab that wait for storage. */
export const MOST_UNWRITTEN = 20;
/** The longest label, in characters. */
export const MAX_WORD = 2_000;
/** The most edits of one sheet. */
export const MAX_EDITS = 1_000;
