// Creates the language of formulas over a registry: resolves names, evaluates trees, completes a word that is being typed.
//
//   text ─ syntax ─▶ tree ─ names ─▶ formula (references + evaluate)
//
// Invariants: a formula's outcome is a function of what its references yield; evaluation never throws and always ends. A name
// that could mean two things means none, and the error names both.

import type { Registry } from '../kinds/kind';
import { quote } from '../kinds/param';
import { fieldsOf } from '../kinds/value';
import type {
  Completion,
  Formula,
  FormulaError,
  FormulaValue,
  Language,
  ParsedFormula,
  Reference,
  Referred,
  Scope,
  Span,
} from '../plan/language';
import { isRunId, SEEDS_PATH } from '../sheet/sheet';
import { createEvaluator } from './evaluation';
import {
  applyOperator,
  applySign,
  type Count,
  countSteps,
  elementOf,
  FUNCTIONS,
  LAZY_FUNCTIONS,
  toCondition,
} from './functions';
import { FormulaFault, parseSyntax, type Term, tokensOf } from './syntax';

const KEEP_PARSED = 2_000;
const MAX_TABLES = 50;

function forgetOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

/** The meaning of a name without its run. */
interface Meaning {
  readonly what: Reference['what'];
  readonly name: string;
}

interface Names {
  /** Meanings by accepted spelling; a spelling with several meanings is ambiguous. */
  readonly known: ReadonlyMap<string, readonly Meaning[]>;
  /** Full names in the order of completions, with a description each. */
  readonly offered: ReadonlyMap<string, string>;
  /** Names that mean something elsewhere or nothing alone, for hints in errors. */
  readonly results: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

function namesOf(registry: Registry, scope: Scope | undefined): Names {
  const known = new Map<string, Meaning[]>();
  const offered = new Map<string, string>();
  const add = (written: string, meaning: Meaning): void => {
    const list = known.get(written);
    if (list) list.push(meaning);
    else known.set(written, [meaning]);
  };
  for (const kind of registry.kinds) {
    for (const param of Object.keys(kind.params)) {
      const meaning: Meaning = { what: 'param', name: `${kind.name}.${param}` };
      add(meaning.name, meaning);
      add(param, meaning);
      offered.set(meaning.name, 'param');
    }
  }
  const seeds: Meaning = { what: 'param', name: SEEDS_PATH };
  add(SEEDS_PATH, seeds);
  offered.set(SEEDS_PATH, 'param');
  const results = new Set(registry.results.map(({ name }) => name));
  const kinds = new Set(registry.kinds.map(({ name }) => name));
  if (!scope?.rows) return { known, offered, results, kinds };
  for (const { name } of registry.results) {
    // A result of the sheet takes precedence over a param of the same name.
    known.set(name, [{ what: 'result', name }]);
    offered.set(name, 'result');
  }
  for (const kind of registry.kinds) {
    for (const field of fieldsOf(kind.value)) {
      const name = `${kind.name}.${field}`;
      if (known.has(name)) continue;
      add(name, { what: 'field', name });
      offered.set(name, 'curve');
    }
  }
  for (const name of scope.rows) {
    // A row of an address may have a name that means something already; then the older meaning stays.
    if (known.has(name)) continue;
    known.set(name, [{ what: 'row', name }]);
    offered.set(name, 'row');
  }
  return { known, offered, results, kinds };
}

/** All words of choice params, for the hint to write text in quotes. */
const choicesOf = (registry: Registry): ReadonlySet<string> =>
  new Set(
    registry.kinds.flatMap(({ params }) => Object.values(params).flatMap(({ choices }) => choices ?? [])),
  );

/** The reference of a dotted name. Throws `FormulaFault` with a hint if the name is unknown or ambiguous. */
function meaningOf(
  parts: readonly string[],
  names: Names,
  words: ReadonlySet<string>,
  span: Span,
): Reference {
  const [first = '', ...rest] = parts;
  const run = isRunId(first) ? first : undefined;
  const written = (run === undefined ? parts : rest).join('.');
  if (run !== undefined && rest.length === 0)
    throw new FormulaFault('#NAME?', `${run} is a run; name one of its values: ${run}.train.epochs`, span);
  const [meaning, ...others] = names.known.get(written) ?? [];
  if (meaning && others.length > 0) {
    const candidates = [meaning, ...others].map(({ name }) => name).join(' or ');
    throw new FormulaFault('#NAME?', `${quote(written)} could be ${candidates}`, span);
  }
  if (meaning) return { ...meaning, ...(run !== undefined && { run }), from: span.from, to: span.to };
  if (words.has(written)) throw new FormulaFault('#NAME?', `write text in quotes: "${written}"`, span);
  if (FUNCTIONS.has(written.toLowerCase()) || LAZY_FUNCTIONS.has(written.toLowerCase()))
    throw new FormulaFault('#NAME?', `${written} is a function: ${written}(…)`, span);
  if (names.results.has(written))
    throw new FormulaFault('#NAME?', `${written} is a result; a param reads only params`, span);
  if (names.kinds.has(written))
    throw new FormulaFault('#NAME?', `${written} is a kind; name one of its params: ${written}.…`, span);
  const near = nearest(written, names.offered.keys());
  throw new FormulaFault(
    '#NAME?',
    `unknown name ${quote(written)}${near ? `; did you mean ${near}?` : ''}`,
    span,
  );
}

/** The first offered name whose last part begins like this text, or the reverse; undefined if none does. */
function nearest(written: string, offered: Iterable<string>): string | undefined {
  const plain = written.toLowerCase();
  for (const name of offered) {
    const end = name.split('.').at(-1)?.toLowerCase() ?? '';
    if (plain.length > 2 && (end.startsWith(plain) || plain.startsWith(end) || name.toLowerCase() === plain))
      return name;
  }
  return undefined;
}

/**
 * An outcome without a value, passed up from an inner term. Returned, not thrown: throwing
 * costs ten times as much as a formula.
 */
class Stop {
  constructor(readonly outcome: Exclude<Referred, { value: FormulaValue }>) {}
}

interface Evaluation {
  readonly read: (reference: Reference) => Referred;
  readonly meanings: ReadonlyMap<Term, Reference>;
  readonly count: Count;
}

function evaluate(term: Term, evaluation: Evaluation): FormulaValue | Stop {
  const inner = (part: Term): FormulaValue | Stop => evaluate(part, evaluation);
  const { count } = evaluation;
  count(1);
  switch (term.type) {
    case 'literal':
      return term.value;
    case 'name': {
      const reference = evaluation.meanings.get(term);
      const found = reference && evaluation.read(reference);
      if (!found) throw new FormulaFault('#NAME?', 'unknown name', term);
      if ('value' in found) return found.value;
      return new Stop('error' in found ? { error: { span: term, ...found.error } } : found);
    }
    case 'list':
      return withAll(term.items, inner, listOf);
    case 'index':
      return withAll([term.of, term.at], inner, ([of = 0, at = 0]) => elementOf(of, at, term));
    case 'unary':
      return placed(term, () => withAll([term.of], inner, ([of = 0]) => applySign(term.operator, of, count)));
    case 'binary': {
      const { operator, left, right } = term;
      if (operator === '&&' || operator === '||')
        return firstThat(operator === '||', [left, right], operator, inner);
      return placed(term, () =>
        withAll([left, right], inner, ([a = 0, b = 0]) => applyOperator(operator, a, b, count)),
      );
    }
    case 'call':
      return placed(term, () => call(term, inner, count));
  }
}

type Inner = (part: Term) => FormulaValue | Stop;

/** Evaluates all parts in order and combines their values; the first part that stops ends the evaluation. */
function withAll(
  parts: readonly Term[],
  inner: Inner,
  make: (values: readonly FormulaValue[]) => FormulaValue,
): FormulaValue | Stop {
  const values: FormulaValue[] = [];
  for (const part of parts) {
    const value = inner(part);
    if (value instanceof Stop) return value;
    values.push(value);
  }
  return make(values);
}

/**
 * Evaluates conditions in order until one equals `wanted`. Returns `wanted`, or its opposite if none does.
 */
function firstThat(wanted: boolean, parts: readonly Term[], what: string, inner: Inner): boolean | Stop {
  for (const part of parts) {
    const value = inner(part);
    if (value instanceof Stop) return value;
    if (toCondition(value, what) === wanted) return wanted;
  }
  return !wanted;
}

/** Adds the span to an error without one, so that an error names the innermost term that it comes from. */
function placed(span: Span, compute: () => FormulaValue | Stop): FormulaValue | Stop {
  try {
    return compute();
  } catch (error) {
    if (error instanceof FormulaFault && !error.span)
      throw new FormulaFault(error.code, error.message, { from: span.from, to: span.to });
    throw error;
  }
}

function listOf(items: readonly FormulaValue[]): FormulaValue {
  const flat = items.map((item) => {
    if (typeof item !== 'number' && typeof item !== 'string')
      throw new FormulaFault('#VALUE!', 'a list holds numbers or text');
    return item;
  });
  return flat;
}

function call({ name, args }: Term & { type: 'call' }, inner: Inner, count: Count): FormulaValue | Stop {
  const known = name.toLowerCase();
  const [first, then, otherwise] = args;
  if (known === 'if' && first && then && otherwise) {
    const condition = inner(first);
    if (condition instanceof Stop) return condition;
    return inner(toCondition(condition, 'if') ? then : otherwise);
  }
  if (known === 'and' || known === 'or') return firstThat(known === 'or', args, known, inner);
  const found = FUNCTIONS.get(known);
  if (!found) throw new FormulaFault('#NAME?', `unknown function ${quote(name)}`);
  return withAll(args, inner, (values) => found.compute(values, count));
}

/**
 * Walks a tree once: records the reference of every name, and throws `FormulaFault` for an unknown function
 * or a wrong number of arguments.
 */
function resolve(term: Term, names: Names, words: ReadonlySet<string>, meanings: Map<Term, Reference>): void {
  const inner = (part: Term): void => resolve(part, names, words, meanings);
  switch (term.type) {
    case 'literal':
      return;
    case 'name':
      meanings.set(term, meaningOf(term.parts, names, words, term));
      return;
    case 'list':
      term.items.forEach(inner);
      return;
    case 'index':
      inner(term.of);
      inner(term.at);
      return;
    case 'unary':
      inner(term.of);
      return;
    case 'binary':
      inner(term.left);
      inner(term.right);
      return;
    case 'call': {
      const found = FUNCTIONS.get(term.name.toLowerCase()) ?? LAZY_FUNCTIONS.get(term.name.toLowerCase());
      if (!found) {
        const there = [...LAZY_FUNCTIONS.keys(), ...FUNCTIONS.keys()].join(', ');
        throw new FormulaFault(
          '#NAME?',
          `unknown function ${quote(term.name)}; the functions are ${there}`,
          term,
        );
      }
      const [least, most] = found.takes;
      if (term.args.length < least || term.args.length > most) {
        const wanted = least === most ? `${least}` : `${least} to ${most}`;
        throw new FormulaFault(
          '#VALUE!',
          `${term.name} takes ${wanted} arguments, not ${term.args.length}`,
          term,
        );
      }
      term.args.forEach(inner);
    }
  }
}

const errorOf = ({ code, message, span }: FormulaFault): FormulaError => ({
  code,
  message,
  ...(span && { span: { from: span.from, to: span.to } }),
});

/** Creates the language over a registry's params, values and results. It caches parsed texts. */
export function createLanguage(registry: Registry): Language {
  const words = choicesOf(registry);
  const tables = new Map<string, { readonly names: Names; readonly parsed: Map<string, ParsedFormula> }>();

  function tableOf(scope: Scope | undefined) {
    const id = scope?.rows ? `rows ${scope.rows.join('\n')}` : 'params';
    let table = tables.get(id);
    if (!table) {
      if (tables.size > MAX_TABLES) forgetOldest(tables);
      table = { names: namesOf(registry, scope), parsed: new Map() };
      tables.set(id, table);
    }
    return table;
  }

  function understand(text: string, names: Names): ParsedFormula {
    try {
      const term = parseSyntax(text);
      const meanings = new Map<Term, Reference>();
      resolve(term, names, words, meanings);
      const formula: Formula = {
        references: [...meanings.values()],
        evaluate(read) {
          try {
            const value = evaluate(term, { read, meanings, count: countSteps() });
            return value instanceof Stop ? value.outcome : { value };
          } catch (error) {
            if (error instanceof FormulaFault) return { error: errorOf(error) };
            throw error;
          }
        },
      };
      return { formula };
    } catch (error) {
      if (error instanceof FormulaFault) return { error: errorOf(error) };
      throw error;
    }
  }

  function parse(text: string, scope?: Scope): ParsedFormula {
    const { names, parsed } = tableOf(scope);
    const known = parsed.get(text);
    if (known) return known;
    const understood = understand(text.trim(), names);
    if (parsed.size >= KEEP_PARSED) forgetOldest(parsed);
    parsed.set(text, understood);
    return understood;
  }

  function rewrite(
    text: string,
    scope: Scope,
    replace: (reference: Reference) => string | undefined,
  ): string {
    const { formula } = parse(text, scope);
    if (!formula) return text;
    const trimmed = text.trim();
    const typed = ({ from, to }: Span): string => trimmed.slice(from, to);
    let [written, at] = ['', 0];
    for (const reference of formula.references) {
      written += trimmed.slice(at, reference.from) + (replace(reference) ?? typed(reference));
      at = reference.to;
    }
    written += trimmed.slice(at);
    return written === trimmed ? text : written;
  }

  return {
    parse,
    rewrite,
    evaluator: () => createEvaluator(registry, { parse }),
    writeOut: (text, scope = {}) =>
      rewrite(text, scope, ({ run, name }) => (run === undefined ? name : `${run}.${name}`)),
    complete(text, at, scope) {
      const token = tokensOf(` ${text.slice(1)}`).find(({ from, to }) => from < at && at <= to);
      // Directly after a run's dot, every name is offered before a letter is typed.
      const dotted = text.slice(0, at).match(/(?<![\w.])[A-Z]{1,3}\.$/)?.[0];
      if (token?.type !== 'name' && dotted === undefined) return [];
      const { names } = tableOf(scope);
      const from = dotted === undefined ? (token?.from ?? at) : at - dotted.length;
      const to = dotted === undefined ? (token?.to ?? at) : at;
      const typed = text.slice(from, at);
      const [, run = '', rest = typed] = typed.match(/^([A-Z]{1,3}\.)?(.*)$/) ?? [];
      return completions(rest.toLowerCase(), names, run !== '').map(({ text: name, about }) => ({
        text: run + name,
        about,
        from,
        to,
      }));
    },
  };
}

const MAX_COMPLETIONS = 12;

/**
 * Completions in order: names that begin with the typed text, names with a later part that does, functions.
 */
function completions(typed: string, names: Names, afterRun: boolean): Omit<Completion, 'from' | 'to'>[] {
  const all = [...names.offered].map(([text, about]) => ({ text, about }));
  const functions = afterRun
    ? []
    : [...LAZY_FUNCTIONS, ...FUNCTIONS].map(([name, { about }]) => ({ text: `${name}(`, about }));
  const begins = all.filter(({ text }) => text.toLowerCase().startsWith(typed));
  const within = all.filter(
    ({ text }) =>
      !begins.some((other) => other.text === text) &&
      text
        .toLowerCase()
        .split('.')
        .some((part) => part.startsWith(typed)),
  );
  return [...begins, ...within, ...functions.filter(({ text }) => text.startsWith(typed))].slice(
    0,
    MAX_COMPLETIONS,
  );
}
