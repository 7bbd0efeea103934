// A result read from the value of a single cell, for the sheet and for the bar of a phone.
// Invariant: a number of a training that still runs is said to be "so far". Pure but for the live state that it reads.

import type { Result } from '../../core/kinds/kind';
import type { Key } from '../../core/plan/key';
import type { SessionProgress } from '../session/progress';
import { formatResult } from './result-text';

/** A result as text, its exact number or "so far", and its small curve. */
export interface SingleResult {
  readonly text: string;
  readonly note: string;
  readonly curve?: Float64Array | undefined;
}

/** How the note of a number begins while its training runs. */
export const SO_FAR = 'so far';

/** The result of a cell's value, or of the partial value of a running training; undefined if there is none. */
export function singleResult(
  { live }: Pick<SessionProgress, 'live'>,
  result: Result,
  key: Key,
): SingleResult | undefined {
  const state = live.state(key);
  const value = state.outcome?.result?.value ?? state.partial;
  const figure = value === undefined ? undefined : result.read(value);
  if (value === undefined || figure === undefined) return undefined;
  const note = state.outcome ? String(figure) : SO_FAR;
  return { text: formatResult(result, figure), note, curve: result.curve?.(value) };
}
