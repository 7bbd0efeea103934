// Finds cells by what a person types to go there: a cell, a run, or a row by any of its names.
// Invariant: pure; each row of the sheet is found by its path, by its words, and by its names in other libraries; hidden rows too.

import type { Registry } from '../../core/kinds/kind';
import { seedsParam } from '../../core/plan/param-values';
import { type RunId, SEEDS_PATH, type Sheet } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import { namesElsewhere, squeezed } from '../text/meaning-text';
import { headOf, OWN } from '../text/sheet-rows';
import { NAME_ROW } from '../workspace/editing';

/** A cell that matches, the text that stands for it, and what tells it from others. */
export interface FoundCell {
  readonly run: RunId;
  readonly row: string;
  readonly text: string;
  readonly about: string;
}

/** A row by all its names, the first of which is shown. */
interface NamedRow {
  readonly id: string;
  readonly names: readonly string[];
  readonly about: string;
  /** Names in other libraries. */
  readonly elsewhere: string;
}

/** The most cells that are offered. */
const MOST = 12;

function namedRows({ kinds, results }: Registry, { rows }: Sheet): readonly NamedRow[] {
  const described = <D extends Parameters<typeof namesElsewhere>[0] & { readonly about: string }>(
    id: string,
    names: readonly string[],
    thing: D,
  ): NamedRow => ({ id, names: [...names, id], about: thing.about, elsewhere: namesElsewhere(thing) });
  const run = headOf(SEEDS_PATH);
  return [
    { id: NAME_ROW, names: [NAME_ROW], about: 'the run’s name', elsewhere: '' },
    described(SEEDS_PATH, [], seedsParam),
    { id: run, names: [run], about: 'what belongs to a run as a whole', elsewhere: '' },
    ...kinds.flatMap(({ name: kind, about, params }) => [
      { id: kind, names: [kind], about, elsewhere: '' },
      ...Object.entries(params).map(([name, param]) =>
        described(`${kind}.${name}`, [words(name), name], param),
      ),
    ]),
    ...results.map((result) =>
      described(`${result.group}.${result.name}`, [result.label, result.name], result),
    ),
    ...rows.map(({ name, formula }) => ({ id: OWN + name, names: [name], about: formula, elsewhere: '' })),
  ];
}

/** How well a row matches, the best 0; undefined for no match. */
function rankOf({ names, about, elsewhere }: NamedRow, query: string): number | undefined {
  const texts = names.map(squeezed);
  if (texts.includes(query)) return 0;
  if (texts.some((text) => text.startsWith(query))) return 1;
  if (texts.some((text) => text.includes(query))) return 2;
  if (squeezed(elsewhere).includes(query)) return 3;
  return query.length > 2 && squeezed(about).includes(query) ? 4 : undefined;
}

/** The run and the name of a row in a text such as "B.noise"; all of a text without a run is the name of a row. */
function parted(text: string, { runs }: Sheet, active: RunId): readonly [run: RunId, row: string] {
  const [, id = '', rest = ''] = /^\s*([a-z]+)\s*[.!]\s*(.*)$/i.exec(text) ?? [];
  const run = runs.find((one) => one.id === id.toUpperCase());
  return run ? [run.id, rest] : [active, text];
}

/** The cells that a text may mean, the likeliest first: runs by id and name, then rows in the named or the active run. */
export function findCells(
  text: string,
  { registry, sheet, active }: { readonly registry: Registry; readonly sheet: Sheet; readonly active: RunId },
): readonly FoundCell[] {
  const query = squeezed(text);
  const runs = sheet.runs.flatMap(({ id, name }) => {
    const named = squeezed(name);
    const rank = [id.toLowerCase() === query, named === query, named.startsWith(query)].indexOf(true);
    return query === '' || rank < 0
      ? []
      : [{ rank: rank === 2 ? 1 : 0, run: id, row: NAME_ROW, text: id, about: name }];
  });
  const [run, rowText] = parted(text, sheet, active);
  const rowQuery = squeezed(rowText);
  const rows = namedRows(registry, sheet).flatMap((row) => {
    const rank = rankOf(row, rowQuery);
    const { id, about, elsewhere } = row;
    const shown = rank === 3 ? elsewhere : about;
    return rank === undefined ? [] : [{ rank, run, row: id, text: `${run}.${id}`, about: shown }];
  });
  return [...runs, ...rows]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ rank: _, ...found }) => found);
}
