// The warnings above the sheet: a failure of storage, and a notice. Loaded with the first of them.
// Invariant: a warning stays until the person closes it or its cause is gone. A screen reader hears it from the announcer.

import { type Accessor, Show } from 'solid-js';
import type { SessionNotices } from '../session/notices';

const line = (message: Accessor<string | undefined>, close: () => void) => (
  <Show when={message()}>
    {(text) => (
      <p class="banner warning" role="note">
        {text()}{' '}
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    )}
  </Show>
);

/** The failure of storage, as a sentence, and the session's notice. */
export function NoticeLines(props: {
  session: SessionNotices;
  trouble: string | undefined;
  dismissTrouble: () => void;
}) {
  const { session } = props;
  return (
    <>
      {line(
        () => props.trouble,
        () => props.dismissTrouble(),
      )}
      {line(session.notice, () => session.say(undefined))}
    </>
  );
}
