// Draws a dialog for as long as it is open, at the end of the page.

import type { JSX } from 'solid-js';
import { render } from 'solid-js/web';

/** Draws `dialog`, which calls `close` once it has closed, with what was chosen; then `closed` takes the focus back. */
export function mountDialog<Choice = void>(
  dialog: (close: (choice: Choice) => void) => JSX.Element,
  closed: (choice: Choice) => void,
): void {
  const place = document.createElement('div');
  document.body.append(place);
  const dispose = render(
    () =>
      dialog((choice) => {
        dispose();
        place.remove();
        closed(choice);
      }),
    place,
  );
}
