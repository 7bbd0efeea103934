// The remark of the formula bar on a param and on a computed cell: what it means and what its mark means. Loaded late.
// Invariant: one line, the meaning first, since the end of a long line is cut.

import type { Registry } from '../../core/kinds/kind';
import type { Param } from '../../core/kinds/param';
import type { Problem } from '../../core/kinds/problem';
import type { RunPlan } from '../../core/plan/plan';
import { originText } from './cell-text';
import { STATUS_TEXTS } from './mark-text';
import { defaultText, rowMeaning } from './meaning-text';
import type { Reading } from './param-reading';
import type { Row } from './sheet-rows';
import { readStatus } from './status';

/** Meaning, bounds and default of a param; with a reading, also where its text comes from if that is not the default. */
export const paramLine = (param: Param, run?: RunPlan, reading?: Reading): string =>
  [
    param.about,
    `takes ${param.accepts}`,
    defaultText(param),
    run && reading && reading.from !== 'default' ? originText(run, reading) : '',
  ]
    .filter(Boolean)
    .join(' · ');

/** Meaning and status of the computed cell behind a row, with its recipe; or the cell's problem. */
export function statusLine(
  registry: Registry,
  row: Row,
  recipe: string | undefined,
  ...cell: Parameters<typeof readStatus>
): { readonly text: string; readonly problem?: Problem } {
  const { word, mark, problem } = readStatus(...cell);
  if (problem) return { text: problem.message, problem };
  const [meaning] = rowMeaning(registry, row) ?? [];
  return { text: [meaning, `${word}: ${STATUS_TEXTS[mark].about}`, recipe].filter(Boolean).join(' · ') };
}
