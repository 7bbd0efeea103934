import { expect, test } from 'vitest';
import {
  nextOpening,
  type OpeningEvent,
  type OpeningState,
  type Wanted,
} from '../../../src/page/sheets/opening-decision';

const STATES: readonly OpeningState[] = ['asking', 'provisional', 'parted', 'open'];
const EVENTS: readonly OpeningEvent[] = [
  { type: 'answered', found: true },
  { type: 'answered', found: false },
  { type: 'late' },
  { type: 'failed' },
  { type: 'edited' },
];
const WANTED: readonly Wanted[] = ['the last', 'this one', 'a link'];

const words = (event: OpeningEvent): string =>
  event.type === 'answered' ? `answered: ${event.found ? 'found' : 'none'}` : event.type;

const table = WANTED.flatMap((wanted) =>
  STATES.flatMap((state) =>
    EVENTS.map((event) => {
      const [next, actions] = nextOpening(state, event, wanted);
      return { wanted, state, event, next, actions };
    }),
  ),
);

test('what the page does next, for every state, event and request', () => {
  const lines = table.map(({ wanted, state, event, next, actions }) =>
    [wanted.padEnd(8), state.padEnd(11), words(event).padEnd(15), '→', next.padEnd(11), actions.join(', ')]
      .join('  ')
      .trimEnd(),
  );
  expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
});

test('only storage says that there is no sheet: without its answer the page is never open, and goes on asking', () => {
  for (const { state, event, next, actions } of table) {
    if (state !== 'open' && event.type !== 'answered') expect(next).not.toBe('open');
    if (state !== 'open' && event.type === 'failed') expect(actions).toContain('ask again');
    if (event.type === 'answered') expect(next).toBe('open');
  }
});

test('what was edited stays on the screen, and what was opened stays open', () => {
  for (const { state, event, next, actions } of table) {
    if (state === 'parted' || state === 'open') expect(actions.join()).not.toContain('show');
    if (state === 'open') expect([next, actions]).toEqual(['open', []]);
    if (state === 'provisional' && event.type === 'edited') expect(next).toBe('parted');
  }
});

test('something is shown as soon as it is known what, or that it takes long', () => {
  for (const { state, event, next, actions } of table.filter((row) => row.state === 'asking')) {
    const shows = actions.some((action) => action.startsWith('show'));
    expect([state, shows]).toEqual(['asking', event.type !== 'edited']);
    expect(next === 'asking').toBe(!shows);
  }
});

test('what was found is shown, or offered where the person meant a stored sheet and has gone on without it', () => {
  for (const { wanted, state, event, actions } of table) {
    if (event.type !== 'answered' || !event.found) continue;
    if (state === 'asking' || state === 'provisional') expect(actions).toEqual(['show found']);
    if (state === 'parted') expect(actions).toEqual(wanted === 'a link' ? [] : ['offer found']);
  }
});
