// A calculation in words and numbers: for the screen, rounded or with all digits, and as text to copy.
// Invariant: rounding is of the text alone; a text that rounds says to how many digits. Knows no figure.

import type { Calculation, CalculationPart, Operation, Step, Term } from '../draw/calculation';

/** Significant digits of a rounded number. */
export const DIGITS = 5;

/** A number in text, with all of its digits (`isFull`) or rounded; true minus signs; a dash for NaN. */
export function numberText(value: number, isFull: boolean): string {
  if (Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return value > 0 ? '∞' : '−∞';
  // No digit is lost of 0.001, and none is added.
  const isShort =
    isFull || (Number.isInteger(value) && size < 1e6) || Number(value.toPrecision(DIGITS)) === value;
  const isMiddle = size >= 1e-4 && size < 1e6;
  const text = isShort
    ? String(value)
    : isMiddle
      ? value.toPrecision(DIGITS)
      : value.toExponential(DIGITS - 1);
  return text.replace('e+', 'e').replaceAll('-', '−');
}

const SIGNS: Readonly<Record<Exclude<Operation, 'given' | 'root' | 'size'>, string>> = {
  sum: ' + ',
  difference: ' − ',
  product: ' × ',
  quotient: ' ÷ ',
};

/** Terms beyond this number are written as the first two, an ellipsis and the last. */
const MOST_WRITTEN = 5;

function termText({ value, name }: Term, isFull: boolean): string {
  const text = numberText(value, isFull);
  const number = text.startsWith('−') ? `(${text})` : text;
  return name ? `${number} (${name})` : number;
}

/** The terms of a step and a sign of equality, for its value to follow: "14.2 + 76.6 = "; empty for a given number. */
export function expressionText({ operation, terms }: Step, isFull: boolean): string {
  const texts = terms.map((term) => termText(term, isFull));
  if (operation === 'given') return '';
  if (operation === 'root') return `√${texts[0] ?? ''} = `;
  if (operation === 'size') return `|${texts[0] ?? ''}| = `;
  const shown = texts.length > MOST_WRITTEN ? [...texts.slice(0, 2), '…', texts.at(-1) ?? ''] : texts;
  return `${shown.join(SIGNS[operation])} = `;
}

/** Relative difference below which two numbers are the same but for the last digits of the additions. */
const SAME = 1e-9;

/** Relative difference that float32 explains. */
const FLOAT32 = 1e-4;

/**
 * Says whether the last step gives the number in the figure; undefined if it does to the last digits, or if there is no
 * arithmetic.
 */
export function mismatchText({ steps, shown }: CalculationPart): string | undefined {
  const value = steps.at(-1)?.value;
  if (value === undefined || shown === undefined) return undefined;
  const off = Math.abs(value - shown) / Math.max(Math.abs(shown), Number.MIN_VALUE);
  if (value === shown || off <= SAME) return undefined;
  const reason =
    off <= FLOAT32
      ? 'the training was computed with the rounding of float32'
      : 'the sheet has changed since the figure was drawn';
  return `The figure has ${numberText(shown, true)}: ${reason}.`;
}

const partText = (part: CalculationPart, isFull: boolean): string => {
  const { head, words, table, steps } = part;
  const rows = (table ?? []).map((row) =>
    row.map((cell) => (typeof cell === 'number' ? numberText(cell, isFull) : cell)).join('\t'),
  );
  const lines = steps.map(
    (step) => `${step.name}: ${expressionText(step, isFull)}${numberText(step.value, isFull)}`,
  );
  return [head, words, ...rows, ...lines, mismatchText(part)].filter(Boolean).join('\n');
};

/** The whole calculation as text, tables with tabs between their cells. */
export const calculationText = ({ title, words, parts }: Calculation, isFull: boolean): string =>
  [
    [title, words, isFull ? '' : `Rounded to ${DIGITS} digits.`].filter(Boolean).join('\n'),
    ...parts.map((part) => partText(part, isFull)),
  ].join('\n\n');
