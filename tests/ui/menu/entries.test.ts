// The entries of the menus by place: only what applies, and each does what its key does.

import { describe, expect, test, vi } from 'vitest';
import type { MenuGroups } from '../../../src/ui/dom/menu';
import { cellEntries, type GridActions, labelEntries } from '../../../src/ui/menu/cell-entries';
import type { Workspace } from '../../../src/ui/workspace/workspace';
import { openWorkspace } from '../open-workspace';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const SHEET =
  '#v1&A=a&A.dataset.nSamples=20&A.train.epochs=1&B=b&B.base=A&B.dataset.noise=0.3&C=c&C.base=A&C.seeds=3&row.gap==loss';

/** Opens the sheet with an active cell, and gives the words of the entries there. */
function at(
  [run, row, member]: readonly [string, string, number?],
  act: (words: () => string[], choose: (words: string) => void, workspace: Workspace, done: string[]) => void,
): void {
  const { workspace, dispose } = openWorkspace(SHEET);
  const done: string[] = [];
  const grid: GridActions = {
    copy: () => done.push('copy'),
    cut: () => done.push('cut'),
    paste: () => done.push('paste'),
    fill: (direction) => done.push(`fill ${direction}`),
    sweep: () => done.push('sweep'),
    trace: (which) => (which === 'dependents' ? () => done.push(which) : undefined),
  };
  const place = member === undefined ? { run, row } : { run, row, member };
  workspace.session.activate(place);
  const entries = () => cellEntries(workspace, place, grid).flat();
  act(
    () => entries().map(({ words }) => words),
    (words) =>
      entries()
        .find((entry) => entry.words === words)
        ?.act(),
    workspace,
    done,
  );
  dispose();
}

const wordsOf = (groups: MenuGroups) => groups.flat().map(({ words }) => words);

describe('the menu of a cell', () => {
  test('of a param edits, copies, clears a text of its own, and traces', () =>
    at(['B', 'dataset.noise'], (words, choose, { session, editing }, done) => {
      expect(words()).toEqual([
        ...['Edit', 'Cut', 'Copy', 'Paste', 'Clear to the inherited value', 'Sweep or fill …'],
        'Go to dependents',
      ]);
      choose('Copy');
      choose('Go to dependents');
      expect(done).toEqual(['copy', 'dependents']);
      choose('Clear to the inherited value');
      expect(session.sheet().runs[1]?.overrides.has('dataset.noise')).toBe(false);
      expect(words()).not.toContain('Clear to the inherited value');
      choose('Edit');
      expect(editing.draft()).toMatchObject({ run: 'B', row: 'dataset.noise', text: '0.05' });
    }));

  test('of a run without a base clears to the default', () =>
    at(['A', 'train.epochs'], (words) => expect(words()).toContain('Clear to the default')));

  test('in a range fills it, and edits and traces nothing', () =>
    at(['A', 'dataset.noise'], (words, choose, { selection }, done) => {
      selection.extend(1, 0);
      expect(words()).toEqual([
        ...['Cut', 'Copy', 'Paste', 'Clear to the default', 'Fill right', 'Sweep or fill …'],
      ]);
      selection.extend(0, 1);
      expect(words()).toContain('Fill down');
      choose('Fill down');
      expect(done).toEqual(['fill down']);
    }));

  test('of a result is copied; of a member too, and neither is edited', () => {
    at(['A', 'train.loss'], (words) => expect(words()).toEqual(['Copy', 'Go to dependents']));
    at(['C', 'dataset.noise', 1], (words, _, { columns, session }) => {
      columns.toggle('C');
      session.activate({ run: 'C', row: 'dataset.noise', member: 1 });
      expect(words()).toEqual(['Copy', 'Go to dependents']);
    });
  });

  test('of a row of formulas changes the row, and of the proposed row names a new one', () => {
    at(['B', 'row.gap'], (words, choose, { session }) => {
      expect(words()).toEqual([
        ...[
          'Edit the formula',
          'Copy',
          'Paste',
          'Go to dependents',
          'Rename or move the row …',
          'Remove row',
        ],
      ]);
      choose('Remove row');
      expect([session.sheet().rows, session.undoLabel()]).toEqual([[], 'remove the row gap']);
    });
    at(['B', 'row.row1'], (words) =>
      expect(words().slice(0, 2).concat(words().slice(-1))).toEqual([
        ...['Edit the formula', 'Copy', 'Name a new row …'],
      ]),
    );
  });

  test('of one of several headers is of all these runs', () =>
    at(['A', 'name'], (words, choose, { session, selection, widths }) => {
      expect(words()).toContain('Add a twin');
      selection.extend(1, 0);
      expect(words()).toEqual(['Copy', 'Wider', 'Narrower', 'Move right', 'Remove 2 runs']);
      choose('Move right');
      expect(
        session
          .sheet()
          .runs.map(({ id }) => id)
          .join(''),
      ).toBe('CAB');
      expect(selection.runs()).toEqual(['A', 'B']);
      expect(words()).toContain('Move left');
      const before = [widths.of('A'), widths.of('B')];
      choose('Wider');
      expect([widths.of('A'), widths.of('B')].every((width, at) => width > (before[at] ?? 0))).toBe(true);
      selection.selectAll();
      expect(words()).not.toContain('Remove 3 runs');
    }));

  test('of a status folds its group and shows its params at default', () =>
    at(['A', 'dataset'], (words, choose, { rows }) => {
      expect(words()).toEqual(['Go to dependents', 'Fold', '1 param of dataset at default: show']);
      choose('1 param of dataset at default: show');
      expect(rows.find('dataset.randomState')).toBeDefined();
      choose('Fold');
      expect(words()).toEqual(['Go to dependents', 'Unfold']);
    }));
});

