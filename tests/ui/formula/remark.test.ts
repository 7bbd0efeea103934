// The remark on a draft and on a text that is kept: why it is refused, and what a comma for a point would be.

import { describe, expect, test, vi } from 'vitest';
import { remarkOn } from '../../../src/ui/formula/remark';
import { openWorkspace } from '../open-workspace';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

/** The remark on a cell of a run whose text this is, as a draft and as the kept text. */
function remarks(row: string, text: string): (string | undefined)[] {
  const { workspace, dispose } = openWorkspace('#v1&A=a');
  const { session, editing, rows } = workspace;
  const at = (draft?: string) => {
    const place = {
      plan: session.plan().runs.get('A'),
      row: rows.find(row),
      isName: false,
      member: undefined,
    };
    return remarkOn(session, place, draft)?.text;
  };
  session.activate({ run: 'A', row });
  const typed = at(text);
  editing.set([{ run: 'A', row, text }]);
  const seen = [typed, at()];
  dispose();
  return seen;
}

describe('a comma for a point', () => {
  test('is explained where the number would be taken, and never guessed', () => {
    const text = '"0,1" is not a number from 0 to 10; with a point it is 0.1';
    expect(remarks('dataset.noise', '0,1')).toEqual([text, text]);
    for (const remark of remarks('dataset.noise', '99,1'))
      expect(remark).toMatch(/^"99,1" is not a number from 0 to 10$/);
  });

  test('is none in a list, and in a word', () => {
    for (const remark of remarks('architecture.units', '12,5')) expect(remark).not.toContain('point');
    for (const remark of remarks('architecture.activation', 'relu,'))
      expect(remark).not.toContain('with a point');
  });
});
