// Opens the forms over the sheet again after a reload, with their typed texts: panels, dialogs, the field for a sheet's title,
// the map. The page itself opens the library and Help again.
// Invariant: a form that was open at the reload is open again, and nothing is committed; a form whose subject no longer exists
// stays closed.

import { createEffect, createRoot } from 'solid-js';
import { late, withPart } from '../../core/late-loading';
import { fillWorkspaceOf } from '../fill/fill-workspace';
import type { SessionDocument } from '../session/document';
import { formMemory } from '../session/kept-form';
import type { FormName, SheetFiles, TypedForm } from '../session/open-sheets';
import { selectAgain } from '../workspace/kept-selection';
import { SWEEP } from '../workspace/tab-list';
import type { Workspace } from '../workspace/workspace';

const menus = late(() => import('./menus'));
const rowPanel = late(() => import('../rows/row-panel'));
const sweepPanel = late(() => import('../fill/sweep-panel'));
const mapChoice = late(() => import('../map/map-choice'));
const questionPanel = late(() => import('../lessons/question-panel'));
const notePanel = late(() => import('../sheets/note-panel'));
const runRemoval = late(() => import('../rows/run-removal'));

/** Calls `act` once, as soon as `isReady` holds. */
function once(isReady: () => boolean, act: () => void): void {
  createRoot((dispose) =>
    createEffect(() => {
      if (!isReady()) return;
      dispose();
      act();
    }),
  );
}

const hasRuns = (session: SessionDocument, ids: readonly string[]): boolean =>
  ids.length > 0 && ids.every((id) => session.plan().runs.has(id));

/** Opens one form again; `files` returns undefined until the access to files is loaded. */
type Opening = (workspace: Workspace, left: TypedForm, files: () => SheetFiles | undefined) => void;

const openFilling: Opening = (workspace, left) => {
  const { form, about } = left;
  if (form !== 'fill' && form !== 'sweep') return;
  if (!selectAgain(workspace.session, about)) return;
  withPart(sweepPanel, ({ openPanel }) => openPanel(fillWorkspaceOf(workspace), form, left));
};

const OPENINGS: Readonly<Partial<Record<FormName, Opening>>> = {
  title({ session }, { about, texts }, files) {
    const button = document.querySelector<HTMLButtonElement>('.sheet-name');
    if (!button) return;
    withPart(menus, ({ openSheetMenu }) =>
      openSheetMenu(button, {
        session,
        get files() {
          return files();
        },
        typed: { id: about, text: texts[0] ?? '' },
      }),
    );
  },
  row({ session }, { about, texts }) {
    if (about !== '' && !session.sheet().rows.some(({ name }) => name === about)) return;
    once(
      () => session.language() !== undefined,
      () => withPart(rowPanel, ({ openRowPanel }) => openRowPanel(session, about || undefined, texts)),
    );
  },
  fill: openFilling,
  sweep: openFilling,
  map({ session }, { about, texts }) {
    withPart(mapChoice, ({ recallChoice }) => {
      if (!recallChoice(session, texts) || !hasRuns(session, [about])) return;
      session.activate({ ...session.active(), run: about });
      session.inspect(SWEEP);
    });
  },
  note({ session }, { texts }) {
    withPart(notePanel, ({ noteDraft }) => noteDraft(session)[1](texts[0] ?? ''));
  },
  lesson({ session }, left, files) {
    once(
      () => files() !== undefined,
      () => files()?.makeLesson(formMemory(session, 'lesson', left)),
    );
  },
  guess({ session }, { about, texts }) {
    if (session.open().lesson?.address !== about) return;
    withPart(questionPanel, ({ guessDraft }) => guessDraft(session)[1]({ about, text: texts[0] ?? '' }));
  },
  removal({ session }, { about }) {
    const ids = about.split(' ').filter(Boolean);
    if (!hasRuns(session, ids)) return;
    once(
      () => session.language() !== undefined && session.receipt() !== undefined,
      () => withPart(runRemoval, ({ removeOrAsk }) => hasRuns(session, ids) && removeOrAsk(session, ids)),
    );
  },
};

/** Opens all forms that were open before the reload, with their typed texts. */
export function openAgain(
  workspace: Workspace,
  left: readonly TypedForm[],
  files: () => SheetFiles | undefined,
): void {
  for (const form of left) OPENINGS[form.form]?.(workspace, form, files);
}
