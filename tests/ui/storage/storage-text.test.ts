// What the view on storage says of amounts.

import { expect, test } from 'vitest';
import { bytesText } from '../../../src/ui/storage/storage-text';

test('bytes have the digits that mean something, and no zeros behind them', () => {
  const texts = [0, 256, 1_023, 1_536, 11_800, 47_616, 8.9 * 2 ** 20, 512 * 2 ** 20, 10 * 2 ** 30].map(
    bytesText,
  );
  expect(texts).toEqual([
    ...['0 bytes', '256 bytes', '1023 bytes', '1.5 kB', '11.5 kB', '46.5 kB', '8.9 MB', '512 MB', '10 GB'],
  ]);
});
