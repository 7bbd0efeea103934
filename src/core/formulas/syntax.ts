// Parses a formula with jsep into a tree of the few allowed forms, with the place of every leaf in the text.
// Invariants: every other form that jsep accepts is refused; depth and length are bounded before anything recurs.

import jsep from 'jsep';
import type { FormulaError, Span } from '../plan/language';
import { MAX_TEXT } from '../sheet/sheet';
import { grouped } from '../text-formatting';

/** A formula's tree; names are as typed, without a meaning yet. */
export type Term = Span &
  (
    | { readonly type: 'literal'; readonly value: number | string | boolean }
    | { readonly type: 'name'; readonly parts: readonly string[] }
    | { readonly type: 'list'; readonly items: readonly Term[] }
    | { readonly type: 'index'; readonly of: Term; readonly at: Term }
    | { readonly type: 'unary'; readonly operator: string; readonly of: Term }
    | { readonly type: 'binary'; readonly operator: string; readonly left: Term; readonly right: Term }
    | { readonly type: 'call'; readonly name: string; readonly args: readonly Term[] }
  );

/** A word, number or string of the text; a dotted name is one token. */
interface Token extends Span {
  readonly type: 'name' | 'number' | 'string';
  readonly text: string;
}

const MAX_DEPTH = 64;
const MAX_TREE_DEPTH = 1_000;

const TOKEN =
  /(?<string>"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*(?:\s*\.\s*[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)*)/g;

/** Thrown while a formula is parsed or evaluated; callers outside this room get a `FormulaError` instead. */
export class FormulaFault extends Error {
  constructor(
    readonly code: FormulaError['code'],
    message: string,
    readonly span?: Span,
  ) {
    super(message);
  }
}

const OPERATORS: ReadonlyMap<string, number> = new Map([
  ['||', 1],
  ['&&', 2],
  ['==', 6],
  ['!=', 6],
  ['<', 7],
  ['>', 7],
  ['<=', 7],
  ['>=', 7],
  ['+', 9],
  ['-', 9],
  ['*', 10],
  ['/', 10],
]);

/** Sets the operators and literals of jsep, which are global; only this file uses jsep. */
function setUp(): void {
  jsep.removeAllBinaryOps();
  jsep.removeAllUnaryOps();
  jsep.removeAllLiterals();
  for (const [operator, precedence] of OPERATORS) jsep.addBinaryOp(operator, precedence);
  jsep.addBinaryOp('^', 11, true);
  for (const operator of ['-', '+', '!']) jsep.addUnaryOp(operator);
  jsep.addLiteral('true', true);
  jsep.addLiteral('false', false);
}
setUp();

/** The words, numbers and strings of a formula in order, with their spans. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const found of text.matchAll(TOKEN)) {
    const type =
      found.groups?.['string'] !== undefined
        ? 'string'
        : found.groups?.['number'] !== undefined
          ? 'number'
          : 'name';
    const [whole] = found;
    tokens.push({ type, text: whole, from: found.index, to: found.index + whole.length });
  }
  return tokens;
}

/** Throws `FormulaFault` if the formula nests too deep, before the recursive parser reads it. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const { index, 0: sign } of text.matchAll(
    /"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|[()[\]]|(?:[-+!]\s*){64}/g,
  )) {
    if (sign === '(' || sign === '[') depth++;
    if (sign === ')' || sign === ']') depth--;
    if (depth > MAX_DEPTH || /^[-+!]/.test(sign))
      throw new FormulaFault('#NAME?', `the formula nests deeper than ${MAX_DEPTH} levels`, {
        from: index,
        to: index + 1,
      });
  }
}

/** Throws `FormulaFault` for separators that separate nothing, which jsep ignores. */
function checkSeparators(text: string): void {
  const bare = text.replaceAll(/"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?/g, (words) =>
    '_'.repeat(words.length),
  );
  const at = bare.search(/;|^=\s*,|,\s*$/);
  if (at >= 0)
    throw new FormulaFault('#NAME?', 'commas separate arguments, and only arguments', {
      from: at,
      to: at + 1,
    });
}

/** A hint for notations of other spreadsheets and languages; an empty text if there is none. */
function hint(text: string, at: number): string {
  const rest = text.slice(at);
  if (/^<>|^=\s*[^=]/.test(rest) || text[at - 1] === '<')
    return rest.startsWith('>') || rest.startsWith('<>') ? 'write != for “is not”' : 'write == to compare';
  if (rest.startsWith('%')) return '% is not supported; write 0.1 for 10 %';
  if (rest.startsWith('&')) return '& is not supported; write && for “and”';
  if (/^[“”„«»]/.test(rest)) return 'write text in straight quotes';
  return '';
}

function faultOf(error: unknown, text: string): FormulaFault {
  if (error instanceof FormulaFault) return error;
  const { index, description } = error as { index?: number; description?: string };
  // jsep's text begins after the equals sign.
  const at = Math.min(text.length, (index ?? 0) + 1);
  const reason = /^Unexpected\s*$/.test(description ?? '') ? 'a name is missing after the dot' : description;
  const message =
    hint(text, at) || (reason ?? 'the formula cannot be read').replace(/^./, (first) => first.toLowerCase());
  return new FormulaFault('#NAME?', message, {
    from: Math.min(at, text.length - 1),
    to: Math.min(at + 1, text.length),
  });
}

/** Converts jsep's nodes to terms in the order of the text; each leaf takes the span of the next token. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  #take(type: Token['type'], text?: string): Token {
    const token = this.#tokens[this.#next++];
    if (token?.type !== type || (text !== undefined && token.text.replaceAll(/\s/g, '') !== text))
      throw new FormulaFault(
        '#NAME?',
        'write a name without brackets around it: A.train.loss',
        token ?? this.#whole(),
      );
    return token;
  }

  #whole(): Span {
    return { from: 0, to: this.#text.length };
  }

  read(node: jsep.Expression | null | undefined, depth = 0): Term {
    if (!node) throw new FormulaFault('#NAME?', 'a value is missing between the commas', this.#whole());
    if (depth > MAX_TREE_DEPTH)
      throw new FormulaFault(
        '#NAME?',
        `the formula has more than ${MAX_TREE_DEPTH} steps in sequence`,
        this.#whole(),
      );
    const known = node as jsep.CoreExpression;
    const inner = (part: jsep.Expression | null | undefined): Term => this.read(part, depth + 1);
    switch (known.type) {
      case 'Literal':
        return this.#literal(known.value);
      case 'Identifier':
        return this.#name([known.name]);
      case 'MemberExpression': {
        if (known.optional) break;
        if (!known.computed) return this.#name(namesIn(known));
        const of = inner(known.object);
        const at = inner(known.property);
        return { type: 'index', of, at, from: of.from, to: this.#closing(at.to) };
      }
      case 'ArrayExpression': {
        const items = known.elements.map(inner);
        const [first] = items;
        const last = items.at(-1);
        if (!first || !last)
          throw new FormulaFault('#VALUE!', 'a list needs at least one value', this.#whole());
        return { type: 'list', items, from: first.from, to: last.to };
      }
      case 'UnaryExpression': {
        const of = inner(known.argument);
        return { type: 'unary', operator: known.operator, of, from: of.from, to: of.to };
      }
      case 'BinaryExpression': {
        const left = inner(known.left);
        const right = inner(known.right);
        return { type: 'binary', operator: known.operator, left, right, from: left.from, to: right.to };
      }
      case 'CallExpression':
        return this.#call(known, inner);
      case 'ConditionalExpression':
        throw new FormulaFault(
          '#NAME?',
          '? : is not supported; write if(condition, then, else)',
          this.#whole(),
        );
      case 'Compound':
      case 'SequenceExpression':
        throw new FormulaFault('#NAME?', 'an operator is missing between two values', this.#whole());
      default:
    }
    throw new FormulaFault('#NAME?', 'the formula has an unsupported part', this.#whole());
  }

  #literal(value: unknown): Term {
    if (typeof value === 'boolean') {
      const { from, to } = this.#take('name', String(value));
      return { type: 'literal', value, from, to };
    }
    if (typeof value !== 'number' && typeof value !== 'string')
      throw new FormulaFault('#NAME?', 'the formula has an unsupported part', this.#whole());
    const { from, to } = this.#take(typeof value === 'number' ? 'number' : 'string');
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new FormulaFault('#VALUE!', 'the number is too large', { from, to });
    return { type: 'literal', value, from, to };
  }

  #name(parts: readonly string[]): Term {
    const { from, to } = this.#take('name', parts.join('.'));
    return { type: 'name', parts, from, to };
  }

  #call(node: jsep.CallExpression, inner: (part: jsep.Expression | null) => Term): Term {
    if (node['optional'] || node.callee.type !== 'Identifier')
      throw new FormulaFault('#NAME?', 'only functions can be called', this.#whole());
    const { name } = node.callee as jsep.Identifier;
    const { from, to } = this.#take('name', name);
    const args = node.arguments.map(inner);
    return { type: 'call', name, args, from, to: this.#closing(args.at(-1)?.to ?? to) };
  }

  /** The position after the first closing bracket at or after `at`; `at` if there is none. */
  #closing(at: number): number {
    const end = this.#text.slice(at).search(/[)\]]/);
    return end < 0 ? at : at + end + 1;
  }
}

