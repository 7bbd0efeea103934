// The address bar: read on load and on navigation, written as the sheet changes.
// Invariant: an entry of the history that this page wrote itself is marked as such; an address that came from elsewhere never is.

/** What arrives when the person goes somewhere. */
export interface Arrival {
  /** The fragment with its #, or empty. */
  readonly address: string;
  /** The own sheet's revision, where this page wrote that entry for it: going there is going back in it. */
  readonly revision?: number;
}

export interface Navigation {
  current(): Arrival;
  /** Shows an address; `step` makes an entry that Back leaves, else the present one is changed. */
  write(address: string, revision: number | undefined, step: boolean): void;
}

const MARK = 'own sheet, revision ';

/** What the history's entry says, if this page wrote it; other pages of the origin may have written anything. */
function revisionOf(state: unknown): number | undefined {
  if (typeof state !== 'string' || !state.startsWith(MARK)) return undefined;
  const revision = Number(state.slice(MARK.length));
  return Number.isSafeInteger(revision) ? revision : undefined;
}

/** Listens to navigation for as long as the page lives; entries that the page writes itself are not told. */
export function createNavigation(onArrive: (arrival: Arrival) => void): Navigation {
  function current(): Arrival {
    const revision = revisionOf(history.state);
    return { address: location.hash, ...(revision !== undefined && { revision }) };
  }
  let known: unknown;
  const remember = (): void => {
    known = `${location.hash} ${history.state}`;
  };
  const look = (): void => {
    if (known === `${location.hash} ${history.state}`) return;
    remember();
    onArrive(current());
  };
  remember();
  // Both events come for most navigations, and in some browsers only one of them.
  addEventListener('popstate', look);
  addEventListener('hashchange', look);
  return {
    current,
    write(address, revision, step) {
      const state = revision === undefined ? null : `${MARK}${revision}`;
      if (step && address !== location.hash) history.pushState(state, '', address);
      else history.replaceState(state, '', address);
      remember();
    },
  };
}
