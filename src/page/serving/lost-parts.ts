// Shows a line when a part of the page could not be loaded, with a button that reloads the page.
// Invariants: the line needs no part that loads later; the button loses nothing: edits and typed texts are in storage or in the
// tab's memory, and a page that cannot be reached is not reloaded. A style sheet is a part like any other.

import { late, onLost } from '../../core/late-loading';

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
  line.className = 'banner lost';
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

/**
 * Retries style sheets that failed to load. A style sheet loads with its part, but the part's own retry does
 * not load it again.
 */
function mendStyles(): void {
  const mended = new Set<string>();
  const onError = ({ target }: Event): void => {
    if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet' || mended.has(target.href))
      return;
    mended.add(target.href);
    let broken = target;
    const style = late(
      () =>
        new Promise<void>((done, fail) => {
          const again = target.cloneNode() as HTMLLinkElement;
          again.onload = () => done();
          again.onerror = fail;
          broken.replaceWith(again);
          broken = again;
        }),
    );
    style().then(
      () => mended.delete(target.href),
      () => mended.delete(target.href),
    );
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
  mendStyles();
}
