// What the page says of the sheet to a screen reader: the opened sheet, the end of an edit and of a long training, notices.
// Invariants: one message at rest about what the person began; nothing about a drag, and nothing about saving that succeeds.
// Loaded after the first paint. Knows no elements.

import { createEffect, createRoot, on, untrack } from 'solid-js';
import type { Scheduler } from '../../core/compute/scheduler';
import { counted } from '../../core/text-formatting';
import { announce, holdWhile } from '../dom/announcer';
import { assistant } from '../formula/formula-loading';
import { briefReceipt } from '../session/receipt-text';
import type { Session } from '../session/session';
import { loadText } from '../session/workload';
import { fullName, namedBy } from '../sheets/sheet-name';
import { readParam } from '../text/param-reading';
import type { Workspace } from '../workspace/workspace';

/** Milliseconds for which a message about an edit waits for the results of the edit. */
const PATIENCE_MS = 4_000;

/** Milliseconds from which the end of a single training is worth a message. */
const LONG_MS = 2_000;

/** What the page has beside the session; its properties are signals. */
interface PageSignals {
  readonly scheduler: Scheduler;
  readonly trouble?: string | undefined;
  readonly pageStatus?: { readonly update?: unknown };
}

/** The runs that a sheet has and an earlier one had not, in words: "run D, twin of C, added". */
function addedText(
  before: readonly { readonly id: string }[],
  after: readonly { readonly id: string; readonly name: string }[],
): string | undefined {
  const known = new Set(before.map(({ id }) => id));
  const added = after.filter(({ id }) => !known.has(id));
  const [first] = added;
  if (!first) return undefined;
  if (added.length > 1) return `${added.length} runs added`;
  return first.name === '' ? `run ${first.id} added` : `run ${first.id}, ${first.name}, added`;
}

/** Speaks for the workspace from now on, for as long as the page lives. */
export function speakFor(workspace: Workspace, page: PageSignals): void {
  createRoot(() => {
    const { session } = workspace;
    speakOfSheet(workspace);
    speakOfTrainings(session, page.scheduler);
    createEffect(() => announce('notice', session.notice()));
    createEffect(() => announce('trouble', page.trouble));
    createEffect(() =>
      announce('update', page.pageStatus?.update ? 'A newer version of the page is ready' : ''),
    );
    createEffect(() => {
      const { saving } = session.open();
      announce('saving', saving.state === 'not saved' ? `not saved: ${saving.reason}` : undefined);
    });
    createEffect(on(workspace.selection.words, (words) => announce('selection', words), { defer: true }));
    const { folded, opened } = workspace.rows;
    const none: ReadonlySet<string> = new Set();
    createEffect(
      on(folded, (now, before = none) => announce('rows', foldText(before, now, 'folded', 'unfolded')), {
        defer: true,
      }),
    );
    createEffect(
      on(
        opened,
        (now, before = none) =>
          announce('rows', foldText(before, now, 'shows all params', 'shows fewer params')),
        {
          defer: true,
        },
      ),
    );
    createEffect(
      on(workspace.rows.differing, (only) => announce('rows', rowsText(workspace, only)), { defer: true }),
    );
  });
}

/** The kind whose group of rows was folded or unfolded, or whose quiet params were shown or hidden, in words. */
function foldText(
  before: ReadonlySet<string>,
  now: ReadonlySet<string>,
  inIt: string,
  outOfIt: string,
): string {
  const [added] = [...now].filter((kind) => !before.has(kind));
  const [removed] = [...before].filter((kind) => !now.has(kind));
  return added === undefined ? `${removed ?? ''} ${outOfIt}` : `${added} ${inIt}`;
}

function rowsText({ rows }: Workspace, only: boolean): string {
  const shown = untrack(rows.rows).filter(({ type }) => type === 'param').length;
  return only ? `only rows that differ: ${counted(shown, 'param')}` : `all rows: ${counted(shown, 'param')}`;
}

/** The problem of the active cell in words. */
function problemText({ session, rows }: Workspace): string | undefined {
  const remark = assistant()?.remark();
  if (remark?.bad) return remark.text;
  const { run, row: id } = session.active();
  const [plan, row] = [session.plan().runs.get(run), rows.find(id)];
  return plan && row ? readParam(session.registry, plan, row)?.problem?.message : undefined;
}

function openingText(session: Session): string {
  const sheet = session.sheet();
  const linked = session.isLinked() ? '; it is not in your list' : '';
  return `Sheet ${fullName(namedBy(sheet))}, ${counted(sheet.runs.length, 'run')}${linked}`;
}

function speakOfSheet(workspace: Workspace): void {
  const { session } = workspace;
  let opened = -1;
  let since = 0;
  let runs: readonly { readonly id: string; readonly name: string }[] = [];
  let isTold = false;
  let isOpening = true;

  const isAwaited = (): boolean => session.receipt() === undefined && session.consent.asked() === undefined;
  holdWhile(
    () =>
      session.isMoving() ||
      workspace.editing.draft() !== undefined ||
      (isAwaited() && Date.now() - since < PATIENCE_MS),
  );

  createEffect(
    on(session.sheet, (sheet) => {
      const now = untrack(session.open).opened;
      const text = now === opened ? addedText(runs, sheet.runs) : untrack(() => openingText(session));
      isOpening ||= now !== opened;
      [opened, runs, since, isTold] = [now, sheet.runs, Date.now(), text !== undefined];
      announce('step', text);
      announce('problem', undefined);
      announce('result', undefined);
    }),
  );
  createEffect(on(session.done, (done) => announce('done', done)));
  createEffect(
    on(session.receipt, (receipt) => {
      if (receipt === undefined) return;
      // An edit that computes nothing is named, since its receipt would name nothing.
      const isNothing = receipt.startsWith('nothing');
      if (isNothing && !isTold && !session.done()) announce('step', untrack(session.undoLabel));
      isTold = true;
      // The edited cell is still the active one, since an invalid text keeps the cell active.
      const isSet = !untrack(session.done) && untrack(session.undoLabel)?.startsWith('set ');
      announce('problem', isSet ? untrack(() => problemText(workspace)) : undefined);
      announce('training', undefined);
      announce('result', isNothing ? undefined : isOpening ? 'results are ready' : briefReceipt(receipt));
      isOpening = false;
    }),
  );
  createEffect(() => {
    const load = session.consent.asked();
    announce(
      'load',
      load && !session.consent.isDeclined() ? `this sheet trains ${loadText(load)}` : undefined,
    );
  });
}

/** A training that took long and ends while others go on has a message of its own; the last one ends with the receipt. */
function speakOfTrainings(session: Session, scheduler: Scheduler): void {
  const begun = new Map<string, number>();
  scheduler.subscribe((event) => {
    if (event.type === 'store-failed' || event.node.kind.name !== 'train') return;
    const { key } = event.node;
    const run = untrack(() => session.firstRunOf(key));
    if (event.type === 'started') begun.set(key, Date.now());
    if (event.type !== 'finished' && event.type !== 'failed') return;
    const start = begun.get(key);
    begun.delete(key);
    if (run === undefined || start === undefined || Date.now() - start < LONG_MS) return;
    announce('training', `training of ${run} ${event.type === 'failed' ? 'failed' : 'has ended'}`);
  });
}
