// Opens a lesson at a step: the step's sheet, its question, and the guesses that this tab remembers.
// Invariants: every step is read for itself, so that an unreadable step leaves the others alone; a guess belongs to one question of
// one lesson; stored guesses are hostile until parsed, and a tab without sessionStorage remembers them until it closes.
// Loaded with the first lesson.

import { createSignal, type Signal } from 'solid-js';
import * as v from 'valibot';
import type { Registry } from '../../core/kinds/kind';
import { hideResults } from '../../core/plan/hidden-plan';
import { hashText } from '../../core/plan/key';
import type { Lesson, LessonStep } from '../../core/sheet/lesson';
import { parsePrediction } from '../../core/sheet/prediction';
import { type ParsedAddress, parseAddress, writeAddress } from '../../platform/page/address';
import { parseLesson, writeLesson } from '../../platform/page/lesson-address';
import type { LessonQuestion, OpenLesson } from '../../ui/session/open-lesson';
import { parseJson } from './tab-reading';

/** The content of an address, with the lesson if the sheet is one of its steps. */
export type ReadAddress = ParsedAddress & { readonly lesson?: OpenLesson };

const GUESSES = 'gradsheet guesses';
const MAX_GUESSES = 500;
const MAX_GUESS = 100;

const storedGuesses = v.pipe(
  v.array(v.strictTuple([v.string(), v.pipe(v.string(), v.maxLength(MAX_GUESS))])),
  v.maxLength(MAX_GUESSES),
);

/** The guesses of this tab by question. A signal for each question that was looked at. */
const guesses = new Map<string, Signal<string | undefined>>();

function readGuesses(): readonly (readonly [string, string])[] {
  try {
    const parsed = v.safeParse(storedGuesses, parseJson(sessionStorage.getItem(GUESSES) ?? ''));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}

function storeGuess(key: string, guess: string): void {
  const others = readGuesses().filter(([other]) => other !== key);
  try {
    sessionStorage.setItem(GUESSES, JSON.stringify([...others, [key, guess]].slice(-MAX_GUESSES)));
  } catch {
    // Without sessionStorage, the guess lasts until the page is left.
  }
}

function questionOf(asked: LessonQuestion['asked'], key: string): LessonQuestion {
  let signal = guesses.get(key);
  if (!signal) {
    signal = createSignal(new Map(readGuesses()).get(key));
    guesses.set(key, signal);
  }
  const [guess, setGuess] = signal;
  return {
    asked,
    guess,
    commit(text) {
      const short = text.slice(0, MAX_GUESS);
      storeGuess(key, short);
      setGuess(short);
    },
  };
}

/** A parsed step with its question; a message if either cannot be read. */
function readStep({ predict }: LessonStep, parsed: ParsedAddress, registry: Registry) {
  if (!parsed.ok || predict === undefined) return { parsed };
  const asked = parsePrediction(predict, registry, parsed.sheet);
  return asked.ok
    ? { parsed, asked: asked.value }
    : { parsed: { ok: false, message: `the question is invalid: ${asked.reason}` } satisfies ParsedAddress };
}

/** Reads the address of a lesson: the sheet of its step, or a message about the lesson or about the step. */
function read(address: string, registry: Registry): ReadAddress {
  const found = parseLesson(address);
  if (!found.ok) return found;
  const { at } = found;
  const steps = found.lesson.steps.map((step) => ({ step, parsed: parseAddress(step.address, registry) }));
  const opened = steps[at - 1];
  if (!opened) return { ok: false, message: 'the lesson has no such step' };
  // With the canonical addresses of its readable steps.
  const lesson: Lesson = {
    ...found.lesson,
    steps: steps.map(({ step, parsed }) =>
      parsed.ok ? { ...step, address: writeAddress(parsed.sheet, registry) } : step,
    ),
  };
  const { parsed, asked } = readStep(opened.step, opened.parsed, registry);
  const question = asked && questionOf(asked, `${hashText(writeLesson(lesson))} ${at}`);
  const shown: OpenLesson = {
    address: writeLesson(lesson, at),
    ...(lesson.title !== undefined && { title: lesson.title }),
    step: at,
    steps: lesson.steps.length,
    ...(parsed.ok ? { sheet: lesson.steps[at - 1]?.address ?? '' } : { trouble: parsed.message }),
    ...(question && { question }),
    go(next) {
      location.hash = writeLesson(lesson, next);
    },
    hide: (plan) => (question && question.guess() === undefined ? hideResults(plan) : plan),
  };
  return { ...parsed, lesson: shown };
}

let last: { readonly address: string; readonly registry: Registry; readonly read: ReadAddress } | undefined;

/** Reads the address of a lesson as `read` does; the one read last is remembered, since every entry of a step's history has it. */
export function readLesson(address: string, registry: Registry): ReadAddress {
  if (last?.address !== address || last.registry !== registry)
    last = { address, registry, read: read(address, registry) };
  return last.read;
}
