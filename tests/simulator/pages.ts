// The kinds of pages under test.
// Invariant: each of them must pass every schedule.

import type { Boot } from './page';
import { samplePage } from './sample-page';
import { workbookPage } from './workbook-page';

/** The pages under test, by name. */
export const pages: readonly (readonly [name: string, boot: Boot])[] = [
  ['a sample page that keeps its promises', samplePage()],
  ['the page', workbookPage],
];
