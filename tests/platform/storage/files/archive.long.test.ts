import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../../src/cells';
import { digest } from '../../../../src/core/kinds/digest';
import type { Plain } from '../../../../src/core/kinds/value';
import { startPace } from '../../../../src/core/slices';
import { parseAddress } from '../../../../src/platform/page/address';
import { sealed, sha256Hex } from '../../../../src/platform/storage/checksums';
import { type ReadArchive, readArchive } from '../../../../src/platform/storage/files/archive';
import { openZip } from '../../../../src/platform/storage/files/zip-reader';
import { packPart, zipOf } from '../../../../src/platform/storage/files/zip-writer';
import { madeUpLineages } from '../../../browser/support/library-lineages';
import { cases } from '../../../cases';
import { anyContent, fileOf, MADE } from '../../file-samples';

const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(readFileSync(resolve(import.meta.dirname, '../../../fixtures/storage', name)));

function sheetOf(address: string) {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

const CONTENT = {
  sheets: [
    { id: 'one', title: 'Vanishing gradients', sheet: sheetOf('#v1') },
    { id: 'two', title: 'Émile’s sweep', sheet: sheetOf('#v1&A=a&A.train.epochs=5&row.gap=%3Dloss%20*%202') },
  ],
  lineages: madeUpLineages(registry.kinds, 250, Date.UTC(2026, 10, 30)),
};
const placesOf = ({ damaged }: ReadArchive) => damaged.map(({ place }) => place);

type Parts = Record<string, string | Uint8Array<ArrayBuffer>>;

/** A zip of the parts as they are. */
async function zipped(parts: Parts): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Object.entries(parts).map(([path, content]) =>
    packPart(path, typeof content === 'string' ? new TextEncoder().encode(content) : content, startPace()),
  );
  return new Uint8Array(await zipOf(await Promise.all(packed), MADE).arrayBuffer());
}

