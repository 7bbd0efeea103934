// The present address of Gradsheet, and the address of versions that had no port of their own.
// Invariant: `start` serves at both (.scripts/run.mjs); a test compares them.
// Does not know which data are stored at which address.

/** The port of `start`. */
export const PORT = 7465;

/** The port of `start` up to version 0.1, which every Vite project's preview shares; it answers for one release more. */
export const FORMER_PORT = 4173;

const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/** Where Gradsheet is now, for a page at its former address; undefined everywhere else. */
export const movedTo = ({ protocol, hostname, port }: Location | URL): string | undefined =>
  THIS_MACHINE.includes(hostname) && port === String(FORMER_PORT)
    ? `${protocol}//${hostname}:${PORT}`
    : undefined;
