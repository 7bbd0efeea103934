// The selection, the columns and what is edited through them, over a real session without a screen.

import { createEffect, createRoot } from 'solid-js';
import { describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { addRun } from '../../../src/core/sheet/sheet';
import { writeAddress } from '../../../src/platform/page/address';
import { noEffectText, originText } from '../../../src/ui/text/cell-text';
import { readParam } from '../../../src/ui/text/param-reading';
import { columnName } from '../../../src/ui/workspace/columns';
import { moveRuns, shiftRuns } from '../../../src/ui/workspace/run-moves';
import type { Workspace } from '../../../src/ui/workspace/workspace';
import { sheetAt } from '../../sheet-at';
import { openWorkspace } from '../open-workspace';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

/** Runs A to E, small enough to be computed beside the test; E stands for three members. */
const SHEET =
  '#v1&A=a&A.dataset.nSamples=20&A.train.epochs=1&B=b&B.base=A&B.dataset.noise=0.3&C=c&C.base=A&D=d&D.base=A&E=e&E.base=A&E.seeds=3';

/** Does something at a workspace over this sheet, and leaves nothing behind. */
function at<T>(address: string, act: (workspace: Workspace, texts: () => string) => T): T {
  const { workspace, dispose } = openWorkspace(address);
  const done = act(workspace, () => writeAddress(workspace.session.sheet(), registry));
  if (done instanceof Promise) void done.finally(dispose);
  else dispose();
  return done;
}

describe('the selection', () => {
  test('grows from the active cell, which stays, over columns and rows that are shown', () => {
    at(SHEET, ({ session, selection }) => {
      session.activate({ run: 'B', row: 'dataset.noise' });
      expect(selection.isSingle()).toBe(true);
      expect(selection.words()).toBe('');
      selection.extend(1, 0);
      selection.extend(1, 1);
      expect(session.active()).toEqual({ run: 'B', row: 'dataset.noise' });
      expect(selection.runs()).toEqual(['B', 'C', 'D']);
      expect(selection.rows()).toEqual(['dataset.noise', 'split']);
      expect(selection.contains('C', 'split')).toBe(true);
      expect(selection.contains('A', 'dataset.noise')).toBe(false);
      expect(selection.words()).toBe('3 runs × 2 rows selected');
      selection.extend(-3, -1);
      expect(selection.runs()).toEqual(['A', 'B']);
      expect(selection.cells()).toEqual([
        { run: 'A', row: 'dataset.noise' },
        { run: 'B', row: 'dataset.noise' },
      ]);
      session.activate({ run: 'C', row: 'dataset.noise' });
      expect(selection.isSingle()).toBe(true);
    });
  });

  test('is of whole columns, whole rows or everything, and shrinks to the active cell again', () => {
    at(SHEET, ({ session, selection, rows }) => {
      session.activate({ run: 'B', row: 'train.epochs' });
      selection.extend(1, 0);
      selection.selectColumn();
      expect(selection.runs()).toEqual(['B', 'C']);
      expect(selection.rows()).toEqual(['name', ...rows.rows().map(({ id }) => id)]);
      selection.extend(1, 0);
      expect(selection.runs()).toEqual(['B', 'C', 'D']);
      expect(selection.contains('D', 'name')).toBe(true);
      selection.collapse();
      selection.selectRow();
      expect(selection.rows()).toEqual(['train.epochs']);
      expect(selection.runs()).toEqual(['A', 'B', 'C', 'D', 'E']);
      selection.selectAll();
      expect(selection.contains('E', 'seeds')).toBe(true);
      selection.collapse();
      expect(selection.cells()).toEqual([{ run: 'B', row: 'train.epochs' }]);
    });
  });

  test('is what figures show side by side', () => {
    at(SHEET, ({ session, selection }) => {
      session.activate({ run: 'B', row: 'train' });
      selection.extend(2, 0);
      expect(session.shown()).toEqual(['B', 'C', 'D']);
    });
  });

  test('shrinks to the active cell once the run at its other corner is gone', () => {
    at(SHEET, ({ session, selection }) => {
      session.activate({ run: 'A', row: 'name' });
      selection.extend(2, 0);
      session.edit('remove C', (sheet) => ({ ...sheet, runs: sheet.runs.filter(({ id }) => id !== 'C') }));
      expect(selection.runs()).toEqual(['A']);
    });
  });

  test('a corner in a group that is folded away is at the head of the group', () => {
    at(SHEET, ({ session, selection, rows }) => {
      session.activate({ run: 'A', row: 'name' });
      selection.extendTo({ run: 'A', row: 'dataset.noise' });
      rows.toggle({ type: 'kind', id: 'dataset', kind: 'dataset' });
      expect(selection.rows()).toEqual(['name', 'run', 'seeds', 'dataset']);
    });
  });

  test('tells only the cells that come or go', () => {
    at(SHEET, ({ session, selection, columns }) => {
      const notified: string[] = [];
      const end = createRoot((dispose) => {
        for (const { id } of columns.all())
          for (const row of selection.rowIds())
            createEffect(() => {
              selection.contains(id, row);
              notified.push(`${id} ${row}`);
            });
        return dispose;
      });
      session.activate({ run: 'B', row: 'dataset.noise' });
      selection.extend(0, 1);
      notified.length = 0;
      selection.extend(1, 0);
      expect(notified.toSorted()).toEqual(['C dataset.noise', 'C split']);
      end();
    });
  });
});

describe('the active cell', () => {
  test('follows a run that is added, and what undo and redo change, wherever it was', () =>
    at(SHEET, async ({ session, selection, editing }) => {
      const place = () => [session.active(), selection.words()];
      session.activate({ run: 'B', row: 'dataset.noise' });
      session.edit('add', (sheet) => addRun(sheet, { name: 'twin', base: 'B', after: 'B' }));
      expect(session.active()).toEqual({ run: 'F', row: 'dataset.noise' });
      editing.set([{ run: 'C', row: 'train.epochs', text: '3' }]);
      editing.set([
        { run: 'C', row: 'dataset.noise', text: '0.2' },
        { run: 'D', row: 'dataset.noise', text: '0.2' },
      ]);
      session.undo();
      await vi.waitFor(() =>
        expect(place()).toEqual([{ run: 'C', row: 'dataset.noise' }, '2 runs × 1 row selected']),
      );
      session.undo();
      await vi.waitFor(() => expect(place()).toEqual([{ run: 'C', row: 'train.epochs' }, '']));
      session.activate({ run: 'A', row: 'dataset.noise' });
      session.redo();
      await vi.waitFor(() => expect(session.active()).toEqual({ run: 'C', row: 'train.epochs' }));
    }));

  test('stays where it is when runs come between selected ones', () => {
    at(SHEET, ({ session, selection }) => {
      session.activate({ run: 'A', row: 'name' });
      selection.extend(1, 0);
      session.edit('bridge', (sheet) => addRun(sheet, { name: 'between', base: 'A', after: 'A' }));
      expect([session.active().run, selection.runs()]).toEqual(['A', ['A', 'F', 'B']]);
    });
  });
});

describe('a row that an edit makes quiet', () => {
  const LONE = '#v1&A=a&B=b&B.base=A&B.dataset.randomState=3&B.split.randomState=3';
  const shows = (workspace: Workspace, row: string): boolean => workspace.selection.rowIds().includes(row);

  test('stays while its cell is active, so that the next key acts on the same cell, and goes with the hand', () => {
    at(LONE, (workspace, texts) => {
      const { session, editing } = workspace;
      const cell = { run: 'B', row: 'dataset.randomState' };
      session.activate(cell);
      editing.clear([cell]);
      expect(texts()).toBe('#v1&A=a&B=b&B.base=A&B.split.randomState=3');
      expect(session.active()).toEqual(cell);
      expect(shows(workspace, 'dataset.randomState')).toBe(true);
      editing.begin('cell', '2');
      expect(editing.commit()).toBe(true);
      expect(texts()).toContain('&B.dataset.randomState=2');
      editing.clear([cell]);
      session.activate({ run: 'B', row: 'split.randomState' });
      expect(shows(workspace, 'dataset.randomState')).toBe(false);
    });
  });

  test('stays while it is selected', () => {
    at(LONE, (workspace) => {
      const { session, selection, editing } = workspace;
      session.activate({ run: 'B', row: 'dataset.randomState' });
      selection.extendTo({ run: 'B', row: 'split.randomState' });
      const before = selection.rows();
      editing.clear(selection.cells());
      expect(selection.rows()).toEqual(before);
      selection.collapse();
      expect(shows(workspace, 'split.randomState')).toBe(false);
      expect(shows(workspace, 'dataset.randomState')).toBe(true);
    });
  });

  test('stays under the hand while another hand makes the edit, and goes when the person hides such rows', () => {
    at(LONE, (workspace) => {
      const { session, rows } = workspace;
      session.activate({ run: 'B', row: 'dataset.randomState' });
      session.edit('elsewhere', (sheet) => ({
        ...sheet,
        runs: sheet.runs.map((run) => ({ ...run, overrides: new Map() })),
      }));
      expect(shows(workspace, 'dataset.randomState')).toBe(true);
      rows.toggleQuiet('dataset');
      rows.toggleQuiet('dataset');
      expect(shows(workspace, 'dataset.randomState')).toBe(false);
    });
  });
});

test('the row of seeds stays under the hand too, and rows that are shown anyway cost no more', () => {
  at('#v1&A=a&B=b&B.base=A&B.seeds=3', ({ session, rows, selection, editing }) => {
    rows.setDiffering(true);
    session.activate({ run: 'B', row: 'seeds' });
    editing.clear([{ run: 'B', row: 'seeds' }]);
    expect(session.active()).toEqual({ run: 'B', row: 'seeds' });
    expect(selection.rowIds()).toContain('seeds');
    const before = rows.rows();
    session.activate({ run: 'B', row: 'train' });
    expect(selection.rowIds()).not.toContain('seeds');
    const after = rows.rows();
    expect(after).not.toBe(before);
    session.activate({ run: 'A', row: 'train' });
    expect(rows.rows()).toBe(after);
  });
});

describe('a hidden row', () => {
  test('is shown where undo and redo change it', () =>
    at('#v1&A=a&B=b&B.base=A', async ({ session, rows, editing }) => {
      rows.toggleQuiet('dataset');
      editing.set([{ run: 'B', row: 'dataset.randomState', text: '3' }]);
      rows.toggleQuiet('dataset');
      session.activate({ run: 'A', row: 'train.epochs' });
      session.undo();
      await vi.waitFor(() => expect(session.active()).toEqual({ run: 'B', row: 'dataset.randomState' }));
      expect(rows.find('dataset.randomState')).toBeDefined();
      session.activate({ run: 'A', row: 'train.epochs' });
      rows.toggle({ type: 'kind', id: 'dataset', kind: 'dataset' });
      session.redo();
      await vi.waitFor(() => expect(session.active()).toEqual({ run: 'B', row: 'dataset.randomState' }));
      expect(rows.find('dataset.randomState')).toBeDefined();
    }));
});

describe('editing what is selected', () => {
  test('clearing gives all selected cells back as one step, and names stay', () => {
    at(SHEET, ({ session, selection, editing }, texts) => {
      const before = texts();
      session.activate({ run: 'A', row: 'name' });
      selection.selectAll();
      editing.clear(selection.cells());
      expect(texts()).toBe('#v1&A=a&B=b&B.base=A&C=c&C.base=A&D=d&D.base=A&E=e&E.base=A');
      session.undo();
      expect(texts()).toBe(before);
      expect(session.undoLabel()).toBeUndefined();
    });
  });

  test('a text fills all selected params as one step, as its params write it', () => {
    at(SHEET, ({ session, selection, editing }, texts) => {
      session.activate({ run: 'B', row: 'dataset.noise' });
      selection.extend(1, 1);
      editing.begin('cell', '1e-1');
      expect(editing.commitTo(selection.cells())).toBe(true);
      expect(texts()).toContain('&B.dataset.noise=0.1&C=c&C.base=A&C.dataset.noise=0.1&D=');
      expect(session.undoLabel()).toBe('set 2 cells to 0.1');
      session.undo();
      expect(session.undoLabel()).toBeUndefined();
    });
  });

  test('a formula is kept as it was typed and is no bad text', () => {
    at(SHEET, ({ session, editing }) => {
      session.activate({ run: 'C', row: 'dataset.noise' });
      editing.begin('cell', '=A.dataset.noise * 2 ');
      expect(editing.commit()).toBe(true);
      expect(session.sheet().runs[2]?.overrides.get('dataset.noise')).toBe('=A.dataset.noise * 2');
    });
  });
});

describe('columns', () => {
  const names = ({ columns }: Workspace) => columns.all().map(({ id, member }) => columnName(id, member));

  test('of an expanded run are followed by those of its members, and stay the same objects', () => {
    at(SHEET, (workspace) => {
      const { columns, session } = workspace;
      const before = columns.all();
      columns.toggle('E');
      expect(names(workspace)).toEqual(['A', 'B', 'C', 'D', 'E', 'E[0]', 'E[1]', 'E[2]']);
      expect(columns.all().slice(0, 5)).toEqual(before);
      expect(columns.all()[1]).toBe(before[1]);
      session.edit('', (sheet) => moveRuns(sheet, ['E'], 'A'));
      expect(names(workspace)).toEqual(['E', 'E[0]', 'E[1]', 'E[2]', 'A', 'B', 'C', 'D']);
      columns.toggle('E');
      expect(names(workspace)).toEqual(['E', 'A', 'B', 'C', 'D']);
    });
  });

  test('of members are not edited: the person is told that they follow their run', () => {
    at(SHEET, ({ columns, session, editing, selection }, texts) => {
      const before = texts();
      columns.toggle('E');
      session.activate({ run: 'E', row: 'dataset.noise', member: 1 });
      editing.begin('cell', '1');
      expect(editing.draft()).toBeUndefined();
      expect(session.notice()).toContain('Members follow their run');
      selection.extend(1, 0);
      editing.clear(selection.cells());
      expect(texts()).toBe(before);
      expect(selection.words()).toBe('2 columns × 1 row selected');
      expect(selection.runs()).toEqual(['E']);
    });
  });
});

describe('rows', () => {
  test('only those in which runs differ, the others counted in the label of their group', () => {
    at(SHEET, ({ rows, session }) => {
      rows.setDiffering(true);
      const ids = () => rows.rows().map(({ id }) => id);
      expect(ids().filter((id) => id.startsWith('dataset'))).toEqual(['dataset', 'dataset.noise']);
      expect([rows.quiet('dataset'), rows.quiet('train')]).toEqual([3, 4]);
      expect(ids()).toContain('train.loss');
      expect(ids()).not.toContain('train.epochs');
      session.edit('', (sheet) => ({
        ...sheet,
        runs: sheet.runs.map((run) =>
          run.id === 'D' ? { ...run, overrides: new Map([['train.epochs', '2']]) } : run,
        ),
      }));
      expect(ids()).toContain('train.epochs');
      session.activate({ run: 'D', row: 'dataset.randomState' });
      expect(ids()).toContain('dataset.randomState');
    });
  });
});

describe('runs', () => {
  const order = (sheet: ReturnType<typeof sheetAt>) => sheet.runs.map(({ id }) => id).join('');

  test('move together and keep their order; a move to where they are changes nothing', () => {
    const sheet = sheetAt(SHEET);
    expect(order(moveRuns(sheet, ['D', 'B'], 'A'))).toBe('BDACE');
    expect(order(moveRuns(sheet, ['A'], undefined))).toBe('BCDEA');
    expect(moveRuns(sheet, ['B', 'C'], 'D')).toBe(sheet);
    expect(order(shiftRuns(sheet, ['B', 'C'], -1))).toBe('BCADE');
    expect(order(shiftRuns(sheet, ['B', 'C'], 1))).toBe('ADBCE');
    expect(shiftRuns(sheet, ['A', 'B'], -1)).toBe(sheet);
    expect(shiftRuns(sheet, ['E'], 1)).toBe(sheet);
    expect(order(shiftRuns(sheet, ['D'], 1))).toBe('ABCED');
  });
});

describe('a param’s cell says', () => {
  test('whose text it is, and with what it has no effect', () => {
    at(
      '#v1&A=a&A.optimizer.name=sgd&A.optimizer.beta1=0.8&B=b&B.base=A&B.optimizer.name=adam',
      ({ session }) => {
        const row = (param: string) =>
          ({ type: 'param', id: `optimizer.${param}`, kind: 'optimizer', param }) as const;
        const originOf = (run: string, param: string) => {
          const plan = session.plan().runs.get(run);
          const reading = plan && readParam(registry, plan, row(param));
          return reading && [originText(plan, reading), noEffectText(registry, plan, row(param))];
        };
        expect(originOf('A', 'name')).toEqual(['set here', undefined]);
        expect(originOf('B', 'name')).toEqual(['overrides A', undefined]);
        expect(originOf('A', 'beta1')).toEqual(['set here', 'no effect with sgd']);
        expect(originOf('B', 'beta1')).toEqual(['from A', undefined]);
        expect(originOf('B', 'rho')).toEqual(['default', 'no effect with adam']);
      },
    );
  });
});
