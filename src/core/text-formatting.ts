// Numbers, lists and names as people read them, for all floors.
// Invariant: pure, the same in every locale. Knows neither sheets nor results, whose digits have rules of their own.

/** A number with commas between thousands and at most three decimals: "5,000". */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** "1 cell", "5,000 cells". */
export const counted = (count: number, noun: string): string =>
  `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Rounds a number to that many significant digits. */
export const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** A number with one decimal, or none if the decimal is 0: "1.5", "2". */
export const tenths = (value: number): string => value.toFixed(1).replace(/\.0$/, '');

/**
 * A number in exponential form with a true minus and without a plus sign: "1e6", "1e−4". Without `decimals`, as many decimals as needed.
 */
export const exponential = (value: number, decimals?: number): string =>
  value.toExponential(decimals).replace('+', '').replace(/-/g, '−');

/** A number as the page shows it, with a true minus before itself and its exponent: "−0.5", "1e−4". */
export const trueMinus = (text: string): string => text.replace(/(^|e)-(?=[\d∞])/g, '$1−');

/** "A", "A and B", "A, B and C". */
export const joined = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/**
 * "A, B, C". A list of more than `most` items shows the first `shown` items
 * and counts the rest: "A, B and 3 more".
 */
export const shortened = (items: readonly string[], most: number, shown: number): string =>
  items.length > most
    ? `${items.slice(0, shown).join(', ')} and ${items.length - shown} more`
    : items.join(', ');

/** A camelCase name in lower-case words: "learningRate" gives "learning rate". */
export const words = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
