// Scrubs a number: the number follows a drag, in the grid or on the slider, and the release makes one edit.
// Invariant: nothing is kept during the drag; a release makes one step of the history, a cancelled drag makes none.

import { setOverride } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import type { Session } from '../session/session';
import { readParam } from '../text/param-reading';
import type { Row } from '../text/sheet-rows';
import { type ScrubScale, scrubScale } from './scrub-scale';

/**
 * A number that can be scrubbed: its place, its scale, and its present value, which includes a running
 * preview.
 */
export interface Scrubbable {
  readonly run: string;
  readonly row: string;
  /** Name of the number, as in "noise of A". */
  readonly name: string;
  readonly scale: ScrubScale;
  readonly value: number;
  readonly text: string;
}

/** A scrub in progress; `commit` or `cancel` ends it, and later calls do nothing. */
export interface Scrub {
  readonly from: Scrubbable;
  /** Previews a value; the session shows the newest value when the value before it is shown. */
  to(value: number): void;
  /** Ends the scrub and makes one edit of the last value; no edit if the value is unchanged. */
  commit(): void;
  /** Ends the scrub and restores the sheet. */
  cancel(): void;
}

/**
 * The number of a cell; undefined if the row is no param, the text is invalid, or its value is a formula, a
 * list or another value without a scale.
 */
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

/** Begins a scrub of a number. */
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
      // String() gives the shortest text that reads back as the same number, as params write numbers.
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
