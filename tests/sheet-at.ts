// The sheet of an address, for tests that begin with one.
// Invariant: an address that cannot be read fails the test that has it. Knows the real kinds.

import { registry } from '../src/cells';
import type { Sheet } from '../src/core/sheet/sheet';
import { parseAddress } from '../src/platform/page/address';

/** Throws what is wrong with the address, if anything is. */
export function sheetAt(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}
