// Filters Help by a typed text.
// Invariant: pure; an entry is found by any spelling of its words: "batch size", "batchSize" and "batch_size" find the same.

import { squeezed } from '../text/meaning-text';
import type { HelpEntry, HelpSection } from './help-entry';

const spaced = (text: string): string => text.toLowerCase().replace(/[_\s-]+/g, ' ');

/** All texts of an entry; `around` holds the titles above it. */
const textOf = ({ name, code = '', about, notes = [] }: HelpEntry, around: string): string =>
  [name, code, about, ...notes, around].join(' ');

/** Whether an entry has every word of the query, or the query as one name. */
function matches(text: string, query: string): boolean {
  const words = spaced(query).trim().split(' ');
  if (words.every((word) => spaced(text).includes(word))) return true;
  return squeezed(text).includes(squeezed(query));
}

/** The sections with the entries that match; sections and groups without a match are left out. An empty query keeps all. */
export function searchHelp(sections: readonly HelpSection[], query: string): readonly HelpSection[] {
  if (query.trim() === '') return sections;
  return sections.flatMap((section) => {
    const groups = section.groups.flatMap((group) => {
      const { title = '', about } = group;
      if (about !== undefined && matches(`${title} ${about}`, query)) return [group];
      const entries = group.entries.filter((entry) => matches(textOf(entry, title), query));
      return entries.length > 0 ? [{ ...group, entries }] : [];
    });
    return groups.length > 0 ? [{ ...section, groups }] : [];
  });
}

/** The number of entries. */
export const countEntries = (sections: readonly HelpSection[]): number =>
  sections.reduce(
    (sum, { groups }) => sum + groups.reduce((inner, { entries }) => inner + entries.length, 0),
    0,
  );
