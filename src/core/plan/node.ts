// A node: one computation with everything that decides its result, named by its recipe.
// Invariant: nodes with the same recipe have the same result, in whatever run.

import type { Kind, Params } from '../kinds/kind';
import { hashText, type Key, paramsText, recipeText } from './key';

/** A computation with all that decides its result. Runs with equal recipes share one node. */
export interface Node {
  readonly kind: Kind;
  readonly params: Params;
  readonly inputs: Readonly<Record<string, Node>>;
  readonly recipe: string;
  readonly key: Key;
  /** The recipe without the extent, for a kind that has one; stores keep checkpoints under its hash. */
  readonly trace?: string;
}

/** The recipe of a cell; without the param `without` (the extent), it is the trace. */
export function recipeOf(kind: Kind, params: Params, inputs: Node['inputs'], without?: string): string {
  let inputsText = '';
  for (const [slot, input] of Object.entries(inputs)) inputsText += ` ${slot}=${input.key}`;
  return recipeText(kind, paramsText(kind, params, without), inputsText, kind.engine?.resolve(params) ?? '');
}

/** Creates a node; `recipe` must be `recipeOf` the same kind, params and inputs. */
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

/**
 * The node of the same fold at another extent, a whole number from 1 to the node's own: a training at an
 * earlier epoch. A node without an extent is returned unchanged.
 */
export function nodeAt(node: Node, extent: number): Node {
  const { kind, inputs } = node;
  if (!kind.extent || node.params[kind.extent.param] === extent) return node;
  const params = { ...node.params, [kind.extent.param]: extent };
  return createNode(kind, params, inputs, recipeOf(kind, params, inputs));
}
