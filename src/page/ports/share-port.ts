// Gathers what the dialog for sharing shows: the addresses of the sheet, and for whom they work. A part of the composition root
// that loads late.
// Invariant: every address is one of the page as it is served, with its path and without its query, which concerns the page alone.

import type { Registry } from '../../core/kinds/kind';
import type { Sheet } from '../../core/sheet/sheet';
import { parseAddress, writeAddress } from '../../platform/page/address';
import { reachOf } from '../../platform/page/address-reach';
import { writeFullAddress } from '../../platform/page/address-writing';
import type { SharedSheet } from '../../ui/shell/share-dialog';

/** Returns the ways to share a sheet; `href` is the address at which the page is served, with any query and fragment. */
export function shareSheet(sheet: Sheet, registry: Registry, href: string): SharedSheet {
  const page = href.replace(/[?#].*/s, '');
  const address = writeAddress(sheet, registry);
  return {
    page,
    address,
    full: writeFullAddress(sheet, registry),
    reach: reachOf(page),
    isReadable: parseAddress(address, registry).ok,
  };
}
