// Marks: a drawing as plain data, and putting it on the page by changing only what differs from the drawing before.
// Invariant: after `put`, the page shows the mark and nothing of its predecessor; elements are used again, so that a
// drawing that is drawn a thousand times has the nodes and listeners of one. Text goes in as text; no style attributes.

/**
 * What a canvas mark paints with: a context in CSS pixels, the page's tones by the name of their property, and how many
 * of the canvas' own pixels are one of CSS.
 */
export type Painter = (
  context: CanvasRenderingContext2D,
  tone: (name: string) => string,
  scale: number,
) => void;

/** The events that marks listen to. */
export type PointerKind = 'pointermove' | 'pointerenter' | 'pointerleave';

type Handler = (event: PointerEvent, element: Element) => void;
type Child = Mark | string;

const SPACES = {
  svg: 'http://www.w3.org/2000/svg',
  html: 'http://www.w3.org/1999/xhtml',
} as const;

/** An element to be, or, once it is put on the page, one that is; what is changed then changes there too. */
export class Mark {
  readonly attributes = new Map<string, string>();
  children: Child[] = [];
  /** Listeners by event; the element has one of each kind at most, however often it is drawn. */
  readonly handlers = new Map<PointerKind, Handler>();
  /** What a canvas shows, and of what: it is painted again only where one of these is another. */
  canvas?: { readonly paint: Painter; readonly of: readonly unknown[] };
  element?: Element;

  constructor(
    readonly name: string,
    readonly space: keyof typeof SPACES,
  ) {}

  setAttribute(name: string, value: string): void {
    if (this.attributes.get(name) === value) return;
    this.attributes.set(name, value);
    this.element?.setAttribute(name, value);
  }

  append(...children: Child[]): void {
    this.children.push(...children);
    this.element?.append(...children.map(create));
  }

  replaceChildren(...children: Child[]): void {
    const before = this.children;
    this.children = children;
    if (this.element) putChildren(this.element, before, children);
  }

  on(kind: PointerKind, handler: Handler): void {
    this.handlers.set(kind, handler);
  }

  /** This mark and all within it. */
  *all(): Generator<Mark> {
    yield this;
    for (const child of this.children) if (typeof child !== 'string') yield* child.all();
  }
}

/** The mark that an element shows now; its listeners ask for it when something happens. */
const shownBy = new WeakMap<Element, Mark>();
const listening = new WeakMap<Element, Set<PointerKind>>();

/** The mark that an element on the page shows, where it shows one. */
export const markOf = (element: Element): Mark | undefined => shownBy.get(element);

function listen(mark: Mark, element: Element): void {
  if (mark.handlers.size === 0) return;
  const heard = listening.get(element) ?? new Set();
  listening.set(element, heard);
  for (const kind of mark.handlers.keys()) {
    if (heard.has(kind)) continue;
    heard.add(kind);
    element.addEventListener(kind, (event) =>
      shownBy.get(element)?.handlers.get(kind)?.(event as PointerEvent, element),
    );
  }
}

const tones = new Map<string, string>();
let scheme: MediaQueryList | undefined;

/** A tone of the page's, read once for each scheme: asking for a computed style in every frame would cost a layout. */
export function tone(name: string): string {
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

/** Paints a canvas mark at so many device pixels a CSS pixel. */
export function paintCanvas(mark: Mark, canvas: HTMLCanvasElement, scale: number): void {
  const [width, height] = ['width', 'height'].map((side) => Number(mark.attributes.get(`data-${side}`)));
  const [across, down] = [
    Math.max(1, Math.round((width ?? 0) * scale)),
    Math.max(1, Math.round((height ?? 0) * scale)),
  ];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  // Small and painted anew in every frame: in memory that costs less than by way of the graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || !mark.canvas) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, across, down);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  mark.canvas.paint(context, tone, scale);
}

function create(child: Child): Node {
  if (typeof child === 'string') return document.createTextNode(child);
  const element = document.createElementNS(SPACES[child.space], child.name);
  for (const [name, value] of child.attributes) element.setAttribute(name, value);
  for (const inner of child.children) element.append(create(inner));
  take(child, element);
  if (element instanceof HTMLCanvasElement) paintCanvas(child, element, devicePixelRatio);
  return element;
}

function take(mark: Mark, element: Element): void {
  mark.element = element;
  shownBy.set(element, mark);
  listen(mark, element);
}

function putChildren(parent: Element, before: readonly Child[], next: readonly Child[]): void {
  let node = parent.firstChild;
  for (const [index, child] of next.entries()) {
    const old = before[index];
    const following: ChildNode | null = node?.nextSibling ?? null;
    if (!node || old === undefined) parent.append(create(child));
    else if (typeof child === 'string' && node instanceof Text) {
      if (old !== child) node.data = child;
    } else if (typeof child !== 'string' && typeof old !== 'string' && isLike(old, child)) change(old, child);
    else node.replaceWith(create(child));
    node = following;
  }
  while (node) {
    const following = node.nextSibling;
    node.remove();
    node = following;
  }
}

const isLike = (a: Mark, b: Mark): boolean =>
  a.name === b.name && a.space === b.space && a.element !== undefined;

const sameSubject = (a: Mark, b: Mark): boolean =>
  a.canvas?.of.length === b.canvas?.of.length &&
  (a.canvas?.of ?? []).every((part, index) => part === b.canvas?.of[index]);

function change(old: Mark, next: Mark): void {
  const { element } = old;
  if (!element || old === next) return;
  let sized = false;
  for (const [name, value] of next.attributes) {
    if (old.attributes.get(name) === value) continue;
    element.setAttribute(name, value);
    sized ||= name.startsWith('data-');
  }
  for (const name of old.attributes.keys()) if (!next.attributes.has(name)) element.removeAttribute(name);
  putChildren(element, old.children, next.children);
  take(next, element);
  if (element instanceof HTMLCanvasElement && (sized || !sameSubject(old, next)))
    paintCanvas(next, element, devicePixelRatio);
}

/** Shows a mark in the place of another, or alone in an element that is empty. */
export function put(holder: Element, before: Mark | undefined, next: Mark): void {
  putChildren(holder, before ? [before] : [], [next]);
}

/** Paints all canvases of a drawing again, as for another scheme of colours. */
export function repaint(drawing: Mark): void {
  for (const mark of drawing.all())
    if (mark.canvas && mark.element instanceof HTMLCanvasElement)
      paintCanvas(mark, mark.element, devicePixelRatio);
}
