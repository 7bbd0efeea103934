// Reads an address from the address bar: of a sheet, or of one step of a lesson.
// Invariant: an address yields one sheet or one message; a lesson's message is about the step, and the lesson stays open.

import type { Registry } from '../../core/kinds/kind';
import { late } from '../../core/late-loading';
import { parseAddress } from '../../platform/page/address';
import type { ReadAddress } from './lesson-opening';

const lessonOpening = late(() => import('./lesson-opening'));

/** Reads an address. Rejects only if the code for lessons cannot be loaded. */
export async function readAddress(address: string, registry: Registry): Promise<ReadAddress> {
  if (!address.startsWith('#lesson')) return parseAddress(address, registry);
  return (await lessonOpening()).readLesson(address, registry);
}
