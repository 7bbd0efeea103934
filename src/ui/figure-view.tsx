// A figure on the page: its title, its drawing, its words for those who cannot see it, and saving it as a file.
// Invariant: it is drawn anew only for new values or another width; the cursor moves in the drawing that is there.

import { createEffect, createMemo, createSignal, createUniqueId, on, onCleanup, onMount } from 'solid-js';
import type { RunId } from '../core/sheet';
import type { Figure, Frame, Shown } from './figure';
import { cancelPaint, paint } from './paint';
import { placeBelow } from './popover';
import type * as FiguresModule from './views';

/** The module of all figures, which is loaded once the sheet stands. */
export type Figures = typeof FiguresModule;

/** What all figures follow: one cursor, one marked run. */
export interface Pointer {
  /** The epoch to show: hovered, else chosen. */
  epoch(): number;
  marked(): RunId | undefined;
  onEpoch(epoch: number | undefined): void;
  onRun(run: RunId | undefined): void;
}

export function FigureView<V>(props: {
  figures: Figures;
  figure: Figure<V>;
  runs: readonly Shown<V>[];
  pointer: Pointer;
}) {
  const { followFrame, saveCsv, savePng, saveSvg } = props.figures;
  const menu = createUniqueId();
  const owner = {};
  const [width, setWidth] = createSignal(0);
  let holder: HTMLDivElement | undefined;
  let popover: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;
  let drawing: Element | undefined;

  const title = createMemo(() => props.figure.title(props.runs));
  const description = createMemo(() => props.figure.describe(props.runs));
  const frame = (): Frame => {
    const marked = props.pointer.marked();
    return {
      width: width(),
      epoch: props.pointer.epoch(),
      ...(marked !== undefined && { marked }),
      onEpoch: props.pointer.onEpoch,
      onRun: props.pointer.onRun,
    };
  };

  onMount(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    if (holder) observer.observe(holder);
    onCleanup(() => observer.disconnect());
  });
  createEffect(
    on([() => props.runs, () => props.figure, width], () => {
      if (width() === 0) return;
      paint(owner, () => {
        drawing = props.figure.draw(props.runs, frame());
        holder?.replaceChildren(drawing);
      });
    }),
  );
  createEffect(() => {
    const next = frame();
    if (drawing && next.width > 0) followFrame(drawing, next);
  });
  onCleanup(() => cancelPaint(owner));

  async function save(make: () => Blob | Promise<Blob>, extension: string): Promise<void> {
    popover?.hidePopover();
    const url = URL.createObjectURL(await make());
    const link = document.createElement('a');
    link.href = url;
    link.download = `${props.figure.name}.${extension}`;
    link.click();
    // The browser reads the file after the click; a minute is more than it takes.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
  const words = () => ({ title: title(), description: description() });

  return (
    <figure class="figure-view">
      <figcaption>
        <h3>{title()}</h3>
        <button
          ref={(element) => {
            button = element;
          }}
          type="button"
          class="save"
          popovertarget={menu}
          aria-label={`Save “${title()}”`}
        >
          Save
        </button>
        <div
          ref={(element) => {
            popover = element;
          }}
          id={menu}
          popover="auto"
          class="menu"
          onToggle={() => placeBelow(popover, button)}
        >
          <button
            type="button"
            onClick={() => drawing && save(() => saveSvg(drawing as Element, words()), 'svg')}
          >
            Save as SVG
          </button>
          <button
            type="button"
            onClick={() => drawing && save(() => savePng(drawing as Element, words()), 'png')}
          >
            Save as PNG
          </button>
          <button type="button" onClick={() => save(() => saveCsv(props.figure.table(props.runs)), 'csv')}>
            Save as CSV
          </button>
        </div>
      </figcaption>
      <div
        ref={(element) => {
          holder = element;
        }}
        class="drawing"
      />
      <p class="unseen">{description()}</p>
    </figure>
  );
}