/** The names of a dotted chain. Throws `FormulaFault` if a part is anything but a name. */
function namesIn(node: jsep.MemberExpression): string[] {
  const parts: string[] = [];
  let at: jsep.Expression = node;
  while (at.type === 'MemberExpression') {
    const member = at as jsep.MemberExpression;
    if (member.computed || member.optional)
      throw new FormulaFault('#NAME?', 'an element of a list has no properties');
    parts.unshift((member.property as jsep.Identifier).name);
    at = member.object;
  }
  if (at.type !== 'Identifier') throw new FormulaFault('#NAME?', 'only runs and kinds have properties');
  return [(at as jsep.Identifier).name, ...parts];
}

/** Parses a formula that begins with its equals sign. Throws `FormulaFault`. */
export function parseSyntax(text: string): Term {
  if (text.length > MAX_TEXT)
    throw new FormulaFault('#NAME?', `the formula is longer than ${grouped(MAX_TEXT)} characters`);
  if (text.slice(1).trim() === '') throw new FormulaFault('#NAME?', 'the formula is empty');
  try {
    checkDepth(text);
    checkSeparators(text);
    // The reader gets a blank in place of the equals sign, so that positions count it.
    return new Reader(` ${text.slice(1)}`).read(jsep(text.slice(1)));
  } catch (error) {
    throw faultOf(error, text);
  }
}
