// Makes marks: SVG and HTML elements, labels, the root of a drawing.
// Invariant: text goes in as text; a mark carries classes and attributes, never a style attribute.

import { Mark } from './mark';

/** Attributes by name; undefined attributes are left out. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

function make(
  space: 'svg' | 'html',
  name: string,
  attributes: Attributes,
  children: readonly (Mark | string)[],
): Mark {
  const mark = new Mark(name, space);
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) mark.attributes.set(key, String(value));
  }
  mark.children = [...children];
  return mark;
}

/** An SVG element with attributes and children. */
export const svg = (
  name: keyof SVGElementTagNameMap,
  attributes: Attributes = {},
  ...children: (Mark | string)[]
): Mark => make('svg', name, attributes, children);

/** An HTML element with attributes and children. */
export const html = (
  name: keyof HTMLElementTagNameMap,
  attributes: Attributes = {},
  ...children: (Mark | string)[]
): Mark => make('html', name, attributes, children);

/** A text of a figure; the class may be overridden, as by "quiet" or "strong". */
export const label = (text: string, x: number, y: number, attributes: Attributes = {}): Mark =>
  svg('text', { x, y, class: 'label', ...attributes }, text);

/**
 * The root element of a drawing. It is hidden from assistive technology, which reads title and text
 * alternative beside it.
 */
export const root = (width: number, height: number, ...children: Mark[]): Mark =>
  svg(
    'svg',
    { class: 'figure', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    ...children,
  );

/** Placeholder text for a figure without anything to draw. */
export const nothing = (words: string): Mark => html('p', { class: 'figure-empty' }, words);

/** A colour "#rrggbb" and an alpha from 0 to 255 as a little-endian RGBA pixel of an image's Uint32Array. */
export function pixelOf(color: string, alpha: number): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => Number.parseInt(color.slice(at, at + 2), 16) || 0,
  );
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
