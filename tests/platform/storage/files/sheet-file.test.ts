import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../../src/cells';
import { findAddress, parseAddress } from '../../../../src/platform/page/address';
import { canonicalText } from '../../../../src/platform/storage/checksums';
import { readSheetFile, writeSheetFile } from '../../../../src/platform/storage/files/sheet-file';
import { cases } from '../../../cases';
import { anyFiledSheet } from '../../file-samples';

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const read = (text: string) => readSheetFile(bytesOf(text));
const refusal = (data: unknown): Promise<string> =>
  read(typeof data === 'string' ? data : JSON.stringify(data)).then(
    () => 'it was read',
    (error: Error) => `${error.name}: ${error.message}`,
  );

const ADDRESS = '#v1&A=one%20run&A.train.epochs=5';
function opening() {
  const parsed = parseAddress(ADDRESS, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}
const run = (id: string, more: object = {}) => ({ id, name: '', overrides: [], ...more });
const file = (sheet: unknown, more: object = {}) => ({
  format: 'gradsheet sheet',
  version: 1,
  sheet,
  ...more,
});

describe('the file of a sheet', () => {
  test('gives back the sheet, texts that are not valid included', () =>
    fc.assert(
      fc.asyncProperty(anyFiledSheet, async ({ title, sheet }) => {
        expect(await read(await writeSheetFile({ title, sheet }))).toEqual({ title, sheet, notes: [] });
      }),
      { numRuns: cases(300) },
    ));

  test('is text with a line for each override, and an address that the command line finds', async () => {
    const text = await writeSheetFile({ title: 'A first #v1 try', sheet: opening() }, ADDRESS);
    expect(text).toContain('\n          ["train.epochs", "5"]\n');
    expect(findAddress(text)).toBe(ADDRESS);
    expect(parseAddress(findAddress(text) ?? '', registry)).toEqual({ ok: true, sheet: opening() });
  });

  test('has no address for the command line where the sheet has none, whatever its texts', async () => {
    const sheet = { ...opening(), runs: opening().runs.map((one) => ({ ...one, name: '#v1&A=x' })) };
    expect(findAddress(await writeSheetFile({ title: '#v1', sheet }))).toBeUndefined();
  });

  test('after a letter is changed is read as it is and said to be damaged, or refused', async () => {
    const text = await writeSheetFile({ title: 'a title', sheet: opening() }, ADDRESS);
    const whole = await read(text);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length - 1 }),
        fc.integer({ min: 32, max: 126 }),
        async (at, code) => {
          const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
          try {
            const found = await read(changed);
            const same = canonicalText(JSON.parse(changed)) === canonicalText(JSON.parse(text));
            if (same) expect(found).toEqual(whole);
            else expect(found.notes.join()).toMatch(/checksum/);
          } catch (error) {
            expect(String(error)).toMatch(/^FileFault: .+/);
          }
        },
      ),
      { numRuns: cases(1_000) },
    );
  });

  test('is offered where it was changed by hand', async () => {
    const text = (await writeSheetFile({ title: '', sheet: opening() })).replace('"5"', '"50"');
    const { sheet, notes } = await read(text);
    expect(sheet.runs[0]?.overrides.get('train.epochs')).toBe('50');
    expect(notes).toEqual([expect.stringContaining('the checksum does not match')]);
    expect((await read(JSON.stringify(file({ version: 1, runs: [run('A')] })))).notes).toEqual([
      expect.stringContaining('the file has no checksum'),
    ]);
  });

  test('may begin with a byte order mark, as some editors write it', async () => {
    expect((await read(`\ufeff${await writeSheetFile({ title: 'a', sheet: opening() })}`)).notes).toEqual([]);
  });

  test('of a newer version is read as far as known', async () => {
    const newer = file({ version: 1, runs: [run('A')] }, { version: 7, colours: ['red'] });
    expect((await read(JSON.stringify(newer))).notes[0]).toContain('newer Gradsheet (version 7)');
  });

  test.each([
    ['nothing', '', /not JSON/],
    ['half of a file', '{"format":"gradsheet sh', /not JSON/],
    ['another thing', [1], /not the file of a sheet/],
    ['another format', { format: 'gradsheet export' }, /format: "gradsheet export" is not/],
    ['no sheet', { format: 'gradsheet sheet', version: 1 }, /sheet: /],
    ['a version that is none', file({}, { version: 0 }), /version: /],
    ['a title that is no text', file({}, { title: 7 }), /title: /],
    ['a sheet of another version', file({ version: 99, runs: [run('A')] }), /sheet\.version/],
    ['no runs', file({ version: 1 }), /sheet\.runs/],
    ['a bad run', file({ version: 1, runs: [run('A'), run('b')] }), /sheet\.runs\.1/],
    [
      'a bad row',
      file({ version: 1, runs: [run('A')], rows: [{ name: 'a', formula: '=1' }, 7] }),
      /sheet\.rows\.1/,
    ],
    ['a ring of bases', file({ version: 1, runs: [run('A', { base: 'A' })] }), /sheet: /],
    ['what is too deep', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`, /not the file of a sheet/],
    [
      'a sheet that is too deep',
      `{"format":"gradsheet sheet","version":1,"checksum":"","sheet":{"a":${'['.repeat(9_000)}${']'.repeat(9_000)}}}`,
      /nested more than 64 deep/,
    ],
  ])('is refused with the place where it holds %s', async (_, data, reason) => {
    expect(await refusal(data)).toMatch(/^FileFault: /);
    expect(await refusal(data)).toMatch(reason);
  });

  test('that is no text is refused', async () => {
    await expect(readSheetFile(Uint8Array.from([0xff, 0xfe, 0x41]))).rejects.toThrow('not UTF-8 text');
  });

  test('of the first version, kept for good, is read', async () => {
    const kept = resolve(import.meta.dirname, '../../../fixtures/storage/sheet-v1.gradsheet');
    const text = readFileSync(kept, 'utf8');
    const parsed = parseAddress(findAddress(text) ?? '', registry);
    const { title, sheet, notes } = await read(text);
    expect({ title, notes }).toEqual({ title: 'Émile’s sweep', notes: [] });
    expect(parsed).toEqual({ ok: true, sheet });
    expect(sheet.runs.map(({ id, base }) => [id, base])).toEqual([
      ['A', undefined],
      ['B', 'A'],
    ]);
  });
});
