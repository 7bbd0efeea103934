// Notices between the tabs of one browser: each tab hears what another tab posts.
// Invariant: a notice only says what to read; a tab that may have missed one gets a signal to read again. Without a channel, a
// tab reads again whenever it becomes visible.
// Does not know the meaning of notices: they are hostile until the listener parses them.

/** Posts notices to the other tabs, never to the own one. */
export interface Notices {
  post(message: unknown): void;
  /** Stops listening and posting. */
  close(): void;
}

type Hears = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** The browser's ports; each may be absent. */
export interface NoticeEnvironment {
  readonly BroadcastChannel?:
    | (new (
        name: string,
      ) => Hears & Pick<BroadcastChannel, 'postMessage' | 'close'>)
    | undefined;
  readonly document?: (Hears & Pick<Document, 'visibilityState'>) | undefined;
}

/**
 * Listens to the notices under a name. The listener receives another tab's message, or undefined if a notice
 * may have been missed: the page becomes visible or thaws, or a message cannot be read.
 */
export function openNotices(
  name: string,
  onNotice: (message: unknown | undefined) => void,
  environment: NoticeEnvironment = globalThis,
): Notices {
  const listening = new AbortController();
  const { signal } = listening;
  const { document } = environment;
  let channel: InstanceType<NonNullable<NoticeEnvironment['BroadcastChannel']>> | undefined;
  try {
    channel = environment.BroadcastChannel && new environment.BroadcastChannel(name);
  } catch {
    // Some browsers have the class but refuse its use: in private windows, on opaque origins.
  }
  const readAgain = (): void => onNotice(undefined);
  channel?.addEventListener('message', (event) => 'data' in event && onNotice(event.data), { signal });
  channel?.addEventListener('messageerror', readAgain, { signal });
  document?.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') readAgain();
    },
    { signal },
  );
  document?.addEventListener('resume', readAgain, { signal });
  return {
    post(message) {
      if (signal.aborted) return;
      channel?.postMessage(message);
    },
    close() {
      listening.abort();
      channel?.close();
    },
  };
}
