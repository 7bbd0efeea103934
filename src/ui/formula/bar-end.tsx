// The right end of the formula bar: the control for the type of the active param, a slider, a list or a checkbox; what the
// cell reads; and the way to the origin of a problem.
// Invariant: a choice is one step of the history; a formula has no list, which would replace it.

import { type Accessor, createEffect, createMemo, For, Show } from 'solid-js';
import { isFormula } from '../../core/plan/param-values';
import { words } from '../../core/text-formatting';
import { focusActiveCell } from '../dom/focus';
import { scrubbable } from '../scrub/scrub';
import { ScrubSlider } from '../scrub/scrub-slider';
import { placeOf, readParam } from '../text/param-reading';
import type { Workspace } from '../workspace/workspace';
import { assistant, loadAssistant } from './formula-loading';
import { attachNameBox } from './name-box';
import type { Place } from './precedents';
import type { Remark } from './remark';
import '../dom/form-choice.css';

/** The end of the bar; draws no control for a cell that takes any text. */
function BarEnd(props: { workspace: Workspace; remark: Accessor<Remark | undefined> }) {
  const { session, rows, editing } = props.workspace;
  const shown = createMemo(() => {
    const { run, row, member } = session.active();
    return member === undefined ? { run, row: rows.find(row) } : undefined;
  });
  const number = createMemo(() => {
    const cell = shown();
    return cell && scrubbable(session, cell.run, cell.row);
  });
  const choice = createMemo(() => {
    const cell = shown();
    const plan = cell && session.plan().runs.get(cell.run);
    const reading =
      plan && cell.row?.type === 'param' ? readParam(session.registry, plan, cell.row) : undefined;
    const choices = reading?.param.choices;
    if (!cell?.row || !reading || !choices || isFormula(reading.text)) return undefined;
    const { param, text } = reading;
    const parsed = param.parse(text);
    return {
      run: cell.run,
      row: cell.row.id,
      name: `${words(cell.row.id.split('.').at(-1) ?? '')} of ${cell.run}`,
      choices,
      isSwitch: param.type === 'bool' && parsed.ok,
      text: parsed.ok ? param.format(parsed.value) : text,
    };
  });
  const choose = (text: string): void => {
    const at = choice();
    if (at) editing.set([{ run: at.run, row: at.row, text }]);
  };
  /** The cell that the problem of the active cell comes from. */
  const origin = (): Place | undefined => {
    const problem = props.remark()?.origin;
    const place = problem && placeOf(problem);
    if (!place || !session.plan().runs.has(place.run)) return undefined;
    const { run, row } = session.active();
    return place.run === run && place.row === row ? assistant()?.nextInCycle(place) : place;
  };
  return (
    <>
      <Show when={!props.remark()?.bad}>{assistant()?.line()}</Show>
      <Show when={number()}>{(moved) => <ScrubSlider session={session} number={moved()} />}</Show>
      <Show when={choice()}>
        {(at) => (
          <Show
            when={at().isSwitch}
            fallback={
              <select
                class="form-choice"
                aria-label={at().name}
                onChange={(event) => choose(event.currentTarget.value)}
              >
                {/* A list of words, or a text that the param refuses, is none of the choices. */}
                <Show when={!at().choices.includes(at().text)}>
                  <option selected disabled>
                    {at().text}
                  </option>
                </Show>
                <For each={at().choices}>
                  {(text) => <option selected={text === at().text}>{text}</option>}
                </For>
              </select>
            }
          >
            <input
              type="checkbox"
              aria-label={at().name}
              checked={at().text === 'true'}
              onChange={(event) => choose(String(event.currentTarget.checked))}
            />
          </Show>
        )}
      </Show>
      <Show when={origin()}>
        {(place) => (
          <button
            type="button"
            onClick={() => {
              session.activate(place());
              focusActiveCell();
            }}
          >
            Go to {place().run}.{place().row}
          </button>
        )}
      </Show>
    </>
  );
}

/**
 * The end of the bar, with the remark on the active cell; a function, since the bar that draws it loads first. From now on
 * `box`, which shows `place()`, leads to other cells.
 */
export function barEnd(
  workspace: Workspace,
  remark: Accessor<Remark | undefined>,
  place: Accessor<string>,
  box: HTMLInputElement | undefined,
) {
  createEffect(() => {
    if (workspace.session.language()) void loadAssistant(workspace);
  });
  if (box) attachNameBox(box, workspace, place);
  return <BarEnd workspace={workspace} remark={remark} />;
}
