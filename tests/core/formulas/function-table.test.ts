// The table of functions on the page of src/core/formulas: every function that the language completes, with its arguments.

import { expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { FUNCTIONS } from '../../../src/core/formulas/functions';
import { expectParts, tableRow } from '../../markdown-parts';

const language = createLanguage(registry);
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** The functions that the language completes after a letter, with a sentence each. */
const offered = (letter: string): [string, string][] =>
  language
    .complete(`=${letter}`, 2)
    .filter(({ text }) => text.endsWith('(') && text.startsWith(letter))
    .map(({ text, about }) => [text.slice(0, -1), about]);

/** How many arguments a function takes; the evaluator's own three state their number by refusing every other. */
function argumentsOf(name: string): string {
  const accepted = [1, 2, 3].filter((count) => {
    const text = `=${name}(${Array.from({ length: count }, () => '1').join(', ')})`;
    return language.parse(text).error === undefined;
  });
  const [least = 0] = accepted;
  const most = accepted.at(-1) ?? 0;
  if (most === 3 && least < 3) return `${least} or more`;
  return least === most ? String(least) : `${least} or ${most}`;
}

test('the page lists every function with its arguments', async () => {
  const functions = [...LETTERS].flatMap(offered);
  expect(functions.map(([name]) => name)).toEqual(expect.arrayContaining([...FUNCTIONS.keys()]));
  const rows = functions.map(([name, about]) => tableRow(`\`${name}\``, argumentsOf(name), about));
  await expectParts('src/core/formulas/README.md', [
    ['| function | arguments | value |\n| --- | --- | --- |', rows],
  ]);
});
