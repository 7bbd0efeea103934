// Finds the references in a text that is being typed, and the place where pointing at a cell can put a reference.
// Invariants: a reference is found wherever its whole name occurs, however unfinished the rest is; a cell has one number,
// counted from 1 in the order of first occurrence in the text. Knows no screen.

import { tokensOf } from '../../core/formulas/syntax';
import type { Registry } from '../../core/kinds/kind';
import type { Language, Scope, Span } from '../../core/plan/language';
import { isFormula } from '../../core/plan/param-values';
import type { RunId } from '../../core/sheet/sheet';
import { nameOf, type Place, rowOf } from './precedents';

/**
 * A reference of a draft: its span in the text, the cell that the reference means, and that cell's
 * number.
 */
export interface DraftReference extends Span {
  readonly place: Place;
  readonly number: number;
}

/** The context of a draft: its run, and the names that the draft may refer to. */
interface DraftContext {
  readonly registry: Registry;
  readonly language: Language;
  readonly run: RunId;
  readonly scope: Scope;
}

/** Number of colours; further cells repeat the colours, but keep their own numbers. */
const HUES = 5;

/** The colour, 1 to 5, of a cell's number, counted from 1. */
export const hueOf = (number: number): number => ((number - 1) % HUES) + 1;

/** The references of a text in order; empty if the text is no formula. */
export function referencesIn(
  text: string,
  { registry, language, run, scope }: DraftContext,
): DraftReference[] {
  if (!isFormula(text)) return [];
  const numbers = new Map<string, number>();
  return tokensOf(text).flatMap(({ type, text: name, from, to }) => {
    // Each name is parsed alone, because the text around it may not be a formula yet.
    const [reference] = type === 'name' ? (language.parse(`=${name}`, scope).formula?.references ?? []) : [];
    if (!reference) return [];
    const place: Place = { run: reference.run ?? run, row: rowOf(registry, reference) };
    const id = `${place.run} ${place.row}`;
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    return [{ from, to, place, number }];
  });
}

/**
 * The span of the text that a new reference may replace. The span is `pointed`, the last inserted
 * reference, if the caret is right behind that reference; else the selection, if an equals sign, an
 * operator, an opening bracket or a comma precedes the selection. Undefined where no reference fits.
 */
export function openPlace(text: string, selection: Span, pointed?: Span): Span | undefined {
  if (!isFormula(text)) return undefined;
  const { from, to } = selection;
  if (pointed && from === to && to === pointed.to) return pointed;
  const inString = tokensOf(text).some(
    (token) =>
      token.type === 'string' &&
      token.from < from &&
      (from < token.to || token.text.length < 2 || token.text.at(-1) !== token.text[0]),
  );
  if (inString) return undefined;
  const before = text.slice(0, from).trimEnd();
  const after = text.slice(to).trimStart();
  const opens = /[-=([,+*/^<>!&|]$/.test(before);
  const closes = after === '' || /^[-)\],+*/^<>=!&|]/.test(after);
  return opens && closes ? { from, to } : undefined;
}

/**
 * A reference to a cell, as a formula in `run` writes the reference: "units" for its own run,
 * "A.architecture.units" for another. Undefined if no formula can refer to the cell.
 */
export function referenceText(
  place: Place,
  { registry, run, scope }: Pick<DraftContext, 'registry' | 'run' | 'scope'>,
): string | undefined {
  const name = nameOf(registry, place.row, scope);
  if (name === undefined) return undefined;
  return place.run === run ? name : `${place.run}.${name}`;
}

/**
 * A piece of a formula's text: with a number if a reference, with `isFault` if an error lies in the
 * piece.
 */
export interface Piece {
  readonly text: string;
  readonly number?: number;
  readonly isFault?: boolean;
}

/** Splits a text at its references and its fault. No piece is empty, and the pieces join to the text. */
export function piecesOf(text: string, references: readonly DraftReference[], fault?: Span): Piece[] {
  const ends = [...references, ...(fault ? [fault] : [])].flatMap(({ from, to }) => [from, to]);
  const cuts = [...new Set([0, ...ends, text.length])]
    .filter((at) => at >= 0 && at <= text.length)
    .sort((a, b) => a - b);
  return cuts.slice(1).map((to, index) => {
    const from = cuts[index] ?? 0;
    const number = references.find((reference) => reference.from <= from && to <= reference.to)?.number;
    const isFault = fault !== undefined && fault.from <= from && to <= fault.to;
    return {
      text: text.slice(from, to),
      ...(number !== undefined && { number }),
      ...(isFault && { isFault }),
    };
  });
}
