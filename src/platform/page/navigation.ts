// The address bar: read at load and at each navigation, written when the sheet changes.
// Invariant: the page marks the history entries that it wrote itself, and never marks an address from elsewhere.
// If the browser refuses a write (as after a hundred entries within some seconds), the newest address is written later.

/** One of the person's sheets, at one of its undo steps. */
export interface Place {
  /** The sheet's id; empty if the sheet is not stored. */
  readonly id: string;
  /** The id of the step that led to the state; empty if no step did. */
  readonly step: string;
  /** The address of the lesson, at the step that the sheet is or was made from. */
  readonly lesson?: string | undefined;
}

/** A navigation to an address. */
export interface Arrival {
  /** The fragment with its `#`, or the empty text. */
  readonly address: string;
  /** Set if a page of Gradsheet wrote this history entry for one of the person's sheets. */
  readonly place?: Place;
}

/** The address bar. */
export interface Navigation {
  current(): Arrival;
  /** Writes an address: with `step` as a new history entry, otherwise into the present entry. */
  write(address: string, place: Place | undefined, step: boolean): void;
}

/** Matches the marks that `write` makes. An id outside this pattern could be written but not read again. */
const MARK = /^sheet ([0-9a-z]{0,40}) ([\w-]{0,40})(?: (#lesson\S+))?$/;

/** A refused write is tried again after this many milliseconds. */
const AGAIN_MS = 1_000;

/** Parses the state of a history entry; undefined unless the state has the form that `write` gives it. */
function placeOf(state: unknown): Place | undefined {
  const [, id, step, lesson] = (typeof state === 'string' && MARK.exec(state)) || [];
  return id === undefined || step === undefined ? undefined : { id, step, ...(lesson && { lesson }) };
}

/** Calls `onArrive` at each navigation, for the page's lifetime, except for the page's own writes. */
export function createNavigation(onArrive: (arrival: Arrival) => void): Navigation {
  function current(): Arrival {
    const place = placeOf(history.state);
    return { address: location.hash, ...(place && { place }) };
  }
  let known: unknown;
  /** The write that the browser refused; dropped when the person navigates elsewhere. */
  let refused: Parameters<Navigation['write']> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const entry = (): string => `${location.hash} ${typeof history.state === 'string' ? history.state : ''}`;
  const remember = (): void => {
    known = entry();
  };
  const readEntry = (): void => {
    if (known === entry()) return;
    refused = undefined;
    remember();
    onArrive(current());
  };
  remember();
  // Most navigations fire both events, but some browsers fire only one of them.
  addEventListener('popstate', readEntry);
  addEventListener('hashchange', readEntry);
  function write(address: string, place: Place | undefined, step: boolean): void {
    const lesson = place?.lesson ? ` ${place.lesson}` : '';
    const state = place ? `sheet ${place.id} ${place.step}${lesson}` : null;
    const isStep = step || refused?.[2] === true;
    clearTimeout(again);
    refused = undefined;
    try {
      if (isStep && address !== location.hash) history.pushState(state, '', address);
      else history.replaceState(state, '', address);
      remember();
    } catch {
      refused = [address, place, isStep];
      again = setTimeout(() => refused && write(...refused), AGAIN_MS);
    }
  }
  return { current, write };
}
