// The line about stored trainings that the library cannot read: names them, offers them as a file, and removes them only on
// request.
// Invariant: data from a newer version is never removed here.

import { createSignal, Show } from 'solid-js';
import { saveFile } from '../dom/save-file';
import { count } from '../figures/draw/format';

/** Stored trainings that cannot be read. `newer` counts those that a newer version of Gradsheet wrote. */
export interface UnreadableTrainings {
  count(): { readonly all: number; readonly newer: number };
  /** Resolves to the stored data as JSON text. */
  text(): Promise<string>;
  /** Removes the damaged trainings; those of a newer version stay. */
  remove(): Promise<void>;
}

/** The line about unreadable trainings, with buttons to download and remove them. */
export function UnreadableLine(props: { unreadable: UnreadableTrainings }) {
  const [busy, setBusy] = createSignal(false);
  const damaged = () => props.unreadable.count().all - props.unreadable.count().newer;
  const during = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } finally {
      setBusy(false);
    }
  };
  const download = () =>
    during(async () =>
      saveFile(
        new Blob([await props.unreadable.text()], { type: 'application/json' }),
        'gradsheet-unreadable-trainings.json',
      ),
    );
  return (
    <p class="library-unreadable">
      <Show when={damaged()}>
        {(some) => `${count(some(), 'training')} cannot be read: the stored data are damaged. `}
      </Show>
      <Show when={props.unreadable.count().newer}>
        {(some) =>
          `A newer version of Gradsheet wrote ${count(some(), 'training')}; this version keeps ${some() === 1 ? 'it' : 'them'} unchanged. `
        }
      </Show>
      <button type="button" class="library-button" disabled={busy()} onClick={download}>
        Download
      </button>{' '}
      <Show when={damaged() > 0}>
        <button
          type="button"
          class="library-button"
          disabled={busy()}
          onClick={() => during(() => props.unreadable.remove())}
        >
          Remove damaged trainings
        </button>
      </Show>
    </p>
  );
}
