// The open sheet of a session: its history, its plan, its address, and the edits.
// Invariant: the sheet on the screen is the open sheet of the `OpenSheets` port, and changes by the port's edits alone.
// Knows neither storage nor the selection nor what is computed.

import { type Accessor, batch, createMemo, createSignal, onCleanup, untrack } from 'solid-js';
import type { Registry } from '../../core/kinds/kind';
import type { Key } from '../../core/plan/key';
import type { Language } from '../../core/plan/language';
import { firstRunsByKey, type Plan } from '../../core/plan/plan';
import { type RunId, type Sheet, SheetError } from '../../core/sheet/sheet';
import type { SessionNotices } from './notices';
import type { OpenSheet, OpenSheets, TypedTexts } from './open-sheets';

/** Makes the plan of a sheet. */
export type Planner = (sheet: Sheet) => Plan;

/** What the document works with outside of the session. */
export interface DocumentPorts {
  /** The sheet as its one address, by which sheets are compared. */
  write(sheet: Sheet): string;
  /** The sheets of the person's, and the one that is open. */
  readonly sheets: OpenSheets;
  readonly typed?: TypedTexts;
  /** The language of formulas once it is loaded, which reading it in a computation waits for. */
  language?(): Language | undefined;
}

/** The sheet at work, and what can be done to it. */
export interface SessionDocument {
  readonly registry: Registry;
  /** The language of formulas once it is loaded, which reading it in a computation waits for. */
  language(): Language | undefined;
  /** The sheet that is to be kept, as the last edit left it. */
  readonly sheet: Accessor<Sheet>;
  /** The plan of what is shown, which a moving hand may be ahead with. */
  readonly plan: Accessor<Plan>;
  /** The first run that has a key; others share its cell. */
  firstRunOf(key: Key): RunId | undefined;
  /** The address of the sheet. */
  readonly address: Accessor<string>;
  /** Any sheet as its one address. */
  addressOf(sheet: Sheet): string;
  /** Edits the sheet, as one step; an edit that cannot be made is said and changes nothing. */
  edit(label: string, make: (sheet: Sheet) => Sheet): void;
  /** What undo would take back, in the words of that edit; undefined where there is nothing. */
  undoLabel(): string | undefined;
  /** What redo would make again, in the words of that edit; undefined where there is nothing. */
  redoLabel(): string | undefined;
  undo(): void;
  redo(): void;
  /** The sheets of the person's, and what can be done with them. */
  readonly sheets: OpenSheets;
  /** The sheet that is open, and how far it is on disk. */
  readonly open: Accessor<OpenSheet>;
  /** Whether the sheet on the screen came by an address and lies beside the person's own. */
  isLinked(): boolean;
  /** The memory of texts that are being typed; undefined where nothing remembers them. */
  readonly typed: TypedTexts | undefined;
  /** By what a reload knows the sheet again. */
  typedKey(): string;
}

/** Whether nothing was planned anew: a language that arrives where there is no formula is no news. */
export const samePlan = (a: Plan | undefined, b: Plan | undefined): boolean =>
  a !== undefined && a.sheet === b?.sheet && [...a.runs].every(([id, run]) => b.runs.get(id) === run);

/** The document over the open sheet; `moved` is the sheet that a moving hand shows in its place, if one moves. */
export function createDocument(
  registry: Registry,
  ports: DocumentPorts,
  planner: Planner,
  moved: Accessor<Sheet | undefined>,
  { say, report }: SessionNotices,
): SessionDocument {
  const { sheets } = ports;
  const [open, setOpen] = createSignal(sheets.state());
  onCleanup(
    sheets.subscribe((news) =>
      batch(() => {
        const next = sheets.state();
        // What was done was done to another sheet.
        if (next.id !== untrack(open).id) report(undefined);
        setOpen(next);
        if (news !== undefined) say(news);
      }),
    ),
  );
  const history = createMemo(() => open().history);
  const sheet = createMemo(() => history().present);
  const plan = createMemo(() => planner(moved() ?? sheet()), undefined, { equals: samePlan });
  const firstRuns = createMemo(() => firstRunsByKey(plan()));
  const address = createMemo(() => ports.write(sheet()));
  const undoLabel = () => history().past.at(-1)?.label;
  const redoLabel = () => history().future[0]?.label;

  return {
    registry,
    language: () => ports.language?.(),
    sheet,
    plan,
    firstRunOf: (key) => firstRuns().get(key),
    address,
    addressOf: ports.write,
    edit(label, make) {
      try {
        say(undefined);
        report(undefined);
        sheets.edit(label, make);
      } catch (error) {
        if (!(error instanceof SheetError)) throw error;
        say(error.message);
      }
    },
    undoLabel,
    redoLabel,
    undo() {
      const label = undoLabel();
      sheets.undo();
      if (label) report(`undid: ${label}`);
    },
    redo() {
      const label = redoLabel();
      sheets.redo();
      if (label) report(`redid: ${label}`);
    },
    sheets,
    open,
    isLinked: () => open().linked,
    typed: ports.typed,
    typedKey: () => open().id ?? untrack(address),
  };
}
