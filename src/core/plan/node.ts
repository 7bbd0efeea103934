// A node: one computation with everything that decides its result, named by its recipe.
// Invariant: nodes with the same recipe have the same result, in whatever run.

import type { Kind, Params } from '../kinds/kind';
import { hashText, type Key, paramsText, recipeText } from './key';

/** A computation: all that decides its result. Runs with the same recipe share one node. */
export interface Node {
  readonly kind: Kind;
  readonly params: Params;
  readonly inputs: Readonly<Record<string, Node>>;
  readonly recipe: string;
  readonly key: Key;
  /** The recipe without its extent, for a kind that has one; checkpoints are kept under its hash. */
  readonly trace?: string;
}

/** The recipe of a cell; without the param `without`, it is the trace's. */
export function recipeOf(kind: Kind, params: Params, inputs: Node['inputs'], without?: string): string {
  let inputsText = '';
  for (const [slot, input] of Object.entries(inputs)) inputsText += ` ${slot}=${input.key}`;
  return recipeText(kind, paramsText(kind, params, without), inputsText, kind.engine?.resolve(params) ?? '');
}

/** The node of a recipe that was made of the same parts. */
export function createNode(kind: Kind, params: Params, inputs: Node['inputs'], recipe: string): Node {
  const trace = kind.extent && recipeOf(kind, params, inputs, kind.extent.param);
  return {
    kind,
    params,
    inputs,
    recipe,
    key: `${kind.name}-${hashText(recipe)}`,
    ...(trace !== undefined && { trace }),
  };
}

/** The same fold gone as far as `extent`, a whole number from 1 to the node's own: a training as it was at some epoch. */
export function nodeAt(node: Node, extent: number): Node {
  const { kind, inputs } = node;
  if (!kind.extent || node.params[kind.extent.param] === extent) return node;
  const params = { ...node.params, [kind.extent.param]: extent };
  return createNode(kind, params, inputs, recipeOf(kind, params, inputs));
}
