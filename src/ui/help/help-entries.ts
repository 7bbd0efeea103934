// The sections of Help: what is declared elsewhere, made into entries, beside the texts that belong to Help alone.
// Invariant: every param, result, kind, function, mark, finding and key has an entry by being declared; no list here names one.
// Knows no element.

import { FUNCTIONS, LAZY_FUNCTIONS } from '../../core/formulas/functions';
import type { Registry, Result } from '../../core/kinds/kind';
import { type Param, quote } from '../../core/kinds/param';
import { seedsParam } from '../../core/plan/param-values';
import { SEEDS_PATH } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import { RULES } from '../diagnosis/rules';
import { KEYS } from '../grid/grid-keys';
import { type MarkText, ORIGIN_TEXTS, STATUS_TEXTS, TAB_TEXTS } from '../text/mark-text';
import { defaultText, namesElsewhere } from '../text/meaning-text';
import { SIGNS, type StatusMark } from '../text/status';
import { ERRORS, OPERATORS } from './formula-texts';
import { SAVING, TERMS } from './glossary';
import type { HelpEntry, HelpSection } from './help-entry';
import { START } from './start-text';

const present = (...texts: readonly (string | undefined)[]): string[] =>
  texts.filter((text): text is string => text !== undefined && text !== '');

const paramEntry = (path: string, name: string, param: Param): HelpEntry => ({
  name: words(name),
  code: path,
  row: path,
  about: param.about,
  notes: present(
    `takes ${param.accepts}${param.unit ? `, in ${param.unit}` : ''} · ${defaultText(param)}`,
    namesElsewhere(param),
  ),
});

/** How a result is written, by its format. */
const FORMATS: Readonly<Record<Result['format'], string>> = {
  loss: 'four decimals',
  accuracy: 'three decimals',
  ratio: 'a ratio such as 1 : 125, where 1 : 1 is alike',
};

const resultEntry = (result: Result): HelpEntry => ({
  name: result.label,
  code: result.name,
  row: `${result.group}.${result.name}`,
  about: result.about,
  notes: present(
    `${result.unit ? `in ${result.unit}, ` : ''}${FORMATS[result.format]}`,
    result.formula && `as a formula: =${result.formula}`,
    namesElsewhere(result),
  ),
});

const markEntries = (texts: Readonly<Record<string, MarkText>>): HelpEntry[] =>
  Object.values(texts).map(({ shown, about }) => ({ name: shown, about }));

const statusEntries = (): HelpEntry[] =>
  (Object.keys(SIGNS) as StatusMark[]).map((mark) => {
    const { shown, about } = STATUS_TEXTS[mark];
    return { name: `${SIGNS[mark]} ${shown}`, about };
  });

const functionEntries = (): HelpEntry[] =>
  [...LAZY_FUNCTIONS, ...FUNCTIONS]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { args, about }]) => ({ name: `${name}(${args})`, about }));

/** All of Help for the kinds of a registry, in the order of the page. */
export function helpSections({ kinds, results }: Registry): readonly HelpSection[] {
  return [
    { name: 'Start', groups: [{ entries: START }] },
    {
      name: 'Params',
      groups: [
        ...kinds.map((kind) => ({
          title: kind.name,
          about: kind.about,
          row: kind.name,
          entries: Object.entries(kind.params).map(([name, param]) =>
            paramEntry(`${kind.name}.${name}`, name, param),
          ),
        })),
        { title: 'run', entries: [paramEntry(SEEDS_PATH, SEEDS_PATH, seedsParam)] },
      ],
    },
    { name: 'Results', groups: [{ entries: results.map(resultEntry) }] },
    {
      name: 'Marks and terms',
      groups: [
        { title: 'Params in the sheet', entries: markEntries(ORIGIN_TEXTS) },
        { title: 'Computed cells', entries: statusEntries() },
        ...TERMS,
        {
          title: 'Findings',
          entries: RULES.map(({ word, threshold }) => ({ name: word, about: `found if ${threshold}` })),
        },
        { title: 'Tabs of the figures', entries: markEntries(TAB_TEXTS) },
        { title: 'The state at the top', entries: markEntries(SAVING) },
      ],
    },
    {
      name: 'Formulas',
      groups: [
        { title: 'Operators', entries: OPERATORS },
        { title: 'Functions', entries: functionEntries() },
        { title: 'Errors', entries: Object.entries(ERRORS).map(([name, about]) => ({ name, about })) },
      ],
    },
    {
      name: 'Keys',
      groups: KEYS.map(({ group, keys }) => ({
        title: group,
        entries: keys.map(({ chords, shown, words: about }) => ({
          name: shown.join(' '),
          about,
          keys: { shown, chords },
        })),
      })),
    },
  ];
}

/** The entry of a row of the sheet; undefined for rows that Help does not explain. */
export const entryOfRow = (sections: readonly HelpSection[], row: string): HelpEntry | undefined =>
  sections
    .flatMap(({ groups }) => groups)
    .flatMap((group): HelpEntry[] => {
      const { title: name = '', about = '', row: own, entries } = group;
      return own === undefined ? [...entries] : [{ name, about, row: own }, ...entries];
    })
    .find((entry) => entry.row === row);

/** The sentence in place of entries if none matches. */
export const nothingText = (query: string): string =>
  `Nothing matches ${quote(query.trim())}. Try one word: a param, a sign, or a name from Keras or scikit-learn.`;
