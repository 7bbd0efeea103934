// The name of a sheet: its title, or without a title the names of its runs.
// Invariant: every sheet has a name, which fits into a line. Needed before the first paint, so this file is small.

/** The parts of a sheet's name: the title, and the first few names of runs. */
export interface Named {
  readonly title?: string | undefined;
  readonly names: readonly string[];
  /** Number of runs, which may be greater than the number of names. */
  readonly runs: number;
}

/** Characters of a short name, at most. */
const MOST = 40;

/** The title of a sheet; without a title, the names of its first runs; without names, "Untitled". */
export function fullName({ title, names, runs }: Named): string {
  if (title !== undefined) return title;
  const more = runs > names.length ? ['…'] : [];
  return [...names.filter(Boolean), ...more].join(', ') || 'Untitled';
}

/** The full name, cut to 40 characters. */
export function shortName(named: Named): string {
  const letters = [...fullName(named)];
  return letters.length > MOST
    ? `${letters
        .slice(0, MOST - 1)
        .join('')
        .trimEnd()}…`
    : letters.join('');
}

/** The parts of a sheet's name, with at most four names of runs. */
export const namedBy = (sheet: {
  readonly title?: string;
  readonly runs: readonly { readonly name: string }[];
}): Named => ({
  title: sheet.title,
  names: sheet.runs.slice(0, 4).map(({ name }) => name),
  runs: sheet.runs.length,
});
