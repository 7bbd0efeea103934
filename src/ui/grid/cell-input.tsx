// The props of a cell of the grid, and the input in a cell that is being edited.
// Invariant: leaving the input commits or cancels the typed text, once.

import { createEffect } from 'solid-js';
import { MAX_TEXT } from '../../core/sheet/sheet';
import { assistant } from '../formula/formula-loading';
import type { Editing } from '../workspace/editing';

/** Props that the grid gives to every cell that can be active. */
export type CellProps = {
  /** The column's name: "A", or "A[3]" for a member. */
  readonly name: string;
  readonly member?: number | undefined;
  /** Registers an element as the cell, and keeps its tabindex, aria-selected and aria-colindex up to date. */
  readonly ref: (element: HTMLElement) => void;
  readonly edit: () => void;
  /** Commits the draft, and moves the active cell by columns, or by rows to the next param or, `near`, to the next row. */
  readonly done: (columns: number, lines: number, near?: boolean) => void;
  /** Commits the draft to all selected cells. */
  readonly fill: () => void;
};

const ARROWS: Readonly<Record<string, readonly [columns: number, lines: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The input in a cell that is being edited: after typing over the cell, arrows commit and move; after F2 or a
 * double click they move the caret, as in a formula. Enter and Tab commit and move, Ctrl+Enter fills the selection,
 * Esc cancels. Leaving the input commits, except for the formula bar, which takes over the draft.
 */
export function CellInput(props: {
  label: string;
  text: string;
  editing: Editing;
  cell: CellProps;
  /** Whether the whole text is selected at first, as a name is. */
  selects?: boolean;
}) {
  let finished = false;
  const finish = (action: () => void): void => {
    finished = true;
    action();
  };
  return (
    <input
      ref={(input) => {
        queueMicrotask(() => {
          input.focus();
          const isKept = props.selects && !props.editing.draft()?.over;
          input.setSelectionRange(isKept ? 0 : input.value.length, input.value.length);
        });
        createEffect(() => assistant()?.attach(input));
      }}
      class="cell-input"
      data-kept="draft"
      aria-label={props.label}
      aria-describedby="remark"
      value={props.text}
      aria-invalid={props.editing.isInvalid() || assistant()?.remark()?.bad ? true : undefined}
      maxLength={MAX_TEXT}
      spellcheck={false}
      autocomplete="off"
      onInput={(event) => props.editing.type(event.currentTarget.value)}
      onMouseDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        // The input method uses Enter to end a composition.
        if (event.isComposing) return;
        const { done, fill } = props.cell;
        const draft = props.editing.draft();
        const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
        const arrow = draft?.over && isPlain && !draft.text.startsWith('=') ? ARROWS[event.key] : undefined;
        if (arrow) finish(() => done(...arrow, true));
        else if (event.key === 'F2') props.editing.type(event.currentTarget.value, false);
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) finish(fill);
        else if (event.key === 'Enter') finish(() => done(0, event.shiftKey ? -1 : 1));
        else if (event.key === 'Tab') finish(() => done(event.shiftKey ? -1 : 1, 0));
        else if (event.key === 'Escape') finish(props.editing.cancel);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onBlur={({ relatedTarget }) => {
        if (finished) return;
        const { begin, commit, draft } = props.editing;
        // The formula bar takes over the same draft.
        const isBar = relatedTarget instanceof Element && relatedTarget.id === 'formula';
        finish(isBar ? () => begin('bar', draft()?.text) : commit);
      }}
    />
  );
}
