// Reads an address: a whole sheet from the readable text of a URL's fragment.
//   #v1&A=sigmoid&B=relu&B.base=A&B.architecture.activation=relu&row.gap=%3Dloss%20-%20A.loss&title=Two%20nets
// Invariants: equal sheets have equal addresses; parsing a written address gives the sheet back. An address is hostile
// until parsed: the parser yields a sheet, or one message that names the place; it never throws and never yields half a sheet.

import { refuseRowName, rowFormula } from '../../core/formulas/sheet-rows';
import { paramOf, type Registry } from '../../core/kinds/kind';
import { type Param, type ParamValue, type Parsed, quote } from '../../core/kinds/param';
import { isFormula, seedsParam } from '../../core/plan/param-values';
import {
  isRunId,
  MAX_NAME,
  MAX_NOTE,
  MAX_ROWS,
  MAX_RUNS,
  MAX_TEXT,
  type Run,
  SEEDS_PATH,
  type Sheet,
  type SheetRow,
} from '../../core/sheet/sheet';
import { grouped } from '../../core/text-formatting';
import { decode, Refusal, readLine } from './address-text';
import { NOTE, OPENING, ROW, TITLE, VERSION } from './address-writing';

export { writeAddress } from './address-writing';

/**
 * The most characters of an address; a longer address is refused unread. A sheet of a thousand runs with the
 * longest names and lists has some 3,600,000.
 */
const MAX_ADDRESS = 4_000_000;

/** A sheet, or a message that names the place and the reason of the refusal. */
export type ParsedAddress =
  | { readonly ok: true; readonly sheet: Sheet }
  | { readonly ok: false; readonly message: string };

interface Draft {
  readonly name: string;
  base?: string;
  readonly overrides: Map<string, string>;
}

/** Splits at `&`, then at the first `=`, then percent-decodes. Throws `Refusal` if a name is repeated. */
function splitPairs(body: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [index, part] of body.split('&').entries()) {
    const equals = part.indexOf('=');
    if (equals < 0) throw new Refusal(`part ${index + 1}: ${quote(part)} should be name=value`);
    const name = decode(part.slice(0, equals), `part ${index + 1}`);
    const value = decode(part.slice(equals + 1), shown(name));
    if (pairs.has(name)) throw new Refusal(`${shown(name)} is given twice`);
    pairs.set(name, value);
  }
  return pairs;
}

/** A name as a message shows it: unchanged if it is harmless, otherwise quoted and shortened. */
const shown = (name: string): string => (/^[\w.]{1,60}$/.test(name) ? name : quote(name));

function declareRuns(pairs: ReadonlyMap<string, string>): Map<string, Draft> {
  const drafts = new Map<string, Draft>();
  for (const [id, name] of pairs) {
    if (id.includes('.') || id === TITLE || id === NOTE) continue;
    if (!isRunId(id))
      throw new Refusal(`${shown(id)} is not a run: the ids of runs are A to Z, AA and so on`);
    if (name.length > MAX_NAME) throw new Refusal(`${id}: the name is longer than ${MAX_NAME} characters`);
    if (/\p{Cc}/u.test(name)) throw new Refusal(`${id}: the name ${quote(name)} has a control character`);
    if (drafts.size === MAX_RUNS) throw new Refusal(`${id}: a sheet holds at most ${MAX_RUNS} runs`);
    drafts.set(id, { name, overrides: new Map() });
  }
  if (drafts.size === 0) throw new Refusal('the address declares no run');
  return drafts;
}

/** Returns a literal in canonical form, and a formula unchanged. */
function canonical<T extends ParamValue>(param: Param<T>, text: string): Parsed<string> {
  if (isFormula(text)) {
    return text.length > MAX_TEXT
      ? { ok: false, reason: `the formula is longer than ${MAX_TEXT} characters` }
      : { ok: true, value: text };
  }
  const parsed = param.parse(text);
  return parsed.ok ? { ok: true, value: param.format(parsed.value) } : parsed;
}

/** Returns the sheet's title or note, or no field if the address has none. */
function readText(
  pairs: ReadonlyMap<string, string>,
  name: typeof TITLE | typeof NOTE,
  most: number,
): Pick<Sheet, 'title' | 'note'> {
  const text = pairs.get(name);
  const clean = text === undefined ? undefined : readLine(name, text, most);
  return clean === undefined ? {} : { [name]: clean };
}

