import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { type Sheet, setNote, setOverride, setTitle } from '../../../src/core/sheet/sheet';
import { lessonPort } from '../../../src/page/ports/lesson-port';
import {
  type KeptSheet,
  openTransferPort,
  type TransferSources,
  wholeAddress,
} from '../../../src/page/ports/transfer-port';
import { parseAddress } from '../../../src/platform/page/address';
import { parseLesson } from '../../../src/platform/page/lesson-address';
import { readArchive } from '../../../src/platform/storage/files/archive';
import { readLessonFile } from '../../../src/platform/storage/files/lesson-file';
import { type Library, openLibrary } from '../../../src/platform/storage/library/library';
import type { Lineage } from '../../../src/platform/storage/library/lineage';
import { summaryText } from '../../../src/ui/files/transfer-text';
import { madeUpLineages } from '../../browser/support/library-lineages';
import { fileOf } from '../../platform/file-samples';

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

const SHEETS = resolve(import.meta.dirname, '../../fixtures/storage');
const kept = (name: string): File => new File([readFileSync(resolve(SHEETS, name))], name);
const [first, second, third] = madeUpLineages(registry.kinds, 3, 1e12).map(
  ({ imported: _, ...lineage }): Lineage => lineage,
);
if (!first || !second || !third) throw new Error('there are too few lineages');

let library: Library;
beforeEach(() => {
  library = openLibrary();
});
afterEach(async () => {
  for (const { key } of await library.list()) await library.remove(key);
  library.close();
});

/** A page's sheets in memory, and this library; `change` puts other sources in the place of some. */
function pageWith(sheets: KeptSheet[] = [], change: Partial<TransferSources> = {}) {
  const downloads: { name: string; file: Blob }[] = [];
  const shown: string[] = [];
  const port = openTransferPort(registry, {
    listSheets: async () => sheets,
    async addSheet(sheet, title) {
      const id = `added ${sheets.length}`;
      sheets.push({ id, title, sheet });
      return id;
    },
    showSheet: (id) => shown.push(id),
    showLesson: (address) => shown.push(address),
    current: () => sheets[0] ?? { title: '', sheet: sheetOf('#v1') },
    lineages: () => library.list(),
    putLineages: (lineages) => library.put(...lineages),
    download: (file, name) => downloads.push({ name, file }),
    ...change,
  });
  const exported = async (): Promise<File> => {
    const last = downloads.at(-1);
    if (!last) throw new Error('nothing was exported');
    return new File([await last.file.arrayBuffer()], last.name);
  };
  return { port, sheets, shown, exported };
}

const zipOf = async (lineages: readonly Lineage[], sheets: readonly KeptSheet[] = []): Promise<File> =>
  new File([await fileOf({ sheets, lineages })], 'export.zip');

