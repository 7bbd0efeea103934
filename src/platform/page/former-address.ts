// The present address of Gradsheet, and the address of versions that had no port of their own.
// Invariant: `start` serves at both (.scripts/run.mjs); a test compares them.
// Does not know which data are stored at which address.

/** The port of `npm start`. */
export const PORT = 7465;

/**
 * The port of `npm start` up to version 0.1, shared with the preview of every Vite project; it answers for
 * one more release.
 */
export const FORMER_PORT = 4173;

const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origin of Gradsheet's present address if the page is at the former address; otherwise undefined. A
 * folder below the former address is a copy that somebody else serves.
 */
export const movedTo = ({ protocol, hostname, port, pathname }: Location | URL): string | undefined =>
  THIS_MACHINE.includes(hostname) && port === String(FORMER_PORT) && pathname === '/'
    ? `${protocol}//${hostname}:${PORT}`
    : undefined;
