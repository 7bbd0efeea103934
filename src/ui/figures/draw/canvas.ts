// Paints the canvases of drawings, part by part.
// Invariant: a part is painted again only when the boxes of the canvas change, or a value in the `of` of the part or of the
// canvas. Knows neither marks nor the content of the parts.

/**
 * What paints a canvas: a context in CSS pixels, the page's tones by the name of their property, and how many of the
 * canvas' own pixels are one of CSS.
 */
export type Painter = (
  context: CanvasRenderingContext2D,
  tone: (name: string) => string,
  scale: number,
) => void;

/** A part of a canvas: where it stands in CSS pixels, of what it is, and how it is painted from its own left and top on. */
export interface CanvasPart {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly of: readonly unknown[];
  readonly paint: Painter;
}

/** What a canvas shows: its parts, at least two pixels apart, what all of them are of, and how all are painted at once. */
export interface Painting {
  readonly parts: readonly CanvasPart[];
  readonly of: readonly unknown[];
  readonly paint: Painter;
}

const tones = new Map<string, string>();
let scheme: MediaQueryList | undefined;

/** A tone of the page's, read once for each scheme: asking for a computed style in every frame would cost a layout. */
function tone(name: string): string {
  if (!scheme) {
    scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', () => tones.clear());
  }
  let value = tones.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#000000';
    tones.set(name, value);
  }
  return value;
}

/** Paints one part in a context that stands at the canvas' left and top. */
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
 * The steps of painting a canvas whose size the attributes `data-width` and `data-height` say, one a part; `before` is what
 * it shows, if anything, and `scale` how many of its pixels are one of CSS.
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
  // Small and painted anew in every frame: in memory that costs less than by way of the graphics card.
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
    // A pixel more on each side: edges between pixels leave some of their colour beyond.
    if (stays) context.clearRect(part.x - 1, part.y - 1, part.width + 2, part.height + 2);
    paintPart(part, context, tone, scale);
    yield;
  }
}

/** Paints a canvas from the ground. */
export function paintWhole(
  canvas: HTMLCanvasElement,
  attributes: ReadonlyMap<string, string>,
  content: Painting,
  scale: number,
): void {
  const steps = painting(canvas, attributes, undefined, content, scale);
  while (!steps.next().done);
}
