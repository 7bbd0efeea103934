// Where a sheet opens: the same cell whether it comes first, by a link, or in the place of another one.

import { createRoot } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { startHistory } from '../../../src/core/sheet/history';
import type { Sheet } from '../../../src/core/sheet/sheet';
import { startSheet } from '../../../src/page/sheets/start-sheet';
import { writeAddress } from '../../../src/platform/page/address';
import type { OpenSheet } from '../../../src/ui/session/open-sheets';
import { createSession } from '../../../src/ui/session/session';
import { sheetAt } from '../../sheet-at';
import { oneSheet } from '../figures/sheet-session';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const MINE = sheetAt('#v1&A=a&B=b&B.base=A&C=c&C.base=A&D=d&D.base=A');
const OTHER = sheetAt('#v1&A=x&B=y&B.base=A&C=z&C.base=A&D=w&D.base=A&E=v');

const open = (sheet: Sheet, more: Partial<OpenSheet> = {}): OpenSheet => ({
  ...{ id: undefined, history: startHistory(sheet), saving: { state: 'unwritten' } },
  ...{ linked: false, opened: 1, ...more },
});

/** A session over the first of these, and the way to have the next one take its place. */
function sessionOver(first: OpenSheet) {
  let state = first;
  let tell = (): void => {};
  const sheets = {
    ...oneSheet(first.history.present),
    state: () => state,
    subscribe(listener: () => void) {
      tell = listener;
      return () => {};
    },
  };
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const [session, end] = createRoot((dispose) => [
    createSession(registry, scheduler, { write: (sheet) => writeAddress(sheet, registry), sheets }),
    dispose,
  ]);
  const show = (next: OpenSheet): void => {
    state = next;
    tell();
  };
  return { session, show, end };
}

const TRAIN = { run: 'A', row: 'train' };

test.each([
  ['a link', open(MINE, { linked: true }), TRAIN],
  ['an edited link', open(MINE, { linked: true, id: 'l' }), TRAIN],
  ['one of the person’s', open(MINE, { id: 'a' }), TRAIN],
  ['that of a first visit', open(startSheet()), { run: 'C', row: 'architecture.activation' }],
])('%s', (_, first, cell) => {
  const { session, end } = sessionOver(first);
  expect(session.active()).toEqual(cell);
  end();
});

test('a sheet that takes the place of another opens as on a page of its own', () => {
  const { session, show, end } = sessionOver(open(startSheet()));
  show(open(MINE, { id: 'a', opened: 2 }));
  expect(session.active()).toEqual(TRAIN);
  session.activate({ run: 'C', row: 'dataset.noise' });
  session.select({ corner: { run: 'D', row: 'dataset.noise' } });
  show(open(OTHER, { linked: true, opened: 3 }));
  expect(session.active()).toEqual(TRAIN);
  expect(session.selected()).toEqual(['A']);
  end();
});

test('the same sheet, which storage knows now or an edit changed, leaves the hand where it is', () => {
  const { session, show, end } = sessionOver(open(MINE, { linked: true }));
  const cell = { run: 'C', row: 'dataset.noise' };
  session.activate(cell);
  show(open(MINE, { id: 'a', opened: 2 }));
  expect(session.active()).toEqual(cell);
  show(open(OTHER, { id: 'a', opened: 2 }));
  expect(session.active()).toEqual(cell);
  end();
});
