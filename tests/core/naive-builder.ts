// The naive builder that the core is held against: no keys, no sharing, no checkpoints, no memory of anything.
// It reads params by walking a run's bases for each one and computes every cell from scratch, inputs and all.

import type { Kind, Params, Registry } from '../../src/core/kinds/kind';
import type { ParamValue } from '../../src/core/kinds/param';
import type { Plain } from '../../src/core/kinds/value';
import type { Run, Sheet } from '../../src/core/sheet/sheet';

/** A value, or all the places with a problem. */
export type Built = { readonly value: Plain } | { readonly blames: readonly string[] };

/** The run and its ancestors, nearest first; undefined if a base is missing or the chain is a cycle. */
function ancestry(sheet: Sheet, run: Run): Run[] | undefined {
  const chain: Run[] = [];
  for (let at: Run | undefined = run; at; ) {
    if (chain.includes(at)) return undefined;
    chain.push(at);
    const { base }: Run = at;
    if (base === undefined) return chain;
    at = sheet.runs.find(({ id }) => id === base);
  }
  return undefined;
}

function inheritedText(chain: readonly Run[], path: string): { text: string; from: string } | undefined {
  const owner = chain.find((run) => run.overrides.has(path));
  return owner && { text: owner.overrides.get(path) ?? '', from: owner.id };
}

function readParams(
  kind: Kind,
  chain: readonly Run[],
  member: number,
): { params: Params } | { blames: string[] } {
  const given: Record<string, ParamValue> = {};
  for (const [name, param] of Object.entries(kind.params)) {
    const path = `${kind.name}.${name}`;
    const set = inheritedText(chain, path);
    const parsed = set ? param.parse(set.text) : { ok: true as const, value: param.default };
    if (!parsed.ok) return { blames: [`${set?.from}.${path}`] };
    given[name] = param.type === 'seed' ? (Number(parsed.value) + member) % 2 ** 32 : parsed.value;
  }
  const params: Record<string, ParamValue> = {};
  for (const [name, param] of Object.entries(kind.params)) {
    const counts = kind.applies?.(name, given) ?? true;
    params[name] = counts ? (given[name] ?? param.default) : param.default;
  }
  const refused = kind.check?.(params);
  if (!refused) return { params };
  const path = `${kind.name}.${refused.param}`;
  return { blames: [`${inheritedText(chain, path)?.from ?? chain[0]?.id}.${path}`] };
}

/**
 * Builds one cell of a run or of its member from scratch. A failed computation is blamed on `RUN.kind`; the
 * result lists the places of all failed inputs.
 */
export async function buildNaively(
  registry: Registry,
  sheet: Sheet,
  run: Run,
  kindName: string,
  member = 0,
): Promise<Built> {
  const kind = registry.get(kindName);
  const chain = ancestry(sheet, run);
  if (!kind || !chain) return { blames: [`${run.id}.base`] };
  const seeds = inheritedText(chain, 'seeds');
  if (seeds && !/^([1-9]\d{0,2}|1000)$/.test(seeds.text)) return { blames: [`${seeds.from}.seeds`] };
  const read = readParams(kind, chain, member);
  if ('blames' in read) return read;
  const inputs: Record<string, Plain> = {};
  const blames = new Set<string>();
  for (const [slot, input] of Object.entries(kind.inputs)) {
    const built = await buildNaively(registry, sheet, run, input.name, member);
    if ('value' in built) inputs[slot] = built.value;
    else for (const blame of built.blames) blames.add(blame);
  }
  if (blames.size > 0) return { blames: [...blames] };
  try {
    const signal = new AbortController().signal;
    const value = await kind.compute(read.params, inputs, {
      signal,
      yieldThread: () => Promise.resolve(),
      progress: () => {},
      due: () => false,
      save: () => {},
    });
    return { value };
  } catch {
    return { blames: [`${run.id}.${kind.name}`] };
  }
}
