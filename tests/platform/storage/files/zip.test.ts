import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startPace } from '../../../../src/core/slices';
import { crc32 } from '../../../../src/platform/storage/files/crc';
import { ZIP_BOUNDS } from '../../../../src/platform/storage/files/zip-layout';
import { openZip } from '../../../../src/platform/storage/files/zip-reader';
import { packPart, zipOf } from '../../../../src/platform/storage/files/zip-writer';
import { cases } from '../../../cases';

const pace = startPace();
const MADE = new Date(Date.UTC(2026, 10, 30, 12));
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function zipped(...parts: readonly (readonly [string, Uint8Array<ArrayBuffer>])[]) {
  const packed = await Promise.all(parts.map(([path, bytes]) => packPart(path, bytes, pace)));
  return new Uint8Array(await zipOf(packed, MADE).arrayBuffer());
}

/** A zip by hand: what its headers declare need not be true. */
interface Made {
  readonly path: string;
  readonly data: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly size: number;
  readonly crc?: number;
}

function byHand(parts: readonly Made[], change: (end: DataView) => void = () => {}): Uint8Array<ArrayBuffer> {
  const file: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { path, data, method = 8, flags = 0, size, crc = 0 } of parts) {
    const name = bytesOf(path);
    const local = new Uint8Array(30 + name.length);
    const central = new Uint8Array(46 + name.length);
    const [l, c] = [local, central].map(({ buffer }) => new DataView(buffer));
    if (!l || !c) throw new Error('there are no headers');
    l.setUint32(0, 0x04034b50, true);
    c.setUint32(0, 0x02014b50, true);
    for (const [view, from] of [
      [l, 6],
      [c, 8],
    ] as const) {
      view.setUint16(from, flags, true);
      view.setUint16(from + 2, method, true);
      view.setUint32(from + 8, crc, true);
      view.setUint32(from + 12, data.length, true);
      view.setUint32(from + 16, size, true);
      view.setUint16(from + 20, name.length, true);
    }
    c.setUint32(42, at, true);
    local.set(name, 30);
    central.set(name, 46);
    file.push(local, data);
    directory.push(central);
    at += local.length + data.length;
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, parts.length, true);
  view.setUint16(10, parts.length, true);
  view.setUint32(
    12,
    directory.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  view.setUint32(16, at, true);
  change(view);
  return Uint8Array.from(Buffer.concat([...file, ...directory, end]));
}

const refusal = (bytes: Uint8Array): string => {
  try {
    openZip(bytes);
    return 'it was opened';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
};

const readFirst = (bytes: Uint8Array): Promise<unknown> =>
  (openZip(bytes).parts[0]?.read(pace) ?? Promise.reject(new Error('there is no part'))).catch(
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a zip file', () => {
  test('gives back what was packed, in order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,9}(\/[a-z0-9]{1,9})?\.json$/), { maxLength: 5 }),
        fc.array(fc.uint8Array({ maxLength: 5_000 }), { minLength: 5, maxLength: 5 }),
        async (paths, contents) => {
          const parts = paths.map((path, index) => [path, Uint8Array.from(contents[index] ?? [])] as const);
          const { parts: opened, faults } = openZip(await zipped(...parts));
          expect(faults).toEqual([]);
          expect(opened.map(({ path }) => path)).toEqual(paths);
          for (const [index, part] of opened.entries())
            expect(await part.read(pace)).toEqual(parts[index]?.[1]);
        },
      ),
      { numRuns: cases(100) },
    ));

  test('packs and unpacks in pieces what is larger than a piece', async () => {
    const large = Uint8Array.from({ length: 700_001 }, (_, index) => (index * index) >> (index % 13));
    const bytes = await zipped(['large.bin', large]);
    expect(bytes.length).toBeLessThan(large.length);
    expect(Buffer.from((await readFirst(bytes)) as Uint8Array).equals(large)).toBe(true);
  });

  test('has the CRC that the format asks for', () => {
    expect(crc32(bytesOf('123456789'))).toBe(0xcbf43926);
    expect(crc32(bytesOf('6789'), crc32(bytesOf('12345')))).toBe(0xcbf43926);
  });
});

