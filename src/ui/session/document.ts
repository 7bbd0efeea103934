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

/** Dependencies of the document from outside the session. */
export interface DocumentPorts {
  /** Canonical address of a sheet: equal sheets have equal addresses. */
  write(sheet: Sheet): string;
  /** The person's sheets, with the open sheet among them or beside them. */
  readonly sheets: OpenSheets;
  readonly typed?: TypedTexts;
  /**
   * The formula language, undefined until it is loaded; a computation that reads it subscribes to the
   * loading.
   */
  language?(): Language | undefined;
}

/** The open sheet, its plan, its address and its edits. */
export interface SessionDocument {
  readonly registry: Registry;
  /**
   * The formula language, undefined until it is loaded; a computation that reads it subscribes to the
   * loading.
   */
  language(): Language | undefined;
  /** The sheet after the last edit, without the preview of a drag. */
  readonly sheet: Accessor<Sheet>;
  /** The plan of any sheet; without results while the question of a lesson is open. Reactive. */
  readonly planOf: Planner;
  /** The plan of the shown sheet: during a drag, the plan of the previewed sheet. */
  readonly plan: Accessor<Plan>;
  /** The first run with a cell of this key; later runs with the key share that cell. */
  firstRunOf(key: Key): RunId | undefined;
  /** Canonical address of `sheet`. */
  readonly address: Accessor<string>;
  /** Canonical address of any sheet. */
  addressOf(sheet: Sheet): string;
  /**
   * Applies an edit as one undo step. A SheetError becomes a notice and changes nothing; any other error is
   * thrown.
   */
  edit(label: string, make: (sheet: Sheet) => Sheet): void;
  /** Label of the edit that undo would revert; undefined if there is none. */
  undoLabel(): string | undefined;
  /** Label of the edit that redo would repeat; undefined if there is none. */
  redoLabel(): string | undefined;
  undo(): void;
  redo(): void;
  /** The person's sheets and the actions on them. */
  readonly sheets: OpenSheets;
  /** The open sheet and its saving state. */
  readonly open: Accessor<OpenSheet>;
  /** Whether the open sheet came from an address and is not among the person's sheets. */
  isLinked(): boolean;
  /** Memory of the texts being typed; undefined where nothing remembers them. */
  readonly typed: TypedTexts | undefined;
  /** Key of the open sheet in `typed`: the sheet's id, or its address until the sheet is stored. */
  typedKey(): string;
}

/**
 * Whether two plans belong to one sheet object and share every run object. A formula language that loads
 * leaves a plan without formulas the same.
 */
export const samePlan = (a: Plan | undefined, b: Plan | undefined): boolean =>
  a !== undefined && a.sheet === b?.sheet && [...a.runs].every(([id, run]) => b.runs.get(id) === run);

/** The document of the open sheet; `moved` is the sheet that a drag previews, if there is a drag. */
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
        // The report of the last step concerns the previous sheet.
        if (next.id !== untrack(open).id) report(undefined);
        setOpen(next);
        if (news !== undefined) say(news);
      }),
    ),
  );
  const history = createMemo(() => open().history);
  const sheet = createMemo(() => history().present);
  // A save changes the open sheet's state, but seldom the lesson.
  const lesson = createMemo(() => open().lesson);
  const planOf: Planner = (any) => {
    const plan = planner(any);
    return lesson()?.hide(plan) ?? plan;
  };
  const plan = createMemo(() => planOf(moved() ?? sheet()), undefined, { equals: samePlan });
  const firstRuns = createMemo(() => firstRunsByKey(plan()));
  const address = createMemo(() => ports.write(sheet()));
  const undoLabel = () => history().past.at(-1)?.label;
  const redoLabel = () => history().future[0]?.label;

  return {
    registry,
    language: () => ports.language?.(),
    sheet,
    planOf,
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
