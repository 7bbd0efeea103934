// The bar above the sheet: the place of the active cell, and its whole text, to read and to edit.
// Invariant: the bar and the cell edit one and the same draft.

import { createEffect, createMemo, Show } from 'solid-js';
import { late } from '../../core/late-loading';
import { MAX_TEXT } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import { later } from '../dom/late-signal';
import { columnAt, columnName, planOf } from '../workspace/columns';
import { NAME_ROW } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import { assistant } from './formula-loading';
import type { Remark } from './remark';

/** The remarks, loaded after the first paint. */
const remarkPart = later(late(() => import('./remark')));
const end = later(late(() => import('./bar-end')));

/** The bar with the name, the text and the remark of the active cell. */
export function FormulaBar(props: { workspace: Workspace }) {
  const { session, rows, editing } = props.workspace;
  let input: HTMLInputElement | undefined;
  let box: HTMLInputElement | undefined;
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
  /** The remark on the draft or the active cell; that of a formula comes from the assistant. */
  const remark = createMemo<Remark | undefined>(
    () =>
      assistant()?.remark() ??
      remarkPart()?.remarkOn(
        session,
        { plan: run(), row: row(), isName: active().row === NAME_ROW, member: member() },
        editing.draft()?.text,
      ),
    undefined,
    { equals: (a, b) => a?.text === b?.text && a?.bad === b?.bad && a?.origin === b?.origin },
  );
  createEffect(() => {
    if (editing.draft()?.place === 'bar') input?.focus();
  });

  return (
    <>
      <div class="formula-bar">
        <input
          id="place"
          aria-label="Go to"
          value={place()}
          ref={(element) => {
            box = element;
          }}
        />
        <span class="fx" aria-hidden="true">
          ƒ
        </span>
        <Show
          when={text() !== undefined}
          fallback={
            <output id="formula" aria-label={place()} aria-live="off">
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
            aria-label={place()}
            data-kept="draft"
            value={text() ?? ''}
            maxLength={MAX_TEXT}
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
        </Show>
        {end()?.barEnd(props.workspace, remark, place, box)}
      </div>
      <Show when={text() !== undefined}>
        <span id="remark" classList={{ bad: remark()?.bad }} title={remark()?.text}>
          {remark()?.text}
        </span>
      </Show>
    </>
  );
}
