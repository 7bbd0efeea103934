// Writes an address: a whole sheet as readable text for the fragment of a URL.
// Invariant: equal sheets have equal addresses, and reading an address (address.ts) gives the sheet back.

import type { Kind, Registry } from '../../core/kinds/kind';
import { type Run, SEEDS_PATH, type Sheet } from '../../core/sheet/sheet';

/** The version of the grammar, the first part of every address. */
export const VERSION = 'v1';
/** The prefix of the pair that declares a row. */
export const ROW = 'row.';
/** The name of the pair that holds the sheet's title. */
export const TITLE = 'title';

/** The frozen meaning of `#v1` alone: the notebook's two networks, and the fair twin that it lacked. */
export const OPENING =
  'A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu' +
  '&C=twin&C.base=A&C.architecture.activation=relu';

// encodeURIComponent leaves the apostrophe, which would end a shell's quotation of the address.
const writePair = (name: string, value: string): string =>
  `&${name}=${encodeURIComponent(value.toWellFormed()).replaceAll("'", '%27')}`;

function writeOverrides(run: Run, kinds: readonly Kind[]): string {
  let text = '';
  const seeds = run.overrides.get(SEEDS_PATH);
  if (seeds !== undefined) text += writePair(`${run.id}.${SEEDS_PATH}`, seeds);
  for (const kind of kinds) {
    for (const name of Object.keys(kind.params)) {
      const path = `${kind.name}.${name}`;
      const value = run.overrides.get(path);
      if (value !== undefined) text += writePair(`${run.id}.${path}`, value);
    }
  }
  return text;
}

function writeRuns(sheet: Sheet, registry: Registry): string {
  return sheet.runs
    .map((run) => {
      const base = run.base === undefined ? '' : writePair(`${run.id}.base`, run.base);
      return writePair(run.id, run.name) + base + writeOverrides(run, registry.kinds);
    })
    .join('');
}

/**
 * Returns the sheet's canonical address, with its `#`: runs in order, each with its base, its seeds and its
 * overrides by kind; then rows; then the title.
 */
export function writeAddress(sheet: Sheet, registry: Registry): string {
  const rows = sheet.rows.map(({ name, formula }) => writePair(ROW + name, formula));
  const title = sheet.title === undefined ? '' : writePair(TITLE, sheet.title);
  const written = writeRuns(sheet, registry) + rows.join('') + title;
  return `#${VERSION}${written === `&${OPENING}` ? '' : written}`;
}
