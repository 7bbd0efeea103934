// Questions: requests to a network that are not cells, declared once. Page and worker share the declaration.
// Invariant: nothing stores an answer, and no cell reads an answer. A declaration is light: `answer` loads the mathematics.
// Knows neither workers nor any question by name.

import type { Plain, ValueSchema } from './value';

/** What `answer` receives besides the input. */
interface AnswerContext {
  readonly signal: AbortSignal;
  /** Yields the thread if a time slice has passed. Rejects if the question is aborted. */
  yieldThread(): Promise<void>;
  /** Reports the completed share, 0 … 1. */
  progress(fraction: number): void;
}

/** A question: `N` its name, `Q` the input, `A` the answer. */
export interface Question<N extends string = string, Q = Plain, A = Plain> {
  readonly name: N;
  /** Raised if the same input would give another answer; page and worker must have the same version. */
  readonly version: number;
  /** The required shape of the input; the worker parses the input with this schema. */
  readonly input: ValueSchema<Q>;
  /** The required shape of the answer; the page parses the answer with this schema. */
  readonly value: ValueSchema<A>;
  /** Returns the answer; the caller owns its arrays. The message of a thrown error reaches the asker. */
  answer(input: Q, context: AnswerContext): NoInfer<A> | Promise<NoInfer<A>>;
}

/** The type of a question's input. */
export type AskedOf<D> = D extends { readonly input: ValueSchema<infer Q> } ? Q : never;

/** The type of a question's answer. */
export type AnswerOf<D> = D extends { readonly value: ValueSchema<infer A> } ? A : never;

/** Returns the declaration unchanged; the call infers its types. */
export function defineQuestion<const N extends string, Q, A>(question: Question<N, Q, A>): Question<N, Q, A> {
  return question;
}

/** The questions of an application, by name. */
export interface Questions {
  readonly questions: readonly Question[];
  get(name: string): Question | undefined;
}

/** Creates a registry of questions. Throws if two questions have the same name. */
export function createQuestions(questions: readonly Question[]): Questions {
  const byName = new Map<string, Question>();
  for (const question of questions) {
    if (byName.has(question.name)) throw new Error(`two questions are called ${question.name}`);
    byName.set(question.name, question);
  }
  return { questions, get: (name) => byName.get(name) };
}
