// Draws the loss curves of a comparison with Observable Plot, and the cursor over the curves.
// Invariant: a change of curves or width replaces the drawing; moving the cursor only moves its marks.
// Loaded lazily, since Plot is larger than the page before it.

import * as Plot from '@observablehq/plot';
import { createEffect, createMemo, createSignal, onCleanup, onMount } from 'solid-js';
import { formatNumber } from '../figures/draw/format';
import { pointAt, type Track } from './lineages/lineage-curves';

const HEIGHT = 280;
const MAX_TICKS = 8;
const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = { top: 16, right: 24, bottom: 40, left: 48 };

const positive = (value: number): boolean => Number.isFinite(value) && value > 0;

/** Ticks at 1, 2 and 5 times the powers of ten; only at the powers of ten if there would be too many. */
function logTicks(low: number, high: number): readonly number[] {
  const first = Math.floor(Math.log10(low));
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - first + 1 },
    (_, index) => first + index,
  );
  const ticks = (heads: readonly number[]): number[] =>
    decades
      // Parsed from a text, because 5 · 10⁻³ by multiplication may not be 0.005.
      .flatMap((decade) => heads.map((head) => Number(`${head}e${decade}`)))
      .filter((tick) => tick >= low && tick <= high);
  const fine = ticks([1, 2, 5]);
  return fine.length > MAX_TICKS ? ticks([1]) : fine;
}

interface Drawing {
  readonly svg: Element;
  readonly cursor: SVGGElement;
  x(epoch: number): number;
  y(loss: number): number;
  epochAt(x: number): number;
}

function draw(tracks: readonly Track[], width: number): Drawing | undefined {
  const points = tracks.flatMap((track) => track.points.map((point) => ({ ...point, track })));
  const color = ({ track }: (typeof points)[number]): string => track.color;
  const run = ({ track }: (typeof points)[number]): string => track.key;
  const solid = points.filter(({ loss }) => positive(loss));
  const dashed = points.filter(({ testLoss }) => positive(testLoss));
  const losses = [...solid.map(({ loss }) => loss), ...dashed.map(({ testLoss }) => testLoss)];
  if (losses.length === 0) return undefined;
  // A constant curve needs room above and below too.
  const domain = [Math.min(...losses) / 1.1, Math.max(...losses) * 1.1] as const;
  const ticks = logTicks(...domain);
  const ends = tracks.flatMap((track) => {
    const end = track.points.findLast(({ loss }) => positive(loss));
    return end ? [{ ...end, track }] : [];
  });
  const svg = Plot.plot({
    width,
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    className: 'comparison-plot',
    x: { domain: [1, Math.max(2, ...tracks.map(({ epochs }) => epochs))], label: 'epoch', ticks: 5 },
    y: { type: 'log', domain, label: 'loss' },
    ariaLabel: `Loss by epoch. At the end: ${ends.map(({ track, loss }) => `${track.number} at ${formatNumber(loss)}`).join(', ')}`,
    marks: [
      // A text accessor, because Plot leaves out some labels of a logarithmic axis that has a tick
      // format.
      Plot.axisY(ticks, { text: String }),
      Plot.gridY({ ticks, stroke: 'currentColor', strokeOpacity: 0.15 }),
      Plot.line(dashed, {
        x: 'epoch',
        y: 'testLoss',
        z: run,
        stroke: color,
        strokeWidth: 1.5,
        strokeDasharray: '4 3',
      }),
      Plot.line(solid, { x: 'epoch', y: 'loss', z: run, stroke: color, strokeWidth: 2 }),
      Plot.dot(ends, { x: 'epoch', y: 'loss', fill: color, r: 2.5 }),
      Plot.text(ends, {
        x: 'epoch',
        y: 'loss',
        text: ({ track }: (typeof ends)[number]) => String(track.number),
        dx: 8,
        textAnchor: 'start',
      }),
    ],
  });
  // The content security policy blocks Plot's style sheet for this class name; library.css has the
  // class's rules.
  for (const style of svg.querySelectorAll('style')) style.remove();
  svg.setAttribute('role', 'img');
  // The drawing has one label. Plot's own labels for the parts say "line", and a group without a role
  // must not have a label.
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  const [x, y] = [svg.scale('x'), svg.scale('y')];
  if (!x || !y) return undefined;
  const cursor = document.createElementNS(SVG, 'g');
  svg.append(cursor);
  return {
    svg,
    cursor,
    x: (epoch) => Number(x.apply(epoch)),
    y: (loss) => Number(y.apply(loss)),
    epochAt: (place) => Number(x.invert?.(place) ?? 1),
  };
}

function mark(drawing: Drawing, tracks: readonly Track[], epoch: number): void {
  const shape = (name: string, attributes: Readonly<Record<string, string | number>>): Element => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    return element;
  };
  const x = drawing.x(epoch);
  const dots = tracks.flatMap((track) => {
    const point = pointAt(track, epoch);
    if (!point) return [];
    return [point.loss, point.testLoss]
      .filter(positive)
      .map((loss) =>
        shape('circle', { cx: drawing.x(point.epoch), cy: drawing.y(loss), r: 3.5, fill: track.color }),
      );
  });
  drawing.cursor.replaceChildren(
    shape('line', { x1: x, x2: x, y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom, class: 'comparison-cursor' }),
    ...dots,
  );
}

/**
 * The curves at the full width of their container. Pointing at them reports the epoch under the pointer.
 */
export function CurveDrawing(props: {
  tracks: readonly Track[];
  epoch: number;
  onEpoch(epoch: number): void;
}) {
  let box: HTMLDivElement | undefined;
  const [width, setWidth] = createSignal(0);
  const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
  onMount(() => box && observer.observe(box));
  onCleanup(() => observer.disconnect());

  const drawing = createMemo(() => (width() > 0 ? draw(props.tracks, width()) : undefined));
  createEffect(() => box?.replaceChildren(drawing()?.svg ?? ''));
  createEffect(() => {
    const drawn = drawing();
    if (drawn) mark(drawn, props.tracks, props.epoch);
  });

  function point(event: PointerEvent): void {
    const drawn = drawing();
    if (drawn) props.onEpoch(drawn.epochAt(event.clientX - drawn.svg.getBoundingClientRect().left));
  }

  return (
    <div
      class="comparison-drawing"
      ref={(element) => {
        box = element;
      }}
      onPointerMove={point}
      onPointerDown={point}
    />
  );
}
