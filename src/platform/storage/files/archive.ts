// The export file: a zip with sheets and the library's lineages. ../README.md describes the format.
//   manifest.json            { format, version, made, parts: [{ path, what, bytes, sha256, … }], checksum }
//   sheets/NAME-ID.gradsheet one sheet each (sheet-file.ts)
//   library/0001.json        a hundred lineages each, one on a line (plain-json.ts)
// Invariants: a part is read exactly as written, or named as damaged while the others are kept; reading never throws.

import * as v from 'valibot';
import type { Plain } from '../../../core/kinds/value';
import { parseValue } from '../../../core/kinds/value';
import { type Pace, startPace } from '../../../core/slices';
import { grouped } from '../../../core/text-formatting';
import { parseJson, sealed, sealOf, sha256Hex } from '../checksums';
import { FileFault, faultReason, type Remark, shownPath } from '../file-fault';
import { type Lineage, lineageSchema } from '../library/lineage';
import { fromJsonData, toJsonData } from '../plain-json';
import { type FiledSheet, readSheetFile, SHEET_SUFFIX, writeSheetFile } from './sheet-file';
import { ZIP_BOUNDS } from './zip-layout';
import { openZip, type ZipPart } from './zip-reader';
import { type PackedPart, packPart, zipOf } from './zip-writer';

const FORMAT = 'gradsheet export';
const VERSION = 1;
const MANIFEST = 'manifest.json';
const SHEETS = 'sheets/';
const LIBRARY = 'library/';
/** Few enough that a damaged part loses few lineages; many enough that a library has few parts. */
const LINEAGES_PER_PART = 100;

/** The content of an export. */
export interface ArchiveContent {
  readonly sheets: readonly (FiledSheet & { readonly id: string })[];
  readonly lineages: readonly Lineage[];
}

/** A sheet that was read, and its place in the file. */
interface ArchivedSheet extends FiledSheet {
  readonly place: string;
}

/** The readable content of a file, and remarks on the rest. */
export interface ReadArchive {
  readonly sheets: readonly ArchivedSheet[];
  readonly lineages: readonly Lineage[];
  /** The lost parts, by place. */
  readonly damaged: readonly Remark[];
  /** Remarks on places without any loss. */
  readonly notes: readonly Remark[];
}