describe('an import of trainings', () => {
  test('marks what was computed elsewhere, until it is computed here', async () => {
    const { port } = pageWith();
    expect((await port.open(await zipOf([first, second]))).trainings).toEqual({ added: 2, known: 0 });
    expect((await library.list()).map(({ imported }) => imported)).toEqual([true, true]);
    await library.put({ ...first, name: '', note: '' });
    const [computed] = (await library.list()).filter(({ key }) => key === first.key);
    expect(computed).toEqual(first);
  });

  test('replaces nothing: results, dates, names and notes that are here stay', async () => {
    const { port } = pageWith();
    await library.put({ ...first, name: 'mine', note: '' }, { ...second, name: '', note: 'keep' });
    const before = await library.list();
    const other = { ...first.results, loss: 99 };
    const report = await port.open(
      await zipOf([
        { ...first, name: 'theirs', note: 'their note', when: 5, results: other },
        { ...second, name: 'their name', note: 'theirs', results: other },
      ]),
    );
    expect(report.trainings).toEqual({ added: 0, known: 2 });
    const expected = before.map((lineage) => ({
      ...lineage,
      name: lineage.name || 'their name',
      note: lineage.note || 'their note',
    }));
    expect(await library.list()).toEqual(expected);
  });

  test('twice adds nothing the second time, and one from elsewhere does not replace another', async () => {
    const { port } = pageWith();
    await port.open(await zipOf([first]));
    const before = await library.list();
    const lie = { ...first, results: { ...first.results, loss: -1 }, note: 'new' };
    expect((await port.open(await zipOf([lie]))).trainings).toEqual({ added: 0, known: 1 });
    expect(await library.list()).toEqual(
      before.map((lineage) => ({ ...lineage, note: first.note || 'new' })),
    );
  });

  test('that a file has twice are imported ones too, with the first results, and the name and note that one of them has', async () => {
    const { port } = pageWith();
    const other = { ...first.results, loss: 99 };
    const twice = [
      { ...first, name: '', note: '' },
      { ...first, name: 'theirs', note: '', results: other },
      { ...first, name: 'late', note: 'note', results: other },
    ];
    expect((await port.open(await zipOf(twice))).trainings).toEqual({ added: 1, known: 2 });
    expect(await library.list()).toEqual([{ ...first, name: 'theirs', note: 'note', imported: true }]);
  });

  test('names what storage refuses, and adds the rest', async () => {
    const { port, sheets } = pageWith([], {
      putLineages: () => Promise.reject(new DOMException('', 'QuotaExceededError')),
    });
    const sheet = { id: '1', title: 'a', sheet: sheetOf('#v1&A=a') };
    const report = await port.open(await zipOf([first, second], [sheet]));
    expect(report.trainings).toEqual({ added: 0, known: 0 });
    expect(report.damaged).toEqual([
      { place: 'the library', reason: '2 trainings cannot be saved (storage is full)' },
    ]);
    expect(sheets.length).toBe(1);
  });
});

describe('an import of sheets', () => {
  const mine = (): KeptSheet => ({ id: 'mine', title: 'a', sheet: sheetOf('#v1&A=a') });

  test('adds what is not here, and counts what is, by content and title', async () => {
    const { port, sheets, shown } = pageWith([mine()]);
    const others = [
      { ...mine(), id: 'other' },
      { ...mine(), title: 'b' },
      { ...mine(), sheet: sheetOf('#v1&A=a&A.train.epochs=3') },
      { ...mine(), sheet: sheetOf('#v1&A=a&A.train.epochs=3') },
    ];
    const report = await port.open(await zipOf([], others));
    expect(report.sheets).toEqual({ added: 2, skipped: 2 });
    expect(sheets.map(({ id, title }) => [id, title])).toEqual([
      ['mine', 'a'],
      ['added 1', 'b'],
      ['added 2', 'a'],
    ]);
    expect(sheets[0]).toEqual(mine());
    expect(shown).toEqual([]);
  });

  test('of one file shows the sheet, new or not', async () => {
    const { port, shown } = pageWith([mine()]);
    expect((await port.open(kept('sheet-v1.gradsheet'))).sheets).toEqual({ added: 1, skipped: 0 });
    expect((await port.open(kept('sheet-v1.gradsheet'))).sheets).toEqual({ added: 0, skipped: 1 });
    expect(shown).toEqual(['added 1', 'added 1']);
  });

  test('goes on where one cannot be saved, and names it', async () => {
    let calls = 0;
    const { port } = pageWith([], {
      async addSheet() {
        calls++;
        if (calls === 1) throw new DOMException('', 'QuotaExceededError');
        return 'id';
      },
    });
    const report = await port.open(kept('export-v1.zip'));
    expect(report.sheets).toEqual({ added: 1, skipped: 0 });
    expect(report.damaged).toEqual([
      { place: 'sheets/vanishing-gradients-1.gradsheet', reason: 'not saved (storage is full)' },
    ]);
  });
});

