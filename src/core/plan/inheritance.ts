// Inherited texts: the texts of each run, its own and those of its bases, before any of them is read.
// Invariant: the texts are a function of the run and its base's texts, and share with the base what the run does not override.

import type { Registry } from '../kinds/kind';
import { quote } from '../kinds/param';
import { blockedBy, type Problem } from '../kinds/problem';
import { type Run, type RunId, SEEDS_PATH, type Sheet } from '../sheet/sheet';
import { isFormula, type Setting } from './param-values';

/** A run with its texts, own and inherited. */
export interface InheritedTexts {
  readonly run: Run;
  readonly base?: InheritedTexts;
  /**
   * Set if the base is missing, broken or in a cycle, or if the run overrides a param of an unknown
   * kind; then the run has no texts.
   */
  readonly problem?: Problem;
  /** The texts by kind and param; the same map as the base's if the run overrides no param of the kind. */
  readonly texts: ReadonlyMap<string, ReadonlyMap<string, Setting>>;
  readonly seeds?: Setting;
  /** Paths whose text is a formula. */
  readonly formulas: readonly string[];
}

const NONE: ReadonlyMap<string, Setting> = new Map();

/** The run's text for a path, own or inherited; undefined at the default. */
export function settingAt(inherited: InheritedTexts, path: string): Setting | undefined {
  if (path === SEEDS_PATH) return inherited.seeds;
  const dot = path.indexOf('.');
  return inherited.texts.get(path.slice(0, dot))?.get(path.slice(dot + 1));
}

const broken = (run: Run, problem: Problem): InheritedTexts => ({
  run,
  problem,
  texts: new Map(),
  formulas: [],
});

const cycleOf = (run: Run): Problem => ({
  kind: 'cycle',
  cell: `${run.id}.base`,
  message: `${run.id} is based on itself, through ${run.base}`,
  code: '#CYCLE!',
});

/**
 * Creates a function that collects the texts of a sheet's runs, in an order in which bases precede the runs
 * based on them. A run whose object and base are unchanged yields the same object as before.
 */
export function createInheritance(registry: Registry): (sheet: Sheet) => ReadonlyMap<RunId, InheritedTexts> {
  const outlined = new WeakMap<Run, { base: InheritedTexts | undefined; inherited: InheritedTexts }>();

  function textsOf(run: Run, base: InheritedTexts | undefined): InheritedTexts['texts'] {
    const texts = new Map<string, ReadonlyMap<string, Setting>>();
    for (const kind of registry.kinds) {
      const inherited = base?.texts.get(kind.name) ?? NONE;
      const prefix = `${kind.name}.`;
      let own: Map<string, Setting> | undefined;
      for (const [path, text] of run.overrides) {
        if (!path.startsWith(prefix)) continue;
        own ??= new Map(inherited);
        own.set(path.slice(prefix.length), { text, from: run.id });
      }
      texts.set(kind.name, own ?? inherited);
    }
    return texts;
  }

  function formulasIn(texts: InheritedTexts['texts'], seeds: Setting | undefined): string[] {
    const formulas: string[] = [];
    for (const [kind, params] of texts) {
      for (const [param, { text }] of params) if (isFormula(text)) formulas.push(`${kind}.${param}`);
    }
    if (seeds && isFormula(seeds.text)) formulas.push(SEEDS_PATH);
    return formulas;
  }

  function fresh(run: Run, base: InheritedTexts | undefined): InheritedTexts {
    const unknown = [...run.overrides.keys()].find(
      (path) => path !== SEEDS_PATH && !registry.get(path.split('.')[0] ?? ''),
    );
    if (unknown !== undefined) {
      return broken(run, {
        kind: 'reference',
        cell: `${run.id}.${unknown}`,
        message: 'there is no such kind',
      });
    }
    const texts = run.overrides.size === 0 && base ? base.texts : textsOf(run, base);
    const text = run.overrides.get(SEEDS_PATH);
    const seeds = text === undefined ? base?.seeds : { text, from: run.id };
    return {
      run,
      ...(base && { base }),
      texts,
      ...(seeds && { seeds }),
      formulas: texts === base?.texts && seeds === base.seeds ? base.formulas : formulasIn(texts, seeds),
    };
  }

  function inherited(run: Run, base: InheritedTexts | undefined): InheritedTexts {
    const known = outlined.get(run);
    if (known && known.base === base) return known.inherited;
    const made = fresh(run, base);
    outlined.set(run, { base, inherited: made });
    return made;
  }

  return (sheet) => {
    const byId = new Map(sheet.runs.map((run) => [run.id, run]));
    const inheritedByRun = new Map<RunId, InheritedTexts>();

    function based(run: Run): InheritedTexts {
      if (run.base === undefined) return inherited(run, undefined);
      const base = inheritedByRun.get(run.base);
      if (!base) {
        const message = `there is no run ${quote(run.base)}`;
        return broken(run, { kind: 'reference', cell: `${run.id}.base`, message, code: '#REF!' });
      }
      return base.problem ? broken(run, blockedBy(base.problem)) : inherited(run, base);
    }

    for (const start of sheet.runs) {
      // A loop, not recursion: a chain of bases may be as long as the sheet.
      const chain: Run[] = [];
      const seen = new Set<Run>();
      let next: Run | undefined = start;
      while (next && !inheritedByRun.has(next.id) && !seen.has(next)) {
        chain.push(next);
        seen.add(next);
        next = next.base === undefined ? undefined : byId.get(next.base);
      }
      const cycle = next && !inheritedByRun.has(next.id) ? chain.slice(chain.indexOf(next)) : [];
      for (const run of cycle) inheritedByRun.set(run.id, broken(run, cycleOf(run)));
      for (const run of chain.toReversed())
        if (!inheritedByRun.has(run.id)) inheritedByRun.set(run.id, based(run));
    }
    return inheritedByRun;
  };
}
