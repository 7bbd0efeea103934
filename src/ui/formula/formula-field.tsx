// An input for a formula, with the references in their colours and the fault underlined.
// Invariant: the input remains the browser's own, with its caret, its selection and its undo; the coloured text lies over the
// input, takes no press and scrolls with the input.

import { type Accessor, createEffect, createMemo, createSignal, Index, onCleanup } from 'solid-js';
import type { Span } from '../../core/plan/language';
import { isFormula } from '../../core/plan/param-values';
import { completeIn, type Offer } from './completion';
import { type DraftReference, hueOf, type Piece, piecesOf } from './references';

/** The content of a formula field. */
interface FieldParts {
  /** The text of the input. */
  readonly text: Accessor<string>;
  /** Whether the input accepts formulas; false for the name of a run. */
  readonly takesFormulas: Accessor<boolean>;
  readonly references: Accessor<readonly DraftReference[]>;
  readonly fault: Accessor<Span | undefined>;
  readonly offer: Offer;
}

const hueIn = ({ number }: Piece): number | undefined => (number === undefined ? undefined : hueOf(number));

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The box of an input's text in px, relative to the offset parent. */
function textBox(input: HTMLInputElement): Box {
  const style = getComputedStyle(input);
  const size = (name: string): number => Number.parseFloat(style.getPropertyValue(name)) || 0;
  const [left, top] = [size('padding-left'), size('padding-top')];
  return {
    left: input.offsetLeft + input.clientLeft + left,
    top: input.offsetTop + input.clientTop + top,
    width: input.clientWidth - left - size('padding-right'),
    height: input.clientHeight - top - size('padding-bottom'),
  };
}

const WIDEST = 360;
/** Least width in px: where less room is left to the right, the input grows to the left. */
const LEAST = 220;
const BESIDE_TEXT = 16;
const BESIDE_INPUT = 4;

/**
 * Widens a cell's input with its text, over the neighbouring cells, within the visible part of the sheet.
 */
function grow(input: HTMLInputElement, text: HTMLElement): void {
  const cell = input.closest('.grid td');
  const view = cell?.closest('.grid-scroll')?.getBoundingClientRect();
  if (!cell || !view) return;
  const { left, width } = cell.getBoundingClientRect();
  const room = Math.min(view.right, innerWidth) - left - BESIDE_INPUT;
  const wanted = Math.min(text.offsetWidth + BESIDE_TEXT, WIDEST, Math.max(room, LEAST));
  const isWider = wanted > width;
  input.style.width = isWider ? `${wanted}px` : '';
  input.style.marginLeft = isWider && wanted > room ? `${room - wanted}px` : '';
}

/** The coloured text that lies over an input, for as long as the Solid owner lives. */
function inkOver(input: HTMLInputElement, parts: FieldParts): HTMLElement {
  const [box, setBox] = createSignal<Box>(textBox(input));
  const [scrolled, setScrolled] = createSignal(input.scrollLeft);
  const done = new AbortController();
  const follow = (): void => void setScrolled(input.scrollLeft);
  let inner: HTMLElement | undefined;
  const measure = (): void => {
    if (inner) grow(input, inner);
    setBox(textBox(input));
  };
  for (const type of ['scroll', 'input', 'keyup', 'select', 'blur'])
    input.addEventListener(type, follow, { signal: done.signal });
  const resize = new ResizeObserver(measure);
  resize.observe(input);
  createEffect(() => {
    parts.text();
    queueMicrotask(() => {
      measure();
      follow();
    });
  });
  input.toggleAttribute('data-inked', true);
  onCleanup(() => {
    done.abort();
    resize.disconnect();
    input.toggleAttribute('data-inked', false);
    input.style.width = '';
    input.style.marginLeft = '';
  });
  const pieces = createMemo(() => piecesOf(parts.text(), parts.references(), parts.fault()));
  return (
    <span
      class="formula-ink"
      aria-hidden="true"
      style={{
        left: `${box().left}px`,
        top: `${box().top}px`,
        width: `${box().width}px`,
        height: `${box().height}px`,
        'line-height': `${box().height}px`,
      }}
    >
      <span
        ref={(element) => {
          inner = element;
        }}
        style={{ 'margin-left': `${-scrolled()}px` }}
      >
        <Index each={pieces()}>
          {(piece) => (
            <span data-hue={hueIn(piece())} classList={{ fault: piece().isFault === true }}>
              {piece().text}
            </span>
          )}
        </Index>
      </span>
    </span>
  ) as HTMLElement;
}

/**
 * Adds completion and coloured text to an input while the input accepts formulas, for as long as the
 * Solid owner lives.
 */
export function attachFormulaHelp(input: HTMLInputElement, parts: FieldParts): void {
  input.spellcheck = false;
  input.autocomplete = 'off';
  createEffect(() => {
    if (!parts.takesFormulas()) return;
    const list = completeIn(input, parts.offer);
    input.after(list);
    onCleanup(() => {
      for (const { name } of [...input.attributes])
        if (/^role$|^aria-(autocomplete|haspopup|expanded|controls|activedescendant)$/.test(name))
          input.removeAttribute(name);
    });
  });
  const hasInk = createMemo(() => parts.takesFormulas() && isFormula(parts.text()));
  createEffect(() => {
    if (!hasInk()) return;
    const ink = inkOver(input, parts);
    input.after(ink);
    onCleanup(() => ink.remove());
  });
}
