// Reads a cell of the grid as data: a param's text and the origin of the text, a computed cell's status in words.
// Invariant: pure functions of plan and state; nothing here is remembered.

import { problemOf } from '../../core/compute/scheduler';
import type { Registry } from '../../core/kinds/kind';
import type { Param } from '../../core/kinds/param';
import type { Problem } from '../../core/kinds/problem';
import { isFormula, paramAt, type Read, type Setting } from '../../core/plan/param-values';
import { type RunPlan, readIn, settingIn } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';
import type { LiveState } from '../session/live';
import { pathWords, type Row } from './sheet-rows';

/** A param as a run has it: its text and what it comes to, whose text it is, and what is wrong with it. */
export interface Reading {
  readonly param: Param;
  readonly text: string;
  /** What the cell shows: a formula's value or error, and any other text as it is. */
  readonly shown: string;
  readonly from: 'own' | 'inherited' | 'default';
  /** The run that it is inherited from. */
  readonly source?: RunId;
  readonly problem?: Problem;
}

/** What a formula's cell shows where something that it reads has a problem. */
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

/** What the run has in a param's row; undefined for rows that are no param's. */
export function readParam(registry: Registry, plan: RunPlan, row: Row): Reading | undefined {
  const param = row.type === 'param' ? paramAt(registry, row.id) : undefined;
  if (row.type !== 'param' || !param) return undefined;
  const { id } = plan.run;
  const setting = settingIn(plan, row.id);
  const read = readIn(plan, row.id);
  // A rule across params blames one of them, whose text by itself may be valid.
  const rule = plan.settings.get(row.kind)?.problem;
  const isBlamed = rule && [id, setting?.from].some((run) => rule.cell === `${run}.${row.id}`);
  return readSetting(param, setting, isBlamed && !read?.problem ? { problem: rule } : read, id);
}

/** How a computed cell stands: a sign, words for it, and the problem where there is one. */
export interface Status {
  readonly sign: '●' | '◔' | '○' | '▲' | '✕';
  readonly word: string;
  readonly problem?: Problem;
  /** Whether it will be another in a moment, as long as nothing is in the way. */
  readonly passing?: boolean;
  /** Whether it waits for a person's consent. */
  readonly asks?: boolean;
}

/** "about 40 s", "about 3 min", "needs 300 MB": what keeps a cell from starting unasked. */
export function costText({ ms, bytes }: { readonly ms: number; readonly bytes: number }): string {
  const seconds = ms / 1_000;
  const time =
    seconds < 100
      ? `${Math.max(1, Math.round(seconds))} s`
      : `${Math.round(seconds / 60).toLocaleString('en-US')} min`;
  const heavy = bytes > 2 ** 28;
  return heavy ? `needs ${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MB` : `about ${time}`;
}

/** The status of a run's cell; `firstRun` is the first run that has it. */
export function readStatus(
  run: RunPlan,
  kind: string,
  state: LiveState | undefined,
  firstRun: RunId | undefined,
): Status {
  const cell = run.cells.get(kind);
  if (!cell) return { sign: '▲', word: 'missing' };
  if (cell.problem) {
    const own = cell.problem.kind !== 'blocked' && cell.problem.cell.startsWith(`${run.run.id}.${kind}`);
    return {
      sign: own ? '✕' : '▲',
      word: own ? 'not valid' : `blocked by ${cell.problem.cell}`,
      problem: cell.problem,
    };
  }
  const { outcome, activity, progress = 0 } = state ?? { activity: 'idle' as const };
  if (outcome?.failure) {
    const problem = problemOf(outcome.failure, kind, run.run.id);
    if (problem.kind === 'blocked') return { sign: '▲', word: `blocked by ${problem.cell}`, problem };
    return { sign: '✕', word: problem.kind, problem };
  }
  if (activity === 'asking')
    return { sign: '○', word: state?.estimate ? costText(state.estimate) : 'costly', asks: true };
  if (activity === 'running') return { sign: '◔', word: `${Math.floor(progress * 100)} %`, passing: true };
  if (!outcome && state?.waitsFor) return { sign: '○', word: `waits for ${state.waitsFor.kind.name}` };
  if (!outcome) return { sign: '○', word: 'queued', passing: true };
  if (firstRun !== undefined && firstRun !== run.run.id) return { sign: '●', word: 'shared' };
  if (outcome.result.from !== 'computed') return { sign: '●', word: 'cached' };
  return { sign: '●', word: `${Math.max(1, Math.round(outcome.result.ms))} ms` };
}

/** What differs from the base, in words: "A but activation", "twin of A"; empty for a run without a base. */
export function differenceText({ run }: RunPlan): string {
  if (run.base === undefined) return '';
  // In an order of their own: that of the edits is not in an address, and the same sheet is to say the same.
  const paths = [...run.overrides.keys()].sort().map(pathWords);
  if (paths.length === 0) return `twin of ${run.base}`;
  const listed =
    paths.length > 2 ? `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} more` : paths.join(', ');
  return `${run.base} but ${listed}`;
}

/** The place that a problem names, as the grid knows it: the run, and the row of its param, its kind or its name. */
export function placeOf(problem: Problem): { run: RunId; row: string } {
  const [, run = '', row = ''] = problem.cell.match(/^([A-Z]+)(?:\[\d+\])?\.(.*)$/) ?? [];
  return { run, row: row === 'base' ? 'name' : row };
}
