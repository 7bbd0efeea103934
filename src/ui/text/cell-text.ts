// The spoken text of a param's cell, the reason for a param without effect, and a member's own seeds.
// Invariant: pure functions of plan and reading; a spoken text has the name first, then value, origin, effect and problem.

import type { Registry } from '../../core/kinds/kind';
import { memberSeed } from '../../core/plan/param-values';
import type { RunPlan } from '../../core/plan/plan';
import { rounded, words } from '../../core/text-formatting';
import type { Reading } from './param-reading';
import type { Row } from './sheet-rows';

type ParamRow = Row & { readonly type: 'param' };

/** The reading of a param in one member: the member's own value for a seed, else the reading of the run. */
export function memberReading(run: RunPlan, row: ParamRow, reading: Reading, member: number): Reading {
  const seed = run.settings.get(row.kind)?.params?.[row.param];
  if (reading.param.type !== 'seed' || seed === undefined) return reading;
  const text = String(memberSeed(seed, member));
  return { ...reading, text, shown: text };
}

/** Significant digits of a computed number in a cell; the formula bar and the clipboard have all of them. */
const DIGITS = 6;

/** What a cell shows: a text as it was typed, and a value of a formula in the digits that mean something. */
export function cellText({ text, shown }: Reading): string {
  if (text === shown || shown.trim() === '') return shown;
  const parts = shown.split(',').map((part) => [part, Number(part)] as const);
  if (parts.some(([part, value]) => part.trim() === '' || !Number.isFinite(value))) return shown;
  const short = (value: number): string => String(Number.isInteger(value) ? value : rounded(value, DIGITS));
  return parts.map(([part, value]) => (part.length > DIGITS ? short(value) : part)).join(',');
}

/** A note without the numbers that stand alone in it: a cell's name has its number already, in fewer digits. */
export const spokenNote = (note: string): string =>
  note
    .split('; ')
    .filter((part) => part === '' || Number.isNaN(Number(part)))
    .join('; ');

/** Origin of a param's text: "overrides A", "set here", "from A", "default". */
export function originText(run: RunPlan, { from, source }: Reading): string {
  if (from === 'inherited') return `from ${source}`;
  if (from === 'default') return 'default';
  return run.run.base === undefined ? 'set here' : `overrides ${run.run.base}`;
}

/** Why a param has no effect in this run: "no effect with sgd"; undefined if the param has an effect. */
export function noEffectText(registry: Registry, run: RunPlan, row: ParamRow): string | undefined {
  const kind = registry.get(row.kind);
  const params = run.settings.get(row.kind)?.params;
  if (!kind?.applies || !params || kind.applies(row.param, params)) return undefined;
  // Blames a choice whose change would give the param an effect.
  const blamed = Object.entries(kind.params).find(([name, { choices = [] }]) =>
    choices.some((choice) => kind.applies?.(row.param, { ...params, [name]: choice })),
  );
  return blamed ? `no effect with ${params[blamed[0]]}` : 'no effect here';
}

/**
 * Spoken text of a param's cell: "C, activation, relu, overrides A". `idle` is the result of `noEffectText`.
 */
export function spokenParam(
  name: string,
  row: ParamRow,
  run: RunPlan,
  reading: Reading | undefined,
  idle: string | undefined,
): string {
  const parts = reading
    ? [
        cellText(reading),
        reading.shown === reading.text ? undefined : reading.text,
        originText(run, reading),
        idle,
        reading.problem?.message,
      ]
    : [];
  return [name, words(row.param), ...parts].filter((part) => part !== undefined).join(', ');
}
