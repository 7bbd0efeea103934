// Opens the first sheet: asks storage, shows a provisional sheet while storage is late, and continues to ask until storage
// answers.
// Invariants: the states are those of opening.ts; a provisional sheet has no place in the address bar before storage answers;
// an answer never replaces a sheet that the person opened in the meantime. Knows no documents.

import { startHistory } from '../../core/sheet/history';
import type { Arrival } from '../../platform/page/navigation';
import type { StoredSheet } from '../../platform/storage/sheets/sheets';
import type { Beginning } from './document';
import { type Asked, beginningOf, type Finding, type FindingPorts } from './finding';
import { nextOpening, type OpeningEvent, type OpeningState } from './opening';

/** Storage that is slower than this is not waited for. */
const PATIENCE_MS = 300;
const ASK_AGAIN = { first: 500, most: 10_000 };

/** What the opening of the first sheet does to the workbook. */
interface FirstSheetParts {
  readonly finding: Finding;
  readonly ports: Pick<FindingPorts, 'start' | 'write'> & {
    /** Calls back after so many milliseconds; returns the way to call it off. */
    after(ms: number, then: () => void): () => void;
  };
  /** Shows a sheet; `step` makes an entry in the browser's history, `undefined` leaves the address bar as it is. */
  show(beginning: Beginning, step: boolean | undefined, news?: string): void;
  tell(news?: string): void;
  /** Whether the sheet on the screen has a place in the address bar's terms. */
  placeNow(): boolean;
  /** Writes the place of the sheet on the screen into the address bar. */
  writePlace(): void;
  /** Begins a request; returns whether that is still the last one. */
  request(): () => boolean;
}

interface FirstSheet {
  /** Shows the sheet that the address asks for; resolves once there is one on the screen. */
  open(arrival: Arrival): Promise<void>;
  /** The person made an edit. */
  edited(): void;
  /** The person went to another sheet: what was asked for is not shown any more. */
  leave(): void;
  /** Whether what is on the screen was shown in knowledge of what storage holds, or was edited since. */
  isAnswered(): boolean;
}

/** The opening of one page's first sheet; nothing happens before `open`. */
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

  /** Shows what is there without storage, unless something else is shown by the time it is read. */
  async function showOwn(step: false | undefined): Promise<void> {
    const isWanted = parts.request();
    const own = await finding.ownBeginning(asked);
    if (!isWanted()) return;
    parts.show(own, step, takeNews());
    // A document that has an id asks storage itself.
    if (own.id !== undefined) state = 'open';
    isShown();
  }

  function take(event: OpeningEvent, found?: StoredSheet): void {
    const [next, actions] = nextOpening(state, event, asked.wanted);
    state = next;
    for (const action of actions) {
      if (action === 'show found' && found) {
        parts.show(beginningOf(found), false, takeNews());
        isShown();
      }
      // What is shown until storage answers has no place in the address bar yet.
      if (action === 'show own') void showOwn(event.type === 'answered' ? false : undefined);
      if (action === 'offer found')
        parts.tell('Storage answered late. Your sheets are unchanged: see the list of sheets.');
      if (action === 'ask again') {
        ports.after(pauseMs, ask);
        pauseMs = Math.min(2 * pauseMs, ASK_AGAIN.most);
      }
    }
    if (actions.length > 0) return;
    // What was shown without storage has its place now.
    if (event.type === 'answered' && parts.placeNow()) parts.writePlace();
    parts.tell(finding.takeNews());
  }

  function showStart(): void {
    if (state !== 'asking') return;
    parts.show({ history: startHistory(ports.start), kept: true }, false);
    state = 'open';
    isShown();
  }

  /** Whether the address is that of the start alone: the first visit's own sheet, as long as there is no other. */
  const isStart = ({ wanted, sheet }: Asked): boolean =>
    wanted === 'a link' && sheet !== undefined && ports.write(sheet) === ports.write(ports.start);

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
