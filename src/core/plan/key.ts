// Recipes and keys. A recipe is the canonical text of a cell; its hash is the cell's address in every store.
// Invariant: equal recipes mean equal results, and every difference that could change a result is in the recipe.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Kind, Params } from '../kinds/kind';

/** A cell's address: its kind, a hyphen and 40 hex digits. */
export type Key = string;

const HEX_DIGITS = 40;

/** The first 160 bits of the text's SHA-256, in hex; a collision is harmless, since recipes are compared as well. */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, HEX_DIGITS);
}

/**
 * The params' part of a recipe: `name=value` for all that count and are not at their default, in declared order.
 * The param `without` is left out, as the extent is in a trace.
 */
export function paramsText(kind: Kind, params: Params, without?: string): string {
  let text = '';
  for (const [name, param] of Object.entries(kind.params)) {
    const value = params[name];
    if (value === undefined || name === without || name === kind.engine?.param) continue;
    const written = param.format(value);
    if (written !== param.format(param.default)) text += ` ${name}=${written}`;
  }
  return text;
}

/** The whole recipe: kind and version, params, the inputs' keys by slot, the engine with its version. */
export function recipeText(kind: Kind, params: string, inputs: string, engine: string): string {
  return `${kind.name}@${kind.version}${params}${inputs && ` |${inputs}`}${engine && ` | ${engine}`}`;
}
