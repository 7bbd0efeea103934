// Whether the page shows an embedded sheet: `?embed` asks for one, and a page in a frame always shows one.
// Invariant: no frame ever shows the person's own sheets, whichever headers the host sends.

/** Whether the page is to show an embedded sheet. */
export const isEmbedded = (page: Window): boolean =>
  page.parent !== page || new URLSearchParams(page.location.search).has('embed');

/** The whole page's URL with this address, for a tab of its own. */
export const ownTabUrl = ({ href }: Location, address: string): string => {
  const url = new URL(address, href);
  url.search = '';
  return url.href;
};