/** Returns the sheet's rows of formulas, in the order of their declaration. */
function readRows(registry: Registry, pairs: ReadonlyMap<string, string>): SheetRow[] {
  const rows: SheetRow[] = [];
  for (const [path, value] of pairs) {
    if (!path.startsWith(ROW)) continue;
    const name = path.slice(ROW.length);
    const refused = refuseRowName(name, registry);
    if (refused !== undefined) throw new Refusal(`${shown(path)}: ${refused}`);
    if (rows.length === MAX_ROWS) throw new Refusal(`${path}: a sheet holds at most ${MAX_ROWS} rows`);
    const formula = rowFormula(value);
    if (formula.length > MAX_TEXT)
      throw new Refusal(`${path}: the formula is longer than ${MAX_TEXT} characters`);
    rows.push({ name, formula });
  }
  return rows;
}

function assign(registry: Registry, drafts: ReadonlyMap<string, Draft>, name: string, value: string): void {
  const [id = '', ...path] = name.split('.');
  const draft = drafts.get(id);
  if (!draft) throw new Refusal(`${shown(name)}: there is no run ${shown(id)}`);
  const [first = '', second, ...rest] = path;
  if (first === 'base' && second === undefined) {
    if (!drafts.has(value)) throw new Refusal(`${name}: there is no run ${shown(value)}`);
    draft.base = value;
    return;
  }
  if (first === SEEDS_PATH && second === undefined) {
    draft.overrides.set(SEEDS_PATH, accept(name, canonical(seedsParam, value)));
    return;
  }
  const kind = registry.get(first);
  if (!kind)
    throw new Refusal(
      `${shown(name)}: there is no kind ${shown(first)}; ${oneOf(registry.kinds.map((k) => k.name))}`,
    );
  const param = second === undefined || rest.length > 0 ? undefined : paramOf(kind, second);
  if (!param) {
    throw new Refusal(
      `${shown(name)}: ${first} has no param ${shown(path.slice(1).join('.'))}; ${oneOf(Object.keys(kind.params))}`,
    );
  }
  draft.overrides.set(`${first}.${second}`, accept(name, canonical(param, value)));
}

const oneOf = (names: readonly string[]): string => `choose from ${names.join(', ')}`;

function accept(name: string, parsed: Parsed<string>): string {
  if (!parsed.ok) throw new Refusal(`${name}: ${parsed.reason}`);
  return parsed.value;
}

function refuseCycles(drafts: ReadonlyMap<string, Draft>): void {
  const sound = new Set<string>();
  for (const id of drafts.keys()) {
    const chain = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !sound.has(at); at = drafts.get(at)?.base) {
      if (chain.has(at)) throw new Refusal(`${at}.base: ${at} is its own ancestor`);
      chain.add(at);
    }
    for (const member of chain) sound.add(member);
  }
}

/** Parses an address, with or without its `#`. Never throws. */
export function parseAddress(address: string, registry: Registry): ParsedAddress {
  try {
    if (address.length > MAX_ADDRESS) {
      throw new Refusal(`${grouped(address.length)} characters; the limit is ${grouped(MAX_ADDRESS)}`);
    }
    const text = address.startsWith('#') ? address.slice(1) : address;
    const [version = '', ...rest] = text.split('&');
    if (version !== VERSION)
      throw new Refusal(`unknown version ${quote(version)}; an address begins with #${VERSION}`);
    const pairs = splitPairs(rest.length > 0 ? rest.join('&') : OPENING);
    const drafts = declareRuns(pairs);
    for (const [name, value] of pairs)
      if (name.includes('.') && !name.startsWith(ROW)) assign(registry, drafts, name, value);
    refuseCycles(drafts);
    const runs = [...drafts].map(
      ([id, { name, base, overrides }]): Run => ({
        id,
        name,
        ...(base !== undefined && { base }),
        overrides,
      }),
    );
    return {
      ok: true,
      sheet: {
        ...readText(pairs, TITLE, MAX_NAME),
        ...readText(pairs, NOTE, MAX_NOTE),
        runs,
        rows: readRows(registry, pairs),
      },
    };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: `the address is invalid: ${error.message}` };
    throw error;
  }
}

/** The fields of a `.gradsheet` file; undefined if the text is not a JSON object. */
function fileFields(text: string): { readonly address?: unknown } | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds the address in a text: the whole text if it begins with an address, the `address` field of a
 * `.gradsheet` file, or the text from the first `#v1` (any version) to white space or a quotation mark.
 * Returns undefined if there is none.
 */
export function findAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^#v\d/.test(trimmed)) return trimmed;
  const file = trimmed.startsWith('{') ? fileFields(trimmed) : undefined;
  // A name or a note in the file may look like an address.
  if (file) return typeof file.address === 'string' ? file.address : undefined;
  return trimmed.match(/#v\d[^\s"]*/)?.[0];
}
