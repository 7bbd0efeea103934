// What a page gave to a person to keep.

import { buffer } from 'node:stream/consumers';
import type { Download } from 'playwright-core';

/** The content of a download, once it has all arrived. */
export const contentOf = async (download: Download): Promise<Buffer> =>
  buffer(await download.createReadStream());
