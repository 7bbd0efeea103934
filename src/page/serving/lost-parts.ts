// Shows a line when a part of the page could not be loaded, with a button that reloads the page.
// Invariants: the line needs no part that loads later; the button loses nothing: edits and typed texts are in storage or in the
// tab's memory, and a page that cannot be reached is not reloaded. A style sheet is a part like any other.

import { late, onLost, withPart } from '../../core/late-loading';

const LOST = 'A part of the page did not load. Reload the page: your edits and typed text stay. ';
const UNREACHABLE = 'The server cannot be reached. This page stays open. Try again later. ';

/** Whether a reload would succeed, from the server or from the offline cache. */
const isReachable = (): Promise<boolean> =>
  fetch(location.pathname).then(
    ({ ok }) => ok,
    () => false,
  );

function createLine(): HTMLElement {
  const line = document.createElement('p');
  const text = document.createTextNode(LOST);
  const button = document.createElement('button');
  line.className = 'banner warning lost';
  line.role = 'alert';
  button.type = 'button';
  button.textContent = 'Reload';
  button.onclick = async () => {
    if (await isReachable()) location.reload();
    else text.data = UNREACHABLE;
  };
  line.append(text, button);
  return line;
}

const styleMending = late(() => import('./style-mending'));

/** Retries style sheets that failed to load; a preload that failed is only a hint. */
function watchStyles(): void {
  const onError = ({ target }: Event): void => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet')
      withPart(styleMending, ({ mendStyle }) => mendStyle(target));
  };
  document.addEventListener('error', onError, true);
}

/** Shows a line at the top of the page while a part of the page cannot be loaded. */
export function watchLostParts(root: HTMLElement): void {
  const line = createLine();
  onLost((isLost) => {
    if (!isLost) line.remove();
    else if (!line.isConnected) root.prepend(line);
  });
  watchStyles();
}
