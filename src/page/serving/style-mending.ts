// Loads a style sheet again that failed to load. A style sheet loads with its part, but the part's own retry does not load it
// again.
// Invariant: a style sheet that is being mended is not mended twice; one that cannot be loaded is reported like any other part.

import { late } from '../../core/late-loading';

const mended = new Set<string>();

/** Puts fresh links to the same style sheet in the place of `link` until one of them loads, or three have failed. */
export function mendStyle(link: HTMLLinkElement): void {
  const { href } = link;
  if (mended.has(href)) return;
  mended.add(href);
  let broken = link;
  const style = late(
    () =>
      new Promise<void>((done, fail) => {
        const again = link.cloneNode() as HTMLLinkElement;
        again.onload = () => done();
        again.onerror = fail;
        broken.replaceWith(again);
        broken = again;
      }),
  );
  const end = (): void => void mended.delete(href);
  style().then(end, end);
}
