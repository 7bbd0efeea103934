// The form for the crossing of the map: the base, a param for either side, and the values of both.
// Invariant: the chooser holds only whether the values are shown; everything chosen is in the choice.

import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import { ValuesEditor } from '../fill/values-editor';
import type { SessionDocument } from '../session/document';

import { hasTyped, type MapChoice, type Side } from './map-choice';

const SIDES: readonly (readonly [Side, string])[] = [
  ['rows', 'down'],
  ['columns', 'across'],
];

/** Form that edits `choice`; `onBase` receives another base run. */
export function MapChooser(props: {
  session: SessionDocument;
  choice: MapChoice;
  base: RunId;
  onBase(run: RunId): void;
}) {
  const { registry } = props.session;
  const [isOpen, setOpen] = createSignal(false);
  createEffect(
    on(
      createMemo(() => hasTyped(props.session)),
      (typed) => typed && setOpen(true),
    ),
  );
  const runText = ({ id, name }: { id: RunId; name: string }): string => (name ? `${id} ${name}` : id);

  return (
    <>
      <div class="map-line">
        <label>
          based on
          <select onChange={(event) => props.onBase(event.currentTarget.value)}>
            <For each={props.session.sheet().runs}>
              {(run) => (
                <option value={run.id} selected={run.id === props.base}>
                  {runText(run)}
                </option>
              )}
            </For>
          </select>
        </label>
        <For each={SIDES}>{([side, word]) => <ParamChooser side={side} word={word} />}</For>
        <button type="button" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
          Values
        </button>
      </div>
      <Show when={isOpen()}>
        <div class="map-values">
          <For each={SIDES}>
            {([side]) => (
              <Show when={props.choice.paths()[side]} keyed>
                <section>
                  <h3>{props.choice.nameOf(side)}</h3>
                  <Editor side={side} />
                </section>
              </Show>
            )}
          </For>
        </div>
      </Show>
    </>
  );

  function ParamChooser(own: { side: Side; word: string }) {
    const chosen = (): string => props.choice.paths()[own.side];
    return (
      <label>
        {own.word}
        <select onChange={(event) => props.choice.choose(own.side, event.currentTarget.value)}>
          <For each={registry.kinds}>
            {(kind) => (
              <Show when={Object.keys(kind.params).length > 0}>
                <optgroup label={kind.name}>
                  <For each={Object.keys(kind.params)}>
                    {(name) => (
                      <option value={`${kind.name}.${name}`} selected={chosen() === `${kind.name}.${name}`}>
                        {words(name)}
                      </option>
                    )}
                  </For>
                </optgroup>
              </Show>
            )}
          </For>
        </select>
      </label>
    );
  }
  function Editor(own: { side: Side }) {
    return (
      <Show when={props.choice.paramOf(own.side)}>
        {(param) => (
          <Show when={props.choice.formOf(own.side)}>
            {(form) => (
              <ValuesEditor
                param={param()}
                name={props.choice.nameOf(own.side)}
                form={form()}
                kept="map"
                update={(change) => props.choice.update(own.side, change)}
              />
            )}
          </Show>
        )}
      </Show>
    );
  }
}
