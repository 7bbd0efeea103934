// Saves a figure as a file: a self-contained SVG, a PNG at twice its size, its numbers as CSV.
// Invariant: a saved drawing looks like the drawing on the page, theme included, and refers to nothing outside the file.

import { paintWhole } from './canvas';
import type { Table } from './figure';
import { markOf } from './mark';

/** Title and text alternative of a saved drawing. */
interface Words {
  readonly title: string;
  readonly description: string;
}

const NAMESPACE = 'http://www.w3.org/2000/svg';

const PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'paint-order',
  'shape-rendering',
  'visibility',
];
const TEXT_PROPERTIES = ['font-family', 'font-size', 'font-weight', 'text-anchor', 'letter-spacing'];

/** Image pixels per CSS pixel of a saved canvas: enough for print. */
const FINE = 3;

/** The content of a canvas as an SVG image, painted again at the finer scale. */
function picture(from: Element, canvas: HTMLCanvasElement): SVGImageElement {
  const fine = document.createElement('canvas');
  const mark = markOf(canvas);
  if (mark?.canvas) paintWhole(fine, mark.attributes, mark.canvas, FINE);
  const image = document.createElementNS(NAMESPACE, 'image');
  for (const name of ['x', 'y', 'width', 'height']) image.setAttribute(name, from.getAttribute(name) ?? '0');
  image.setAttribute('href', fine.toDataURL('image/png'));
  const { opacity } = getComputedStyle(from);
  image.setAttribute('opacity', opacity);
  return image;
}

/** Writes the computed style of each element of `from` to the attributes of its copy `to`. */
function inline(from: Element, to: Element): void {
  const canvas = from.matches('foreignObject') ? from.querySelector('canvas') : undefined;
  if (canvas) {
    to.replaceWith(picture(from, canvas));
    return;
  }
  const style = getComputedStyle(from);
  const isText = from.matches('text, tspan');
  for (const name of isText ? [...PROPERTIES, ...TEXT_PROPERTIES] : PROPERTIES) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  if (isText) to.setAttribute('xml:space', 'preserve');
  for (const name of ['class', 'data-runs', 'aria-hidden', 'style']) to.removeAttribute(name);
  // A copy of the list, since inlining a canvas replaces an element of the live list.
  const copies = [...to.children];
  for (const [index, child] of [...from.children].entries()) {
    const copy = copies[index];
    if (copy) inline(child, copy);
  }
}

/** Breaks a text at spaces into lines of at most `most`, measured by `widthOf`: in characters by default. */
export function wrapped(
  text: string,
  most: number,
  widthOf: (text: string) => number = (line) => line.length,
): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last === undefined || widthOf(longer) > most) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Measures the width of a title's line in this font, in pixels. */
function titleMeasure(family: string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `600 13px ${family}`;
  return (text) => context?.measureText(text).width ?? text.length * 8;
}

const MARGIN = 12;

/** Creates an SVG element of the saved file. */
function element(name: string, attributes: Readonly<Record<string, string | number>>, text = ''): Element {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

/** All drawings of a figure on the page, one below the other, with its title, on the page's background. */
function standalone(drawing: Element, { title, description }: Words): Element {
  const parts = drawing instanceof SVGSVGElement ? [drawing] : [...drawing.querySelectorAll('svg')];
  const outer = parts.filter((part) => !part.parentElement?.closest('svg'));
  const width = Math.max(300, ...outer.map((part) => part.width.baseVal.value)) + 2 * MARGIN;
  const style = getComputedStyle(drawing);
  const ground = style.getPropertyValue('--page').trim();
  const text = { fill: style.color, 'font-family': style.fontFamily, 'font-size': 13, 'font-weight': 600 };
  const lines = wrapped(title, width - 2 * MARGIN, titleMeasure(style.fontFamily));
  const saved = element('svg', {});
  saved.append(element('title', {}, title), element('desc', {}, description));
  let y = MARGIN + 14;
  const body: Node[] = [];
  for (const line of lines) {
    body.push(element('text', { x: MARGIN, y, ...text }, line));
    y += 18;
  }
  for (const part of outer) {
    const copy = part.cloneNode(true) as SVGSVGElement;
    inline(part, copy);
    copy.setAttribute('x', String(MARGIN));
    copy.setAttribute('y', String(y));
    body.push(copy);
    y += part.height.baseVal.value + MARGIN;
  }
  saved.append(element('rect', { width, height: y, fill: ground }), ...body);
  for (const [name, value] of [
    ['width', width],
    ['height', y],
    ['viewBox', `0 0 ${width} ${y}`],
  ] as const) {
    saved.setAttribute(name, String(value));
  }
  return saved;
}

/**
 * The drawings of a figure as one SVG document; the drawing must be on the page, since its computed style is
 * read.
 */
export function saveSvg(drawing: Element, words: Words): Blob {
  const text = new XMLSerializer().serializeToString(standalone(drawing, words));
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`], { type: 'image/svg+xml' });
}

/**
 * The same as a PNG image with `scale` pixels per CSS pixel. The content security policy must allow images
 * from `blob:`. Rejects if the browser cannot paint or encode the image.
 */
export async function savePng(drawing: Element, words: Words, scale = 2): Promise<Blob> {
  const url = URL.createObjectURL(saveSvg(drawing, words));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(image.naturalWidth * scale);
    canvas.height = Math.ceil(image.naturalHeight * scale);
    const paper = canvas.getContext('2d');
    if (!paper) throw new Error('this browser cannot paint the figure');
    paper.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('the figure could not be encoded'))),
        'image/png',
      );
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * A table as CSV by RFC 4180: CRLF after each row, quotes if a field needs them, numbers in full; NaN is an
 * empty field.
 */
export function csvText(table: Table): string {
  const field = (value: string | number): string => {
    const text = typeof value === 'number' && Number.isNaN(value) ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return table.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** The table of a figure as a CSV file in UTF-8. */
export const saveCsv = (table: Table): Blob => new Blob([csvText(table)], { type: 'text/csv;charset=utf-8' });
