// The spoken text of a param's cell, the reason for a param without effect, and a member's own seeds.
// Invariant: pure functions of plan and reading; the words are in the order in which a person would ask for them.

import type { Registry } from '../../core/kinds/kind';
import { memberSeed } from '../../core/plan/param-values';
import type { RunPlan } from '../../core/plan/plan';
import { words } from '../../core/words';
import type { Reading } from './reading';
import type { Row } from './sheet-rows';

type ParamRow = Row & { readonly type: 'param' };

/** What the run's member has in a row: of a seed its own, else what its run has. */
export function memberReading(run: RunPlan, row: ParamRow, reading: Reading, member: number): Reading {
  const seed = run.settings.get(row.kind)?.params?.[row.param];
  if (reading.param.type !== 'seed' || seed === undefined) return reading;
  const text = String(memberSeed(seed, member));
  return { ...reading, text, shown: text };
}

/** Where a text comes from: "overrides A", "set here", "from A", "default". */
export function originText(run: RunPlan, { from, source }: Reading): string {
  if (from === 'inherited') return `from ${source}`;
  if (from === 'default') return 'default';
  return run.run.base === undefined ? 'set here' : `overrides ${run.run.base}`;
}

/** Why a param counts for nothing in this run: "no effect with sgd"; undefined where it counts. */
export function noEffectText(registry: Registry, run: RunPlan, row: ParamRow): string | undefined {
  const kind = registry.get(row.kind);
  const params = run.settings.get(row.kind)?.params;
  if (!kind?.applies || !params || kind.applies(row.param, params)) return undefined;
  // The choice to blame is one that, made otherwise, would have the param count.
  const blamed = Object.entries(kind.params).find(([name, { choices = [] }]) =>
    choices.some((choice) => kind.applies?.(row.param, { ...params, [name]: choice })),
  );
  return blamed ? `no effect with ${params[blamed[0]]}` : 'no effect here';
}

/** A param's cell in words: "C, activation, relu, overrides A". */
export function spokenParam(
  name: string,
  row: ParamRow,
  run: RunPlan,
  reading: Reading | undefined,
  idle: string | undefined,
): string {
  const said = reading
    ? [
        reading.shown,
        reading.shown === reading.text ? undefined : reading.text,
        originText(run, reading),
        idle,
        reading.problem?.message,
      ]
    : [];
  return [name, words(row.param), ...said].filter((part) => part !== undefined).join(', ');
}
