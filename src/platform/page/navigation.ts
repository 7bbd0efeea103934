// The address bar: read at load and at each navigation, written when the sheet changes.
// Invariant: the page marks the history entries that it wrote itself, and never marks an address from elsewhere.
// If the browser refuses a write (as after a hundred entries within some seconds), the newest address is written later.

/** A sheet of the person's at one of its steps. */
export interface Place {
  /** The sheet's id; empty for one that is not stored. */
  readonly id: string;
  /** The id of the step that led to the state; empty where none did. */
  readonly step: string;
}

/** What arrives when the person goes somewhere. */
export interface Arrival {
  /** The fragment with its #, or empty. */
  readonly address: string;
  /** Set where a page of Gradsheet wrote that entry for a sheet of the person's. */
  readonly place?: Place;
}

export interface Navigation {
  current(): Arrival;
  /** Shows an address; `step` makes an entry that Back leaves, else the present one is changed. */
  write(address: string, place: Place | undefined, step: boolean): void;
}

/** An id that is none could be written and not be read again. */
const MARK = /^sheet ([0-9a-z]{0,40}) ([\w-]{0,40})$/;

/** After so long a browser that refused an address is asked again. */
const AGAIN_MS = 1_000;

/** What the history's entry says, if this page wrote it; other pages of the origin may have written anything. */
function placeOf(state: unknown): Place | undefined {
  const [, id, step] = (typeof state === 'string' && MARK.exec(state)) || [];
  return id === undefined || step === undefined ? undefined : { id, step };
}

/** Listens to navigation for as long as the page lives; entries that the page writes itself are not told. */
export function createNavigation(onArrive: (arrival: Arrival) => void): Navigation {
  function current(): Arrival {
    const place = placeOf(history.state);
    return { address: location.hash, ...(place && { place }) };
  }
  let known: unknown;
  /** What the browser refused to write, as long as the person does not go elsewhere. */
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
  // Both events come for most navigations, and in some browsers only one of them.
  addEventListener('popstate', readEntry);
  addEventListener('hashchange', readEntry);
  function write(address: string, place: Place | undefined, step: boolean): void {
    const state = place ? `sheet ${place.id} ${place.step}` : null;
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
