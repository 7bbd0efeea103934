// Yields the thread: resolves in the next macrotask, without the 4 ms clamp of nested timers.

/** Resolves in the next macrotask, after other work of this thread had its turn. */
export function macrotask(): Promise<void> {
  // Not a timer: browsers clamp nested timers to 4 ms, half of a time slice.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
