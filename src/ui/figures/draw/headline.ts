// The headline of a figure: its title in one line, in forms that become shorter, of which the first that fits is shown.
// Invariant: a form names at most two runs, the first and the last in the order of the statement, and every form is true.
// Knows no figure.

/** Most characters of a headline, however wide the figure is. */
const MOST_CHARACTERS = 64;

/** Words about some runs, and the end of the headline: the number of all runs, or nothing; empty for no such form. */
type Words<T> = (named: readonly T[], tail: string) => string;

/** The order of a statement's runs: the word for the first one among all, and the text of what they are ordered by. */
interface Order<T> {
  /** As in "best". */
  readonly first: string;
  text(run: T): string;
}

/**
 * Forms of a statement about runs in order, longest first: about both ends, then about the first run alone, each
 * with and without the number of runs, and each in all `words`. Of runs whose texts are equal, none is called the first.
 */
export function headlinesOf<T>(
  sorted: readonly T[],
  { first, text }: Order<T>,
  ...words: readonly Words<T>[]
): string[] {
  const ends = sorted.length > 2 ? [...sorted.slice(0, 1), ...sorted.slice(-1)] : sorted;
  const lead = sorted.slice(0, 1);
  const texts = sorted.map(text);
  const isAlike = texts.every((one) => one === texts[0]);
  const among = isAlike
    ? `, as in ${sorted.length === 2 ? 'both' : `all ${sorted.length}`} runs`
    : `, ${texts[0] === texts[1] ? `one of ${sorted.length} runs` : `${first} of ${sorted.length}`}`;
  const levels: readonly (readonly [named: readonly T[], tail: string])[] = [
    ...(isAlike && sorted.length > 2
      ? []
      : [[ends, sorted.length > 2 ? `, ${sorted.length} runs` : ''] as const]),
    [lead, sorted.length > 1 ? among : ''],
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
