// The library's filter: turns a line of text into a test on lineages.
// "relu" searches names, notes and params; "learning rate 0.01", "train.epochs=100", "loss<0.1" test one param or result.
// Invariant: filtering keeps or drops, all words must hold, and an empty text keeps everything.

import { type Lineage, RESULTS, type Setting, summaryOf } from './library-model';

type Test = (lineage: Lineage) => boolean;

/**
 * A param or a result that a query can name. `text` returns the value in a lineage; empty if the param
 * does not apply.
 */
interface Field {
  text(lineage: Lineage): string;
}

interface Index {
  readonly prose: string;
  readonly words: readonly string[];
}

const OPERATOR = /\s*(<=|>=|<|>|=)\s*/g;
const LONGEST_NAME = 4;

const fold = (text: string): string => text.toLowerCase();

/**
 * Fields by every spelling in lower case: "learningrate" covers learningRate and "learning rate"; the
 * name of the kind may precede, with or without a dot.
 */
function fieldsOf(settings: readonly Setting[]): ReadonlyMap<string, readonly Field[]> {
  const fields = new Map<string, Field[]>();
  const add = (name: string, field: Field): void => {
    const same = fields.get(fold(name)) ?? [];
    fields.set(fold(name), [...same, field]);
  };
  for (const setting of settings) {
    const text = (lineage: Lineage): string => (setting.applies(lineage) ? setting.text(lineage) : '');
    for (const prefix of ['', `${setting.kind}.`, setting.kind]) add(prefix + setting.name, { text });
  }
  for (const { name } of RESULTS) add(name, { text: ({ results }) => String(results[name]) });
  return fields;
}

const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));

/**
 * Whether a text matches the query. Numbers are compared as numbers, so that 1e-3 finds 0.001; words by
 * their beginning; a list matches if one of its items does.
 */
const holds = (asked: string, text: string): boolean =>
  text
    .split(',')
    .some((item) =>
      isNumber(asked) ? isNumber(item) && Number(item) === Number(asked) : fold(item).startsWith(asked),
    ) || fold(text) === asked;

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
};

function compare(operator: string, asked: string, text: string): boolean {
  const test = comparisons[operator];
  if (!test) return holds(asked, text);
  return isNumber(asked) && isNumber(text) && test(Number(text), Number(asked));
}

/**
 * Returns a filter for queries over these settings. The searchable words of a lineage are collected once.
 */
export function createFilter(
  settings: readonly Setting[],
): (lineages: readonly Lineage[], text: string) => readonly Lineage[] {
  const fields = fieldsOf(settings);
  const indices = new WeakMap<Lineage, Index>();

  function indexOf(lineage: Lineage): Index {
    let index = indices.get(lineage);
    if (!index) {
      const counted = settings.filter((setting) => setting.applies(lineage));
      const values = counted.flatMap((setting) => setting.text(lineage).split(','));
      const texts = summaryOf(lineage, settings).flatMap((words) => words.split(/[\s,]+/));
      index = {
        prose: fold(`${lineage.name}\n${lineage.note}`),
        words: [...new Set([...values, ...texts].map(fold))],
      };
      indices.set(lineage, index);
    }
    return index;
  }

  const anywhere =
    (asked: string): Test =>
    (lineage) => {
      const { prose, words } = indexOf(lineage);
      return prose.includes(asked) || words.some((word) => holds(asked, word));
    };

  /**
   * The tests of words without an operator: the longest name of a field followed by a value is one test,
   * and any other word is one test.
   */
  function testsOf(words: readonly string[]): Test[] {
    const tests: Test[] = [];
    let at = 0;
    while (at < words.length) {
      let taken = 0;
      for (let length = LONGEST_NAME; length > 0 && !taken; length--) {
        const named = fields.get(words.slice(at, at + length).join(''));
        const asked = words[at + length];
        if (!named || asked === undefined) continue;
        tests.push((lineage) => named.some((field) => holds(asked, field.text(lineage))));
        taken = length + 1;
      }
      if (!taken) tests.push(anywhere(words[at] ?? ''));
      at += taken || 1;
    }
    return tests;
  }

  /**
   * Parses a query. Each comparison such as "a=b" is one test; the field's name takes as many words
   * before the operator as make a known name.
   */
  function parse(text: string): Test[] {
    const tests: Test[] = [];
    let loose: string[] = [];
    for (const word of fold(text).replace(OPERATOR, '$1').split(/\s+/).filter(Boolean)) {
      const [, last = '', operator = '', asked = ''] = /^([^<>=]*)(<=|>=|<|>|=)(.*)$/.exec(word) ?? [];
      const before = Math.min(LONGEST_NAME - 1, loose.length);
      const start = Array.from({ length: before + 1 }, (_, index) => loose.length - before + index).find(
        (from) => fields.has([...loose.slice(from), last].join('')),
      );
      const named = start === undefined ? undefined : fields.get([...loose.slice(start), last].join(''));
      if (operator === '' || !named) {
        loose.push(word);
        continue;
      }
      tests.push(...testsOf(loose.slice(0, start)));
      loose = [];
      // Without a value the comparison is still being typed, and must not filter yet.
      if (asked === '') continue;
      tests.push((lineage) => named.some((field) => compare(operator, asked, field.text(lineage))));
    }
    return [...tests, ...testsOf(loose)];
  }

  let parsed: { readonly text: string; readonly tests: readonly Test[] } | undefined;
  return (lineages, text) => {
    if (parsed?.text !== text) parsed = { text, tests: parse(text) };
    const { tests } = parsed;
    return tests.length === 0 ? lineages : lineages.filter((lineage) => tests.every((test) => test(lineage)));
  };
}

/** Example queries, shown as the placeholder of the filter's field. */
export const FILTER_EXAMPLE = 'relu, epochs=100, loss<0.1';
