// What a cell of the grid is given, and the input in a cell that is being edited.
// Invariant: a text that was typed is committed or cancelled by whoever leaves the input, once.

import { For, Show } from 'solid-js';
import type { Editing } from './editing';

/** What every cell that can be the active one takes from the grid. */
export type CellProps = {
  readonly ref: (element: HTMLElement) => void;
  readonly tabindex: () => 0 | -1;
  readonly selected: () => boolean;
  /** Makes it the active cell; a press that may become a drag is `quiet`. */
  readonly pick: (event: MouseEvent, quiet?: boolean) => void;
  readonly edit: () => void;
  readonly done: (columns: number, lines: number) => void;
};

/** The input in a cell that is being edited: Enter and Tab commit and move, Esc cancels, leaving commits. */
export function CellInput(props: {
  label: string;
  text: string;
  editing: Editing;
  done: CellProps['done'];
  choices?: readonly string[] | undefined;
  invalid?: boolean;
}) {
  const list = `choices-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  let finished = false;
  const finish = (action: () => void): void => {
    finished = true;
    action();
  };
  return (
    <>
      <input
        ref={(input) =>
          queueMicrotask(() => {
            input.focus();
            input.setSelectionRange(input.value.length, input.value.length);
          })
        }
        class="cell-input"
        aria-label={props.label}
        value={props.text}
        list={props.choices ? list : undefined}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => props.editing.type(event.currentTarget.value)}
        onMouseDown={(event) => event.stopPropagation()}
        onKeyDown={(event) => {
          // Enter that ends a composition is the input method's, not ours.
          if (event.isComposing) return;
          if (event.key === 'Enter') finish(() => props.done(0, event.shiftKey ? -1 : 1));
          else if (event.key === 'Tab') finish(() => props.done(event.shiftKey ? -1 : 1, 0));
          else if (event.key === 'Escape') finish(props.editing.cancel);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onBlur={() => !finished && finish(props.editing.commit)}
      />
      <Show when={props.choices}>
        {(choices) => (
          <datalist id={list}>
            <For each={choices()}>{(choice) => <option value={choice} />}</For>
          </datalist>
        )}
      </Show>
    </>
  );
}
