// Opens the first sheet: asks storage, shows a provisional sheet while storage is late, and continues to ask until storage
// answers.
// Invariants: the states are those of opening-decision.ts; a provisional sheet has no place in the address bar before
// storage answers; an answer never replaces a sheet that the person opened in the meantime. Knows no documents.

import { startHistory } from '../../core/sheet/history';
import type { Arrival } from '../../platform/page/navigation';
import type { StoredSheet } from '../../platform/storage/sheets/sheets';
import type { Beginning } from './document';
import { nextOpening, type OpeningEvent, type OpeningState } from './opening-decision';
import { type Asked, beginningOf, type Finding, type FindingPorts } from './sheet-finding';

/** How long the page waits for storage before it shows a provisional sheet, in milliseconds. */
const PATIENCE_MS = 300;
const ASK_AGAIN = { first: 500, most: 10_000 };

/** The workbook's functions for the first sheet. */
interface FirstSheetParts {
  readonly finding: Finding;
  readonly ports: Pick<FindingPorts, 'start' | 'write'> & {
    /** Calls back after `ms` milliseconds; returns a function that cancels the call. */
    after(ms: number, then: () => void): () => void;
  };
  /** Shows a sheet; `step` makes a history entry, `undefined` leaves the address bar unchanged. */
  show(beginning: Beginning, step: boolean | undefined, news?: string): void;
  tell(news?: string): void;
  /** Whether the sheet on the screen has a place to write into the address bar. */
  placeNow(): boolean;
  /** Writes the place of the sheet on the screen into the address bar. */
  writePlace(): void;
  /** Begins a request to show a sheet; returns a function that tells whether it is still the latest. */
  request(): () => boolean;
}

interface FirstSheet {
  /** Shows the sheet that the address asks for; resolves when a sheet is on the screen. */
  open(arrival: Arrival): Promise<void>;
  /** The person made an edit. */
  edited(): void;
  /** The person went to another sheet, so the requested one is no longer shown. */
  leave(): void;
  /** Whether storage has answered, or the person has edited a provisional sheet. */
  isAnswered(): boolean;
}

/** Creates the opening of a page's first sheet; nothing happens before `open`. */
export function openFirstSheet(parts: FirstSheetParts): FirstSheet {
  const { finding, ports } = parts;
  let state: OpeningState = 'asking';
  let asked: Asked = { wanted: 'the last' };
  let pauseMs = ASK_AGAIN.first;
  let begun = false;
  let isShown = (): void => {};
  const shown = new Promise<void>((resolve) => {
    isShown = resolve;
  });

  const takeNews = (): string | undefined => asked.refused ?? finding.takeNews();

  /** Shows the sheet without storage, unless another sheet is requested while this one is prepared. */
  async function showOwn(step: false | undefined): Promise<void> {
    const isWanted = parts.request();
    const own = await finding.ownBeginning(asked);
    if (!isWanted()) return;
    parts.show(own, step, takeNews());
    // A document with an id reads storage itself.
    if (own.id !== undefined) state = 'open';
    isShown();
  }

  function take(event: OpeningEvent, found?: StoredSheet): void {
    const [next, actions] = nextOpening(state, event, asked.wanted);
    state = next;
    for (const action of actions) {
      if (action === 'show found' && found) {
        parts.show(beginningOf(found, asked.lesson), false, takeNews());
        isShown();
      }
      // A provisional sheet has no place in the address bar until storage answers.
      if (action === 'show own') void showOwn(event.type === 'answered' ? false : undefined);
      if (action === 'offer found')
        parts.tell('Storage answered late. Your sheets are unchanged: see the list of sheets.');
      if (action === 'ask again') {
        ports.after(pauseMs, ask);
        pauseMs = Math.min(2 * pauseMs, ASK_AGAIN.most);
      }
    }
    if (actions.length > 0) return;
    // The provisional sheet gets its place now.
    if (event.type === 'answered' && parts.placeNow()) parts.writePlace();
    parts.tell(finding.takeNews());
  }

  function showStart(): void {
    if (state !== 'asking') return;
    parts.show({ history: startHistory(ports.start), kept: true }, false);
    state = 'open';
    isShown();
  }

  /**
   * Whether the request is an address of the start sheet, which is also the first visit's own sheet while
   * there is no other.
   */
  const isStart = ({ wanted, sheet, lesson }: Asked): boolean =>
    wanted === 'a link' && sheet !== undefined && !lesson && ports.write(sheet) === ports.write(ports.start);

  function ask(): void {
    if (state === 'open') return;
    finding
      .find(asked)
      .then(
        async (found) => {
          if (!found && isStart(asked) && (await finding.lastId()) === undefined) showStart();
          take({ type: 'answered', found: found !== undefined }, found);
        },
        () => take({ type: 'failed' }),
      )
      .catch(() => take({ type: 'failed' }));
  }

  const edited = (): void => {
    if (begun) take({ type: 'edited' });
  };

  return {
    async open(arrival) {
      asked = await finding.read(arrival);
      begun = true;
      const callOff = ports.after(PATIENCE_MS, () => take({ type: 'late' }));
      ask();
      await shown;
      callOff();
    },
    edited,
    leave() {
      edited();
      state = 'open';
    },
    isAnswered: () => state !== 'asking' && state !== 'provisional',
  };
}
