// Connects files to the page: gathers the content of an export, and adds the content of a file to the stored data. A part of
// the composition root that loads on request.
// Invariants: an import replaces nothing; results that were computed elsewhere are marked as imported; everything that cannot
// be kept is named.

import type { Registry } from '../../core/kinds/kind';
import { quote } from '../../core/kinds/param';
import { type Lesson, MAX_LESSON } from '../../core/sheet/lesson';
import { cleanName, type Sheet } from '../../core/sheet/sheet';
import { startPace } from '../../core/slices';
import { grouped } from '../../core/text-formatting';
import { findAddress, parseAddress, writeAddress } from '../../platform/page/address';
import { writeLesson } from '../../platform/page/lesson-address';
import { canonicalText } from '../../platform/storage/checksums';
import { FileFault } from '../../platform/storage/file-fault';
import { pathWord, type ReadArchive, readArchive, writeArchive } from '../../platform/storage/files/archive';
import { readLessonFile } from '../../platform/storage/files/lesson-file';
import { readSheetFile, SHEET_SUFFIX, writeSheetFile } from '../../platform/storage/files/sheet-file';
import { ZIP_BOUNDS } from '../../platform/storage/files/zip-layout';
import { storageReason } from '../../platform/storage/idb';
import { cleanNote, type Lineage } from '../../platform/storage/library/lineage';
import { sheetData } from '../../platform/storage/sheets/sheet-data';
import { saveFile } from '../../ui/dom/save-file';
import type { TransferPort } from '../../ui/files/transfer-panel';
import { ACCEPTED, type TransferReport } from '../../ui/files/transfer-text';

/** A sheet that the person keeps in this browser. */
export interface KeptSheet {
  readonly id: string;
  readonly title: string;
  readonly sheet: Sheet;
}

/** The sheet on the screen. */
interface ShownSheet extends Omit<KeptSheet, 'id'> {
  /** Whether the sheet is one of the person's but not stored, as on a first visit before the first edit. */
  readonly isUnstored?: boolean;
}

/** The page's data and actions behind the port. */
export interface TransferSources {
  listSheets(): Promise<readonly KeptSheet[]>;
  /** Adds a sheet beside the others; resolves to its id when it is saved. */
  addSheet(sheet: Sheet, title: string): Promise<string>;
  /** Puts a stored sheet on the screen. */
  showSheet(id: string): void;
  /** The sheet on the screen, kept or not. */
  current(): ShownSheet;
  lineages(): readonly Lineage[] | Promise<readonly Lineage[]>;
  /** Stores lineages as the library's `put` does: results computed here stay, names and notes change. */
  putLineages(lineages: readonly Lineage[]): Promise<void>;
  /** Shows the first step of the lesson with this address. */
  showLesson(address: string): void;
  /** Hands a file to the person; a download by default. */
  download?(file: Blob, name: string): void;
}

/** The sheet's address; undefined if it would not give back the whole sheet, as while a text is invalid. */
export function wholeAddress(sheet: Sheet, registry: Registry): string | undefined {
  const address = writeAddress(sheet, registry);
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) return undefined;
  const isWhole = parsed.sheet.runs.every(
    ({ overrides }, index) => overrides.size === sheet.runs[index]?.overrides.size,
  );
  return isWhole ? address : undefined;
}

/** A text that is equal for equal sheets, title included. */
const identity = (title: string, sheet: Sheet): string => canonicalText({ title, sheet: sheetData(sheet) });

interface Draft {
  readonly sheets: { added: number; skipped: number };
  readonly trainings: { added: number; known: number };
  readonly damaged: { place: string; reason: string }[];
}

