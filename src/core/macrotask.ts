// Yields the thread: resolves in the next macrotask, without the 4 ms clamp of nested timers.

/** A promise that resolves once other work of this thread has had its turn. */
export function macrotask(): Promise<void> {
  // Not a timer: browsers hold nested ones back for 4 ms, half of a slice.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