describe('an export', () => {
  test('of everything is read back as it was', async () => {
    await library.put(first, { ...second, imported: true });
    const broken = { ...sheetOf('#v1&A=a'), rows: [{ name: 'gap', formula: '=((' }] };
    const sheets = [
      { id: '1', title: 'Ä', sheet: sheetOf('#v1') },
      { id: '2', title: '', sheet: broken },
    ];
    const { port, exported } = pageWith(sheets);
    expect(await port.count()).toEqual({ sheets: 2, trainings: 2 });
    expect(await port.exportAll()).toMatch(/^gradsheet-\d{4}-\d\d-\d\d\.zip$/);
    const read = await readArchive(new Uint8Array(await (await exported()).arrayBuffer()));
    expect(read.damaged).toEqual([]);
    expect(read.sheets.map(({ title, sheet }) => [title, sheet])).toEqual([
      ['Ä', sheetOf('#v1')],
      ['', broken],
    ]);
    expect(read.lineages).toEqual(await library.list());
  });

  test('of everything holds what is on the screen and not stored, once and not where it is a link', async () => {
    const shown = { title: 'first visit', sheet: sheetOf('#v1') };
    const stored = [{ id: '1', title: 'one', sheet: sheetOf('#v1&A=a') }];
    for (const [isUnstored, titles] of [
      [true, ['first visit', 'one']],
      [false, ['one']],
    ] as const) {
      const { port, exported } = pageWith([...stored], { current: () => ({ ...shown, isUnstored }) });
      expect((await port.count()).sheets).toBe(titles.length);
      await port.exportAll();
      const read = await readArchive(new Uint8Array(await (await exported()).arrayBuffer()));
      expect(read.sheets.map(({ title }) => title)).toEqual(titles);
    }
  });

  test('of chosen trainings holds these and no sheet', async () => {
    await library.put(first, second, third);
    const { port, exported } = pageWith([{ id: '1', title: '', sheet: sheetOf('#v1') }]);
    await port.exportTrainings([first.key, third.key]);
    const read = await readArchive(new Uint8Array(await (await exported()).arrayBuffer()));
    expect(read.sheets).toEqual([]);
    expect(read.lineages.map(({ key }) => key).sort()).toEqual([first.key, third.key].sort());
  });

  test('of the sheet has an address where that gives back the whole sheet, and else none', async () => {
    const sheet = sheetOf('#v1&A=a&A.train.epochs=3');
    const with_ = (path: string, text: string): Sheet => ({
      ...sheet,
      runs: sheet.runs.map((run) => ({ ...run, overrides: new Map(run.overrides).set(path, text) })),
    });
    expect(wholeAddress(sheet, registry)).toBe('#v1&A=a&A.train.epochs=3');
    expect(wholeAddress(with_('train.epochs', 'many'), registry)).toBeUndefined();
    expect(wholeAddress(with_('train.colour', 'red'), registry)).toBeUndefined();
    const { port, exported } = pageWith([
      { id: '1', title: 'My sheet', sheet: with_('train.epochs', 'many') },
    ]);
    expect(await port.exportSheet()).toBe('my-sheet.gradsheet');
    const text = await (await exported()).text();
    expect(text).not.toContain('"address"');
    const { port: other, sheets } = pageWith();
    await other.open(await exported());
    expect(sheets[0]?.sheet).toEqual(with_('train.epochs', 'many'));
  });
});

describe('a file that is none of ours', () => {
  const refusalOf = async (name: string, content: BlobPart): Promise<string | undefined> =>
    (await pageWith().port.open(new File([content], name))).damaged[0]?.reason;

  test('is refused in words that say what is accepted', async () => {
    expect(await refusalOf('photo.png', 'PNG')).toBe(
      'not a sheet or a lesson (.gradsheet) or an export (.zip) of Gradsheet',
    );
    expect(await refusalOf('data.json', '{"a": 1}')).toBe('not the file of a sheet');
    expect(await refusalOf('empty.zip', '')).toBe('empty');
    expect(await refusalOf('empty.gradsheet', '')).toBe('empty');
    expect(await refusalOf('renamed.zip', '{"format": "gradsheet sheet"}')).toBe('not a zip file');
    expect(await refusalOf('a.gradsheet', '#v1&A=a')).toBe('not JSON: cut short or damaged');
  });

  test('is refused unread where it is too large, or cannot be read', async () => {
    const large = Object.defineProperty(new File([], 'a.zip'), 'size', { value: 256 * 2 ** 20 + 1 });
    expect((await pageWith().port.open(large)).damaged[0]?.reason).toMatch(/larger than the limit of 256 MB/);
    const gone = Object.defineProperty(new File(['PK'], 'a.zip'), 'arrayBuffer', {
      value: () => Promise.reject(new DOMException('it is gone', 'NotFoundError')),
    });
    expect((await pageWith().port.open(gone)).damaged[0]?.reason).toBe('not readable (it is gone)');
  });

  test('has its name shown with nothing in it that a screen obeys', async () => {
    const report = await pageWith().port.open(new File(['x'], '\u202egnp.<b>'));
    expect(report.file).toBe('"\\u202egnp.<b>"');
  });
});

