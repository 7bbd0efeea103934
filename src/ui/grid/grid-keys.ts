// The grid's keys in one table: the key, its action in words, and the action itself.
// Invariant: this table is both the working keys and the keys that Help lists.
// Keys without an action here belong to another part: the input's while a cell is edited, the page's, the clipboard's.

import type { Fillings } from '../fill/filling';
import { headOf, type Row } from '../text/sheet-rows';
import { cellAction } from '../workspace/cell-action';
import { namesOf, shiftRuns } from '../workspace/run-moves';
import type { Workspace } from '../workspace/workspace';

/** The workspace that the keys act on, and what else they need. */
interface KeyTarget {
  readonly workspace: Workspace;
  /** Number of rows per screen. */
  readonly pageRows: () => number;
  readonly fillings: Fillings | undefined;
  /** Opens the menu of the active cell. */
  readonly openMenu: () => void;
}

/** One line of the table. */
interface KeyLine {
  /** Chords in the form that `chordOf` writes; empty if the line is not for a single key. */
  readonly chords: readonly string[];
  /** The keys as Help shows them. */
  readonly shown: readonly string[];
  readonly words: string;
  act?(target: KeyTarget, chord: string): void;
}

interface KeyGroup {
  readonly group: string;
  readonly keys: readonly KeyLine[];
}

/**
 * Text of a key press: "Control+Shift+ArrowLeft", "Control+d", "?"; the Mac's command key counts as Control.
 */
function chordOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): string {
  const control = ctrlKey || metaKey;
  const name = key === ' ' ? 'Space' : control && key.length === 1 ? key.toLowerCase() : key;
  // The shift that makes a character is part of the character.
  const shift = shiftKey && (control || altKey || name.length > 1);
  return `${control ? 'Control+' : ''}${altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${name}`;
}

const FAR = 100_000;

/**
 * Rows from `from` to the next edge in direction `step`, signed: the edge of this group or, at that edge, the
 * next group's first row on the way; 0 at the end of the sheet.
 */
function rowsToEdge({ workspace }: KeyTarget, from: number, step: -1 | 1): number {
  const ids = workspace.selection.rowIds();
  const groupOf = (at: number): string => {
    const row = workspace.rows.find(ids[at] ?? '');
    if (!row) return ids[at] ?? '';
    if (row.type === 'result') return row.result.group;
    return row.type === 'own' ? row.type : headOf(row.id);
  };
  let at = from + step;
  if (groupOf(at) !== groupOf(from)) return at >= 0 && at < ids.length ? step : 0;
  while (at + step >= 0 && at + step < ids.length && groupOf(at + step) === groupOf(at)) at += step;
  return at - from;
}

/** Columns and rows that a key moves, from a place [column, row]; the result may lie outside of the sheet. */
function wayOf(target: KeyTarget, chord: string, [, row]: readonly [number, number]): [number, number] {
  switch (chord.replace('Shift+', '')) {
    case 'ArrowLeft':
      return [-1, 0];
    case 'ArrowRight':
      return [1, 0];
    case 'ArrowUp':
      return [0, -1];
    case 'ArrowDown':
      return [0, 1];
    case 'Control+ArrowLeft':
    case 'Home':
      return [-FAR, 0];
    case 'Control+ArrowRight':
    case 'End':
      return [FAR, 0];
    case 'Control+ArrowUp':
      return [0, rowsToEdge(target, row, -1)];
    case 'Control+ArrowDown':
      return [0, rowsToEdge(target, row, 1)];
    case 'Control+Home':
      return [-FAR, -FAR];
    case 'Control+End':
      return [FAR, FAR];
    case 'PageUp':
      return [0, -target.pageRows()];
    case 'PageDown':
      return [0, target.pageRows()];
    default:
      return [0, 0];
  }
}

const go: KeyLine['act'] = (target, chord) => {
  const { selection } = target.workspace;
  if (chord.includes('Shift+')) selection.extend(...wayOf(target, chord, selection.corner()));
  else selection.move(...wayOf(target, chord, selection.active()));
};

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const EDGES = ['Home', 'End', 'Control+Home', 'Control+End', 'PageUp', 'PageDown'];
const withControl = ARROWS.map((key) => `Control+${key}`);
const withShift = (chord: string): string =>
  chord.startsWith('Control+') ? chord.replace('Control+', 'Control+Shift+') : `Shift+${chord}`;

