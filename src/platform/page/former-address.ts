// The address at which Gradsheet was served before it had a port of its own, and the one at which it is served now.
// Invariant: both are those that `start` serves at (.scripts/run.mjs); a test compares them.
// Knows nothing of what is saved where.

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