/** A zip with a manifest that is right about the parts, but for the changes to what it says of each. */
async function withManifest(parts: Parts, change: Record<string, object> = {}, more: object = {}) {
  const listed = Object.entries(parts).map(async ([path, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const what = path.startsWith('sheets/') ? 'sheet' : 'lineages';
    return { path, what, bytes: bytes.length, sha256: await sha256Hex(bytes), ...change[path] };
  });
  const fields = { format: 'gradsheet export', version: 1, parts: await Promise.all(listed), ...more };
  return zipped({ 'manifest.json': JSON.stringify(await sealed(fields)), ...parts });
}

const LINES = (lineages: readonly unknown[]): string =>
  JSON.stringify({ format: 'gradsheet lineages', version: 1, lineages });

describe('an export', () => {
  test('that macOS unpacked by itself and a person packed again is read, in its folder, with what macOS adds', async () => {
    const whole = await fileOf(CONTENT);
    const { sheets, lineages } = await readArchive(whole);
    const parts: Parts = { '__MACOSX/._gradsheet-2026-11-30': 'x' };
    for (const { path, read } of openZip(whole).parts) {
      parts[`gradsheet-2026-11-30/${path}`] = await read(startPace());
      parts[`__MACOSX/gradsheet-2026-11-30/._${path}`] = 'x';
    }
    expect(await readArchive(await zipped(parts))).toEqual({ sheets, lineages, damaged: [], notes: [] });
  });

  test('comes back as it was, whatever sheets and lineages hold', () =>
    fc.assert(
      fc.asyncProperty(anyContent, async (content) => {
        const read = await readArchive(await fileOf(content));
        expect(read).toEqual({
          sheets: content.sheets.map(({ title, sheet }) => ({
            title,
            sheet,
            place: expect.stringMatching(/^sheets\//),
          })),
          lineages: content.lineages,
          damaged: [],
          notes: [],
        });
      }),
      { numRuns: cases(75) },
    ));

  test('has the same bytes at the same time', async () => {
    expect(await fileOf(CONTENT)).toEqual(await fileOf(CONTENT));
  });

  test('after any bytes are changed, each part is as it was or named', async () => {
    const bytes = await fileOf({ ...CONTENT, lineages: CONTENT.lineages.slice(0, 120) });
    const whole = await readArchive(bytes);
    const sheets = new Map(whole.sheets.map(({ place, ...rest }) => [place, rest]));
    const lineages = new Map(whole.lineages.map((lineage) => [lineage.key, lineage]));
    const counts = { 'library/0001.json': 100, 'library/0002.json': 20 };
    const flip = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 4 }), async (flips) => {
        const changed = bytes.slice();
        for (const [at, bits] of flips) changed[at] = (changed[at] ?? 0) ^ bits;
        const read = await readArchive(changed);
        for (const { place, ...rest } of read.sheets) expect(rest).toEqual(sheets.get(place));
        for (const lineage of read.lineages) expect(lineage).toEqual(lineages.get(lineage.key));
        const named = placesOf(read);
        // Without a manifest, or a file, there is no list of what there should be.
        if (named.includes('the file') || named.includes('manifest.json')) return;
        const there = read.sheets.map(({ place }) => place);
        expect([...there, ...named].filter((place) => sheets.has(place)).sort()).toEqual(
          [...sheets.keys()].sort(),
        );
        const left = Object.entries(counts).filter(([place]) => !named.includes(place));
        expect(read.lineages.length).toBe(left.reduce((sum, [, count]) => sum + count, 0));
      }),
      { numRuns: cases(100) },
    );
  }, 120_000);

  test('after any byte of its headers is changed loses one part at most', async () => {
    const bytes = await fileOf({ ...CONTENT, lineages: [] });
    const directory = new DataView(bytes.buffer).getUint32(bytes.length - 6, true);
    const inDirectory = Array.from({ length: bytes.length - directory }, (_, index) => directory + index);
    for (const at of [...Array(44).keys(), ...inDirectory]) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      const read = await readArchive(changed);
      expect(read.sheets.length, `byte ${at}`).toBeGreaterThanOrEqual(1);
      const reports = read.damaged.length + read.notes.length;
      if (read.sheets.length < 2) expect(reports, `byte ${at}`).toBeGreaterThan(0);
    }
  });

  test('that is cut short is read up to there, and what is missing is named', async () => {
    const bytes = await fileOf(CONTENT);
    const whole = await readArchive(bytes);
    const read = await readArchive(bytes.slice(0, Math.floor(bytes.length * 0.7)));
    expect(read.sheets).toEqual(whole.sheets);
    expect(read.lineages).toEqual(whole.lineages.slice(0, 100));
    expect(placesOf(read)).toEqual(['library/0002.json', 'library/0003.json']);
    for (let length = 0; length < bytes.length; length += 9_001) {
      const { damaged, notes } = await readArchive(bytes.slice(0, length));
      expect(damaged.length).toBeGreaterThan(0);
      expect(notes.length).toBe(length < 500 ? 0 : 1);
    }
    const lacksEnd = await readArchive(bytes.slice(0, -1));
    expect(lacksEnd).toEqual({
      ...whole,
      notes: [
        {
          place: 'the file',
          reason: 'the end of the file is missing; the parts were found by their headers',
        },
      ],
    });
  });
});

describe('a file of another kind or another time', () => {
  test.each([
    ['nothing', new Uint8Array(), 'empty'],
    ['a picture', Uint8Array.from({ length: 500 }, (_, index) => (index * 7) % 256), 'not a zip file'],
    [
      'the first bytes of a zip',
      new TextEncoder().encode('PK\u0003\u0004'),
      'the end of the file is missing',
    ],
  ])('is refused in words: %s', async (_, bytes, reason) => {
    const read = await readArchive(bytes);
    expect(read).toEqual({ sheets: [], lineages: [], damaged: [{ place: 'the file', reason }], notes: [] });
  });

  test('is refused where it is a zip of something else', async () => {
    const read = await readArchive(await zipped({ 'readme.txt': 'hello' }));
    expect(read.damaged).toEqual([
      { place: 'the file', reason: 'manifest.json is missing: not an export of Gradsheet' },
    ]);
  });

  test('is read as far as known where it is newer', async () => {
    const parts = { 'sheets/a.gradsheet': fixture('sheet-v1.gradsheet'), 'results/a.bin': 'later' };
    const read = await readArchive(
      await withManifest(parts, { 'results/a.bin': { what: 'result' } }, { version: 2, more: [1] }),
    );
    expect(read.sheets.length).toBe(1);
    expect(read.damaged).toEqual([]);
    expect(read.notes).toEqual([
      { place: 'manifest.json', reason: expect.stringContaining('newer Gradsheet (version 2)') },
      { place: 'results/a.bin', reason: expect.stringContaining('unknown to this version') },
    ]);
  });
});

