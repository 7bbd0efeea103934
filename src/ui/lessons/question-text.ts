// The texts of a question: the question itself, what is wrong with a guess, and the guess beside the result.
// Invariant: a guess is shown as it was given; a result is never shown without its guess. Pure.

import type { Result } from '../../core/kinds/kind';
import { type Prediction, predictionText } from '../../core/sheet/prediction';
import type { RunId, Sheet } from '../../core/sheet/sheet';
import { joined } from '../../core/text-formatting';
import { formatResult } from '../text/result-text';
import type { RunResult } from './run-result';

const nameIn = ({ runs }: Sheet, id: RunId): string => {
  const name = runs.find((run) => run.id === id)?.name;
  return name ? `${id} (${name})` : id;
};

/** The question as a sentence. */
export function questionText(asked: Prediction, sheet: Sheet): string {
  const { label } = asked.result;
  return asked.asks === 'number'
    ? `Predict first: what will be the ${label} of ${nameIn(sheet, asked.run)}?`
    : `Predict first: in which run will ${label} be ${asked.asks}?`;
}

/** A decimal number as people write it, with a hyphen or a minus. */
const NUMBER = /^[+\-−]?(\d+\.?\d*|\.\d+)(e[+\-−]?\d{1,3})?$/i;

/** Why a text is no number to guess; undefined if it is one. */
export function guessTrouble(text: string): string | undefined {
  const clean = text.trim();
  if (clean === '') return 'Type a number.';
  if (/^[+\-−]?\d+,\d+$/.test(clean))
    return `Write a point in place of the comma: ${clean.replace(',', '.')}`;
  return NUMBER.test(clean) ? undefined : 'This is not a number. Write one such as 0.3.';
}

/**
 * The guess beside the result, as one or two sentences. `results` are those of the question's run, or of
 * all runs; `changed` if the sheet on the screen is no longer the step's.
 */
export function answerText(
  asked: Prediction,
  guess: string,
  sheet: Sheet,
  results: readonly (RunResult & { readonly run: RunId })[] | 'changed',
): string {
  const own = `Your guess: ${asked.asks === 'number' ? guess : nameIn(sheet, guess)}.`;
  if (results === 'changed') return `${own} The sheet has changed since.`;
  if (results.some(({ isPending }) => isPending)) return `${own} The results are being computed …`;
  const { label } = asked.result;
  const numbers = results.flatMap(({ run, number, members }) =>
    number === undefined ? [] : [{ run, number, mean: members > 1 ? 'mean ' : '' }],
  );
  const text = (number: number): string => formatResult(asked.result, number);
  const [first] = numbers;
  if (!first) return `${own} There is no ${label}: the training failed or diverged.`;
  if (asked.asks === 'number') return `${own} ${first.run}’s ${first.mean}${label}: ${text(first.number)}.`;
  const best = (asked.asks === 'lowest' ? Math.min : Math.max)(...numbers.map(({ number }) => number));
  const winners = numbers.filter(({ number }) => number === best);
  const which = `${asked.asks === 'lowest' ? 'Lowest' : 'Highest'} ${first.mean}${label}: ${joined(
    winners.map(({ run }) => nameIn(sheet, run)),
  )}, ${text(best)}.`;
  const guessed = numbers.find(({ run }) => run === guess);
  if (winners.some(({ run }) => run === guess)) return `${own} ${which}`;
  return `${own} ${which} ${guess} has ${guessed ? text(guessed.number) : 'no number'}.`;
}

/** The most runs whose numbers are offered one by one as a question. */
const MAX_ASKED = 12;

/** The questions that a step can ask, each as its text and in words; the empty text asks nothing. */
export function questionChoices(
  results: readonly Result[],
  sheet: Sheet | undefined,
): readonly (readonly [text: string, words: string])[] {
  const runs = sheet?.runs.slice(0, MAX_ASKED) ?? [];
  const which = (order: 'lowest' | 'highest'): (readonly [string, string])[] =>
    results
      .filter(({ format }) => format === 'ratio' || (order === 'lowest') === (format === 'loss'))
      .map((result) => [
        predictionText({ asks: order, result }),
        `ask first: which run has the ${order} ${result.label}?`,
      ]);
  return [
    ['', 'no question'],
    ...(runs.length > 1 ? [...which('lowest'), ...which('highest')] : []),
    ...results
      .filter(({ format }) => format !== 'ratio')
      .flatMap((result) =>
        runs.map(({ id }): readonly [string, string] => [
          predictionText({ asks: 'number', run: id, result }),
          `ask first: what is ${id}’s ${result.label}?`,
        ]),
      ),
  ];
}
