// Asks a question, and answers one in a thread beside the thread's cells.
// Invariants: an input passes the question's schema before `answer` gets it; a more urgent request of the thread goes first.
// Knows no question by name.

import { CellError } from '../kinds/problem';
import type { Question, Questions } from '../kinds/question';
import { type Plain, parseValue } from '../kinds/value';
import { macrotask } from '../macrotask';
import type { Gate, Rank } from './engine';
import type { Urgency } from './queue';

/** The terms of a question. Default urgency: that of a selected node. */
export interface AskTerms {
  readonly signal?: AbortSignal | undefined;
  readonly urgency?: Urgency;
  progress?(fraction: number): void;
}

/** Answers any question. Rejects with the reason of `signal` once it is aborted. */
export type AskAny = <Q extends Plain, A>(
  question: Question<string, Q, A>,
  input: Q,
  terms: AskTerms,
) => Promise<A>;

/** A question by name and version, with its unparsed input. */
interface Asked {
  readonly question: string;
  readonly version: number;
  readonly input: Plain;
}

const SLICE_MS = 8;
const REPORT_MS = 100;

/**
 * Answers a question in this thread and yields the thread every `SLICE_MS`. Reports progress at
 * most every `REPORT_MS`. Throws `CellError` for an unknown question, another version, or an input
 * that the question's schema refuses.
 */
export async function answerQuestion(
  questions: Questions,
  { question: name, version, input }: Asked,
  gate: Gate,
  { signal, rank, progress }: { signal: AbortSignal; rank: Rank; progress(fraction: number): void },
): Promise<Plain> {
  const question = questions.get(name);
  if (!question) throw new CellError('failed', `unknown question ${name}`);
  if (question.version !== version)
    throw new CellError('failed', `${name} has version ${question.version} here, not ${version}`);
  const parsed = parseValue(question.input, input);
  if (!parsed.ok) throw new CellError('failed', `invalid input of ${name}: ${parsed.reason}`);
  const leave = gate.enter(rank);
  let [sliceStart, lastReport] = [performance.now(), performance.now()];
  try {
    return await question.answer(parsed.value, {
      signal,
      async yieldThread() {
        if (performance.now() - sliceStart >= SLICE_MS) {
          await macrotask();
          await gate.pass(rank, signal);
          sliceStart = performance.now();
        }
        signal.throwIfAborted();
      },
      progress(fraction) {
        if (performance.now() - lastReport < REPORT_MS) return;
        lastReport = performance.now();
        progress(fraction);
      },
    });
  } finally {
    leave();
  }
}
