// The tab of figures and the chosen runs: what moves them, and what leaves them where the person put them.

import { describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { addRun, removeRun, setOverride } from '../../../src/core/sheet/sheet';
import type { Session } from '../../../src/ui/session/session';
import { NAME_ROW } from '../../../src/ui/workspace/editing';
import { chooseRun, forgetChoice } from '../../../src/ui/workspace/run-choice';
import type { Workspace } from '../../../src/ui/workspace/workspace';
import { openWorkspace } from '../open-workspace';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const SHEET = '#v1&A=a&A.dataset.nSamples=20&A.train.epochs=1&B=b&B.base=A&C=c&C.base=A';

/** Does something in a session over SHEET. */
function at(act: (session: Session, workspace: Workspace) => void): void {
  const { workspace, dispose } = openWorkspace(SHEET, forgetChoice);
  act(workspace.session, workspace);
  dispose();
}

const shown = (session: Session): string => session.shown().join('');

describe('the tab of figures', () => {
  test('stays while the person moves, types and undoes', () => {
    at((session) => {
      expect(session.inspected()).toBe('Learning');
      for (const { name } of registry.kinds) session.activate({ run: 'B', row: name });
      session.activate({ run: 'A', row: 'dataset.noise' });
      session.edit('noise', (sheet) => setOverride(sheet, 'A', 'dataset.noise', '0.3'));
      session.undo();
      expect(session.inspected()).toBe('Learning');
    });
  });

  test('opens by its name, and by the name of any of its kinds', () => {
    at((session) => {
      const opened = (name: string): string => {
        session.inspect(name);
        return session.inspected();
      };
      const names = ['dataset', 'split', 'architecture', 'optimizer', 'train', 'diff', 'Sweep'];
      expect(names.map(opened)).toEqual([
        ...['Data', 'Data', 'Network', 'Network', 'Learning', 'Network', 'Sweep'],
      ]);
    });
  });
});

describe('the active cell', () => {
  test('of a run that is removed is that of the next run, and of the last run that of the run before', () => {
    at((session) => {
      session.activate({ run: 'B', row: 'dataset.noise' });
      session.edit('remove', (sheet) => removeRun(sheet, 'B'));
      expect(session.active()).toEqual({ run: 'C', row: 'dataset.noise' });
      session.edit('remove', (sheet) => removeRun(sheet, 'C'));
      expect(session.active()).toEqual({ run: 'A', row: 'dataset.noise' });
    });
  });
});

describe('the runs in the figures', () => {
  test('are those that the person chose, also while others are selected and edited', () => {
    at((session) => {
      session.activate({ run: 'A', row: NAME_ROW });
      chooseRun(session, 'C', 'add');
      expect(shown(session)).toBe('AC');
      session.activate({ run: 'B', row: 'dataset.noise' });
      session.select({ corner: { run: 'C', row: 'dataset.noise' } });
      session.edit('noise', (sheet) => setOverride(sheet, 'B', 'dataset.noise', '0.3'));
      expect(shown(session)).toBe('AC');
      session.hide(undefined);
      expect(shown(session)).toBe('BC');
    });
  });

  test('gain a run that is added, and lose one that is removed', () => {
    at((session) => {
      chooseRun(session, 'A', 'only');
      session.edit('add', (sheet) => addRun(sheet, { name: 'd', base: 'A' }));
      expect(shown(session)).toBe('AD');
      session.edit('remove', (sheet) => removeRun(sheet, 'D'));
      expect(shown(session)).toBe('A');
    });
  });

  test('are the selected ones once the person selects headers or whole columns', () => {
    at((session, { selection }) => {
      chooseRun(session, 'C', 'only');
      session.activate({ run: 'A', row: 'dataset.noise' });
      selection.extend(1, 0);
      expect(shown(session)).toBe('C');
      selection.selectColumn();
      expect(shown(session)).toBe('AB');
      chooseRun(session, 'C', 'only');
      session.activate({ run: 'A', row: NAME_ROW });
      selection.extendTo({ run: 'B', row: NAME_ROW });
      expect(shown(session)).toBe('AB');
    });
  });
});
