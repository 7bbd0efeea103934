// The entries of a run's menu, which its header's button and a press on its header open.
// Invariant: only what applies to the run now is an entry; an edit is one step of the history.

import { late, withPart } from '../../core/late-loading';
import type { RunId } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import type { MenuEntry, MenuGroups } from '../dom/menu';
import { fillWorkspaceOf } from '../fill/fill-workspace';
import { HAND_WIDTH } from '../workspace/column-widths';
import { NAME_ROW } from '../workspace/editing';
import { chooseRun } from '../workspace/run-choice';
import { addTwin, namesOf, shiftRuns } from '../workspace/run-moves';
import type { Workspace } from '../workspace/workspace';

const sweepPanel = late(() => import('../fill/sweep-panel'));
const runRemoval = late(() => import('../rows/run-removal'));

/** An entry if a condition holds. */
export const only = (condition: boolean, entry: MenuEntry): MenuEntry[] => (condition ? [entry] : []);

/** Starts the cross-check of a run; says why where a problem leaves no training to check. */
function crossCheck({ session, crossChecks }: Workspace, id: RunId): void {
  const planned = session.plan().runs.get(id);
  const problem = planned?.problem ?? planned?.cells.get('train')?.problem;
  if (!problem) crossChecks.start(id);
  else
    session.say(
      `${id} cannot be cross-checked: ${problem.kind === 'blocked' ? problem.message : `${problem.cell}: ${problem.message}`}.`,
    );
}

/** Moves runs by one place, none beyond the edge of the sheet; a run of its own becomes the active run. */
function moveEntries({ session }: Workspace, ids: readonly RunId[]): MenuEntry[] {
  const entry = (by: -1 | 1): MenuEntry[] => {
    const way = by < 0 ? 'left' : 'right';
    return only(shiftRuns(session.sheet(), ids, by) !== session.sheet(), {
      words: `Move ${way}`,
      keys: `Alt+Shift+${by < 0 ? '←' : '→'}`,
      act() {
        session.edit(`move ${namesOf(ids)} ${way}`, (sheet) => shiftRuns(sheet, ids, by));
        const [run, ...more] = ids;
        if (run !== undefined && more.length === 0) session.activate({ run, row: session.active().row });
      },
    });
  };
  return [...entry(-1), ...entry(1)];
}

/** The entry that removes runs, of which the sheet keeps at least one. */
function removeEntry({ session }: Workspace, ids: readonly RunId[]): MenuEntry[] {
  return only(ids.length < session.sheet().runs.length, {
    words: ids.length === 1 ? 'Remove' : `Remove ${ids.length} runs`,
    act: () => withPart(runRemoval, ({ removeOrAsk }) => removeOrAsk(session, ids)),
  });
}

/** Makes the columns of runs wider and narrower, each by a step. */
function widthEntries({ widths }: Workspace, ids: readonly RunId[]): MenuEntry[] {
  const entry = (words: string, by: number, room: (width: number) => boolean): MenuEntry[] =>
    only(
      ids.some((id) => room(widths.of(id))),
      {
        words,
        act() {
          for (const id of ids) widths.set(id, widths.of(id) + by);
        },
      },
    );
  return [
    ...entry('Wider', HAND_WIDTH.step, (width) => width < HAND_WIDTH.most),
    ...entry('Narrower', -HAND_WIDTH.step, (width) => width > HAND_WIDTH.least),
  ];
}

/** What shows a run in the figures, alone or not at all. */
function figureEntries({ session }: Workspace, id: RunId): MenuEntry[] {
  const shown = session.shown();
  const isShown = shown.includes(id);
  const isAlone = isShown && shown.length === 1;
  if (session.sheet().runs.length < 2) return [];
  return [
    {
      words: isAlone ? 'Show other runs in the figures' : 'Show alone in the figures',
      act: () => chooseRun(session, id, 'only'),
    },
    ...(isAlone
      ? []
      : [
          {
            words: `${isShown ? 'Hide' : 'Show'} in the figures`,
            act: () => chooseRun(session, id, 'toggle'),
          },
        ]),
  ];
}

/** The entries for a run. */
export function runEntries(workspace: Workspace, id: RunId): MenuGroups {
  const { session, editing, crossChecks, columns, baseline } = workspace;
  const last = session.sheet().runs.length - 1;
  const seeds = session.plan().runs.get(id)?.seeds.count ?? 1;
  return [
    [
      { words: 'Add a twin', act: () => addTwin(session, id) },
      {
        words: 'Sweep or fill …',
        keys: 'Ctrl+Shift+F',
        act() {
          session.activate({ ...session.active(), run: id });
          focusActiveCell();
          withPart(sweepPanel, ({ openPanel }) => openPanel(fillWorkspaceOf(workspace), 'sweep'));
        },
      },
      {
        words: 'Rename',
        keys: 'F2',
        act() {
          session.activate({ run: id, row: NAME_ROW });
          editing.begin('cell');
        },
      },
    ],
    [
      ...widthEntries(workspace, [id]),
      ...figureEntries(workspace, id),
      ...only(seeds > 1, {
        words: `${columns.isExpanded(id) ? 'Hide' : 'Show'} its ${seeds} members`,
        act: () => columns.toggle(id),
      }),
    ],
    [
      ...only(last > 0, {
        words: baseline.is(id) ? 'No baseline' : 'Use as baseline',
        act: () => baseline.choose(baseline.is(id) ? undefined : id),
      }),
      ...only(crossChecks.state(id)?.type !== 'running', {
        words: 'Cross-check with TensorFlow.js',
        act: () => crossCheck(workspace, id),
      }),
    ],
    [...moveEntries(workspace, [id]), ...removeEntry(workspace, [id])],
  ];
}

/** The entries for several runs whose headers are selected. */
export const severalEntries = (workspace: Workspace, ids: readonly RunId[]): MenuGroups => [
  widthEntries(workspace, ids),
  [...moveEntries(workspace, ids), ...removeEntry(workspace, ids)],
];
