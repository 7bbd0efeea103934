// Problems of cells, as data. Errors have an origin: `cell` names the place to mend, which may be upstream.

/** Error values of spreadsheets, plus `#DIVERGED!` for a training whose loss became NaN. */
export type ErrorCode = '#REF!' | '#VALUE!' | '#CYCLE!' | '#DIV/0!' | '#NAME?' | '#DIVERGED!';

/**
 * A cell's problem. `cell` is the place where it begins: "B.optimizer.learningRate",
 * "B.train" or "B[3].train".
 */
export interface Problem {
  readonly kind: 'bad-param' | 'cycle' | 'reference' | 'blocked' | 'failed' | 'diverged';
  readonly cell: string;
  readonly message: string;
  /** The error value that the formula's cell shows. */
  readonly code?: ErrorCode;
}

/** Thrown by a kind's `compute` to set the kind of the cell's problem; any other error means "failed". */
export class CellError extends Error {
  constructor(
    readonly kind: 'failed' | 'diverged',
    message: string,
    /**
     * True if the machine failed and not the computation: computing again
     * without the checkpoint would not help.
     */
    readonly machine = false,
  ) {
    super(message);
    this.name = 'CellError';
  }
}

/** The message of a thrown value. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The problem of a cell that reads a cell with a problem; it keeps the place where the problem begins. */
export function blockedBy(origin: Problem): Problem {
  return origin.kind === 'blocked'
    ? origin
    : {
        kind: 'blocked',
        cell: origin.cell,
        message: `blocked by ${origin.cell}: ${origin.message}`,
      };
}
