// Paints the canvases of drawings, part by part.
// Invariant: a part is painted again only when the boxes of the canvas change, or a value in the `of` of the part or of the
// canvas. Knows neither marks nor the content of the parts.

/**
 * Paints to a context whose unit is a CSS pixel. `tone` gives the page's colour of a CSS property name
 * or of a run's `color`; `scale` is the number of canvas pixels per CSS pixel.
 */
export type Painter = (
  context: CanvasRenderingContext2D,
  tone: (name: string) => string,
  scale: number,
) => void;

/**
 * A part of a canvas: its box in CSS pixels, the values that its painting depends on, and a painter whose
 * origin is the box's left top corner.
 */
export interface CanvasPart {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly of: readonly unknown[];
  readonly paint: Painter;
}

/**
 * Content of a canvas: its parts, at least two pixels apart, the values that all parts depend on, and a
 * painter of all parts.
 */
export interface Painting {
  readonly parts: readonly CanvasPart[];
  readonly of: readonly unknown[];
  readonly paint: Painter;
}

const tones = new Map<string, string>();
let isCached = false;

/**
 * Calls `act` when the page's colours change: between light and dark, and before and after a page in the dark
 * is printed. Returns a function that ends this.
 */
export function onScheme(act: () => void): () => void {
  const scheme = matchMedia(DARK);
  const heard = (): void => {
    tones.clear();
    act();
  };
  scheme.addEventListener('change', heard);
  return () => scheme.removeEventListener('change', heard);
}

/** As in tokens.css. */
const DARK = 'screen and (prefers-color-scheme: dark)';

/** Whether the page has its dark colours now; on paper it never has. */
export const isDarkNow = (): boolean => matchMedia(DARK).matches;

function resolved(color: string): string {
  const [, light, dark] = color.match(/^light-dark\((.*), (.*)\)$/) ?? [];
  if (light !== undefined && dark !== undefined) return isDarkNow() ? dark : light;
  const [property] = color.match(/--[\w-]+/) ?? [];
  if (property === undefined) return color;
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

/**
 * A colour of the page by its CSS property, or as the CSS of a run's colour, cached until the page's colours
 * change: a computed style in every frame would force a layout.
 */
function tone(color: string): string {
  if (!isCached) onScheme(() => {});
  isCached = true;
  const value = tones.get(color) ?? resolved(color);
  tones.set(color, value);
  return value;
}

/** Paints one part in a context whose origin is the canvas' left top corner. */
export function paintPart(
  { x, y, paint }: CanvasPart,
  ...[context, toneOf, scale]: Parameters<Painter>
): void {
  context.save();
  context.translate(x, y);
  paint(context, toneOf, scale);
  context.restore();
}

const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index]);

const sameBox = (a: CanvasPart, b: CanvasPart | undefined): boolean =>
  a.x === b?.x && a.y === b.y && a.width === b.width && a.height === b.height;

/**
 * Steps that paint a canvas, one step per part. The attributes `data-width` and `data-height` give its size
 * in CSS pixels; `before` is its present content, and `scale` the number of canvas pixels per CSS pixel.
 * Parts with unchanged values are not painted.
 */
export function* painting(
  canvas: HTMLCanvasElement,
  attributes: ReadonlyMap<string, string>,
  before: Painting | undefined,
  next: Painting,
  scale: number,
): Generator<void> {
  const sideOf = (side: string): number =>
    Math.max(1, Math.round(Number(attributes.get(`data-${side}`) ?? 0) * scale));
  const [across, down] = [sideOf('width'), sideOf('height')];
  // A small canvas that is painted in every frame costs less in memory than on the graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return;
  const stays =
    canvas.width === across &&
    canvas.height === down &&
    before?.parts.length === next.parts.length &&
    next.parts.every((part, index) => sameBox(part, before.parts[index]));
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  if (!stays) context.clearRect(0, 0, across / scale, down / scale);
  const isAlike = stays && sameList(before.of, next.of);
  for (const [index, part] of next.parts.entries()) {
    if (isAlike && sameList(part.of, before.parts[index]?.of ?? [])) continue;
    // One pixel more on each side: antialiased edges reach into the neighbouring pixels.
    if (stays) context.clearRect(part.x - 1, part.y - 1, part.width + 2, part.height + 2);
    paintPart(part, context, tone, scale);
    yield;
  }
}

/** Paints a whole canvas at once, whatever it shows. */
export function paintWhole(
  canvas: HTMLCanvasElement,
  attributes: ReadonlyMap<string, string>,
  content: Painting,
  scale: number,
): void {
  const steps = painting(canvas, attributes, undefined, content, scale);
  while (!steps.next().done);
}
