// The evidence that the rules of diagnosis read: a run's params and the values of its finished cells.
// Invariant: a pure function of plan and outcomes; a value that is not computed is absent, and a running computation never
// counts as a result. Knows neither rules nor screen.

import type { architecture } from '../../cells/architecture';
import type { dataset } from '../../cells/dataset';
import type { split } from '../../cells/split';
import type { train } from '../../cells/train';
import type { Outcome } from '../../core/compute/scheduler';
import type { Params, ValueOf } from '../../core/kinds/kind';
import type { ParamValue } from '../../core/kinds/param';
import type { Key } from '../../core/plan/key';
import { isFormula } from '../../core/plan/param-values';
import { type RunPlan, settingIn } from '../../core/plan/plan';
import type { RunId } from '../../core/sheet/sheet';

/** Value of a training. */
export type Trained = ValueOf<typeof train>;
/** Layers of a network in order, the output layer last. */
export type Layers = ValueOf<typeof architecture>['layers'];

/** What is computed of one member of a run. */
export interface Evidence {
  readonly id: RunId;
  readonly member: number;
  /** The run's params by kind; a kind whose params cannot be read is absent. */
  readonly params: Readonly<Record<string, Params>>;
  /** Paths of the params that a formula sets, as in "optimizer.learningRate". */
  readonly formulas: ReadonlySet<string>;
  readonly dataset?: ValueOf<typeof dataset>;
  readonly split?: ValueOf<typeof split>;
  /** The weights before training. */
  readonly initial?: Layers;
  readonly trained?: Trained;
  /** Why the training diverged, as in "loss became NaN in epoch 3". */
  readonly diverged?: string;
}

/** The value of a param by its path; undefined if the kind has no such param or its params cannot be read. */
export function paramIn({ params }: Pick<Evidence, 'params'>, path: string): ParamValue | undefined {
  const [kind = '', name = ''] = path.split('.');
  return params[kind]?.[name];
}

/**
 * Evidence of a member of a run. `outcome` gives the outcome of a key, undefined if the cell is not computed;
 * the values of outcomes must have passed the schemas of their kinds.
 */
export function evidenceOf(
  run: RunPlan,
  member: number,
  outcome: (key: Key) => Outcome | undefined,
): Evidence {
  const cells = run.member(member);
  const ended = (kind: string): Outcome | undefined => {
    const node = cells.get(kind)?.node;
    return node && outcome(node.key);
  };
  const value = <V>(kind: string): V | undefined => ended(kind)?.result?.value as V | undefined;
  const [points, rows, network, trained] = [
    value<ValueOf<typeof dataset>>('dataset'),
    value<ValueOf<typeof split>>('split'),
    value<ValueOf<typeof architecture>>('architecture'),
    value<Trained>('train'),
  ];
  const failure = ended('train')?.failure;
  return {
    id: run.run.id,
    member,
    params: Object.fromEntries(
      [...run.settings].flatMap(([kind, { params }]) => (params ? [[kind, params] as const] : [])),
    ),
    formulas: new Set(
      [...run.settings].flatMap(([kind, { texts }]) =>
        [...texts.keys()]
          .map((name) => `${kind}.${name}`)
          .filter((path) => isFormula(settingIn(run, path)?.text ?? '')),
      ),
    ),
    ...(points && { dataset: points }),
    ...(rows && { split: rows }),
    ...(network && { initial: network.layers }),
    ...(trained && { trained }),
    ...(failure?.kind === 'diverged' && failure.node.kind.name === 'train' && { diverged: failure.message }),
  };
}