describe('a hostile zip file', () => {
  const megabyte = new Uint8Array(2 ** 20);

  test('is not unpacked beyond what it declares', async () => {
    const data = deflateRawSync(megabyte);
    expect(await readFirst(byHand([{ path: 'a.json', data, size: 1_000 }]))).toMatch(
      /the content is larger than declared/,
    );
  });

  test('is not unpacked where it declares too much, be it true or not', async () => {
    const data = deflateRawSync(megabyte);
    expect(await readFirst(byHand([{ path: 'a.json', data, size: 65 * 2 ** 20 }]))).toMatch(
      /larger than 64 MB/,
    );
  });

  test('is not unpacked beyond the total, though each part is small', async () => {
    const size = megabyte.length;
    const part = { data: deflateRawSync(megabyte), size, crc: crc32(megabyte) };
    const bytes = byHand([1, 2, 3, 4, 5].map((at) => ({ path: `${at}.json`, ...part })));
    const ends: string[] = [];
    for (const { read } of openZip(bytes, { ...ZIP_BOUNDS, total: 4 * size }).parts)
      ends.push(
        await read(pace).then(
          () => 'read',
          (error: Error) => error.message,
        ),
      );
    expect(ends).toEqual([
      'read',
      'read',
      'read',
      'read',
      'with this part, the file unpacks to more than 4 MB',
    ]);
  });

  test('is charged for what it unpacks before it is refused', async () => {
    const part = { data: deflateRawSync(megabyte), size: 1_000 };
    const bytes = byHand([1, 2].map((at) => ({ path: `${at}.json`, ...part })));
    const [first, second] = openZip(bytes, { ...ZIP_BOUNDS, total: 10_000 }).parts;
    await expect(first?.read(pace)).rejects.toThrow('the content is larger than declared');
    await expect(second?.read(pace)).rejects.toThrow('with this part, the file unpacks to more');
  });

  test('is refused where it has too many parts', () => {
    const many = Array.from({ length: 20_001 }, (_, at) => ({
      path: `${at}`,
      data: new Uint8Array(),
      method: 0,
      size: 0,
    }));
    expect(refusal(byHand(many))).toMatch(/more than 20,000 parts/);
    expect(refusal(byHand(many, (end) => end.setUint32(0, 0)))).toMatch(/more than 20,000 parts/);
  });

  test.each([
    '../a.json',
    'a/../../b.json',
    '/etc/passwd',
    'C:/a.json',
    'C:\\a.json',
    'a//b.json',
    '.hidden',
    'a\u0000.json',
    'x'.repeat(201),
    'x'.repeat(65_535),
    '\u202egnp.json',
    '',
  ])('has no part outside of it: %j', async (path) => {
    const bytes = byHand([
      { path, data: bytesOf('1'), method: 0, size: 1 },
      { path: 'good.json', data: bytesOf('1'), method: 0, size: 1, crc: crc32(bytesOf('1')) },
    ]);
    const { parts, faults } = openZip(bytes);
    expect(parts.map((part) => part.path)).toEqual(['good.json']);
    expect(faults.length).toBe(1);
    expect(faults[0]?.place.length).toBeLessThan(120);
  });

  test('has one part of a path, the first', async () => {
    const part = (text: string) => ({
      path: 'a.json',
      data: bytesOf(text),
      method: 0,
      size: 1,
      crc: crc32(bytesOf(text)),
    });
    const bytes = byHand([part('1'), part('2')]);
    expect(openZip(bytes).faults).toEqual([
      { place: 'a.json', reason: 'second part with this path; skipped' },
    ]);
    expect(await readFirst(bytes)).toEqual(bytesOf('1'));
  });

  const one = { path: 'a.json', data: deflateRawSync(bytesOf('hello')), size: 5 };
  const crc = crc32(bytesOf('hello'));
  test.each([
    ['encrypted', { ...one, crc, flags: 1 }, /encryption is not supported/],
    ['packed by another method', { ...one, crc, method: 12 }, /method 12/],
    ['in the form zip64', { ...one, crc, size: 0xffffffff }, /zip64/],
    ['of another CRC', { ...one, crc: 1 }, /CRC/],
    ['cut within its data', { ...one, crc, data: one.data.subarray(0, 3) }, /damaged|less/],
    ['shorter than declared', { ...one, crc, size: 6 }, /the content is smaller than declared/],
    ['stored in another size', { ...one, crc, method: 0 }, /the size differs/],
    [
      'empty where it should not be',
      { ...one, crc, data: new Uint8Array() },
      /the content is smaller than declared/,
    ],
  ])('is refused where a part is %s', async (_, part, reason) => {
    expect(await readFirst(byHand([part]))).toMatch(reason);
  });

  test('is refused where a part is called one thing in the directory and another before its data', async () => {
    const bytes = byHand([{ ...one, crc }]);
    expect(await readFirst(bytes)).toEqual(bytesOf('hello'));
    bytes[30] = 'b'.charCodeAt(0);
    expect(await readFirst(bytes)).toMatch(/the header is damaged/);
  });

  test('never does anything but be read or refused, whatever its bytes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc
            .uint8Array({ maxLength: 60 })
            .map((tail) => Uint8Array.from([80, 75, 3, 4, ...tail, 80, 75, 3, 4, ...tail])),
          fc.uint8Array({ minLength: 16, maxLength: 16 }).map((tail) =>
            byHand([{ ...one, crc }], (end) => {
              for (const [at, byte] of tail.entries()) end.setUint8(4 + at, byte);
            }),
          ),
        ),
        async (bytes) => {
          let opened: ReturnType<typeof openZip>;
          try {
            opened = openZip(bytes);
          } catch (error) {
            expect(String(error)).toMatch(/^FileFault: /);
            return;
          }
          for (const part of opened.parts)
            await part.read(pace).catch((error) => expect(String(error)).toMatch(/^FileFault: /));
        },
      ),
      { numRuns: cases(2_000) },
    ));
});