/**
 * Edits the active cell, folds a group, or does the action of a computed cell.
 */
function enter({ workspace }: KeyTarget): void {
  const { session, rows, editing } = workspace;
  const { run, row: id, member } = session.active();
  const row = rows.find(id);
  const action =
    row?.type === 'kind' && member === undefined ? cellAction(session, run, row.kind) : undefined;
  if (action) action.act();
  else if (row?.type === 'result') refuse(workspace, row);
  else if (row && row.type !== 'param' && row.type !== 'own') rows.toggle(row);
  else editing.begin('cell');
}

/** Says why a cell takes no text, and what to do instead. */
function refuse({ session }: Workspace, row: Row): void {
  const { run, member } = session.active();
  const action =
    row.type === 'kind' && member === undefined ? cellAction(session, run, row.kind)?.word : undefined;
  const said = refusalOf(row, run, action ? `begins “${action}”` : 'folds its rows');
  if (said === undefined) return;
  // Withdrawn first, so that a second key press is answered too.
  session.report(undefined);
  session.report(said);
}

function refusalOf(row: Row, run: string, enter: string): string | undefined {
  switch (row.type) {
    case 'result':
      return `${row.result.label} of ${run} is computed: change a param of ${run}, and it follows`;
    case 'kind':
      return `this is the status of ${row.kind} of ${run}: Enter ${enter}, its params take values`;
    case 'run':
      return `these are params of ${run} itself: Enter folds them`;
    default:
      return undefined;
  }
}

function shift({ workspace: { session, selection } }: KeyTarget, chord: string): void {
  const ids = selection.runs();
  const left = chord.endsWith('Left');
  session.edit(`move ${namesOf(ids)} ${left ? 'left' : 'right'}`, (sheet) =>
    shiftRuns(sheet, ids, left ? -1 : 1),
  );
}

