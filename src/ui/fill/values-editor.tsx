// The editor of a series of values: steps between two ends, a list, or some of a param's choices; and a
// view of the resulting series.
// Invariant: the editor holds no state; typed texts go to the caller, and a refused value is marked at
// its place.

import { createMemo, createUniqueId, For, Show } from 'solid-js';
import type { Param } from '../../core/kinds/param';
import { grouped } from '../../core/text-formatting';
import type { FormName } from '../session/open-sheets';
import { checkedTexts } from './series';
import { hasSteps, type ValuesForm, writtenTexts } from './sweep';

const HOW = {
  linear: 'Linear',
  logarithmic: 'Logarithmic',
  list: 'List',
  choices: 'Choices',
} as const;

const MOST_SHOWN = 24;

/** The ways in which a person can enter values of a param; the first one is the default. */
export const waysOf = (param: Param): readonly ValuesForm['how'][] =>
  param.choices ? ['choices', 'list'] : hasSteps(param) ? ['linear', 'logarithmic', 'list'] : ['list'];

/** The editor of a form's values; `update` receives the changed entries of the form. */
export function ValuesEditor(props: {
  param: Param;
  form: ValuesForm;
  /** The param's name in words, for the labels that a screen reader reads. */
  name: string;
  /** The name of the form whose memory keeps the typed text over a reload. */
  kept: FormName;
  /** A label before the value at `index`, for example the run that gets the value. */
  heads?: ((index: number) => string) | undefined;
  update(change: Partial<ValuesForm>): void;
}) {
  const id = createUniqueId();
  const field = (key: 'first' | 'last' | 'count', label: string) => (
    <label>
      {label}
      <input
        data-kept={props.kept}
        inputmode="decimal"
        autocomplete="off"
        spellcheck={false}
        value={props.form[key]}
        aria-describedby={id}
        onInput={(event) => props.update({ [key]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <div class="values">
      <fieldset class="ways">
        <legend class="unseen">{`Values of ${props.name}`}</legend>
        <For each={waysOf(props.param)}>
          {(how) => (
            <label>
              <input
                type="radio"
                name={`how-${id}`}
                checked={props.form.how === how}
                onChange={() => props.update({ how })}
              />
              {HOW[how]}
            </label>
          )}
        </For>
      </fieldset>
      <Show when={props.form.how === 'linear' || props.form.how === 'logarithmic'}>
        <div class="ends">
          {field('first', 'First')}
          {field('last', 'Last')}
          {field('count', 'Number of values')}
        </div>
      </Show>
      <Show when={props.form.how === 'list'}>
        <label class="list">
          Separated by commas
          <textarea
            data-kept={props.kept}
            rows="2"
            spellcheck={false}
            value={props.form.list}
            aria-describedby={id}
            onInput={(event) => props.update({ list: event.currentTarget.value })}
            onKeyDown={(event) => {
              // Enter submits the form, as from any other field; Shift+Enter begins a line.
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              event.currentTarget.form?.requestSubmit();
            }}
          />
        </label>
      </Show>
      <Show when={props.form.how === 'choices'}>
        <fieldset class="choices">
          <legend class="unseen">{`Choices of ${props.name}`}</legend>
          <For each={props.param.choices}>
            {(choice) => (
              <label>
                <input
                  type="checkbox"
                  checked={props.form.chosen.includes(choice)}
                  onChange={(event) =>
                    props.update({
                      chosen: event.currentTarget.checked
                        ? [...props.form.chosen, choice]
                        : props.form.chosen.filter((other) => other !== choice),
                    })
                  }
                />
                {choice}
              </label>
            )}
          </For>
        </fieldset>
      </Show>
      <ValuesLine id={id} param={props.param} form={props.form} heads={props.heads} />
    </div>
  );
}

/**
 * The values of the form. Refused values are marked, and the first refusal is explained. Chosen choices
 * are listed only with `heads`, since the checkboxes show them already.
 */
function ValuesLine(props: {
  id: string;
  param: Param;
  form: ValuesForm;
  heads: ((index: number) => string) | undefined;
}) {
  const written = createMemo(() => writtenTexts(props.param, props.form));
  const texts = (): readonly string[] => {
    const known = written();
    return known.ok && (props.form.how !== 'choices' || props.heads) ? known.value : [];
  };
  const reason = (): string | undefined => {
    const known = written();
    const checked = known.ok ? checkedTexts(props.param, known.value) : known;
    return checked.ok ? undefined : checked.reason;
  };
  return (
    <ValueList id={props.id} param={props.param} texts={texts()} heads={props.heads} reason={reason()} />
  );
}

/** A list of values, each with its label; the values that the param refuses are marked. */
export function ValueList(props: {
  id?: string;
  param: Param;
  texts: readonly string[];
  heads?: ((index: number) => string) | undefined;
  reason?: string | undefined;
}) {
  const shown = () => props.texts.slice(0, MOST_SHOWN);
  const rest = () => props.texts.length - shown().length;
  return (
    <div id={props.id} class="value-list">
      <For each={shown()}>
        {(text, index) => {
          const checked = () => checkedTexts(props.param, [text]);
          const canonical = () => {
            const outcome = checked();
            return outcome.ok ? outcome.value[0] : text;
          };
          return (
            <span classList={{ refused: !checked().ok }}>
              <Show when={props.heads?.(index())}>{(head) => <b>{head()}</b>}</Show>
              {canonical()}
              <Show when={!checked().ok}>
                <span class="unseen"> not valid</span>
              </Show>
            </span>
          );
        }}
      </For>
      <Show when={rest() > 0}>
        <span class="quiet">{`and ${grouped(rest())} more`}</span>
      </Show>
      <Show when={props.reason}>
        {(reason) => <p class="bad">{`${reason().charAt(0).toUpperCase()}${reason().slice(1)}.`}</p>}
      </Show>
    </div>
  );
}
