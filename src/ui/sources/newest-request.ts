// Works off requests one at a time: of the requests that arrive during the work, only the newest follows.
// Invariant: a request that fails ends itself and holds up no later request. Knows nothing of the requested things.

/**
 * Returns the function that takes requests. `take` gets the result of each executed request, until `signal`
 * is aborted; a request that rejects has no result.
 */
export function createNewestRequest<T>(
  signal: AbortSignal,
  take: (made: T) => void,
): (request: () => Promise<T>) => void {
  let next: (() => Promise<T>) | undefined;
  let busy = false;

  async function work(): Promise<void> {
    busy = true;
    while (next && !signal.aborted) {
      const request = next;
      next = undefined;
      const made = await request().catch(() => undefined);
      if (made !== undefined && !signal.aborted) take(made);
    }
    busy = false;
  }

  return (request) => {
    next = request;
    if (!busy) void work();
  };
}
