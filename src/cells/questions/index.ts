// Lists the questions to a network. A new question is one line here and a file of its own.
// Invariant: the types of inputs and answers come from the declarations alone.

import type { AskAny, AskTerms } from '../../core/compute/answering';
import { type AnswerOf as Answer, type AskedOf as Asked, createQuestions } from '../../core/kinds/question';
import { boundary } from './boundary';
import { confusion } from './confusion';
import { crossCheck } from './cross-check';
import { probe } from './probe';

const all = [boundary, confusion, probe, crossCheck] as const;

export const questions = createQuestions(all);

type Declared = (typeof all)[number];

export type QuestionName = Declared['name'];

/** What the question of that name takes. */
export type AskedOf<N extends QuestionName> = Asked<Extract<Declared, { name: N }>>;

/** The answer to the question of that name. */
export type AnswerOf<N extends QuestionName> = Answer<Extract<Declared, { name: N }>>;

/** Answers the question of that name. Rejects with the reason of the signal once that is aborted. */
export type Ask = <N extends QuestionName>(
  name: N,
  input: AskedOf<N>,
  terms: AskTerms,
) => Promise<AnswerOf<N>>;

/** Questions by name over what answers any question. */
export const askBy =
  ({ ask }: { readonly ask: AskAny }): Ask =>
  async (name, input, terms) => {
    const question = questions.get(name);
    if (!question) throw new Error(`there is no question ${name}`);
    // The schema of the question of that name has parsed the answer.
    return (await ask(question, input, terms)) as AnswerOf<typeof name>;
  };
