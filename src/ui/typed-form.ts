// Forms over the sheet whose texts a reload brings back: a row's panel, the field for a sheet's title.
// Invariant: a form that was open when the page was loaded anew opens again with what was typed, and nothing is committed.

import { createEffect, createRoot } from 'solid-js';
import { late, withPart } from '../core/late';
import type { SheetFiles, TypedForm } from './open-sheets';
import type { Session } from './session';

const sheetMenu = late(() => import('./sheet-menu'));
const rowPanel = late(() => import('./row-panel'));

/** Opens again what was open; the language of formulas is waited for where that is needed, `files` may come later. */
export function openAgain(session: Session, typed: TypedForm, files: () => SheetFiles | undefined): void {
  const { form, about, texts } = typed;
  if (form === 'title') {
    const button = document.querySelector<HTMLButtonElement>('.sheet-name');
    if (button)
      withPart(sheetMenu, ({ openSheetMenu }) =>
        openSheetMenu(button, {
          session,
          get files() {
            return files();
          },
          typed: { id: about, text: texts[0] ?? '' },
        }),
      );
    return;
  }
  if (about !== '' && !session.sheet().rows.some(({ name }) => name === about)) return;
  createRoot((dispose) =>
    createEffect(() => {
      if (!session.language()) return;
      dispose();
      withPart(rowPanel, ({ openRowPanel }) => openRowPanel(session, about || undefined, texts));
    }),
  );
}
