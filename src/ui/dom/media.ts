// The kind of window, as a signal: the style sheets ask the same questions.
// Invariant: the listener ends with its Solid owner.

import { type Accessor, createSignal, onCleanup } from 'solid-js';

/** A window as narrow as a phone, and one with room for wide columns. */
export const WINDOWS = { narrow: '(max-width: 699px)', wide: '(min-width: 1600px)' } as const;

/** Whether a media query holds; false where there is no window. Must be called inside a Solid root. */
export function matching(query: string): Accessor<boolean> {
  if (!('matchMedia' in globalThis)) return () => false;
  const media = matchMedia(query);
  const [matches, set] = createSignal(media.matches);
  const listen = (): void => void set(media.matches);
  media.addEventListener('change', listen);
  onCleanup(() => media.removeEventListener('change', listen));
  return matches;
}