const manifestPart = v.looseObject({
  path: v.pipe(v.string(), v.maxLength(ZIP_BOUNDS.path)),
  what: v.pipe(v.string(), v.maxLength(40)),
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const manifestSchema = v.looseObject({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  parts: v.pipe(v.array(manifestPart), v.maxLength(ZIP_BOUNDS.parts)),
});

type ListedPart = Pick<v.InferOutput<typeof manifestPart>, 'path' | 'what'> &
  Partial<v.InferOutput<typeof manifestPart>>;

/** Turns a title into a part of a path: small letters, digits and hyphens; `sheet` if nothing is left. */
export function pathWord(title: string): string {
  const word = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return word || 'sheet';
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/**
 * Writes an export, in slices that leave the page free. `addressOf` returns a sheet's address, or undefined
 * if a text in the sheet is invalid. Throws `FileFault` if the content exceeds the bounds of reading.
 */
export async function writeArchive(
  { sheets, lineages }: ArchiveContent,
  { made, addressOf }: { readonly made: Date; addressOf(sheet: FiledSheet['sheet']): string | undefined },
): Promise<Blob> {
  const pace = startPace();
  const packed: PackedPart[] = [];
  const parts: object[] = [];
  const add = async (path: string, what: string, text: string, more: object): Promise<void> => {
    const bytes = bytesOf(text);
    await pace();
    parts.push({ path, what, bytes: bytes.length, sha256: await sha256Hex(bytes), ...more });
    packed.push(await packPart(path, bytes, pace));
  };
  for (const [index, { id, title, sheet }] of sheets.entries()) {
    const path = `${SHEETS}${pathWord(title)}-${index + 1}${SHEET_SUFFIX}`;
    await add(path, 'sheet', await writeSheetFile({ title, sheet }, addressOf(sheet)), { id, title });
  }
  for (let from = 0; from < lineages.length; from += LINEAGES_PER_PART) {
    const lines: string[] = [];
    for (const lineage of lineages.slice(from, from + LINEAGES_PER_PART)) {
      lines.push(JSON.stringify(toJsonData(lineage as unknown as Plain)));
      await pace();
    }
    const path = `${LIBRARY}${String(from / LINEAGES_PER_PART + 1).padStart(4, '0')}.json`;
    const text = `{"format":"gradsheet lineages","version":1,"lineages":[\n${lines.join(',\n')}\n]}\n`;
    await add(path, 'lineages', text, { trainings: lines.length });
  }
  const manifest = await sealed({ format: FORMAT, version: VERSION, made: made.toISOString(), parts });
  const first = await packPart(MANIFEST, bytesOf(`${JSON.stringify(manifest, null, 1)}\n`), pace);
  return zipOf([first, ...packed], made);
}

/** Returns the manifest; throws `FileFault` if it is missing, damaged or of another format. */
async function readManifest(part: ZipPart | undefined, pace: Pace) {
  if (!part) throw new FileFault('missing');
  const data = parseJson(await part.read(pace));
  const parsed = parseValue(manifestSchema, data);
  if (!parsed.ok) throw new FileFault(parsed.reason);
  if ((await sealOf(parsed.value)) !== 'whole') throw new FileFault('the checksum is damaged');
  return parsed.value;
}

/** The type of a part, guessed from its path, for a file without a readable manifest. */
function whatAt(path: string): string | undefined {
  if (path.startsWith(SHEETS) && path.endsWith(SHEET_SUFFIX)) return 'sheet';
  return path.startsWith(LIBRARY) && path.endsWith('.json') ? 'lineages' : undefined;
}

/** macOS adds this folder to the archives that it packs. */
const OF_MAC = '__MACOSX/';

/**
 * Returns the parts with paths relative to the export: a file that was unpacked and repacked may have a
 * folder around it.
 */
function withoutFolder(parts: readonly ZipPart[]): ZipPart[] {
  const own = parts.filter(({ path }) => !path.startsWith(OF_MAC));
  const { path: found } = own.find(({ path }) => path.endsWith(`/${MANIFEST}`)) ?? {};
  if (found === undefined || own.some(({ path }) => path === MANIFEST)) return own;
  const folder = found.slice(0, -MANIFEST.length);
  return own.map((part) =>
    part.path.startsWith(folder) ? { ...part, path: part.path.slice(folder.length) } : part,
  );
}

const lineagesFile = v.looseObject({
  format: v.literal('gradsheet lineages'),
  lineages: v.pipe(v.array(v.unknown()), v.maxLength(1_000)),
});

/** The most remarks that are kept one by one: a hostile file can cause millions. */
const MAX_REMARKS = 1_000;

interface Remarks {
  add(place: string, reason: string): void;
  list(): readonly Remark[];
}

function remarks(): Remarks {
  const kept: Remark[] = [];
  let more = 0;
  return {
    add(place, reason) {
      if (kept.length < MAX_REMARKS) kept.push({ place, reason });
      else more++;
    },
    list: () =>
      more > 0 ? [...kept, { place: 'the file', reason: `${grouped(more)} more such faults` }] : kept,
  };
}

/** Reads every readable sheet and lineage of an export, in the file's order. Never throws for bad data. */
export async function readArchive(bytes: Uint8Array): Promise<ReadArchive> {
  const pace = startPace();
  const sheets: ArchivedSheet[] = [];
  const lineages: Lineage[] = [];
  const damaged = remarks();
  const notes = remarks();

  async function readLineages(place: string, content: Uint8Array): Promise<void> {
    const parsed = parseValue(lineagesFile, parseJson(content));
    if (!parsed.ok) throw new FileFault(parsed.reason);
    await pace();
    for (const [index, data] of parsed.value.lineages.entries()) {
      try {
        const lineage = parseValue(lineageSchema, fromJsonData(data));
        if (!lineage.ok) throw new FileFault(lineage.reason);
        lineages.push(lineage.value);
      } catch (error) {
        damaged.add(`${place}, training ${index + 1}`, faultReason(error));
      }
      await pace();
    }
  }

  async function readPart({ path, what, bytes: size, sha256 }: ListedPart, part: ZipPart | undefined) {
    if (!part) throw new FileFault('listed in the manifest, but missing');
    const content = await part.read(pace);
    const differs = size !== undefined && (size !== content.length || sha256 !== (await sha256Hex(content)));
    if (differs) throw new FileFault('the content does not match the checksum in the manifest');
    if (what === 'sheet') {
      const { notes: reasons, ...filed } = await readSheetFile(content);
      sheets.push({ place: path, ...filed });
      for (const reason of reasons) notes.add(path, reason);
    } else await readLineages(path, content);
  }

  async function readAll(): Promise<void> {
    const zip = openZip(bytes);
    const own = withoutFolder(zip.parts);
    const parts = new Map(own.map((part) => [part.path, part]));
    for (const { place, reason } of zip.faults) if (!place.startsWith(OF_MAC)) notes.add(place, reason);
    const guessed = own.flatMap(({ path }): ListedPart[] => {
      const what = whatAt(path);
      return what === undefined ? [] : [{ path, what }];
    });
    let listed: readonly ListedPart[] = guessed;
    try {
      const manifest = await readManifest(parts.get(MANIFEST), pace);
      listed = manifest.parts;
      if (manifest.version > VERSION) {
        const reason = `written by a newer Gradsheet (version ${manifest.version}); unknown data were skipped`;
        notes.add(MANIFEST, reason);
      }
    } catch (error) {
      const reason = faultReason(error);
      if (guessed.length === 0 && !parts.has(MANIFEST))
        throw new FileFault('manifest.json is missing: not an export of Gradsheet');
      damaged.add(MANIFEST, `${reason}; the parts were read without the manifest`);
    }
    const named = new Set<string>([MANIFEST]);
    for (const part of listed) {
      const place = shownPath(part.path);
      if (named.has(part.path)) {
        notes.add(place, 'listed twice in the manifest');
        continue;
      }
      named.add(part.path);
      if (part.what !== 'sheet' && part.what !== 'lineages') {
        notes.add(place, 'unknown to this version; skipped');
        continue;
      }
      try {
        await readPart(part, parts.get(part.path));
      } catch (error) {
        damaged.add(place, faultReason(error));
      }
    }
    for (const { path } of own) if (!named.has(path)) notes.add(path, 'not listed in the manifest; skipped');
  }

  try {
    await readAll();
  } catch (error) {
    damaged.add('the file', faultReason(error));
  }
  return { sheets, lineages, damaged: damaged.list(), notes: notes.list() };
}
