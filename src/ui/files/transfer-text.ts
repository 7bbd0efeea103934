// Describes the outcome of opening a file: the added items, the items that were already present, the damaged ones.
// Invariant: every item that is not added is named or counted. Pure; knows neither files nor storage.

import { counted, grouped, joined } from '../../core/text-formatting';

/** Names of the files that can be opened, for a sentence. */
export const ACCEPTED = 'a sheet or a lesson (.gradsheet) or an export (.zip) of Gradsheet';

/** A place in a file, and a remark about the content there. */
export interface FileRemark {
  readonly place: string;
  readonly reason: string;
}

/** Outcome of opening one file. */
export interface TransferReport {
  /** The file's name. */
  readonly file: string;
  readonly sheets: { readonly added: number; readonly skipped: number };
  readonly trainings: { readonly added: number; readonly known: number };
  /** The lesson that was opened, by its number of steps; nothing of it is stored. */
  readonly lesson?: { readonly steps: number };
  /** Content that could not be read from the file, or could not be stored. */
  readonly damaged: readonly FileRemark[];
  /** Remarks on the file that mean no loss of content. */
  readonly notes: readonly FileRemark[];
}

/** Remarks shown one by one; further remarks are counted. */
const SHOWN = 20;

/** One or two sentences on the items that were added and on the items that were present before. */
export function summaryText({ sheets, trainings, lesson, damaged }: TransferReport): string {
  if (lesson) return `Opened a lesson of ${counted(lesson.steps, 'step')}. Your own sheets are unchanged.`;
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

/** One line per remark for the first 20 remarks, then a line with the number of the other remarks. */
export function remarkLines(remarks: readonly FileRemark[]): readonly string[] {
  const lines = remarks.slice(0, SHOWN).map(({ place, reason }) => `${place}: ${reason}`);
  const more = remarks.length - SHOWN;
  return more > 0 ? [...lines, `and ${grouped(more)} more`] : lines;
}
