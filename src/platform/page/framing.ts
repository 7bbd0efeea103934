// Whether the page shows an embedded sheet: `?embed` asks for one, and a page in a frame always shows one.
// Invariant: no frame ever shows the person's own sheets, whichever headers the host sends. Needed before the first paint.

/** Whether the page is to show an embedded sheet. */
export const isEmbedded = ({ parent, location }: Pick<Window, 'parent' | 'location'>): boolean =>
  parent !== window || /[?&]embed\b/.test(location.search);