describe('a lesson', () => {
  const file = (lesson: unknown): File => new File([JSON.stringify(lesson)], 'lesson.gradsheet');
  const head = { format: 'gradsheet lesson', version: 1 };

  test('is shown and not stored, with whole links in it, and its unreadable steps are named', async () => {
    const { port, sheets, shown } = pageWith();
    const steps = [
      { address: 'https://example.org/x#v1&A=a', predict: 'A.loss' },
      { address: '#v1&A=a&Q.base=A' },
      { address: '#v1&A=1/2' },
    ];
    const report = await port.open(file({ ...head, title: 'Two\u0007 steps', steps }));
    expect(shown).toEqual([
      '#lesson1&title=Two%20%20steps&predict.1=A.loss/v1&A=a/v1&A=a&Q.base=A/v1&A=1%2F2',
    ]);
    expect(sheets).toEqual([]);
    expect(report.damaged).toEqual([
      { place: 'step 2', reason: 'the address is invalid: Q.base: there is no run Q' },
    ]);
    expect(summaryText(report)).toBe('Opened a lesson of 3 steps. Your own sheets are unchanged.');
  });

  test.each([
    ['without a step', { ...head, steps: [] }, /steps: /],
    ['of too many steps', { ...head, steps: Array(51).fill({ address: '#v1' }) }, /steps: /],
    ['with a step that is no text', { ...head, steps: [{ address: 7 }] }, /steps\.0\.address: /],
    ['of no version', { ...head, version: 'one', steps: [{ address: '#v1' }] }, /version: /],
    [
      'too long for an address',
      { ...head, steps: Array(6).fill({ address: `#v1&A=${'a'.repeat(99_000)}` }) },
      /594,044 characters; the limit is 500,000/,
    ],
  ])('%s is refused, and shows nothing', async (_, lesson, reason) => {
    const { port, shown } = pageWith();
    const report = await port.open(file(lesson));
    expect(report.damaged[0]?.reason).toMatch(reason);
    expect(shown).toEqual([]);
    expect(report.lesson).toBeUndefined();
  });

  test('made of the person’s sheets is the file that opens again, and leaves out no text', async () => {
    const sheet = setNote(setTitle(sheetOf('#v1&A=a'), 'One'), 'Look / here');
    const broken = setOverride(sheetOf('#v1&A=a'), 'A', 'train.epochs', 'many');
    const saved: { name: string; file: Blob }[] = [];
    const { port } = pageWith();
    const shown: string[] = [];
    const maker = lessonPort(registry, {
      listSheets: async () => [
        { id: '1', title: 'One', sheet },
        { id: '2', title: '', sheet: broken },
      ],
      addSheet: () => Promise.reject(new Error('nothing is added')),
      showSheet: () => {},
      showLesson: (address) => shown.push(address),
      current: () => ({ title: '', sheet }),
      lineages: () => [],
      putLineages: async () => {},
      download: (content, name) => saved.push({ name, file: content }),
    });
    const [one, two] = await maker.sheets();
    expect(two?.address).toBeUndefined();
    const address = one?.address ?? '';
    const lesson = { title: 'My lesson', steps: [{ address, predict: 'A.loss' }, { address }] };
    expect(maker.save(lesson)).toBe('my-lesson.gradsheet');
    maker.open(lesson);
    const [{ file: content } = { file: new Blob() }] = saved;
    expect((await content.text()).split('\n').filter((line) => line.includes('#v1'))).toHaveLength(2);
    await port.open(new File([content], 'my-lesson.gradsheet'));
    expect(readLessonFile(new Uint8Array(await content.arrayBuffer()))).toEqual(lesson);
    expect(parseLesson(shown[0] ?? '')).toEqual({ ok: true, lesson, at: 1 });
  });
});
