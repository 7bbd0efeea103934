// The address bar: read on load and on navigation, written as the sheet changes.
// Invariant: an entry of the history that this page wrote itself is marked as such; an address that came from elsewhere never is.

/** What arrives when the person goes somewhere. */
export interface Arrival {
  /** The fragment with its #, or empty. */
  readonly address: string;
  /** Whether this page wrote that entry for the own sheet, so that going there is going back in it. */
  readonly mine: boolean;
}

export interface Navigation {
  current(): Arrival;
  /** Shows an address; `step` makes an entry that Back leaves, else the present one is changed. */
  write(address: string, mine: boolean, step: boolean): void;
}

const MARK = 'gradsheet-own';

/** Listens to navigation for as long as the page lives; entries that the page writes itself are not told. */
export function createNavigation(onArrive: (arrival: Arrival) => void): Navigation {
  const current = (): Arrival => ({ address: location.hash, mine: history.state === MARK });
  let known = location.hash;
  const look = (): void => {
    if (location.hash === known) return;
    known = location.hash;
    onArrive(current());
  };
  // Both events come for most navigations, and in some browsers only one of them.
  addEventListener('popstate', look);
  addEventListener('hashchange', look);
  return {
    current,
    write(address, mine, step) {
      if (address === location.hash) {
        history.replaceState(mine ? MARK : null, '', address);
        return;
      }
      if (step) history.pushState(mine ? MARK : null, '', address);
      else history.replaceState(mine ? MARK : null, '', address);
      known = location.hash;
    },
  };
}
