// What shows or hides the quiet params of a group, in words.

import { counted } from '../../core/text-formatting';
import type { Rows } from './row-list';

/** "2 params of dataset at default: show". */
export function quietWords(rows: Rows, kind: string): string {
  const why = rows.differing() ? 'alike in all runs' : 'at default';
  const act = rows.opened().has(kind) ? 'hide' : 'show';
  return `${counted(rows.quiet(kind), 'param')} of ${kind} ${why}: ${act}`;
}
