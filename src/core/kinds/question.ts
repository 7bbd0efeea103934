// Questions: requests to a network that are not cells, declared once. Page and worker share the declaration.
// Invariant: nothing stores an answer, and no cell reads an answer. A declaration is light: `answer` loads the mathematics.
// Knows neither workers nor any question by name.

import type { Plain, ValueSchema } from './value';

/** What an answer may use besides the input. */
interface AnswerContext {
  readonly signal: AbortSignal;
  /** Lets other work of this thread go on; rejects once the question is aborted. */
  turn(): Promise<void>;
  /** Reports the share done, 0 … 1. */
  progress(fraction: number): void;
}

/** A question: `N` its name, `Q` what it takes, `A` the answer. */
export interface Question<N extends string = string, Q = Plain, A = Plain> {
  readonly name: N;
  /** Raised when the same input would give another answer; page and worker must agree on the version. */
  readonly version: number;
  /** The required shape of the input; the worker parses the input with this schema. */
  readonly input: ValueSchema<Q>;
  /** The required shape of the answer; the page parses the answer with this schema. */
  readonly value: ValueSchema<A>;
  /** Yields the answer and gives its arrays away; a thrown error is the message to the asker. */
  answer(input: Q, context: AnswerContext): NoInfer<A> | Promise<NoInfer<A>>;
}

/** The type of a question's input. */
export type AskedOf<D> = D extends { readonly input: ValueSchema<infer Q> } ? Q : never;

/** The type of a question's answer. */
export type AnswerOf<D> = D extends { readonly value: ValueSchema<infer A> } ? A : never;

/** Gives a declaration its types. */
export function defineQuestion<const N extends string, Q, A>(question: Question<N, Q, A>): Question<N, Q, A> {
  return question;
}

/** The questions of an application. */
export interface Questions {
  readonly questions: readonly Question[];
  get(name: string): Question | undefined;
}

/** Collects questions; throws where two have one name. */
export function createQuestions(questions: readonly Question[]): Questions {
  const byName = new Map<string, Question>();
  for (const question of questions) {
    if (byName.has(question.name)) throw new Error(`two questions are called ${question.name}`);
    byName.set(question.name, question);
  }
  return { questions, get: (name) => byName.get(name) };
}
