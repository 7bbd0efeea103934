// Marks: a drawing as plain data. `put` puts a drawing on the page and changes only the differences from the drawing before.
// Invariant: after `put`, the page shows the mark and nothing of its predecessor; elements are reused, so that a drawing that
// is drawn a thousand times has the nodes and listeners of one. Text goes in as text; no style attributes.

import { type Painting, painting } from './canvas';

/** The events that marks listen to. */
type PointerKind = 'pointermove' | 'pointerenter' | 'pointerleave';

type Handler = (event: PointerEvent, element: Element) => void;
type Child = Mark | string;

const SPACES = {
  svg: 'http://www.w3.org/2000/svg',
  html: 'http://www.w3.org/1999/xhtml',
} as const;

/**
 * An element as data. Once the mark is on the page, `setAttribute`, `append` and `replaceChildren` also
 * change the element.
 */
export class Mark {
  readonly attributes = new Map<string, string>();
  children: Child[] = [];
  /** Listeners by event; the element has at most one listener per event, however often it is drawn. */
  readonly handlers = new Map<PointerKind, Handler>();
  /** Content of the mark, if it is a canvas. */
  canvas?: Painting;
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

  /** Yields this mark and all marks within it. */
  *all(): Generator<Mark> {
    yield this;
    for (const child of this.children) if (typeof child !== 'string') yield* child.all();
  }
}

/** The mark that an element shows now; an element's listeners read it when an event occurs. */
const shownBy = new WeakMap<Element, Mark>();
const listening = new WeakMap<Element, Set<PointerKind>>();

/** The mark that an element on the page shows; undefined if it shows none. */
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

/** The element of a mark, without its children. */
function createBare(mark: Mark): Element {
  const element = document.createElementNS(SPACES[mark.space], mark.name);
  for (const [name, value] of mark.attributes) element.setAttribute(name, value);
  return element;
}

function create(child: Child): Node {
  if (typeof child === 'string') return document.createTextNode(child);
  const element = createBare(child);
  for (const inner of child.children) element.append(create(inner));
  take(child, element);
  paintNow(undefined, child);
  return element;
}

function take(mark: Mark, element: Element): void {
  mark.element = element;
  shownBy.set(element, mark);
  listen(mark, element);
}

/** Steps that paint a mark's element, if it is a canvas. */
function* paintSteps(before: Mark | undefined, { canvas, element, attributes }: Mark): Generator<void> {
  if (canvas && element instanceof HTMLCanvasElement)
    yield* painting(element, attributes, before?.canvas, canvas, devicePixelRatio);
}

function paintNow(before: Mark | undefined, mark: Mark): void {
  if (mark.canvas) runAll(paintSteps(before, mark));
}

function runAll(steps: Iterator<void>): void {
  while (!steps.next().done);
}

const isLike = (a: Mark, b: Mark): boolean =>
  a.name === b.name && a.space === b.space && a.element !== undefined;

/**
 * Replaces the node of an old child by a child, and reuses the node if both are alike; appends the child if
 * there is no node.
 */
function putChild(parent: Element, node: ChildNode | null, old: Child | undefined, child: Child): void {
  if (!node || old === undefined) parent.append(create(child));
  else if (typeof child === 'string' && node instanceof Text) {
    if (old !== child) node.data = child;
  } else if (typeof child !== 'string' && typeof old !== 'string' && isLike(old, child)) change(old, child);
  else node.replaceWith(create(child));
}

function removeFrom(first: ChildNode | null): void {
  for (let node = first; node; ) {
    const following = node.nextSibling;
    node.remove();
    node = following;
  }
}

function putChildren(parent: Element, before: readonly Child[], next: readonly Child[]): void {
  let node = parent.firstChild;
  for (const [index, child] of next.entries()) {
    const following: ChildNode | null = node?.nextSibling ?? null;
    putChild(parent, node, before[index], child);
    node = following;
  }
  removeFrom(node);
}

function changeAttributes(old: Mark, next: Mark, element: Element): void {
  for (const [name, value] of next.attributes)
    if (old.attributes.get(name) !== value) element.setAttribute(name, value);
  for (const name of old.attributes.keys()) if (!next.attributes.has(name)) element.removeAttribute(name);
}

function change(old: Mark, next: Mark): void {
  const { element } = old;
  if (!element || old === next) return;
  changeAttributes(old, next, element);
  putChildren(element, old.children, next.children);
  take(next, element);
  paintNow(old, next);
}

/** Depth of the tree to which marks are put one by one: panels and their parts. */
const DEPTH = 4;

/** Whether an element may be on the page with only some of its children. */
const isDivisible = (child: Child): child is Mark =>
  typeof child !== 'string' && ['svg', 'g', 'div', 'foreignObject', 'canvas'].includes(child.name);

function* puttingChildren(
  parent: Element,
  before: readonly Child[],
  next: readonly Child[],
  depth: number,
): Generator<void> {
  let node = parent.firstChild;
  for (const [index, child] of next.entries()) {
    const old = before[index];
    const following: ChildNode | null = node?.nextSibling ?? null;
    if (depth > 0 && isDivisible(child) && child !== old) {
      const like = node && typeof old === 'object' && isLike(old, child) ? old : undefined;
      const element = like?.element ?? createBare(child);
      if (like) changeAttributes(like, child, element);
      else if (node) node.replaceWith(element);
      else parent.append(element);
      take(child, element);
      yield* puttingChildren(element, like?.children ?? [], child.children, depth - 1);
      yield* paintSteps(like, child);
    } else putChild(parent, node, old, child);
    node = following;
    yield;
  }
  removeFrom(node);
}

/** Time in ms after which the browser lays out the marks so far, before more marks follow. */
const LAYOUT_MS = 3;

/**
 * Steps that show a mark in the place of another, or alone in an empty element. The page may be painted
 * between two steps; all steps must be taken before the next mark is shown.
 */
export function* putting(container: Element, before: Mark | undefined, next: Mark): Generator<void> {
  let start = performance.now();
  for (const _ of puttingChildren(container, before ? [before] : [], [next], DEPTH)) {
    // Layout of texts takes longer than making them. Forcing the layout here counts it in the frame's share
    // of drawing.
    if (performance.now() - start > LAYOUT_MS) {
      container.getBoundingClientRect();
      start = performance.now();
    }
    yield;
  }
}

/** Shows a mark in the place of another, or alone in an empty element. */
export function put(container: Element, before: Mark | undefined, next: Mark): void {
  putChildren(container, before ? [before] : [], [next]);
}

/** Paints all canvases of a drawing again, for another colour scheme. */
export function repaint(drawing: Mark): void {
  for (const mark of drawing.all()) paintNow(undefined, mark);
}
