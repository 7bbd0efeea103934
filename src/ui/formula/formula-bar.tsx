// The bar above the sheet: the place of the active cell, and its whole text, to read and to edit.
// Invariant: the bar and the cell edit one and the same draft.

import { createEffect, createMemo, Show } from 'solid-js';
import type { Problem } from '../../core/kinds/problem';
import { late } from '../../core/late-loading';
import { isFormula } from '../../core/plan/param-values';
import { MAX_TEXT } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import { later } from '../dom/late-signal';
import { scrubbing } from '../scrub/scrub-loading';
import { placeOf, readParam } from '../text/param-reading';
import { columnAt, columnName, planOf } from '../workspace/columns';
import { NAME_ROW } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import { assistant, loadAssistant } from './formula-loading';

/** The texts of remarks; loaded after the first paint. */
const remarkPart = later(late(() => import('../text/remark-text')));

/** The bar with the name, the text and the remark of the active cell. */
export function FormulaBar(props: { workspace: Workspace }) {
  const { session, rows, editing } = props.workspace;
  let input: HTMLInputElement | undefined;
  const active = session.active;
  const member = () => active().member;
  const column = () => columnName(active().run, member());
  const run = createMemo(() => planOf(session, columnAt(active())));
  const row = () => rows.find(active().row);
  /** The editable text of the active cell; undefined for a member, since members follow their run. */
  const text = () =>
    member() === undefined
      ? (editing.draft()?.text ?? editing.textOf(active().run, active().row))
      : undefined;
  const place = () => (active().row === NAME_ROW ? `${column()}, name` : `${column()}.${active().row}`);
  const reading = createMemo(() => {
    const [planned, shown, index] = [run(), row(), member()];
    const known = planned && shown && readParam(session.registry, planned, shown);
    if (!known || shown?.type !== 'param' || index === undefined) return known;
    return remarkPart()?.memberReading(planned, shown, known, index);
  });

  /**
   * The remark on the draft or the active cell: a problem with its origin, what the param means and
   * accepts, or the status of a computed cell.
   */
  const remark = (): { text: string; bad: boolean; origin?: Problem } | undefined => {
    const draft = editing.draft();
    const param = reading()?.param;
    const assistantRemark = assistant()?.remark();
    if (assistantRemark) return assistantRemark;
    if (draft && param) {
      const parsed = param.parse(draft.text);
      const isFine = isFormula(draft.text) || draft.text.trim() === '';
      return parsed.ok || isFine
        ? { text: remarkPart()?.paramLine(param) ?? '', bad: false }
        : { text: parsed.reason, bad: true };
    }
    const problem = reading()?.problem;
    if (problem) {
      const { code, message } = problem;
      return { text: code ? `${code} · ${message}` : message, bad: true, origin: problem };
    }
    if (member() !== undefined && reading())
      return { text: `${reading()?.shown} in this member of ${active().run}`, bad: false };
    const [planned, shown, read] = [run(), row(), reading()];
    if (planned && active().row === NAME_ROW)
      return { text: remarkPart()?.differenceText(planned) ?? '', bad: false };
    if (planned && read)
      return { text: remarkPart()?.paramLine(read.param, planned, read) ?? '', bad: false };
    const kind =
      shown?.type === 'result' ? shown.result.kind : shown?.type === 'kind' ? shown.kind : undefined;
    if (!planned || !shown || !kind) return undefined;
    const node = planned.cells.get(kind)?.node;
    const status = remarkPart()?.statusLine(
      session.registry,
      shown,
      node?.recipe,
      planned,
      kind,
      node && session.live.state(node.key),
      node && session.firstRunOf(node.key),
    );
    if (!status) return undefined;
    const { text, problem: origin } = status;
    return origin ? { text, bad: true, origin } : { text, bad: false };
  };
  const origin = () => {
    const problem = remark()?.origin;
    const place = problem && placeOf(problem);
    if (!place || !session.plan().runs.has(place.run)) return undefined;
    const isHere = place.run === active().run && place.row === active().row;
    return isHere ? assistant()?.nextInCycle(place) : place;
  };

  createEffect(() => {
    if (session.language()) void loadAssistant(props.workspace);
  });
  const number = createMemo(() =>
    member() === undefined ? scrubbing()?.scrubbable(session, active().run, row()) : undefined,
  );

  createEffect(() => {
    if (editing.draft()?.place === 'bar') input?.focus();
  });

  return (
    <>
      <div class="formula-bar">
        <label for="formula">{place()}</label>
        <Show
          when={text() !== undefined}
          fallback={
            <output id="formula" aria-live="off">
              {remark()?.text}
            </output>
          }
        >
          <input
            ref={(element) => {
              input = element;
              createEffect(() => assistant()?.attach(element));
            }}
            id="formula"
            data-kept="draft"
            value={text() ?? ''}
            maxLength={MAX_TEXT}
            spellcheck={false}
            autocomplete="off"
            aria-describedby="remark"
            aria-invalid={remark()?.bad ? true : undefined}
            onFocus={() => {
              if (!editing.draft()) editing.begin('bar');
            }}
            onInput={(event) => editing.type(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.isComposing) return;
              if (event.key === 'Enter') editing.commit(true);
              else if (event.key === 'Escape') editing.cancel();
              else return;
              event.preventDefault();
              event.currentTarget.blur();
              focusActiveCell();
            }}
            onBlur={() => {
              if (editing.draft()?.place === 'bar') editing.commit();
            }}
          />
          <Show when={number()}>
            {(moved) => {
              const parts = scrubbing();
              return parts && <parts.ScrubSlider session={session} number={moved()} />;
            }}
          </Show>
        </Show>
        <Show when={!remark()?.bad}>{assistant()?.line()}</Show>
        <Show when={origin()}>
          {(place) => (
            <button
              type="button"
              onClick={() => {
                rows.reveal(place().row);
                session.activate(place());
                focusActiveCell();
              }}
            >
              Go to {place().run}.{place().row}
            </button>
          )}
        </Show>
      </div>
      <Show when={text() !== undefined}>
        <span id="remark" classList={{ bad: remark()?.bad }} title={remark()?.text}>
          {remark()?.text}
        </span>
      </Show>
    </>
  );
}
