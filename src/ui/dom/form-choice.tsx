// A choice between the forms of a figure: a few forms as buttons, many as a list.
// Invariant: exactly one form is chosen, and assistive technology reads the choice too. Knows no figure.

import { For, Show } from 'solid-js';
import './form-choice.css';

/** Largest number of forms that are shown as buttons; more forms are shown as a list. */
const FEW = 3;

/** Choice of one word, labelled for assistive technology; the caller holds the chosen word. */
export function FormChoice(props: {
  label: string;
  words: readonly string[];
  chosen: string;
  onChoose: (word: string) => void;
}) {
  return (
    <Show
      when={props.words.length <= FEW}
      fallback={
        <select
          class="form-choice"
          aria-label={props.label}
          onChange={(event) => props.onChoose(event.currentTarget.value)}
        >
          <For each={props.words}>
            {(word) => (
              <option value={word} selected={word === props.chosen}>
                {word}
              </option>
            )}
          </For>
        </select>
      }
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend and a box of its own. */}
      <div class="form-choice" role="group" aria-label={props.label}>
        <For each={props.words}>
          {(word) => (
            <button type="button" aria-pressed={word === props.chosen} onClick={() => props.onChoose(word)}>
              {word}
            </button>
          )}
        </For>
      </div>
    </Show>
  );
}
