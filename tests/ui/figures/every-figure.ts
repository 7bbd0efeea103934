// Every figure that the page can show, in its forms, with the kind of values that it takes: what the gallery draws, what
// the snapshots hold, what bad input is tried on.
// Invariant: a figure that `views/index.ts` lists is here without being named; one that it makes on request is named here.

import { curveFigures, figures } from '../../../src/ui/figures';
import type { PublishedValue } from '../../../src/ui/figures/curves/published-figures';
import type { Figure, Shown } from '../../../src/ui/figures/draw/figure';
import { valueTable } from '../../../src/ui/figures/value/value-table';

export type AnyFigure = Figure<unknown>;

/** The shown runs of each kind. */
export type Runs = Readonly<Record<string, readonly Shown<unknown>[]>>;

/** A figure and the kind whose runs it shows. */
export interface Entry {
  readonly kind: string;
  readonly figure: AnyFigure;
}

/** The makers of figures that `views/index.ts` exports beside the figures: each has its own in `everyFigure`. */
export const MAKERS: readonly string[] = ['figuresOf', 'curveFigures', 'diffFigureOf'];

const PUBLISHED: readonly PublishedValue[] = [
  { measure: 'loss', value: 0.4164, epoch: 100, label: 'notebook, sigmoid' },
  { measure: 'accuracy', value: 0.81, epoch: 100, label: 'notebook, sigmoid' },
];

/** A figure in its forms: all of up to three, else the first two and the last, since a deep network has fifty. */
function formsOf(figure: AnyFigure, runs: readonly Shown<unknown>[]): AnyFigure[] {
  const forms = (figure.forms?.of(runs) ?? []).map((form) => form.figure);
  return forms.length > 0 ? [...new Set([...forms.slice(0, 2), ...forms.slice(-1)])] : [figure];
}

/** The curves beside published figures, under a name of their own. */
const beside = (): Entry[] =>
  curveFigures(PUBLISHED).map((figure) => ({
    kind: 'train',
    figure: { ...figure, name: `${figure.name}-beside-published` } as AnyFigure,
  }));

/** Tables of values that have figures too: scalars and words, lists and matrices. */
const VALUES = ['architecture', 'optimizer', 'train'];

/** All figures of what is shown, each with its kind; each name occurs once. */
export const everyFigure = (values: Runs): Entry[] => [
  ...Object.entries(figures).flatMap(([kind, list]) =>
    (list as unknown as readonly AnyFigure[]).flatMap((figure) =>
      formsOf(figure, values[kind] ?? []).map((form) => ({ kind, figure: form })),
    ),
  ),
  ...beside(),
  ...VALUES.map((kind) => ({ kind, figure: valueTable(kind) as AnyFigure })),
];
