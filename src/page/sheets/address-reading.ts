// Reads an address from the address bar: of a sheet, or of one step of a lesson.
// Invariant: an address yields one sheet or one message; a lesson's message is about the step, and the lesson stays open.

import type { Registry } from '../../core/kinds/kind';
import { late } from '../../core/late-loading';
import { type ParsedAddress, parseAddress } from '../../platform/page/address';
import type { OpenLesson } from '../../ui/session/open-lesson';

const lessonOpening = late(() => import('./lesson-opening'));

/** The content of an address, with the lesson if the sheet is one of its steps. */
export type ReadAddress = ParsedAddress & { readonly lesson?: OpenLesson };

/** Reads an address. Rejects only if the code for lessons cannot be loaded. */
export async function readAddress(address: string, registry: Registry): Promise<ReadAddress> {
  if (!address.startsWith('#lesson')) return parseAddress(address, registry);
  return (await lessonOpening()).readLesson(address, registry);
}
