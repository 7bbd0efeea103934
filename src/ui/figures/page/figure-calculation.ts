// Opens the calculation behind a point of a figure: of a pressed point, of the walked one, or from the figure's menu.
// Invariant: opens nothing for a figure without calculations; after the dialog the focus is where it was. Loads the dialog and
// the calculation when they are first asked for.

import type { Accessor } from 'solid-js';
import { late, withPart } from '../../../core/late-loading';
import type { RunId } from '../../../core/sheet/sheet';
import type { EpochSource, Place } from '../draw/calculation';
import type { Figure, Shown } from '../draw/figure';
import type { Walk } from './figure-walk';

const dialog = late(() => import('../calculation/calculation-dialog'));

/** Gives the terms of an epoch of a run, as `CalculationSources` does, and reports the share that is done. */
export type EpochTermsOf = (
  run: RunId,
  epoch: number,
  terms: { readonly signal: AbortSignal; progress(fraction: number): void },
) => Promise<EpochSource>;

/** The figure with its runs and title, its walk, and what all figures share. */
interface Calculated<V> {
  readonly figure: Accessor<Figure<V>>;
  readonly runs: Accessor<readonly Shown<V>[]>;
  readonly title: Accessor<string>;
  readonly walk: Walk;
  readonly pointer: {
    epoch(): number;
    marked(): RunId | undefined;
    readonly epochTerms?: EpochTermsOf;
  };
}

/** Ways to open a calculation. */
interface FigureCalculation {
  /** Of the point that is pressed; a finger reads values by a tap, so its calculations are in the menu. */
  press(event: MouseEvent, place: (event: MouseEvent) => Place | undefined): void;
  /** Of the walked point, on Enter; returns false for another key, and for a figure without calculations. */
  onKeyDown(event: KeyboardEvent): boolean;
  /** Of the marked or the first run at the present epoch. */
  openNow(button: HTMLElement | undefined): void;
}

/** The calculations of one figure; `drawing` takes the focus back. */
export function createCalculation<V>(
  { figure, runs, title, walk, pointer }: Calculated<V>,
  drawing: () => HTMLElement | undefined,
): FigureCalculation {
  function open(place: Place, closed: () => void): void {
    const { calculation } = figure();
    if (!calculation) return;
    // The runs of now: a drag or a training may bring others while the dialog is open.
    const shown = runs();
    const request = {
      title: title(),
      place,
      runs: shown,
      async calculate(at: Place, terms: Parameters<EpochTermsOf>[2]) {
        return (await calculation()).calculate(shown, at, {
          async epochTerms(run, epoch) {
            if (!pointer.epochTerms) throw new Error('the numbers of an epoch are not available here');
            return pointer.epochTerms(run, epoch, terms);
          },
        });
      },
    };
    withPart(dialog, ({ openCalculation }) => openCalculation(request, closed));
  }
  return {
    press(event, placeOf) {
      if (event instanceof PointerEvent && event.pointerType === 'touch') return;
      const place = figure().calculation && placeOf(event);
      if (place) open(place, () => drawing()?.focus());
    },
    onKeyDown(event) {
      if (event.key !== 'Enter' || !figure().calculation) return false;
      event.preventDefault();
      const at = walk.at();
      open(walk.place(pointer.marked()), () => {
        drawing()?.focus();
        walk.resume(at);
      });
      return true;
    },
    openNow(button) {
      const run = pointer.marked() ?? runs()[0]?.id;
      const place = run === undefined ? [] : figure().byEpoch ? [run, pointer.epoch()] : [run];
      open(place, () => button?.focus());
    },
  };
}
