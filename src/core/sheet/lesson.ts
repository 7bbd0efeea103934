// A lesson as data: an ordered list of sheets by their addresses, with a question before some of them. Types and bounds alone.
// Does not know how an address is written or read.

/** The most steps of a lesson. */
export const MAX_STEPS = 50;
/** The most characters of a lesson's address: browsers refuse addresses of a million characters. */
export const MAX_LESSON = 500_000;

/** One step: the address of its sheet with `#`, and the text of its question, if it asks one first. */
export interface LessonStep {
  readonly address: string;
  readonly predict?: string;
}

/** An ordered list of sheets with a title. */
export interface Lesson {
  readonly title?: string;
  readonly steps: readonly LessonStep[];
}
