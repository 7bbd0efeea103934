// Reads a run in the grid as data: a param's text and the origin of the text, and what differs from the base.
// Invariant: pure functions of the plan; nothing here is remembered. A computed cell is read in status.ts.

import type { Registry } from '../../core/kinds/kind';
import type { Param } from '../../core/kinds/param';
import type { Problem } from '../../core/kinds/problem';
import { isFormula, paramAt, type Read, type Setting } from '../../core/plan/param-values';
import { type RunPlan, readIn, settingIn } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { Row } from './sheet-rows';

/**
 * A param in a run: its text, the text that the cell shows, the origin of the text, and the problem if there
 * is one.
 */
export interface Reading {
  readonly param: Param;
  readonly text: string;
  /** The text in the cell: the value or the error of a formula; any other text unchanged. */
  readonly shown: string;
  readonly from: 'own' | 'inherited' | 'default';
  /** The run that the text is inherited from. */
  readonly source?: RunId;
  readonly problem?: Problem;
}

/** Text of a formula's cell if a precedent has a problem. */
const BLOCKED = 'blocked';

function readSetting(
  param: Param,
  setting: Setting | undefined,
  read: Read | undefined,
  run: RunId,
): Reading {
  if (!setting) {
    const text = param.format(param.default);
    return { param, text, shown: text, from: 'default' };
  }
  const { text, from } = setting;
  const value = read?.problem || read?.value === undefined ? undefined : param.format(read.value);
  const shown = isFormula(text) ? (value ?? read?.problem?.code ?? BLOCKED) : text;
  return {
    param,
    text,
    shown,
    ...(from === run ? { from: 'own' } : { from: 'inherited', source: from }),
    ...(read?.problem && { problem: read.problem }),
  };
}

/** The reading of a run in a param's row; undefined in any other row. */
export function readParam(registry: Registry, plan: RunPlan, row: Row): Reading | undefined {
  const param = row.type === 'param' ? paramAt(registry, row.id) : undefined;
  if (row.type !== 'param' || !param) return undefined;
  const { id } = plan.run;
  const setting = settingIn(plan, row.id);
  const read = readIn(plan, row.id);
  // A rule across params blames one param, whose own text may be valid.
  const rule = plan.settings.get(row.kind)?.problem;
  const isBlamed = rule && [id, setting?.from].some((run) => rule.cell === `${run}.${row.id}`);
  return readSetting(param, setting, isBlamed && !read?.problem ? { problem: rule } : read, id);
}

/**
 * Place in the grid of the cell that a problem names: the run, and the row id of the param, of the kind or of
 * the name.
 */
export function placeOf(problem: Problem): { run: RunId; row: string } {
  const [, run = '', row = ''] = problem.cell.match(/^([A-Z]+)(?:\[\d+\])?\.(.*)$/) ?? [];
  return { run, row: row === 'base' ? 'name' : row };
}
