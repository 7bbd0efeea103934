// The entries of the menu on a cell or on a row's label.
// Invariant: only what applies to the cell, or to the selection with it, is an entry; each does what its key does.
// Knows no elements: the clipboard and the filling come in from outside.

import { removeRow } from '../../core/formulas/sheet-rows';
import type { RunId } from '../../core/sheet/sheet';
import type { MenuEntry, MenuGroups } from '../dom/menu';
import { openRow } from '../rows/row-loading';
import type { Active } from '../session/cursor';
import type { OwnRow, Row } from '../text/sheet-rows';
import { cellAction } from '../workspace/cell-action';
import { NAME_ROW } from '../workspace/editing';
import { quietWords } from '../workspace/quiet-words';
import type { Workspace } from '../workspace/workspace';
import { only, runEntries, severalEntries } from './run-entries';

/** The actions on the selection that need the grid. */
export interface GridActions {
  copy(): void;
  cut(): void;
  paste(): void;
  fill(direction: 'right' | 'down'): void;
  sweep(): void;
  /** Goes to the first precedent or dependent of the active cell; undefined if there is none. */
  trace(which: 'precedents' | 'dependents'): (() => void) | undefined;
}

/** The entries that fold a group and show its quiet params. */
function groupEntries({ rows }: Workspace, row: Row, keys?: string): MenuEntry[] {
  if (row.type !== 'kind' && row.type !== 'run') return [];
  const isFolded = rows.folded().has(row.id);
  const quiet = rows.quiet(row.id);
  return [
    { words: isFolded ? 'Unfold' : 'Fold', ...(keys !== undefined && { keys }), act: () => rows.toggle(row) },
    ...only(!isFolded && quiet > 0, {
      words: quietWords(rows, row.id),
      act: () => rows.toggleQuiet(row.id),
    }),
  ];
}

/** The entries that change a row of formulas as a whole. */
const ownRowEntries = ({ session }: Workspace, row: OwnRow): MenuEntry[] =>
  row.proposed === undefined
    ? [
        { words: 'Rename or move the row …', act: () => openRow(session, row) },
        {
          words: 'Remove row',
          act: () => session.edit(`remove the row ${row.name}`, (sheet) => removeRow(sheet, row.name)),
        },
      ]
    : [{ words: 'Name a new row …', act: () => openRow(session, row) }];

/** The entry of the computed cell behind a result or a status: compute, cancel, resume. */
function actionEntry({ session }: Workspace, run: RunId, row: Row): MenuEntry[] {
  const kind = row.type === 'kind' ? row.kind : row.type === 'result' ? row.result.kind : undefined;
  const action = kind === undefined ? undefined : cellAction(session, run, kind);
  if (!action) return [];
  const words = `${action.word[0]?.toUpperCase()}${action.word.slice(1)}`;
  return [{ words, ...(row.type === 'kind' && { keys: 'Enter' }), act: () => action.act() }];
}

/** Whether a selected cell has a text of its own, which Delete clears. */
const hasOwn = ({ session, selection, rows }: Workspace): boolean =>
  selection.cells().some(({ run, row, member }) => {
    const own = session.sheet().runs.find(({ id }) => id === run)?.overrides;
    return member === undefined && rows.find(row)?.type === 'param' && own?.has(row) === true;
  });

/** The entries of the clipboard, of filling and of clearing for the selected cells. */
function selectionEntries(workspace: Workspace, grid: GridActions): MenuGroups {
  const { session, selection, rows } = workspace;
  const isMembers = selection.columns().every(({ member }) => member !== undefined);
  const types = new Set(selection.rows().map((id) => (id === NAME_ROW ? NAME_ROW : rows.find(id)?.type)));
  const takesTexts = !isMembers && types.has('param');
  const holds =
    takesTexts || types.has('param') || types.has('result') || types.has('own') || types.has(NAME_ROW);
  const isBased = session.sheet().runs.find(({ id }) => id === session.active().run)?.base !== undefined;
  return [
    [
      ...only(takesTexts, { words: 'Cut', keys: 'Ctrl+X', act: grid.cut }),
      ...only(holds, { words: 'Copy', keys: 'Ctrl+C', act: grid.copy }),
      ...only(takesTexts || (!isMembers && types.has('own') && selection.isSingle()), {
        words: 'Paste',
        keys: 'Ctrl+V',
        act: grid.paste,
      }),
    ],
    [
      ...only(takesTexts && hasOwn(workspace), {
        words: isBased ? 'Clear to the inherited value' : 'Clear to the default',
        keys: 'Delete',
        act: () => workspace.editing.clear(selection.cells()),
      }),
      ...only(takesTexts && selection.runs().length > 1, {
        words: 'Fill right',
        keys: 'Ctrl+R',
        act: () => grid.fill('right'),
      }),
      ...only(takesTexts && selection.rows().length > 1, {
        words: 'Fill down',
        keys: 'Ctrl+D',
        act: () => grid.fill('down'),
      }),
      ...only(takesTexts, { words: 'Sweep or fill …', keys: 'Ctrl+Shift+F', act: grid.sweep }),
    ],
  ];
}

function traceEntries({ selection }: Workspace, grid: GridActions): MenuEntry[] {
  if (!selection.isSingle()) return [];
  const entry = (which: 'precedents' | 'dependents', keys: string): MenuEntry[] => {
    const act = grid.trace(which);
    return act ? [{ words: `Go to ${which}`, keys, act }] : [];
  };
  return [...entry('precedents', 'Ctrl+['), ...entry('dependents', 'Ctrl+]')];
}

/** The entries for a cell, which is active or lies within the selection. */
export function cellEntries(
  workspace: Workspace,
  { run, row: id, member }: Active,
  grid: GridActions,
): MenuGroups {
  const { rows, editing, selection } = workspace;
  if (id === NAME_ROW) {
    const runs = selection.contains(run, id, member) ? selection.runs() : [run];
    if (runs.length > 1) return [...selectionEntries(workspace, grid), ...severalEntries(workspace, runs)];
    return member === undefined ? runEntries(workspace, run) : selectionEntries(workspace, grid);
  }
  const row = rows.find(id);
  if (!row) return [];
  const isEditable = (row.type === 'param' || row.type === 'own') && member === undefined;
  return [
    [
      ...only(isEditable && selection.isSingle(), {
        words: row.type === 'own' ? 'Edit the formula' : 'Edit',
        keys: 'F2',
        act: () => editing.begin('cell'),
      }),
      ...(member === undefined ? actionEntry(workspace, run, row) : []),
    ],
    ...selectionEntries(workspace, grid),
    traceEntries(workspace, grid),
    row.type === 'own' ? ownRowEntries(workspace, row) : groupEntries(workspace, row),
  ];
}

/** The entries for the label of a row. */
export function labelEntries(workspace: Workspace, row: Row): MenuGroups {
  const { session, selection } = workspace;
  return [
    row.type === 'own' ? ownRowEntries(workspace, row) : groupEntries(workspace, row),
    [
      {
        words: 'Select the row',
        keys: 'Shift+Space',
        act() {
          session.activate({ run: session.active().run, row: row.id });
          selection.selectRow();
        },
      },
    ],
  ];
}
