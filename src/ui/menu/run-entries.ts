// The entries of a run's menu, which its header's button and a press on its header open.
// Invariant: only what applies to the run now is an entry; an edit is one step of the history.

import { late, withPart } from '../../core/late-loading';
import { addRun, type RunId } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import type { MenuEntry, MenuGroups } from '../dom/menu';
import { fillWorkspaceOf } from '../fill/fill-workspace';
import { HAND_WIDTH } from '../workspace/column-widths';
import { NAME_ROW } from '../workspace/editing';
import { chooseRun } from '../workspace/run-choice';
import { shiftRuns } from '../workspace/run-moves';
import type { Workspace } from '../workspace/workspace';

const sweepPanel = late(() => import('../fill/sweep-panel'));
const runRemoval = late(() => import('../rows/run-removal'));

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

/** Moves a run by one place, and makes it the active run. */
function moveEntry({ session }: Workspace, id: RunId, by: -1 | 1): MenuEntry {
  const way = by < 0 ? 'left' : 'right';
  return {
    words: `Move ${way}`,
    keys: `Alt+Shift+${by < 0 ? '←' : '→'}`,
    act() {
      session.edit(`move ${id} ${way}`, (sheet) => shiftRuns(sheet, [id], by));
      session.activate({ run: id, row: session.active().row });
    },
  };
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
  const { session, editing, crossChecks, columns, baseline, widths } = workspace;
  const at = session.sheet().runs.findIndex((run) => run.id === id);
  const last = session.sheet().runs.length - 1;
  const seeds = session.plan().runs.get(id)?.seeds.count ?? 1;
  const only = (condition: boolean, entry: MenuEntry): MenuEntry[] => (condition ? [entry] : []);
  return [
    [
      {
        words: 'Add a twin',
        act: () =>
          session.edit(`add a twin of ${id}`, (sheet) =>
            addRun(sheet, { name: `twin of ${id}`, base: id, after: id }),
          ),
      },
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
      ...only(widths.of(id) < HAND_WIDTH.most, {
        words: 'Wider',
        act: () => widths.set(id, widths.of(id) + HAND_WIDTH.step),
      }),
      ...only(widths.of(id) > HAND_WIDTH.least, {
        words: 'Narrower',
        act: () => widths.set(id, widths.of(id) - HAND_WIDTH.step),
      }),
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
    [
      ...only(at > 0, moveEntry(workspace, id, -1)),
      ...only(at < last, moveEntry(workspace, id, 1)),
      ...only(last > 0, {
        words: 'Remove',
        act: () => withPart(runRemoval, ({ removeOrAsk }) => removeOrAsk(session, [id])),
      }),
    ],
  ];
}
