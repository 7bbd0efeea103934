// Describes the outcome of opening a file: the added items, the items that were already present, the damaged ones.
// Invariant: every item that is not added is named or counted. Pure; knows neither files nor storage.

import { counted, grouped, joined } from '../../core/words';

/** The files that can be opened. */
export const ACCEPTED = 'a sheet (.gradsheet) or an export (.zip) of Gradsheet';

/** A place in a file and what is to be said of it. */
export interface FileRemark {
  readonly place: string;
  readonly reason: string;
}

/** What came of one file. */
export interface TransferReport {
  /** The file's name. */
  readonly file: string;
  readonly sheets: { readonly added: number; readonly skipped: number };
  readonly trainings: { readonly added: number; readonly known: number };
  /** What the file was to hold and is lost, or could not be kept here. */
  readonly damaged: readonly FileRemark[];
  /** What loses nothing. */
  readonly notes: readonly FileRemark[];
}

/** So many remarks are shown one by one. */
const SHOWN = 20;

/** One sentence on what was added and what was there. */
export function summaryText({ sheets, trainings, damaged }: TransferReport): string {
  const count = (n: number, what: string): string[] => (n > 0 ? [counted(n, what)] : []);
  const added = [...count(sheets.added, 'sheet'), ...count(trainings.added, 'training')];
  const known = [...count(sheets.skipped, 'sheet'), ...count(trainings.known, 'training')];
  const sentences = [
    ...(added.length > 0 ? [`Added ${joined(added)}.`] : []),
    ...(known.length > 0
      ? [`${joined(known)} ${sheets.skipped + trainings.known === 1 ? 'was' : 'were'} here already.`]
      : []),
  ];
  if (sentences.length > 0) return sentences.join(' ');
  return damaged.length > 0 ? 'Nothing could be added.' : 'The file has no content.';
}

/** The remarks as lines, the first few of them one by one. */
export function remarkLines(remarks: readonly FileRemark[]): readonly string[] {
  const lines = remarks.slice(0, SHOWN).map(({ place, reason }) => `${place}: ${reason}`);
  const more = remarks.length - SHOWN;
  return more > 0 ? [...lines, `and ${grouped(more)} more`] : lines;
}