describe('the menu of a run', () => {
  test('has only moves that move, and shows and hides the run in the figures', () =>
    at(['A', 'name'], (words, choose, { session }) => {
      expect(words()).toEqual([
        ...['Add a twin', 'Sweep or fill …', 'Rename', 'Wider', 'Narrower'],
        ...['Show alone in the figures', 'Hide in the figures'],
        ...['Use as baseline', 'Cross-check with TensorFlow.js', 'Move right', 'Remove'],
      ]);
      choose('Show alone in the figures');
      expect(session.shown()).toEqual(['A']);
      expect(words()).toContain('Show other runs in the figures');
      choose('Show other runs in the figures');
      choose('Hide in the figures');
      expect(session.shown()).toEqual(['B', 'C']);
      choose('Show in the figures');
      expect(session.shown()).toEqual(['A', 'B', 'C']);
      choose('Move right');
      expect(session.sheet().runs.map(({ id }) => id)).toEqual(['B', 'A', 'C']);
      expect(session.active()).toEqual({ run: 'A', row: 'name' });
      choose('Add a twin');
      expect(session.active().run).toBe('D');
    }));

  test('of a run with seeds opens to its members', () =>
    at(['C', 'name'], (words) => expect(words()).toContain('Show its 3 members')));
});

test('the menu of a label is about its row', () =>
  at(['A', 'dataset'], (_, __, workspace) => {
    const { rows, selection } = workspace;
    const entriesOf = (id: string) => {
      const row = rows.find(id);
      if (!row) throw new Error(`no row ${id}`);
      return labelEntries(workspace, row);
    };
    expect(wordsOf(entriesOf('dataset.noise'))).toEqual(['Select the row']);
    expect(wordsOf(entriesOf('row.gap'))).toContain('Remove row');
    expect(wordsOf(entriesOf('run'))).toEqual(['Fold', 'Select the row']);
    entriesOf('dataset.noise').flat()[0]?.act();
    expect(selection.words()).toBe('3 runs × 1 row selected');
  }));
