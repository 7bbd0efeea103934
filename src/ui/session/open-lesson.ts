// A lesson while one of its steps is on the screen, as the page's parts see it.
// Knows neither addresses nor storage: both are behind this port.

import type { Plan } from '../../core/plan/plan';
import type { Prediction } from '../../core/sheet/prediction';

/** The question of a step, and the person's guess. */
export interface LessonQuestion {
  readonly asked: Prediction;
  /** The committed guess: a number as typed, or the id of a run; undefined until there is one. Reactive. */
  guess(): string | undefined;
  /** Commits a guess, which shows the results. */
  commit(guess: string): void;
}

/** One step of an open lesson. */
export interface OpenLesson {
  /** The address of the lesson at this step. */
  readonly address: string;
  readonly title?: string;
  /** This step, counted from 1, and the number of steps. */
  readonly step: number;
  readonly steps: number;
  /** The canonical address of the step's own sheet; undefined if the step cannot be read. */
  readonly sheet?: string;
  /** Why the step cannot be read. */
  readonly trouble?: string;
  readonly question?: LessonQuestion;
  /** Shows another step, counted from 1. */
  go(step: number): void;
  /** Returns the plan without results while the question has no guess. Reactive. */
  hide(plan: Plan): Plan;
}
