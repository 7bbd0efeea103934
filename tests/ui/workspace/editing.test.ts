// The draft: what is typed gets into its own cell or is said, whichever computation hears first that the sheet changed.

import { createMemo, createRoot } from 'solid-js';
import { describe, expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { addRow, removeRow } from '../../../src/core/formulas/sheet-rows';
import { removeRun } from '../../../src/core/sheet/sheet';
import { type MemorySheets, memorySheets } from '../../../src/page/sheets/memory-sheets';
import { writeAddress } from '../../../src/platform/page/address';
import type { TypedText } from '../../../src/ui/session/open-sheets';
import { createSession, type Session } from '../../../src/ui/session/session';
import type { Editing } from '../../../src/ui/workspace/editing';
import { createWorkspace } from '../../../src/ui/workspace/workspace';
import { sheetAt } from '../../sheet-at';
import { oneSheet } from '../figures/sheet-session';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const SHEET = '#v1&A=mine&A.dataset.noise=0.1&B=other&B.base=A';

/** Types 0.4 into the noise of B, lets `change` change the sheet, and commits as a cell does that is removed thereby. */
function typeAnd(
  change: (session: Session, sheets: MemorySheets) => void,
  { address = SHEET, row = 'dataset.noise', text = '0.4' } = {},
): {
  session: Session;
  editing: Editing;
} {
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  return createRoot((dispose) => {
    const sheets = memorySheets(sheetAt(address));
    let commit = (): void => {};
    const session = createSession(registry, scheduler, {
      write: (sheet) => writeAddress(sheet, registry),
      sheets,
    });
    // Made before the workspace, so that this hears of the change first.
    createMemo(() => {
      session.open();
      commit();
    });
    const { editing } = createWorkspace(session, scheduler, () => Promise.reject(new Error('nobody asks')));
    session.activate({ run: 'B', row });
    editing.begin('cell', text);
    commit = () => void editing.commit();
    change(session, sheets);
    dispose();
    return { session, editing };
  });
}

describe('a draft whose cell is removed, and so commits it, before the draft hears why', () => {
  test('of a removed run is said', () => {
    const { session, editing } = typeAnd((session) =>
      session.edit('remove B', (sheet) => removeRun(sheet, 'B')),
    );
    expect(session.notice()).toBe('B was removed while you typed “0.4” there.');
    expect(editing.draft()).toBeUndefined();
  });

  test('of a row of formulas that is removed is said', () => {
    const { session } = typeAnd((session) => session.edit('remove gap', (sheet) => removeRow(sheet, 'gap')), {
      address: `${SHEET}&row.gap==loss`,
      row: 'row.gap',
      text: '=loss*2',
    });
    expect(session.notice()).toBe('The row gap was removed while you typed “=loss*2” there.');
    expect(session.sheet().rows).toEqual([]);
  });

  test('of the proposed row replaces no row that was made meanwhile, and is said', () => {
    const row = { name: 'row1', formula: '=loss*9' };
    const { session } = typeAnd((session) => session.edit('add', (sheet) => addRow(sheet, row, registry)), {
      row: 'row.row1',
      text: '=accuracy',
    });
    expect(session.notice()).toBe('The row row1 was made elsewhere while you typed “=accuracy” there.');
    expect(session.sheet().rows).toEqual([row]);
  });

  test('gets into no run of the same name in another sheet, and is said', () => {
    const { session, editing } = typeAnd((_, sheets) =>
      sheets.show(sheetAt(SHEET.replace('mine', 'theirs'))),
    );
    expect(session.notice()).toBe('“0.4” was typed into B of another sheet and is not saved.');
    expect(editing.draft()).toBeUndefined();
    expect(session.address()).not.toContain('0.4');
  });
});

describe('a text from before a reload', () => {
  /** Opens SHEET where this text was left; gives the draft, the notice, and what is kept from then on. */
  async function reload(left: TypedText) {
    const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
    const kept: unknown[] = [];
    const [session, workspace, dispose] = createRoot((end) => {
      const opened = createSession(registry, scheduler, {
        write: (sheet) => writeAddress(sheet, registry),
        sheets: oneSheet(sheetAt(SHEET)),
        typed: {
          load: async () => left,
          save: (_, text) => void kept.push(text),
          loadForms: async () => [],
          saveForm() {},
        },
      });
      return [
        opened,
        createWorkspace(opened, scheduler, () => Promise.reject(new Error('nobody asks'))),
        end,
      ];
    });
    await Promise.resolve();
    await Promise.resolve();
    const seen = {
      draft: workspace.editing.draft(),
      notice: session.notice(),
      active: session.active(),
      kept,
    };
    dispose();
    return seen;
  }

  test('is back in its cell, whose row is shown, though it was hidden at rest', async () => {
    const left = { run: 'B', row: 'dataset.randomState', text: '47', place: 'cell' } as const;
    const { draft, active, notice } = await reload(left);
    expect([draft, notice]).toEqual([left, undefined]);
    expect(active).toEqual({ run: 'B', row: 'dataset.randomState' });
  });

  test('without a place is said once, and forgotten', async () => {
    const { draft, notice, kept } = await reload({
      run: 'C',
      row: 'dataset.noise',
      text: '0.4',
      place: 'cell',
    });
    expect(draft).toBeUndefined();
    expect(notice).toBe('C was removed while you typed “0.4” there.');
    expect(kept).toEqual([undefined]);
  });
});
