// The fill handle: a small square at the selection's corner; a drag of the square over columns fills them.
// Invariant: listeners live as long as the drag; nothing changes before the pointer is released, and Esc cancels.
// The handle is for pointers of all kinds; the panel does the same by keyboard.

import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js';
import { SheetError } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import { createCostLine } from '../text/cost-line';

import { linesOf, readBlock, selectedArea } from './block-reading';
import { fillSeries, type Pull, type SeriesFilling, shortList } from './fill';
import { type Box, cornerBox, pullAt, pullBox } from './fill-drag';
import { type FillWorkspace, makeEdit } from './fill-workspace';
import { checkedTexts } from './series';

/** Distance in px from the window's edge within which a drag scrolls and adds columns. */
const EDGE = 24;
const EDGE_MS = 250;

const px = (value: number): string => `${Math.round(value)}px`;

/** The handle with its drag. `host` is the grid's scrolling element, which contains the handle. */
export function FillHandle(props: { workspace: FillWorkspace; host: HTMLElement }) {
  const { workspace, host } = props;
  const { session, selection, rows, columns, editing } = workspace;
  const [corner, setCorner] = createSignal<Box>();
  const [pull, setPull] = createSignal<Pull>();
  const [pointer, setPointer] = createSignal({ x: 0, y: 0 });
  const costs = createCostLine(workspace.forecast);
  const canFill = (): boolean =>
    editing.draft()?.place !== 'cell' &&
    selection.rows().some((row) => rows.find(row)?.type === 'param') &&
    selection.columns().at(-1)?.member === undefined;

  // Measured in an animation frame, when the browser has laid out the elements.
  let due: number | undefined;
  const place = (): void => {
    due ??= requestAnimationFrame(() => {
      due = undefined;
      setCorner(canFill() ? cornerBox(host, workspace) : undefined);
    });
  };
  createEffect(on([selection.columns, selection.rows, rows.rows, columns.all, editing.draft], place));
  const resize = new ResizeObserver(place);
  const table = host.querySelector('table');
  if (table) resize.observe(table);
  host.addEventListener('scroll', place, { passive: true });
  onCleanup(() => {
    resize.disconnect();
    host.removeEventListener('scroll', place);
    if (due !== undefined) cancelAnimationFrame(due);
    costs.stop();
  });

  const filling = (wanted: Pull): SeriesFilling =>
    fillSeries(
      session.sheet(),
      linesOf(workspace),
      selectedArea(workspace),
      (area) => readBlock(workspace, area),
      wanted,
    );

  /** The values that a drag would set, and the reason why the param refuses one of them. */
  function pullText(wanted: Pull): { values: string; bad?: string | undefined } {
    const { edit, reason, values, ends } = filling(wanted);
    if (!edit) return { values: reason };
    const [row = ''] = selection.rows().filter((id) => rows.find(id)?.type === 'param');
    const param = linesOf(workspace).param(row);
    if (!values || !param) return { values: edit.label, bad: ends };
    const checked = checkedTexts(param, values);
    const name = words(row.split('.').at(-1) ?? row);
    return { values: `${name} ${shortList(values)}`, bad: ends ?? (checked.ok ? undefined : checked.reason) };
  }

  function showPull(wanted: Pull | undefined): void {
    const before = pull();
    if (before?.direction === wanted?.direction && before?.count === wanted?.count) return;
    setPull(wanted);
    const edit = wanted && filling(wanted).edit;
    const sheet = session.sheet();
    try {
      costs.ask(sheet, edit?.make(sheet));
    } catch (error) {
      if (!(error instanceof SheetError)) throw error;
      costs.ask(sheet, undefined);
    }
  }

  function begin(press: PointerEvent & { currentTarget: HTMLElement }): void {
    if (press.button !== 0) return;
    press.preventDefault();
    press.stopPropagation();
    const { pointerId, currentTarget: handle } = press;
    handle.setPointerCapture(pointerId);
    const done = new AbortController();
    const { signal } = done;
    let more = 0;
    const at = { x: press.clientX, y: press.clientY };
    const edge = setInterval(() => {
      if (at.x < innerWidth - EDGE) return;
      const before = host.scrollLeft;
      host.scrollBy({ left: 64 });
      if (host.scrollLeft === before) more++;
      showPull(pullAt(host, workspace, at, more));
    }, EDGE_MS);
    function finish(keep: boolean): void {
      const wanted = pull();
      done.abort();
      clearInterval(edge);
      showPull(undefined);
      if (!keep || !wanted) return;
      const { edit, reason } = filling(wanted);
      if (edit) makeEdit(workspace, edit);
      else session.say(`Nothing was filled: ${reason}.`);
    }
    const mine =
      (act: (event: PointerEvent) => void) =>
      (event: PointerEvent): void => {
        if (event.pointerId === pointerId) act(event);
      };
    const move = mine(({ clientX: x, clientY: y }) => {
      Object.assign(at, { x, y });
      if (x < innerWidth - EDGE) more = 0;
      setPointer({ x, y });
      showPull(pullAt(host, workspace, at, more));
    });
    const give = mine(() => finish(false));
    addEventListener('pointermove', move, { signal });
    addEventListener(
      'pointerup',
      mine(() => finish(true)),
      { signal },
    );
    addEventListener('pointercancel', give, { signal });
    addEventListener('blur', () => finish(false), { signal });
    addEventListener(
      'keydown',
      (key) => {
        if (key.key !== 'Escape') return;
        key.preventDefault();
        key.stopPropagation();
        finish(false);
      },
      { signal, capture: true },
    );
  }

  const boxStyle = (box: Box | undefined) =>
    box && { left: px(box.left), top: px(box.top), width: px(box.width), height: px(box.height) };

  return (
    <>
      <Show when={corner()}>
        {(box) => (
          <div
            class="fill-handle"
            aria-hidden="true"
            style={{ left: px(box().left + box().width), top: px(box().top + box().height) }}
            onPointerDown={begin}
            onMouseDown={(event) => event.preventDefault()}
          />
        )}
      </Show>
      <Show when={pull()}>
        {(wanted) => (
          <>
            <div class="fill-box" aria-hidden="true" style={boxStyle(pullBox(host, workspace, wanted()))} />
            <FillLabel at={pointer()} text={pullText(wanted())} cost={costs.text()} />
          </>
        )}
      </Show>
    </>
  );
}

/** A label beside the pointer, within the window: the values and the cost of the fill. */
function FillLabel(props: {
  at: { x: number; y: number };
  text: { values: string; bad?: string | undefined };
  cost: string;
}) {
  let label: HTMLDivElement | undefined;
  createEffect(() => {
    const { x, y } = props.at;
    if (!label) return;
    // Both are read only to place the label again when its text changes its size.
    void [props.text, props.cost];
    label.style.left = px(Math.max(8, Math.min(x + 16, innerWidth - label.offsetWidth - 8)));
    label.style.top = px(Math.max(8, Math.min(y + 20, innerHeight - label.offsetHeight - 8)));
  });
  return (
    <div
      ref={(element) => {
        label = element;
      }}
      class="fill-label"
      aria-hidden="true"
    >
      <strong>{props.text.values}</strong>
      <Show when={props.text.bad}>{(reason) => <span class="bad">{reason()}</span>}</Show>
      <span class="quiet">{props.cost || 'counting …'}</span>
    </div>
  );
}
