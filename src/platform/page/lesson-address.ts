// A lesson as text: an ordered list of sheets, each as its own address, behind the lesson's title and questions.
//   #lesson1&title=Depth&predict.2=A.loss&step=2/v1&A=sigmoid/v1&A=sigmoid&A.architecture.hiddenLayers=6
// Invariants: equal lessons have equal addresses; an address is hostile until parsed. The parts after each slash are addresses
// of sheets without their `#`; this file does not read them, so that one unreadable step leaves the others alone.

import { quote } from '../../core/kinds/param';
import { type Lesson, type LessonStep, MAX_LESSON, MAX_STEPS } from '../../core/sheet/lesson';
import { MAX_PREDICTION } from '../../core/sheet/prediction';
import { MAX_NAME } from '../../core/sheet/sheet';
import { grouped } from '../../core/text-formatting';
import { decode, Refusal, readLine } from './address-text';
import { writePair } from './address-writing';

/** The version of the grammar, the first part of a lesson's address. */
const VERSION = 'lesson1';
const PREDICT = /^predict\.([1-9]\d{0,2})$/;

/** A lesson and the step that the address opens, counted from 1; or why there is none. */
export type ParsedLesson =
  | { readonly ok: true; readonly lesson: Lesson; readonly at: number }
  | { readonly ok: false; readonly message: string };

/** The pairs before the first step. Throws `Refusal` for a repeated name. */
function headPairs(parts: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const equals = part.indexOf('=');
    if (equals < 0) throw new Refusal(`part ${index + 1}: ${quote(part)} should be name=value`);
    const name = part.slice(0, equals);
    if (pairs.has(name)) throw new Refusal(`${quote(name)} is given twice`);
    pairs.set(name, decode(part.slice(equals + 1), quote(name)));
  }
  return pairs;
}

function readTitle(text: string): Pick<Lesson, 'title'> {
  const title = readLine('title', text, MAX_NAME);
  return title === undefined ? {} : { title };
}

function readStep(text: string, count: number): number {
  const at = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
  if (at < 1 || at > count) throw new Refusal(`step: ${quote(text)} is not a step from 1 to ${count}`);
  return at;
}

function read(address: string): { readonly lesson: Lesson; readonly at: number } {
  if (address.length > MAX_LESSON)
    throw new Refusal(`${grouped(address.length)} characters; the limit is ${grouped(MAX_LESSON)}`);
  const [head = '', ...sheets] = address.replace(/^#/, '').split('/');
  const [version = '', ...parts] = head.split('&');
  if (version !== VERSION)
    throw new Refusal(`unknown version ${quote(version)}; the address of a lesson begins with #${VERSION}`);
  if (sheets.length === 0) throw new Refusal('the lesson has no step');
  if (sheets.length > MAX_STEPS) throw new Refusal(`a lesson has at most ${MAX_STEPS} steps`);
  let title: Pick<Lesson, 'title'> = {};
  let at = 1;
  const questions = new Map<number, string>();
  for (const [name, value] of headPairs(parts)) {
    const place = Number(PREDICT.exec(name)?.[1]);
    if (name === 'title') title = readTitle(value);
    else if (name === 'step') at = readStep(value, sheets.length);
    else if (!(place >= 1 && place <= sheets.length))
      throw new Refusal(`${quote(name)} has no meaning in a lesson of ${sheets.length} steps`);
    else if (value.length > MAX_PREDICTION || value === '')
      throw new Refusal(`${name}: ${quote(value)} is no question`);
    else questions.set(place, value);
  }
  const steps = sheets.map((sheet, index): LessonStep => {
    const predict = questions.get(index + 1);
    return { address: `#${sheet}`, ...(predict !== undefined && { predict }) };
  });
  return { lesson: { ...title, steps }, at };
}

/** Parses the address of a lesson, with or without its `#`; does not parse the sheets in it. Never throws. */
export function parseLesson(address: string): ParsedLesson {
  try {
    return { ok: true, ...read(address) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, message: `the address of the lesson is invalid: ${error.message}` };
  }
}

/** The address of a lesson at one of its steps, counted from 1; the first step is left out. */
export function writeLesson({ title, steps }: Lesson, at = 1): string {
  const questions = steps.map(({ predict }, index) =>
    predict === undefined ? '' : writePair(`predict.${index + 1}`, predict),
  );
  const sheets = steps.map(({ address }) => address.replace(/^#/, '').replaceAll('/', '%2F'));
  return [
    `#${VERSION}`,
    title === undefined ? '' : writePair('title', title),
    ...questions,
    at > 1 ? writePair('step', String(at)) : '',
    ...sheets.map((sheet) => `/${sheet}`),
  ].join('');
}
