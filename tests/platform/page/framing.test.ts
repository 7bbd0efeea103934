// Which pages show an embedded sheet.

import { afterEach, expect, test, vi } from 'vitest';
import { isEmbedded } from '../../../src/platform/page/framing';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a page in a frame always shows an embedded sheet; a page of its own does if the query asks for it', () => {
  const own = { location: new URL('https://example.org/') } as unknown as Window;
  vi.stubGlobal('window', own);
  const at = (search: string, parent: object = own): boolean =>
    isEmbedded({ parent, location: { search } } as Pick<Window, 'parent' | 'location'>);
  for (const search of ['', '?embedded', '?x=embed', '?lang=en']) expect(at(search), search).toBe(false);
  for (const search of ['?embed', '?embed=', '?embed=1', '?lang=en&embed'])
    expect(at(search), search).toBe(true);
  expect(at('', {})).toBe(true);
});
