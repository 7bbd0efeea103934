// Which figures are open: those that a person opened or closed are as they were left, over all sheets.
// Invariant: what was kept is hostile until it is a table of booleans; a browser that keeps nothing forgets the choice, and
// nothing else fails. Knows no figure.

import { createSignal } from 'solid-js';

const STORED = 'gradsheet figures';

/** Longest text that is read: a table of every figure is far shorter. */
const MOST_CHARACTERS = 10_000;

function storedChoices(): ReadonlyMap<string, boolean> {
  try {
    const text = localStorage.getItem(STORED) ?? '';
    if (text.length > MOST_CHARACTERS) return new Map();
    const table: unknown = JSON.parse(text || '{}');
    const entries = Object.entries(typeof table === 'object' && table !== null ? table : {});
    return new Map(entries.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
  } catch {
    return new Map();
  }
}

function storeChoices(choices: ReadonlyMap<string, boolean>): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(choices)));
  } catch {
    // Without storage, the choice stays until the page is left.
  }
}

/** The open figures, by their names. */
export interface OpenFigures {
  isOpen(figure: string): boolean;
  toggle(figure: string): void;
}

/** The choice of open figures; `atFirst` are those that are open until a person closes them. `keeps` is false where nothing is kept. */
export function createOpenFigures(atFirst: readonly string[], keeps: boolean): OpenFigures {
  const [choices, setChoices] = createSignal(keeps ? storedChoices() : new Map<string, boolean>());
  const isOpen = (figure: string): boolean => choices().get(figure) ?? atFirst.includes(figure);
  return {
    isOpen,
    toggle(figure) {
      const next = new Map(choices()).set(figure, !isOpen(figure));
      setChoices(next);
      if (keeps) storeChoices(next);
    },
  };
}
