// Where the server and the browser are that all test files share.
// Invariant: the address is told by the environment alone, so that scripts outside of the tests find none and start their own.

const ORIGIN = 'GRADSHEET_SHARED_ORIGIN';
const BROWSER = 'GRADSHEET_SHARED_BROWSER';

interface SharedParts {
  /** Where the built page is served. */
  readonly origin: string;
  /** Where a test connects to the browser: a WebSocket's address. */
  readonly browser: string;
}

/** The shared parts; undefined where nobody started any. */
export function sharedParts(): SharedParts | undefined {
  const [origin, browser] = [process.env[ORIGIN], process.env[BROWSER]];
  return origin && browser ? { origin, browser } : undefined;
}

/** Tells the processes that start from now on where the shared parts are; undefined takes it back. */
export function tellShared(parts: SharedParts | undefined): void {
  for (const [name, value] of [
    [ORIGIN, parts?.origin],
    [BROWSER, parts?.browser],
  ] as const) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
