// The error that explains why a file, or a part of a file, cannot be read.
// Invariant: only this error stands for bad data; any other error is a fault of the program.

import { quote } from '../../core/kinds/param';

/** A refusal of outside data. The message is a clause for people that names the place within the file. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}

/** A place in a file, and a fault or a note about it. */
export interface Remark {
  readonly place: string;
  readonly reason: string;
}

/** Returns the message of a `FileFault`; rethrows any other error. */
export function faultReason(error: unknown): string {
  if (error instanceof FileFault) return error.message;
  throw error;
}

/** A path or a name as a message shows it: unchanged if it is harmless, otherwise quoted and shortened. */
export const shownPath = (path: string): string => (/^[\w./-]{1,80}$/.test(path) ? path : quote(path));
