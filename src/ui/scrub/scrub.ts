// Scrubs a number: the number follows a drag, in the grid or on the slider, and the release makes one edit.
// Invariant: nothing is kept during the drag; a release makes one step of the history, a cancelled drag makes none.

import { setOverride } from '../../core/sheet/sheet';
import { words } from '../../core/words';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import type { Session } from '../session/session';
import { readParam } from '../text/reading';
import type { Row } from '../text/sheet-rows';
import { type ScrubScale, scrubScale } from './scrub-scale';

/** A number that can be scrubbed: its way, and its value as it stands, moved or not. */
export interface Scrubbable {
  readonly run: string;
  readonly row: string;
  /** "noise of A". */
  readonly name: string;
  readonly scale: ScrubScale;
  readonly value: number;
  readonly text: string;
}

/** A number under a hand. */
export interface Scrub {
  readonly from: Scrubbable;
  /** Shows another value, as soon as the one before it is shown. */
  to(value: number): void;
  /** Lets go: the last value is kept, as one edit. */
  commit(): void;
  /** Gives up: everything is as it was. */
  cancel(): void;
}

/** What stands in a cell, if it is a number that has a way to go; a formula, a list and a text that is not valid have none. */
export function scrubbable(
  session: SessionDocument,
  run: string,
  row: Row | undefined,
): Scrubbable | undefined {
  const planned = session.plan().runs.get(run);
  const reading = row && planned && readParam(session.registry, planned, row);
  if (!row || !reading || reading.problem !== undefined) return undefined;
  const parsed = reading.param.parse(reading.text);
  if (!parsed.ok || typeof parsed.value !== 'number') return undefined;
  const scale = scrubScale(reading.param, parsed.value);
  if (!scale) return undefined;
  const name = `${words(row.id.split('.').at(-1) ?? row.id)} of ${run}`;
  return { run, row: row.id, name, scale, value: parsed.value, text: reading.text };
}

/** Begins to move a number. */
export function startScrub(session: SessionDocument & SessionProgress, from: Scrubbable): Scrub {
  let text = from.text;
  let over = false;
  const make = (): ((sheet: ReturnType<Session['sheet']>) => ReturnType<Session['sheet']>) => {
    const present = text;
    return (sheet) => setOverride(sheet, from.run, from.row, present);
  };
  return {
    from,
    to(value) {
      // Numbers are written as params write them: the shortest text that reads back as the same.
      const next = String(value);
      if (over || next === text) return;
      text = next;
      session.preview(make()(session.sheet()));
    },
    commit() {
      if (over) return;
      over = true;
      if (text === from.text) session.endPreview();
      else session.endPreview(`${from.name} ${from.text} → ${text}`, make());
    },
    cancel() {
      if (over) return;
      over = true;
      session.endPreview();
    },
  };
}
