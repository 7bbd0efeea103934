// Recipes and keys. A recipe is the canonical text of a cell; its hash is the cell's address in every store.
// Invariant: equal recipes mean equal results, and every difference that could change a result is in the recipe.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Kind, Params } from '../kinds/kind';

/** A cell's address in every store: its kind, a hyphen and 40 hex digits. */
export type Key = string;

const HEX_DIGITS = 40;

/**
 * The first 160 bits of the text's SHA-256, as 40 hex digits. A collision is harmless, because
 * readers compare recipes as well.
 */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, HEX_DIGITS);
}

/**
 * The recipe's part for params: ` name=value` for each param that differs from its default,
 * in declared order. The engine's param is never included; `without` names one more param
 * to leave out (the extent, for a trace).
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

/** The recipe: kind and version, params, the inputs' keys by slot, the engine with its version. */
export function recipeText(kind: Kind, params: string, inputs: string, engine: string): string {
  return `${kind.name}@${kind.version}${params}${inputs && ` |${inputs}`}${engine && ` | ${engine}`}`;
}
