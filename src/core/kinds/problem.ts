// Problems of cells, as data. Errors have an origin: `cell` names the place to mend, which may be upstream.

/** Error values as spreadsheets write them, and one of our own: a training whose loss became NaN. */
export type ErrorCode = '#REF!' | '#VALUE!' | '#CYCLE!' | '#DIV/0!' | '#NAME?' | '#DIVERGED!';

/** A cell's problem; `cell` is the place it comes from, as "B.optimizer.learningRate", "B.train" or "B[3].train". */
export interface Problem {
  readonly kind: 'bad-param' | 'cycle' | 'reference' | 'blocked' | 'failed' | 'diverged';
  readonly cell: string;
  readonly message: string;
  /** What a formula shows in its cell. */
  readonly code?: ErrorCode;
}

/** Thrown by a kind's `compute` where a plain error would not say enough. */
export class CellError extends Error {
  constructor(
    readonly kind: 'failed' | 'diverged',
    message: string,
    /** Whether it was the machine that failed and not the computation: trying another way would not help. */
    readonly machine = false,
  ) {
    super(message);
    this.name = 'CellError';
  }
}

/** What was thrown, in words. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The problem of a cell whose input has one: it names the origin. */
export function blockedBy(origin: Problem): Problem {
  return origin.kind === 'blocked'
    ? origin
    : {
        kind: 'blocked',
        cell: origin.cell,
        message: `blocked by ${origin.cell}: ${origin.message}`,
      };
}
