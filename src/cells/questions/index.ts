// Lists the questions to a network. A new question is one line here and one file.
// Invariant: the types of inputs and answers come from the declarations alone.

import type { AskAny, AskTerms } from '../../core/compute/question-answering';
import { type AnswerOf as Answer, type AskedOf as Asked, createQuestions } from '../../core/kinds/question';
import { boundary } from './boundary';
import { confusion } from './confusion';
import { crossCheck } from './cross-check';
import { epochTerms } from './epoch-terms';
import { probe } from './probe';

const all = [boundary, confusion, probe, crossCheck, epochTerms] as const;

/** All questions by name. */
export const questions = createQuestions(all);

type Declared = (typeof all)[number];

/** Names of the declared questions. */
export type QuestionName = Declared['name'];

/** Input type of the question named `N`. */
export type AskedOf<N extends QuestionName> = Asked<Extract<Declared, { name: N }>>;

/** Answer type of the question named `N`. */
export type AnswerOf<N extends QuestionName> = Answer<Extract<Declared, { name: N }>>;

/** Answers the question `name`. Rejects with the abort reason once the signal in `terms` is aborted. */
export type Ask = <N extends QuestionName>(
  name: N,
  input: AskedOf<N>,
  terms: AskTerms,
) => Promise<AnswerOf<N>>;

/**
 * Makes an `Ask` from a port that answers any declared question. The `Ask` rejects with an Error for an
 * unknown name.
 */
export const askBy =
  ({ ask }: { readonly ask: AskAny }): Ask =>
  async (name, input, terms) => {
    const question = questions.get(name);
    if (!question) throw new Error(`unknown question ${name}`);
    // The port parses an answer with the question's schema, so the cast is sound.
    return (await ask(question, input, terms)) as AnswerOf<typeof name>;
  };
