// Compares parts of a Markdown page, tables or lists, with the lines that the code gives for them.
// Invariant: everything else on the page stays as written. `npx vitest run -u` with the test rewrites the parts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The text of a page, by its path from the project's root. */
export const pageText = (page: string): string => readFileSync(join(root, page), 'utf8');

/** A row of a Markdown table; a bar within a cell is escaped. */
export const tableRow = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A part of a page: the line or lines that open it, and the lines from there to the next empty line. */
export type Part = readonly [opening: string, lines: readonly string[]];

/** Expects these parts on a page; one call for all parts of a page. Throws where an opening is missing. */
export async function expectParts(page: string, parts: readonly Part[]): Promise<void> {
  let text = pageText(page);
  for (const [opening, lines] of parts) {
    const start = text.indexOf(`${opening}\n`) + opening.length;
    if (start < opening.length) throw new Error(`${page} has no line ${opening}`);
    const end = text.indexOf('\n\n', start);
    text = [text.slice(0, start), ...lines].join('\n') + (end < 0 ? '\n' : text.slice(end));
  }
  await expect(text).toMatchFileSnapshot(join(root, page));
}
