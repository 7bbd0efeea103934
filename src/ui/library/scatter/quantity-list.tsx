// A list of quantities in groups, for an axis or the colour of the scatter. Knows no trainings.

import { For, Show } from 'solid-js';
import type { Quantity } from './scatter-axis';

/** A group of options in a list. */
export interface Offer {
  readonly words: string;
  readonly quantities: readonly Quantity[];
}

/** A list of the quantities for an axis or the colour. */
export function QuantityList(props: {
  label: string;
  offers: readonly Offer[];
  chosen: string;
  /** The word for no quantity; undefined if a quantity is required. */
  none?: string;
  onChoose(id: string): void;
}) {
  return (
    <label class="scatter-choice">
      <span>{props.label}</span>
      <select onChange={(event) => props.onChoose(event.currentTarget.value)}>
        <Show when={props.none}>
          {(none) => (
            <option value="" selected={props.chosen === ''}>
              {none()}
            </option>
          )}
        </Show>
        <For each={props.offers}>
          {({ words, quantities }) => (
            <optgroup label={words}>
              <For each={quantities}>
                {({ id, label }) => (
                  <option value={id} selected={props.chosen === id}>
                    {label}
                  </option>
                )}
              </For>
            </optgroup>
          )}
        </For>
      </select>
    </label>
  );
}
