// The lines between the top bar and the sheet: a linked sheet, a costly sheet, a failure of storage, a
// notice.
// Invariant: a line stays until its cause is gone or the person closes the line. Knows neither grid nor
// library.

import { Show } from 'solid-js';
import { late, withPart } from '../../core/late-loading';
import { focusActiveCell } from '../dom/focus';
import { lateView } from '../dom/late-view';
import type { Session } from '../session/session';

/** Requested by the page right after its first paint. */
export const afterPaint = late(() => import('./after-paint'));
const ConsentLine = lateView(afterPaint, (found) => found.ConsentLine);
const NoticeLines = lateView(afterPaint, (found) => found.NoticeLines);

/** The parts behind the buttons of the top bar. */
export const menus = late(() => import('./menus'));
const LessonLine = lateView(menus, (found) => found.LessonLine);

/** All lines above the sheet; `trouble` is a failure of storage as a sentence. */
export function Banners(props: {
  session: Session;
  trouble: string | undefined;
  dismissTrouble: () => void;
}) {
  const { session } = props;
  return (
    <aside aria-label="Notices">
      <Show when={session.open().lesson}>
        <LessonLine session={session} />
      </Show>
      <Show when={session.isLinked() && !session.open().lesson}>
        <p class="banner">
          This sheet is not in your list. Your own sheets are unchanged.{' '}
          <button type="button" onClick={() => void session.sheets.backToOwn().then(() => focusActiveCell())}>
            Back to my sheets
          </button>{' '}
          <button type="button" onClick={() => withPart(menus, ({ keepCopy }) => keepCopy(session))}>
            Keep a copy
          </button>
        </p>
      </Show>
      <Show when={session.consent.asked()}>
        {(load) => <ConsentLine consent={session.consent} load={load()} />}
      </Show>
      <Show when={props.trouble || session.notice()}>
        <NoticeLines {...props} />
      </Show>
    </aside>
  );
}
