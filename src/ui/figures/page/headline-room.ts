// Measures which form of a headline fits beside the controls of its figure, without drawing it.
// Invariant: a text counts as at least as wide as the browser sets it: every digit as wide as a 0, since figures are tabular,
// and a little more. Knows no figure.

import { createSignal } from 'solid-js';

/** What the measured width is multiplied by, for fonts that a canvas sets without the page's figures and kerning. */
const SURPLUS = 1.02;

let context: CanvasRenderingContext2D | null | undefined;
const widths = new Map<string, number>();

/** Most widths that are kept. */
const MOST_KEPT = 2000;

function widthOf(text: string, font: string): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (context === undefined) context = document.createElement('canvas').getContext('2d');
  if (!context) return 0;
  context.font = font;
  const width = SURPLUS * context.measureText(text.replace(/\d/g, '0')).width;
  if (widths.size >= MOST_KEPT) widths.clear();
  widths.set(key, width);
  return width;
}

/** The room of a headline, as wide as an element; `measure` reads it again. */
export function createHeadlineRoom() {
  const [room, setRoom] = createSignal(
    { width: 0, font: '' },
    { equals: (a, b) => a.width === b.width && a.font === b.font },
  );
  return {
    measure(element: HTMLElement): void {
      const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
      setRoom({ width: element.clientWidth, font: `${fontWeight} ${fontSize} ${fontFamily}` });
    },
    room: (): number => room().width,
    widthOf: (text: string): number => widthOf(text, room().font),
  };
}
