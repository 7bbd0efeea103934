// The name of a sheet: its title, or without a title the names of its runs.
// Invariant: every sheet has a name, which fits into a line. Needed before the first paint, so this file is small.

/** What a sheet is named by; of its runs' names the first few are enough. */
export interface Named {
  readonly title?: string | undefined;
  readonly names: readonly string[];
  /** How many runs there are. */
  readonly runs: number;
}

/** So many characters of a name are shown. */
const MOST = 40;

/** A sheet's name in full. */
export function fullName({ title, names, runs }: Named): string {
  if (title !== undefined) return title;
  const more = runs > names.length ? ['…'] : [];
  return [...names.filter(Boolean), ...more].join(', ') || 'Untitled';
}

/** A sheet's name, cut where it is long. */
export function shortName(named: Named): string {
  const letters = [...fullName(named)];
  return letters.length > MOST
    ? `${letters
        .slice(0, MOST - 1)
        .join('')
        .trimEnd()}…`
    : letters.join('');
}

/** What a sheet is named by. */
export const namedBy = (sheet: {
  readonly title?: string;
  readonly runs: readonly { readonly name: string }[];
}): Named => ({
  title: sheet.title,
  names: sheet.runs.slice(0, 4).map(({ name }) => name),
  runs: sheet.runs.length,
});