describe('a manifest that lies', () => {
  const sheetFile = fixture('sheet-v1.gradsheet');

  test('loses only the part that it lies about', async () => {
    const parts = { 'sheets/a.gradsheet': sheetFile, 'sheets/b.gradsheet': sheetFile };
    for (const lie of [{ sha256: '0'.repeat(64) }, { bytes: 1 }]) {
      const read = await readArchive(await withManifest(parts, { 'sheets/a.gradsheet': lie }));
      expect(read.sheets.map(({ place }) => place)).toEqual(['sheets/b.gradsheet']);
      expect(placesOf(read)).toEqual(['sheets/a.gradsheet']);
    }
  });

  test('cannot make a part of one kind out of another', async () => {
    const parts = { 'sheets/a.gradsheet': sheetFile, 'library/0001.json': LINES([]) };
    const read = await readArchive(
      await withManifest(parts, {
        'sheets/a.gradsheet': { what: 'lineages' },
        'library/0001.json': { what: 'sheet' },
      }),
    );
    expect(read.sheets).toEqual([]);
    expect(placesOf(read)).toEqual(['sheets/a.gradsheet', 'library/0001.json']);
  });

  test('that is damaged or missing is named, and the parts are read by their own checksums', async () => {
    const honest = await sealed({ format: 'gradsheet export', version: 1, parts: [] });
    const manifests: Parts[] = [
      { 'manifest.json': '{"format":"gradsheet export"' },
      { 'manifest.json': JSON.stringify({ ...honest, version: 2 }) },
      {},
    ];
    for (const manifest of manifests) {
      const read = await readArchive(await zipped({ ...manifest, 'sheets/a.gradsheet': sheetFile }));
      expect(read.sheets.length).toBe(1);
      expect(placesOf(read)).toEqual(['manifest.json']);
    }
  });

  test('names parts that are not there, and parts that it does not name are left out', async () => {
    const none = { path: 'sheets/none.gradsheet', what: 'sheet', bytes: 1, sha256: '0'.repeat(64) };
    const lacking = { format: 'gradsheet export', version: 1, parts: [none] };
    expect(
      placesOf(await readArchive(await zipped({ 'manifest.json': JSON.stringify(await sealed(lacking)) }))),
    ).toEqual(['sheets/none.gradsheet']);
    const manifest = { format: 'gradsheet export', version: 1, parts: [] };
    const read = await readArchive(
      await zipped({
        'manifest.json': JSON.stringify(await sealed(manifest)),
        'sheets/a.gradsheet': sheetFile,
      }),
    );
    expect(read.sheets).toEqual([]);
    expect(read.notes).toEqual([
      { place: 'sheets/a.gradsheet', reason: 'not listed in the manifest; skipped' },
    ]);
  });
});

describe('lineages in a file', () => {
  test('that mean nothing are named one by one', async () => {
    const bad = [null, 7, { key: 'train-x' }, { $float32: ['x'] }, { $what: 1 }];
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    const text = LINES([...bad, 'deep']).replace('"deep"', deep);
    const read = await readArchive(await withManifest({ 'library/0001.json': text }));
    expect(read.lineages).toEqual([]);
    expect(placesOf(read)).toEqual([1, 2, 3, 4, 5, 6].map((at) => `library/0001.json, training ${at}`));
  });

  test('in their millions are refused as a part', async () => {
    const read = await readArchive(
      await withManifest({ 'library/0001.json': LINES(Array.from({ length: 1_001 }, () => 0)) }),
    );
    expect(placesOf(read)).toEqual(['library/0001.json']);
  });
});

describe('files of the first version, kept for good', () => {
  test('an export is read', async () => {
    const read = await readArchive(fixture('export-v1.zip'));
    expect(read.damaged).toEqual([]);
    expect(read.notes).toEqual([]);
    expect(read.sheets.map(({ title }) => title)).toEqual(['Vanishing gradients', 'Émile’s sweep']);
    expect(read.sheets[0]?.sheet).toEqual(sheetOf('#v1'));
    expect(read.lineages.length).toBe(12);
    // Over every field of every lineage, as it was when the file was made.
    expect(digest(read.lineages as unknown as Plain)).toBe(
      'b1040e556cf54e2211bfb918c2e9c249f8936c38d58f673b8cce6af4be865576',
    );
  });

  test.each([
    'export-v1-zipfile.zip',
    'export-v1-zipfile-stored.zip',
    'export-v1-info-zip.zip',
    'export-v1-info-zip-stream.zip',
  ])('an export that another tool packed again is read: %s', async (name) => {
    const first = await readArchive(fixture('export-v1.zip'));
    expect(await readArchive(fixture(name))).toEqual(first);
  });
});
