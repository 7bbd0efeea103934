// Making elements, and drawing Plot's charts without the style element that a strict policy of the page forbids.
// Invariant: text goes in as text; what is drawn carries classes, attributes and properties, never a style attribute.

import { type PlotOptions, plot } from '@observablehq/plot';

/** Attributes by name; undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

function fill<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly (Node | string)[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** An SVG element with attributes and children. */
export const svg = <K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] =>
  fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

/** An HTML element with attributes and children. */
export const html = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => fill(document.createElement(name), attributes, children);

/** A text of a figure; `kind` is its class: "label", "quiet" or "strong". */
export const label = (
  text: string,
  x: number,
  y: number,
  attributes: Attributes = {},
): SVGElementTagNameMap['text'] => svg('text', { x, y, class: 'label', ...attributes }, text);

/** The root of a drawing; names and words are the caller's, so that assistive technology meets them once. */
export const root = (width: number, height: number, ...children: Node[]): SVGSVGElement =>
  svg(
    'svg',
    { class: 'figure', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    ...children,
  );

/** What stands where there is nothing to draw yet. */
export const nothing = (words: string): HTMLElement => html('p', { class: 'figure-empty' }, words);

/** A chart of Plot's, and its scales in pixels. */
export interface Chart {
  readonly element: SVGSVGElement;
  readonly width: number;
  /** The x value at a pixel of the chart. */
  invertX(pixel: number): number;
  x(value: number): number;
  y(value: number): number;
  /** The frame within the margins, in pixels. */
  readonly inner: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

/** What a chart must say of its size. */
type Size = Required<
  Pick<PlotOptions, 'width' | 'height' | 'marginLeft' | 'marginRight' | 'marginTop' | 'marginBottom'>
>;

/** Draws with Plot, in the figures' own type, without its style element. */
export function chart(options: PlotOptions & Size): Chart {
  const drawn = plot({ className: 'figure-plot', ...options });
  for (const element of drawn.querySelectorAll('style')) element.remove();
  // These would win over the page's type, or name the chart a second time.
  for (const name of ['font-family', 'font-size']) drawn.removeAttribute(name);
  for (const element of drawn.querySelectorAll('[aria-label]')) element.removeAttribute('aria-label');
  const x = drawn.scale('x');
  const y = drawn.scale('y');
  return {
    element: drawn as SVGSVGElement,
    width: options.width,
    invertX: (pixel) => Number(x?.invert?.(pixel)),
    x: (value) => Number(x?.apply(value)),
    y: (value) => Number(y?.apply(value)),
    inner: {
      left: options.marginLeft,
      right: options.width - options.marginRight,
      top: options.marginTop,
      bottom: options.height - options.marginBottom,
    },
  };
}
