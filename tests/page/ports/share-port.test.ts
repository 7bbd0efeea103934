// What the dialog for sharing gets: addresses that open an equal sheet, of the page as it is served.

import { expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { setOverride } from '../../../src/core/sheet/sheet';
import { shareSheet } from '../../../src/page/ports/share-port';
import { sheetAt } from '../../sheet-at';

const shared = (address: string, href: string) => shareSheet(sheetAt(address), registry, href);

test.each([
  ['http://localhost:7465/#v1&A=other', 'http://localhost:7465/', 'computer'],
  ['https://x.org/course/week-3/?embed#v1?', 'https://x.org/course/week-3/', 'anyone'],
  ['https://x.org/course/index.html?a=1', 'https://x.org/course/index.html', 'anyone'],
  ['file:///home/ada/page/index.html#v1', 'file:///home/ada/page/index.html', 'computer'],
  ['http://10.1.2.3/#v1', 'http://10.1.2.3/', 'network'],
])('a page at %s is %s, which works for: %s', (href, page, reach) => {
  expect(shared('#v1&A=a', href)).toEqual({
    ...{ page, reach, isReadable: true },
    ...{ address: '#v1&A=a', full: '#v1&A=a' },
  });
});

test('the opening sheet has an address in full, which names every run and override', () => {
  const { address, full } = shared('#v1', 'https://x.org/');
  expect(address).toBe('#v1');
  expect(full).toBe(
    '#v1&A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu' +
      '&C=twin&C.base=A&C.architecture.activation=relu',
  );
  expect(sheetAt(full)).toEqual(sheetAt(address));
});

test('a sheet with an invalid text has no readable address', () => {
  const sheet = setOverride(sheetAt('#v1&A=a'), 'A', 'dataset.noise', 'much');
  expect(shareSheet(sheet, registry, 'https://x.org/').isReadable).toBe(false);
});