/** Adds the sheets that are not stored yet; resolves to the id of the last sheet, added or found. */
async function addSheets(
  sources: TransferSources,
  sheets: ReadArchive['sheets'],
  draft: Draft,
): Promise<string | undefined> {
  const pace = startPace();
  const ids = new Map<string, string>();
  for (const { id, title, sheet } of await sources.listSheets()) {
    ids.set(identity(title, sheet), id);
    await pace();
  }
  let last: string | undefined;
  for (const { place, title, sheet } of sheets) {
    const content = identity(title, sheet);
    const held = ids.get(content);
    if (held !== undefined) {
      draft.sheets.skipped++;
      last = held;
      continue;
    }
    try {
      last = await sources.addSheet(sheet, title);
      ids.set(content, last);
      draft.sheets.added++;
    } catch (error) {
      draft.damaged.push({ place, reason: `not saved (${storageReason(error)})` });
    }
    await pace();
  }
  return last;
}

const BATCH = 100;

/** Adds new lineages, marked as imported; in known ones fills in empty names and notes. */
async function addLineages(
  sources: TransferSources,
  lineages: readonly Lineage[],
  draft: Draft,
): Promise<void> {
  const pace = startPace();
  const held = new Map((await sources.lineages()).map((lineage) => [lineage.key, lineage]));
  const fresh: Lineage[] = [];
  const named: Lineage[] = [];
  for (const lineage of lineages) {
    const known = held.get(lineage.key);
    const name = known?.name || cleanName(lineage.name);
    const note = known?.note || cleanNote(lineage.note);
    // Of two lineages with one key, the first counts.
    const kept: Lineage = { ...(known ?? { ...lineage, imported: true }), name, note };
    held.set(lineage.key, kept);
    if (!known) fresh.push(kept);
    else {
      draft.trainings.known++;
      if (name !== known.name || note !== known.note) named.push(kept);
    }
    await pace();
  }
  const put = async (given: readonly Lineage[]): Promise<number> => {
    // All batches are started before any is awaited, so that the library can write them together.
    const written: Promise<void>[] = [];
    for (let at = 0; at < given.length; at += BATCH) {
      written.push(sources.putLineages(given.slice(at, at + BATCH)));
      await pace();
    }
    let kept = 0;
    for (const [index, outcome] of (await Promise.allSettled(written)).entries()) {
      const count = Math.min(BATCH, given.length - index * BATCH);
      if (outcome.status === 'fulfilled') kept += count;
      else {
        const reason = `${count} trainings cannot be saved (${storageReason(outcome.reason)})`;
        draft.damaged.push({ place: 'the library', reason });
      }
    }
    return kept;
  };
  draft.trainings.added = await put(fresh);
  await put(named);
}

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Reads a sheet or an export, chosen by name or first bytes; throws `FileFault` for other files. */
async function readFile(
  file: File,
): Promise<ReadArchive & { readonly isOneSheet: boolean; readonly lesson?: Lesson }> {
  if (file.size > ZIP_BOUNDS.file)
    throw new FileFault(`larger than the limit of ${ZIP_BOUNDS.file / 2 ** 20} MB`);
  const name = file.name.toLowerCase();
  const isNamedSheet = name.endsWith(SHEET_SUFFIX);
  const start = new Uint8Array(await file.slice(0, 64).arrayBuffer());
  if (!isNamedSheet && (isZip(start) || name.endsWith('.zip')))
    return { ...(await readArchive(new Uint8Array(await file.arrayBuffer()))), isOneSheet: false };
  if (!isNamedSheet && !new TextDecoder().decode(start).trimStart().startsWith('{'))
    throw new FileFault(`not ${ACCEPTED}`);
  if (file.size === 0) throw new FileFault('empty');
  if (file.size > ZIP_BOUNDS.part)
    throw new FileFault(`larger than the limit of ${ZIP_BOUNDS.part / 2 ** 20} MB for a sheet`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const lesson = readLessonFile(bytes);
  if (lesson) return { sheets: [], lineages: [], damaged: [], notes: [], isOneSheet: false, lesson };
  const { notes, ...filed } = await readSheetFile(bytes);
  return {
    sheets: [{ place: 'the sheet', ...filed }],
    lineages: [],
    damaged: [],
    notes: notes.map((reason) => ({ place: 'the sheet', reason })),
    isOneSheet: true,
  };
}

/** Shows a lesson and names its unreadable steps; resolves to false if no browser takes so long an address. */
function showLesson(sources: TransferSources, registry: Registry, given: Lesson, draft: Draft): boolean {
  const steps = given.steps.map((step) => ({ ...step, address: findAddress(step.address) ?? step.address }));
  const address = writeLesson({ ...given, steps });
  if (address.length > MAX_LESSON) {
    const reason = `${grouped(address.length)} characters; the limit is ${grouped(MAX_LESSON)}`;
    draft.damaged.push({ place: 'the lesson', reason });
    return false;
  }
  for (const [index, step] of steps.entries()) {
    const parsed = parseAddress(step.address, registry);
    if (!parsed.ok) draft.damaged.push({ place: `step ${index + 1}`, reason: parsed.message });
  }
  sources.showLesson(address);
  return true;
}

/** Returns the export and import of the page's data. */
export function openTransferPort(registry: Registry, sources: TransferSources): TransferPort {
  const download = sources.download ?? saveFile;
  const day = (): string => new Date().toISOString().slice(0, 10);

  async function exportArchive(name: string, content: Parameters<typeof writeArchive>[0]): Promise<string> {
    const addressOf = (sheet: Sheet) => wholeAddress(sheet, registry);
    download(await writeArchive(content, { made: new Date(), addressOf }), name);
    return name;
  }

  /** The content of a full export: the stored sheets, and the shown one if the person's own is not stored. */
  async function everything(): Promise<Parameters<typeof writeArchive>[0]> {
    const [stored, lineages] = await Promise.all([sources.listSheets(), sources.lineages()]);
    const { isUnstored = false, ...shown } = sources.current();
    return { sheets: isUnstored ? [{ id: 'shown', ...shown }, ...stored] : stored, lineages };
  }

  return {
    async count() {
      const { sheets, lineages } = await everything();
      return { sheets: sheets.length, trainings: lineages.length };
    },
    async exportAll() {
      return exportArchive(`gradsheet-${day()}.zip`, await everything());
    },
    async exportSheet() {
      const { title, sheet } = sources.current();
      const text = await writeSheetFile({ title, sheet }, wholeAddress(sheet, registry));
      const name = `${pathWord(title)}${SHEET_SUFFIX}`;
      download(new Blob([text], { type: 'application/json' }), name);
      return name;
    },
    async exportTrainings(keys) {
      const chosen = new Set(keys);
      const lineages = (await sources.lineages()).filter(({ key }) => chosen.has(key));
      return exportArchive(`gradsheet-trainings-${day()}.zip`, { sheets: [], lineages });
    },
    async open(file) {
      const draft: Draft = {
        sheets: { added: 0, skipped: 0 },
        trainings: { added: 0, known: 0 },
        damaged: [],
      };
      const report = (notes: TransferReport['notes'] = []): TransferReport => ({
        file: quote(file.name),
        ...draft,
        notes,
      });
      let read: Awaited<ReturnType<typeof readFile>>;
      try {
        read = await readFile(file);
      } catch (error) {
        // A folder, or a file that was deleted in the meantime, cannot be read at all.
        if (!(error instanceof FileFault || error instanceof DOMException)) throw error;
        const reason = error instanceof FileFault ? error.message : `not readable (${error.message})`;
        draft.damaged.push({ place: 'the file', reason });
        return report();
      }
      if (read.lesson) {
        const isShown = showLesson(sources, registry, read.lesson, draft);
        return { ...report(), ...(isShown && { lesson: { steps: read.lesson.steps.length } }) };
      }
      draft.damaged.push(...read.damaged);
      const last = read.sheets.length > 0 ? await addSheets(sources, read.sheets, draft) : undefined;
      if (read.lineages.length > 0) await addLineages(sources, read.lineages, draft);
      if (read.isOneSheet && last !== undefined) sources.showSheet(last);
      return report(read.notes);
    },
  };
}
