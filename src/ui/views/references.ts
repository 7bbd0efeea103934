// Figures that somebody published, beside the curves of runs: a dashed line at the value, a marked point at its epoch.
// Invariant: a reference stands on the axes of its measure, and is told in words and table as in the drawing. Knows no
// runs and not who published what.

import type { Table } from '../figure';
import type { Chart } from './axes';
import { count } from './format';
import type { Mark } from './mark';
import { label, svg } from './svg';

/** One published figure. */
export interface Reference {
  readonly measure: 'loss' | 'accuracy';
  readonly value: number;
  /** The epoch that it was given for, counted from 1. */
  readonly epoch: number;
  /** Whose figure it is: "notebook, ReLU". */
  readonly label: string;
}

/** As it was printed: no digit more. */
const words = ({ label: whose, value, epoch }: Reference): string => `${whose}: ${value} at epoch ${epoch}`;

/** Half the size of the point at a reference's epoch. */
const POINT = 4;

/** The lines across the chart, which lie behind the curves. */
export const referenceLines = (references: readonly Reference[], { y, inner }: Chart): Mark[] =>
  references.map(({ value }) =>
    svg('path', { d: `M${inner.left} ${Math.round(y(value))}H${inner.right}`, class: 'reference-line' }),
  );

/** The points and what they are, before the curves: above the line, below it where that would leave the frame. */
export const referencePoints = (references: readonly Reference[], { x, y, inner }: Chart): Mark[] =>
  references.map((reference) => {
    const [across, up] = [Math.round(x(reference.epoch)), Math.round(y(reference.value))];
    const point = `M${across - POINT} ${up}l${POINT} ${-POINT}l${POINT} ${POINT}l${-POINT} ${POINT}Z`;
    return svg(
      'g',
      { class: 'reference' },
      svg('path', { d: point, class: 'reference-point' }),
      label(words(reference), inner.left + 6, up - inner.top < 16 ? up + 13 : up - 5),
    );
  });

/** What is said of references after the curves; empty where there are none. */
export const referenceWords = (references: readonly Reference[]): string =>
  references.length > 0
    ? ` ${count(references.length, 'reference line')} beside them: ${references.map(words).join('; ')}.`
    : '';

/** The references as rows of a table whose columns begin with run, epoch and value. */
export const referenceRows = (references: readonly Reference[], width: number): Table =>
  references.map(({ label: whose, epoch, value }) => [
    whose,
    epoch,
    value,
    ...Array.from({ length: width - 3 }, () => ''),
  ]);
