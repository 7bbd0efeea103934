// The headline of a figure: its title in one line, in forms that become shorter, of which the first that fits is shown.
// Invariant: a form names at most two runs, the first and the last in the order of the statement, and every form is true.
// Knows no figure.

/** Most characters of a headline, however wide the figure is. */
const MOST_CHARACTERS = 64;

/** Words about some runs, and the end of the headline: the number of all runs, or nothing; empty for no such form. */
type Words<T> = (named: readonly T[], tail: string) => string;

/**
 * Forms of a statement about runs in order, longest first: about both ends, then about the first run alone, each
 * with and without the number of runs, and each in all `words`. `first` is the word for the first run among all,
 * as in "best".
 */
export function headlinesOf<T>(sorted: readonly T[], first: string, ...words: readonly Words<T>[]): string[] {
  const ends = sorted.length > 2 ? [...sorted.slice(0, 1), ...sorted.slice(-1)] : sorted;
  const lead = sorted.slice(0, 1);
  const levels: readonly (readonly [named: readonly T[], tail: string])[] = [
    [ends, sorted.length > 2 ? `, ${sorted.length} runs` : ''],
    [lead, sorted.length > 1 ? `, ${first} of ${sorted.length}` : ''],
    [ends, ''],
    [lead, ''],
  ];
  const forms = levels.flatMap(([named, tail]) => words.map((make) => make(named, tail)));
  return [...new Set(forms.filter(Boolean))];
}

/** The first form that is short enough and not wider than `room`; else the last one. */
export const fittingHeadline = (
  forms: readonly string[],
  room: number,
  widthOf: (text: string) => number,
): string =>
  forms.find((form) => form.length <= MOST_CHARACTERS && widthOf(form) <= room) ?? forms.at(-1) ?? '';