/** All keys, in the order of Help; a line added here works and is listed. */
export const KEYS: readonly KeyGroup[] = [
  {
    group: 'Moving',
    keys: [
      { chords: ARROWS, shown: ['←', '→', '↑', '↓'], words: 'by one cell', act: go },
      {
        chords: withControl,
        shown: ['Ctrl', 'arrow'],
        words: 'to the edge of the group, or of the sheet',
        act: go,
      },
      { chords: EDGES.slice(0, 2), shown: ['Home', 'End'], words: 'to the first or the last run', act: go },
      {
        chords: EDGES.slice(2, 4),
        shown: ['Ctrl', 'Home / End'],
        words: 'to the first or the last cell',
        act: go,
      },
      { chords: EDGES.slice(4), shown: ['PgUp', 'PgDn'], words: 'by a screen of rows', act: go },
      {
        chords: ['Control+[', 'Control+]'],
        shown: ['Ctrl', '[ ]'],
        words: 'to precedents, to dependents',
      },
      {
        chords: ['Control+g'],
        shown: ['Ctrl', 'G'],
        words: 'to a cell, a run or a param that you type',
        act: () => document.getElementById('place')?.focus(),
      },
      { chords: [], shown: ['Tab'], words: 'out of the sheet; Shift+Tab out backwards' },
    ],
  },
  {
    group: 'Selecting',
    keys: [
      {
        chords: [...ARROWS, ...withControl, ...EDGES].map(withShift),
        shown: ['Shift', 'any of these'],
        words: 'extends the selection',
        act: go,
      },
      {
        chords: ['Control+Space'],
        shown: ['Ctrl', 'Space'],
        words: 'whole columns',
        act: ({ workspace }) => workspace.selection.selectColumn(),
      },
      {
        chords: ['Shift+Space'],
        shown: ['Shift', 'Space'],
        words: 'whole rows',
        act: ({ workspace }) => workspace.selection.selectRow(),
      },
      {
        chords: ['Control+a'],
        shown: ['Ctrl', 'A'],
        words: 'the whole sheet',
        act: ({ workspace }) => workspace.selection.selectAll(),
      },
      {
        chords: ['Escape'],
        shown: ['Esc'],
        words: 'only the active cell',
        act: ({ workspace }) => workspace.selection.collapse(),
      },
    ],
  },
  {
    group: 'Editing',
    keys: [
      { chords: [], shown: ['any character'], words: 'replaces the content' },
      {
        chords: ['Enter', 'F2'],
        shown: ['Enter', 'F2'],
        words: 'edits the cell; folds a group; computes, stops or resumes',
        act: enter,
      },
      {
        chords: ['Space'],
        shown: ['Space'],
        words: 'as Enter: it never replaces a text by a blank',
        act: enter,
      },
      {
        chords: [],
        shown: ['Enter', 'Tab'],
        words: 'while editing: commits and moves down or right; with Shift up or left',
      },
      {
        chords: [],
        shown: ['←', '→', '↑', '↓'],
        words: 'after typing over a cell: commits and moves; after F2 moves the caret',
      },
      { chords: [], shown: ['Ctrl', 'Enter'], words: 'while editing: fills the selection' },
      { chords: [], shown: ['Esc'], words: 'while editing: cancels' },
      {
        chords: ['Delete', 'Backspace'],
        shown: ['Delete'],
        words: 'clears the selected cells to their inherited values',
        act: ({ workspace }) => workspace.editing.clear(workspace.selection.cells()),
      },
      {
        chords: ['Control+c', 'Control+x', 'Control+v'],
        shown: ['Ctrl', 'C / X / V'],
        words: 'copies, cuts and pastes, also to and from other spreadsheets',
      },
      {
        chords: ['Control+d', 'Control+r'],
        shown: ['Ctrl', 'D / R'],
        words: 'fills the selection down or to the right',
        act: ({ fillings }, chord) => fillings?.copy(chord === 'Control+d' ? 'down' : 'right'),
      },
    ],
  },
  {
    group: 'The sheet',
    keys: [
      {
        chords: ['Control+Shift+f'],
        shown: ['Ctrl', 'Shift', 'F'],
        words: 'fills with a series, or sweeps a param',
        act: ({ fillings }) => fillings?.open('fill'),
      },
      {
        chords: ['ContextMenu', 'Shift+F10'],
        shown: ['Shift', 'F10'],
        words: 'the menu of the cell, as the right button and a long press',
        act: ({ openMenu }) => openMenu(),
      },
      { chords: ['Control+z'], shown: ['Ctrl', 'Z'], words: 'undo' },
      { chords: ['Control+y', 'Control+Shift+z'], shown: ['Ctrl', 'Y'], words: 'redo; Ctrl+Shift+Z as well' },
      {
        chords: ['Alt+Shift+ArrowLeft', 'Alt+Shift+ArrowRight'],
        shown: ['Alt', 'Shift', '← →'],
        words: 'moves the selected runs',
        act: shift,
      },
      { chords: ['?'], shown: ['?'], words: 'Help, beginning with the active cell' },
    ],
  },
];

/** The lines by chord. */
const LINES: ReadonlyMap<string, KeyLine> = new Map(
  KEYS.flatMap(({ keys }) => keys.flatMap((line) => line.chords.map((chord) => [chord, line] as const))),
);

/** The `keydown` listener of the grid; leaves other keys to the page, with their default action. */
export function gridKeys(target: KeyTarget): (event: KeyboardEvent) => void {
  const { editing } = target.workspace;
  return (event) => {
    if (editing.draft()?.place === 'cell' || event.isComposing) return;
    // Buttons inside cells handle their own keys.
    if (event.target instanceof HTMLButtonElement) return;
    const chord = chordOf(event);
    const line = LINES.get(chord);
    if (line) {
      if (!line.act) return;
      line.act(target, chord);
    } else if (chord.length === 1) {
      const row = target.workspace.rows.find(target.workspace.session.active().row);
      if (row && row.type !== 'param' && row.type !== 'own') refuse(target.workspace, row);
      else editing.begin('cell', event.key);
    } else return;
    event.preventDefault();
  };
}
