// The scatter on the page, at the full width of its container, with rings around the pointed and the chosen trainings.
// Invariant: a change of points, colours or width replaces the drawing; pointing and choosing only move the rings.

import { createEffect, createMemo, createSignal, onCleanup, onMount } from 'solid-js';
import { isDarkNow, onScheme } from '../../figures/draw/canvas';
import type { Point, Scatter } from './scatter-model';
import { nearestPoint, type Place } from './scatter-places';
import { type Drawing, drawScatter, SVG } from './scatter-plot';

/** The data of a single SVG path with a ring around each place. */
const ringPath = (places: readonly Place[], radius: number): string =>
  places
    .map(
      ([x, y]) =>
        `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`,
    )
    .join('');

function mark(
  { rings, places }: Drawing,
  drawn: readonly Point[],
  pointed: number | undefined,
  chosen: ReadonlySet<string>,
): void {
  const path = (d: string, name: string): Element => {
    const element = document.createElementNS(SVG, 'path');
    element.setAttribute('d', d);
    element.setAttribute('class', name);
    return element;
  };
  const at = (index: number): readonly Place[] => places.slice(index, index + 1);
  const taken = drawn.flatMap(({ lineage }, index) => (chosen.has(lineage.key) ? at(index) : []));
  rings.replaceChildren(
    path(ringPath(taken, 4.5), 'scatter-chosen'),
    path(pointed === undefined ? '' : ringPath(at(pointed), 7), 'scatter-pointed'),
  );
}

/** The scatter at the full width of its container. */
export function ScatterDrawing(props: {
  scatter: Scatter;
  /** Index of the pointed training in `scatter.drawn`; undefined if there is none. */
  pointed: number | undefined;
  chosen: ReadonlySet<string>;
  ref(element: HTMLElement): void;
  onPoint(index: number): void;
  onChoose(index: number): void;
}) {
  let box: HTMLDivElement | undefined;
  const [width, setWidth] = createSignal(0);
  const [isDark, setDark] = createSignal(isDarkNow());
  const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
  onMount(() => {
    if (box) observer.observe(box);
  });
  onCleanup(onScheme(() => setDark(isDarkNow())));
  onCleanup(() => observer.disconnect());

  const drawing = createMemo(() => (width() > 0 ? drawScatter(props.scatter, width(), isDark()) : undefined));
  createEffect(() => box?.replaceChildren(...(drawing()?.elements ?? [])));
  createEffect(() => {
    const drawn = drawing();
    if (drawn) mark(drawn, props.scatter.drawn, props.pointed, props.chosen);
  });

  function under(event: PointerEvent | MouseEvent): number | undefined {
    const drawn = drawing();
    if (!drawn) return undefined;
    const { left, top } = drawn.svg.getBoundingClientRect();
    return nearestPoint(drawn.places, [event.clientX - left, event.clientY - top]);
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the slider below goes through the points and chooses them by keys.
    // biome-ignore lint/a11y/noStaticElementInteractions: the same.
    <div
      class="scatter-drawing"
      ref={(element) => {
        box = element;
        props.ref(element);
      }}
      onPointerMove={(event) => {
        const index = under(event);
        if (index !== undefined) props.onPoint(index);
      }}
      onClick={(event) => {
        const index = under(event);
        if (index === undefined) return;
        props.onPoint(index);
        props.onChoose(index);
      }}
    />
  );
}
