// The panel's form for filling: continues the selected cells of a row, or takes steps between two ends or a typed list.
// Invariant: the form prepares edits and applies none; the form describes the edit while a person types.

import { createEffect, createMemo, createSignal, Show } from 'solid-js';
import type { Sheet } from '../../core/sheet/sheet';
import { grouped, words } from '../../core/text-formatting';
import { formMemory, type Kept, keepForm } from '../session/kept-form';
import { cellsText } from '../workspace/kept-selection';

import type { BlockEdit } from './block';
import { linesOf, readBlock, selectedArea } from './block-reading';
import { fillSeries, fillTexts } from './fill';
import type { FillWorkspace } from './fill-workspace';
import { MAX_VALUES } from './series';
import { formOfTexts, formTexts, suggestedForm, textsOf, type ValuesForm } from './sweep';
import { ValueList, ValuesEditor, waysOf } from './values-editor';

/**
 * The outcome of a form: an edit, or the reason why there is none yet. `action` is the label of the
 * button.
 */
export interface Outcome {
  readonly edit?: Pick<BlockEdit, 'label' | 'done' | 'make' | 'corners'> | undefined;
  readonly reason?: string | undefined;
  /** Whether the form itself shows the reason, beside the invalid input. */
  readonly shownInForm?: boolean;
  readonly action: string;
}

/**
 * The form for filling. `left` holds the texts that were typed before a reload; `tell` receives each new
 * outcome.
 */
export function FillForm(props: { workspace: FillWorkspace; left?: Kept; tell(outcome: Outcome): void }) {
  const { workspace } = props;
  const { session } = workspace;
  // Read once: behind the open dialog the selection cannot change.
  const area = selectedArea(workspace);
  const lines = linesOf(workspace);
  const row = lines.param(session.active().row)
    ? session.active().row
    : (area.rows.find((id) => lines.param(id)) ?? '');
  const param = lines.param(row);
  const name = words(row.split('.').at(-1) ?? row);
  const present =
    readBlock(workspace, { runs: area.runs, rows: [row] })[0]?.map((cell) => cell?.value ?? '') ?? [];
  const several = area.runs.length > 1;
  const [wentOn, leftFurther = '3', ...leftForm] = props.left?.texts ?? [];
  const [goesOn, setGoesOn] = createSignal(wentOn === undefined ? !several : wentOn !== '');
  const [further, setFurther] = createSignal(leftFurther);
  const [form, setForm] = createSignal<ValuesForm>({
    ...(param ? suggestedForm(param, present[0] ?? '') : ({} as ValuesForm)),
    ...(several && { first: present[0] ?? '', last: present.at(-1) ?? '', count: String(area.runs.length) }),
    how: (param && waysOf(param)[0]) ?? 'list',
    ...formOfTexts(leftForm),
  });
  keepForm(formMemory(session, 'fill'), () => ({
    about: cellsText(session),
    texts: [goesOn() ? 'on' : '', further(), ...formTexts(form())],
  }));

  const first = (sheet: Sheet): number => sheet.runs.findIndex(({ id }) => id === area.runs[0]);

  const outcome = createMemo<Outcome & { texts: readonly string[]; from: number }>(() => {
    const sheet = session.sheet();
    const refused = (reason: string, shownInForm = false) => ({
      reason,
      shownInForm,
      action: 'Fill',
      texts: [],
      from: first(session.sheet()),
    });
    if (!param) return refused('no param is selected: close this dialog and select a param first');
    if (goesOn()) {
      const count = /^\d+$/.test(further().trim()) ? Number(further()) : 0;
      if (count < 1 || count > MAX_VALUES)
        return refused(`the number of further cells must be a whole number from 1 to ${grouped(MAX_VALUES)}`);
      const read = { runs: area.runs, rows: [row] };
      const {
        edit,
        reason,
        ends,
        values = [],
      } = fillSeries(sheet, lines, read, (part) => readBlock(workspace, part), {
        direction: 'right',
        count,
      });
      return edit && ends === undefined
        ? { edit, action: 'Fill', texts: values, from: first(sheet) + area.runs.length }
        : refused(reason ?? ends ?? '');
    }
    const texts = textsOf(param, form());
    if (!texts.ok) return refused(texts.reason, true);
    const base = sheet.runs[Math.min(sheet.runs.length, first(sheet) + texts.value.length) - 1]?.id ?? '';
    const edit = fillTexts(sheet, lines, { run: area.runs[0] ?? '', row, base }, texts.value);
    return { edit, action: 'Fill', texts: texts.value, from: first(sheet) };
  });
  createEffect(() => props.tell(outcome()));
  /** The id of the run that gets the value at `index`; "new" for a run that the edit adds. */
  const headAt = (index: number): string => session.sheet().runs[outcome().from + index]?.id ?? 'new';

  return (
    <Show when={param} fallback={<p class="about">A series fills the selected cells of a param’s row.</p>}>
      {(known) => (
        <>
          <p class="about">
            {several
              ? `${name} of ${area.runs[0]} to ${area.runs.at(-1)}, now ${present.join(', ')}`
              : `${name} of ${area.runs[0]}, now ${present[0]}`}
          </p>
          <label class="switch">
            <input
              type="checkbox"
              checked={goesOn()}
              onChange={(event) => setGoesOn(event.currentTarget.checked)}
            />
            Continue the present values, as the fill handle does
          </label>
          <Show
            when={goesOn()}
            fallback={
              <ValuesEditor
                param={known()}
                name={name}
                form={form()}
                kept="fill"
                heads={headAt}
                update={(change) => setForm({ ...form(), ...change })}
              />
            }
          >
            <div class="ends">
              <label>
                Further cells
                <input
                  data-kept="fill"
                  inputmode="numeric"
                  autocomplete="off"
                  value={further()}
                  onInput={(event) => setFurther(event.currentTarget.value)}
                />
              </label>
            </div>
            <ValueList param={known()} texts={outcome().texts} heads={headAt} />
          </Show>
        </>
      )}
    </Show>
  );
}
