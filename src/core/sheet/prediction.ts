// A question about a result, asked before the result is shown: "A.loss" asks for a number, "lowest.loss" for a run.
// Invariant: a parsed question names a result that exists and, if it asks for a number, a run of the sheet. Knows no answer.

import type { Registry, Result } from '../kinds/kind';
import { quote } from '../kinds/param';
import type { RunId, Sheet } from './sheet';

/** The question: the number of one result in one run, or the run in which a result is lowest or highest. */
export type Prediction =
  | { readonly asks: 'number'; readonly run: RunId; readonly result: Result }
  | { readonly asks: 'lowest' | 'highest'; readonly result: Result };

/** The longest text of a question, in characters. */
export const MAX_PREDICTION = 60;

/** Parses "A.loss", "lowest.loss" or "highest.accuracy" for a sheet; a refusal has a reason in words. */
export function parsePrediction(
  text: string,
  registry: Registry,
  sheet: Sheet,
): { readonly ok: true; readonly value: Prediction } | { readonly ok: false; readonly reason: string } {
  const [who = '', name, ...rest] = text.split('.');
  const result = rest.length > 0 ? undefined : registry.results.find((one) => one.name === name);
  if (text.length > MAX_PREDICTION || !result) {
    const names = registry.results.map((one) => one.name).join(', ');
    return { ok: false, reason: `${quote(text)} names no result; choose from ${names}` };
  }
  if (who === 'lowest' || who === 'highest') return { ok: true, value: { asks: who, result } };
  if (!sheet.runs.some(({ id }) => id === who))
    return { ok: false, reason: `${quote(text)}: there is no run ${quote(who)}` };
  if (result.format === 'ratio')
    return { ok: false, reason: `${quote(text)}: a ratio is no number to guess; ask for a run` };
  return { ok: true, value: { asks: 'number', run: who, result } };
}

/** The canonical text of a question. */
export const predictionText = (asked: Prediction): string =>
  `${asked.asks === 'number' ? asked.run : asked.asks}.${asked.result.name}`;
