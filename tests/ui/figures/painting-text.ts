// What a canvas mark paints, as lines of text: a context that writes down what it is told.
// Invariant: numbers are rounded to whole pixels; a long path is told by its parts and its bounds, an image as a picture of
// digits, 0 for what is clear and 9 for its strongest shade.

import type { Mark } from '../../../src/ui/figures/draw/mark';

/** An image's pixels, which Node has no class for. */
class Pixels {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

/** More commands than these are counted, not written out. */
const MOST = 60;
const MOST_RECTS = 24;

interface Command {
  readonly name: string;
  readonly at: readonly number[];
}

function pathText(commands: readonly Command[]): string {
  if (commands.length <= MOST)
    return commands.map(({ name, at }) => `${name}${at.map(Math.round).join(' ')}`).join('');
  const counts = new Map<string, number>();
  for (const { name } of commands) counts.set(name, (counts.get(name) ?? 0) + 1);
  const placed = commands.filter(({ at }) => at.length > 1);
  const bounds = [0, 1].map((axis) => {
    const along = placed.map(({ at }) => Math.round(at[axis] ?? Number.NaN));
    return `${Math.min(...along)}…${Math.max(...along)}`;
  });
  return `${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')} within ${bounds.join(', ')}`;
}

/** Digits for the alpha of a few evenly chosen pixels. */
function imageText({ data, width, height }: Pixels): string[] {
  const strongest = Math.max(
    1,
    data.reduce((most, value, at) => (at % 4 === 3 ? Math.max(most, value) : most), 0),
  );
  const [columns, rows] = [24, 8];
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const [x, y] = [((column + 0.5) * width) / columns, ((row + 0.5) * height) / rows].map(Math.floor);
      return Math.round((9 * (data[4 * ((y ?? 0) * width + (x ?? 0)) + 3] ?? 0)) / strongest);
    }).join(''),
  );
}

/** Of many rectangles in a row only how many have which colour, and where the last one lies. */
function withoutMany(lines: readonly string[]): string[] {
  const written: string[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (lines[end]?.startsWith('rect ')) end++;
    const rects = lines.slice(at, end);
    if (rects.length <= MOST_RECTS) written.push(...lines.slice(at, Math.max(end, at + 1)));
    else {
      const counts = new Map<string, number>();
      for (const rect of rects) {
        const color = rect.split(' ')[1] ?? '';
        counts.set(color, (counts.get(color) ?? 0) + 1);
      }
      written.push(
        ...[...counts].sort().map(([color, count]) => `${count} rects ${color}`),
        `last ${rects.at(-1)}`,
      );
    }
    at = Math.max(end, at + 1);
  }
  return written;
}

/** What a canvas mark paints, a line an act; tones are their own names. */
export function paintingText({ canvas }: Mark): string[] {
  const lines: string[] = [];
  let path: Command[] = [];
  const add =
    (name: string) =>
    (...at: number[]): void =>
      void path.push({ name, at: name === 'o' ? at.slice(0, 3) : at });
  const style = { fillStyle: '', strokeStyle: '', lineWidth: 1, globalAlpha: 1 };
  const ignore = (): void => {};
  const context = {
    ...style,
    moveTo: add('M'),
    lineTo: add('L'),
    arc: add('o'),
    rect: add('r'),
    closePath: add('Z'),
    beginPath: () => {
      path = [];
    },
    clip: () => lines.push(`clip ${pathText(path)}`),
    fill: () => path.length > 0 && lines.push(`fill ${context.fillStyle} ${pathText(path)}`),
    stroke: () => path.length > 0 && lines.push(`stroke ${context.strokeStyle} ${pathText(path)}`),
    fillRect: (...box: number[]) =>
      lines.push(
        `rect ${context.fillStyle}${context.globalAlpha === 1 ? '' : `/${context.globalAlpha.toFixed(2)}`} ${box.map(Math.round).join(' ')}`,
      ),
    putImageData: (image: Pixels, x: number, y: number) =>
      lines.push(
        `image ${image.width} × ${image.height} at ${x} ${y}`,
        ...imageText(image).map((row) => `  ${row}`),
      ),
    translate: (x: number, y: number) => lines.push(`at ${x} ${y}`),
    getTransform: () => ({ e: 0, f: 0 }),
    save: ignore,
    restore: ignore,
  };
  const known = globalThis.ImageData;
  Object.assign(globalThis, { ImageData: Pixels });
  try {
    canvas?.paint(context as unknown as CanvasRenderingContext2D, (name) => name, 1);
  } finally {
    Object.assign(globalThis, { ImageData: known });
  }
  return withoutMany(lines);
}
