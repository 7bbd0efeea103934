// The one place from which the page speaks to a screen reader: one live region, and one queue before it.
// Invariants: of several messages about one subject only the newest is spoken; nothing is spoken while something moves, or
// within a moment of the last message; all subjects that wait are spoken as one message.
// Knows neither the sheet nor the rooms that speak.

import { createEffect, onCleanup } from 'solid-js';

/** Milliseconds without a new message before the queue is spoken. */
const QUIET_MS = 400;

/** Milliseconds between the placing of the region and its text: a screen reader misses the text of a new region. */
const SETTLE_MS = 60;

/** What messages are about, in the order in which they are spoken if several wait. */
const SUBJECTS = [
  ...(['trouble', 'notice', 'saving', 'update', 'moved'] as const),
  ...(['step', 'example', 'done', 'problem', 'load', 'selection', 'difference', 'rows'] as const),
  ...(['remedy', 'training', 'result', 'play', 'cross-check', 'map', 'guess'] as const),
  ...(['fill', 'row', 'dialog', 'meaning', 'opened file', 'library', 'removal', 'filter'] as const),
] as const;

/** What a message is about. */
export type Subject = (typeof SUBJECTS)[number];

/** The queue before a live region. */
export interface Announcer {
  /** Replaces the waiting message about `subject`; undefined or an empty text withdraws it. */
  announce(subject: Subject, text: string | undefined): void;
  /** Speaks nothing as long as `moves` is true; returns the function that ends this. */
  holdWhile(moves: () => boolean): () => void;
}

/** Makes a queue that passes each finished message to `speak`. */
export function createAnnouncer(speak: (text: string) => void): Announcer {
  const waiting = new Map<Subject, string>();
  const holds = new Set<() => boolean>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function wait(): void {
    clearTimeout(timer);
    timer = waiting.size > 0 ? setTimeout(look, QUIET_MS) : undefined;
  }
  function look(): void {
    if ([...holds].some((moves) => moves())) {
      wait();
      return;
    }
    const inOrder = [...waiting].sort(([a], [b]) => SUBJECTS.indexOf(a) - SUBJECTS.indexOf(b));
    const texts = inOrder.map(([, text]) => text);
    waiting.clear();
    const [last = '', ...before] = texts.reverse();
    speak([...before.reverse().map((text) => text.replace(/[.!?]$/, '')), last].join('. '));
  }
  return {
    announce(subject, text) {
      const next = text?.trim() ?? '';
      if (next !== '' && waiting.get(subject) === next) return;
      waiting.delete(subject);
      if (next !== '') waiting.set(subject, next);
      wait();
    },
    holdWhile(moves) {
      holds.add(moves);
      return () => holds.delete(moves);
    },
  };
}

let region: HTMLElement | undefined;
let settling: ReturnType<typeof setTimeout> | undefined;

/** The element that the region must be in to be heard: the topmost modal dialog, since all else is inert behind it. */
const hearable = (): Element => [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body;

/** Puts a text into the live region; the same text again is spoken again. */
function speakInPage(text: string): void {
  if (!region) {
    region = document.createElement('div');
    region.className = 'unseen';
    region.role = 'status';
  }
  region.textContent = '';
  const place = hearable();
  if (region.parentElement !== place) place.append(region);
  clearTimeout(settling);
  settling = setTimeout(() => {
    if (region) region.textContent = text;
  }, SETTLE_MS);
}

/** The page's own announcer. */
export const { announce, holdWhile } = createAnnouncer(speakInPage);

/** Speaks a text whenever it changes, until the owner is disposed; must be called inside a Solid root. */
export function speakOf(subject: Subject, text: () => string | undefined): void {
  createEffect(() => announce(subject, text()));
  onCleanup(() => announce(subject, undefined));
}
