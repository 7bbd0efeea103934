// The sheet of a first visit, held to the address that means the same for ever.

import { expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { startSheet } from '../../../src/page/sheets/start-sheet';
import { parseAddress, writeAddress } from '../../../src/platform/page/address';

test('the sheet of a first visit is the one that #v1 means', () => {
  expect(parseAddress('#v1', registry)).toEqual({ ok: true, sheet: startSheet() });
  expect(writeAddress(startSheet(), registry)).toBe('#v1');
});
