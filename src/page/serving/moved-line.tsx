// The line above the page at a former address: the new address, how to bring everything there, and how to leave.
// Invariant: the line removes nothing that a person has saved. Knows nothing of the file that an export makes.

import { createSignal, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { removeOffline } from '../../platform/page/offline';
import { speakOf } from '../../ui/dom/announcer';
import './moved-line.css';

function MovedLine(props: { address: string; removable: boolean }) {
  const [trouble, setTrouble] = createSignal('');
  speakOf('moved', trouble);
  const remove = (): void => {
    removeOffline().then(
      () => location.reload(),
      (error: unknown) =>
        setTrouble(` It could not be removed (${error instanceof Error ? error.message : String(error)}).`),
    );
  };
  return (
    <p class="banner" role="note">
      Gradsheet has moved to <a href={props.address}>{props.address}</a>. Your sheets and your library stay in
      this browser at this address: choose “Export everything” here and import the file there.{' '}
      <Show when={props.removable}>
        Then{' '}
        <button type="button" onClick={remove} title="Removes the stored page and no saved data">
          Remove Gradsheet from this address
        </button>
        .
      </Show>
      {trouble()}
    </p>
  );
}

/** Shows the line; `removable` if a service worker keeps the page at this address. */
export function showMoved(address: string, removable: boolean): void {
  const place = document.createElement('aside');
  place.className = 'moved';
  document.body.prepend(place);
  render(() => <MovedLine address={address} removable={removable} />, place);
}
