// The line of a lesson, above the sheet: which step of how many, and the way to the others.
// Invariants: a step is a sheet of its own, opened as by a link; the focus stays on the button that was pressed; a step that cannot
// be read says so, and the buttons lead on.

import { Show } from 'solid-js';
import { focusActiveCell } from '../dom/focus';
import { exampleAt } from '../examples/examples';
import type { Session } from '../session/session';
import { keepCopy } from '../sheets/sheet-keeping';
import { fullName, namedBy } from '../sheets/sheet-name';
import { isHidden } from './question-panel';
import './lessons.css';

/** The line of the open lesson; the session's sheet is a step of the lesson. */
export function LessonLine(props: { session: Session }) {
  const { session } = props;
  const lesson = () => session.open().lesson;
  const step = () => lesson()?.step ?? 1;
  const steps = () => lesson()?.steps ?? 1;
  const name = () => {
    const address = lesson()?.sheet;
    return (address && exampleAt(address)?.title) || fullName(namedBy(session.sheet()));
  };
  const isChanged = () => lesson()?.sheet !== undefined && session.address() !== lesson()?.sheet;
  function go(by: number): void {
    const to = step() + by;
    if (to >= 1 && to <= steps()) lesson()?.go(to);
  }
  return (
    <nav class="banner lesson" aria-label="Lesson">
      <p>
        <Show when={lesson()?.title}>
          {(title) => (
            <>
              <bdi>{title()}</bdi> ·{' '}
            </>
          )}
        </Show>
        step {step()} of {steps()} ·{' '}
        <Show when={lesson()?.trouble} fallback={<bdi class="lesson-step">{name()}</bdi>}>
          {(trouble) => (
            <span class="bad">This step cannot be read: {trouble()}. The sheet below is your own.</span>
          )}
        </Show>
      </p>
      <Show when={isHidden(session)}>
        <button type="button" onClick={() => document.querySelector<HTMLElement>('.question input')?.focus()}>
          Question
        </button>
      </Show>
      <Show when={isChanged()}>
        <button type="button" onClick={() => go(0)}>
          The step as it was
        </button>
      </Show>
      <Show when={session.isLinked()}>
        <button type="button" title="Adds this sheet to your list" onClick={() => void keepCopy(session)}>
          Keep a copy
        </button>
      </Show>
      <button
        type="button"
        title="Goes back to your sheets, which are unchanged"
        onClick={() => void session.sheets.backToOwn().then(() => focusActiveCell())}
      >
        Leave
      </button>
      <span class="lesson-steps">
        <button type="button" aria-disabled={step() <= 1} onClick={() => go(-1)}>
          Back
        </button>
        <button type="button" class="first" aria-disabled={step() >= steps()} onClick={() => go(1)}>
          Next
        </button>
      </span>
    </nav>
  );
}
