// The first section of Help: what a newcomer needs.
// Invariant: each sentence is true without the others, and each formula in them can be read (a test reads them).

import type { HelpEntry } from './help-entry';

/** What the page is, and what can be done with it. */
export const START: readonly HelpEntry[] = [
  {
    name: 'What this is',
    about:
      'A spreadsheet for small neural-network experiments: a column is a run, a row is a param or a result.',
  },
  {
    name: 'Change a cell',
    about:
      'Every param can be changed: select its cell, type over it and press Enter. Only what depends on it is computed again.',
  },
  {
    name: 'Drag a number',
    about:
      'Drag a number’s digits to the left or right, and every figure follows. Esc brings the old value back.',
  },
  {
    name: 'Find a param',
    about:
      'Ctrl+G, or a press on the box with the cell’s name, takes any param’s name, from Keras too, and goes there; most are hidden until you need them.',
  },
  {
    name: 'Write a formula',
    about: 'A text that starts with = is a formula: =A.learningRate * 10 in run B follows A.',
  },
  {
    name: 'Compare fairly',
    about:
      'A twin inherits everything from its run, so whatever differs comes from the one param that you change.',
  },
  {
    name: 'Share it',
    about:
      'The address is the document: the address bar holds the whole sheet, and a link shows everyone the same numbers.',
  },
  {
    name: 'Where it is kept',
    about: 'Nothing leaves this browser: it trains here and keeps sheets and results here.',
  },
];
