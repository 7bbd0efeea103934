// The error that explains why a file, or a part of a file, cannot be read.
// Invariant: only this error stands for bad data; any other error is a fault of the program.

import { quote } from '../../core/kinds/param';

/** A refusal of outside data; the message is a clause for people that names the place within the file. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}

/** A place and what is wrong there, or worth to be said of it. */
export interface Remark {
  readonly place: string;
  readonly reason: string;
}

/** What went wrong as a clause; rethrows what is no fault of the data. */
export function faultReason(error: unknown): string {
  if (error instanceof FileFault) return error.message;
  throw error;
}

/** A path or a name as a message shows it: as it is where that is harmless, else quoted and cut. */
export const shownPath = (path: string): string => (/^[\w./-]{1,80}$/.test(path) ? path : quote(path));
