// The proposed row under the results: in no sheet and no address until Enter, with the values that it has as a row of the sheet.

import { createRoot } from 'solid-js';
import { describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import type { Sheet } from '../../../src/core/sheet/sheet';
import { writeAddress } from '../../../src/platform/page/address';
import { rowOutcome } from '../../../src/ui/rows/row-outcome';
import { createSession } from '../../../src/ui/session/session';
import { type OwnRow, sheetRowOf } from '../../../src/ui/text/sheet-rows';
import { createWorkspace, type Workspace } from '../../../src/ui/workspace/workspace';
import { sheetAt } from '../../sheet-at';
import { oneSheet } from '../figures/sheet-session';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const SHEET =
  '#v1&A=a&A.dataset.nSamples=20&A.train.epochs=2&B=b&B.base=A&B.architecture.activation=relu&C=c&C.base=B&C.seeds=3';
const language = createLanguage(registry);

async function at(address: string, act: (workspace: Workspace) => void | Promise<void>): Promise<void> {
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const ports = {
    write: (sheet: Sheet) => writeAddress(sheet, registry),
    sheets: oneSheet(sheetAt(address)),
    language: () => language,
  };
  const [workspace, dispose] = createRoot((end) => {
    const session = createSession(registry, scheduler, ports);
    return [
      createWorkspace(session, scheduler, () => Promise.reject(new Error('nobody asks'))),
      end,
    ] as const;
  });
  await act(workspace);
  dispose();
}

const ownRows = ({ rows }: Workspace): OwnRow[] =>
  rows.rows().flatMap((row) => (row.type === 'own' ? [row] : []));

/** What the cells of a row show, run by run; undefined where values are missing. */
function shown({ session }: Workspace, row: OwnRow | undefined) {
  const own = row && sheetRowOf(session.sheet(), row);
  if (!own) throw new Error('the sheet has no such row');
  return [...session.plan().runs.values()].map((run) => rowOutcome(session, own, run));
}

describe('the proposed row', () => {
  test('compares each run with the first, and is a part of neither the sheet nor the address', () =>
    at(SHEET, (workspace) => {
      const [row, ...others] = ownRows(workspace);
      expect([row?.proposed, others]).toEqual(['=loss - A.loss', []]);
      expect(workspace.session.sheet().rows).toEqual([]);
      expect(workspace.session.address()).not.toContain('row');
    }));

  test('of a single run shows a result alone', () =>
    at('#v1&A=a', (workspace) => expect(ownRows(workspace)[0]?.proposed).toBe('=loss')));

  test(
    'has the values of a row of the sheet with this formula, in runs with members too',
    () =>
      at(SHEET, async (workspace) => {
        const values = () => shown(workspace, ownRows(workspace)[0]);
        await expect.poll(() => values().every((outcome) => outcome?.text), { timeout: 20_000 }).toBe(true);
        await expect.poll(() => values()[2]?.over?.count, { timeout: 20_000 }).toBe('n 3');
        const before = values();
        expect(before[0]?.text).toBe('0');
        workspace.session.edit('', (sheet) => ({
          ...sheet,
          rows: [{ name: 'gap', formula: '=loss - A.loss' }],
        }));
        const [gap, next] = ownRows(workspace);
        expect([gap?.name, next?.name]).toEqual(['gap', 'row1']);
        expect(shown(workspace, gap)).toEqual(before);
      }),
    45_000,
  );

  test('stays out of the sheet when it is left, and joins with Enter or with another formula', () =>
    at(SHEET, ({ session, editing, rows }) => {
      const cell = { run: 'B', row: 'row.row1' };
      session.activate(cell);
      editing.begin('cell');
      expect(editing.draft()?.text).toBe('=loss - A.loss');
      editing.commit();
      editing.begin('cell', '');
      editing.commit(true);
      editing.clear([cell]);
      expect(session.sheet().rows).toEqual([]);
      editing.begin('cell');
      editing.commit(true);
      expect(session.sheet().rows).toEqual([{ name: 'row1', formula: '=loss - A.loss' }]);
      expect(session.undoLabel()).toBe('add the row row1');
      expect([session.active(), rows.find('row.row1')]).toEqual([
        cell,
        { type: 'own', id: 'row.row1', name: 'row1' },
      ]);
      session.activate({ run: 'B', row: 'row.row2' });
      editing.begin('cell', '2 * loss');
      editing.commitTo([
        { run: 'A', row: 'row.row2' },
        { run: 'B', row: 'row.row2' },
      ]);
      expect(session.sheet().rows.map(({ formula }) => formula)).toEqual(['=loss - A.loss', '=2 * loss']);
      session.undo();
      session.undo();
      expect(session.sheet().rows).toEqual([]);
    }));
});
