// Copies, cuts and pastes in the grid: values as TSV for every program, and typed texts, formulas included, for Gradsheet
// itself.
// Invariant: clipboard content is hostile until parsed, and copied text is no formula to other programs; a text input with the
// focus keeps the browser's own copy and paste. Listens to the document's events, and asks for no permission.

import * as v from 'valibot';
import type { Parsed } from '../../core/kinds/param';
import { MAX_TEXT } from '../../core/sheet/sheet';
import { type Area, type Block, type BlockCell, cutArea, writeBlock } from './block';
import { linesOf, readBlock, selectedArea } from './block-reading';
import { type FillWorkspace, makeEdit } from './fill-workspace';
import { MAX_FIELDS, MAX_LINES, parseTsv, writeTsv } from './tsv';

/** What only Gradsheet reads. */
export const OWN_TYPE = 'application/x-gradsheet+json';
const MAX_PAYLOAD = 16 * 2 ** 20;

/** Either what was typed or what is computed; how long a text may be is for the place to say that it is pasted to. */
const cell = v.union([
  v.strictObject({ raw: v.string(), inherited: v.optional(v.boolean()) }),
  v.strictObject({ value: v.string() }),
]);
const payload = v.strictObject({
  gradsheet: v.literal(1),
  lines: v.pipe(
    v.array(v.pipe(v.array(v.nullable(cell)), v.minLength(1), v.maxLength(MAX_FIELDS))),
    v.minLength(1),
    v.maxLength(MAX_LINES),
  ),
});

/** A block as it is written for Gradsheet: what was typed, and of what is computed its value. */
export function writePayload(block: Block): string {
  const write = (most: number): string => {
    const held = (of: BlockCell | undefined) =>
      of ? (of.raw === undefined ? { value: of.value.slice(0, most) } : { ...of, value: undefined }) : null;
    return JSON.stringify({ gradsheet: 1, lines: block.map((line) => line.map(held)) });
  };
  const whole = write(Number.POSITIVE_INFINITY);
  // Values too long for any cell are refused when pasted, cut or whole; the formulas beside them must get through.
  return whole.length > MAX_PAYLOAD ? write(MAX_TEXT + 1) : whole;
}

/** The block that was written for Gradsheet; undefined where the text is none of it. */
export function readPayload(written: string): Block | undefined {
  if (written === '' || written.length > MAX_PAYLOAD) return undefined;
  try {
    const parsed = v.safeParse(payload, JSON.parse(written));
    return parsed.success
      ? parsed.output.lines.map((line) =>
          line.map((held): BlockCell | undefined =>
            held && 'raw' in held ? { value: held.raw, ...held } : (held ?? undefined),
          ),
        )
      : undefined;
  } catch {
    return undefined;
  }
}

/** The block that a clipboard holds: Gradsheet's own form where it is there, else the table of its text. */
export function readClipboard(data: Pick<DataTransfer, 'getData'>): Parsed<Block> {
  const own = readPayload(data.getData(OWN_TYPE));
  if (own) return { ok: true, value: own };
  const parsed = parseTsv(data.getData('text/plain'));
  if (!parsed.ok) return parsed;
  if (parsed.value.length === 0) return { ok: false, reason: 'there is no text on the clipboard' };
  return { ok: true, value: parsed.value.map((line) => line.map((value) => ({ value }))) };
}

const isNumbers = (text: string): boolean =>
  text.split(',').every((part) => part.trim() !== '' && !Number.isNaN(Number(part)));

/** A text that is none but would be a formula elsewhere is marked as text, as spreadsheets do; numbers stay as they are. */
const forOthers = (text: string): string =>
  /^\s*[=+\-@]/.test(text) && !isNumbers(text) ? `'${text}` : text;

/** Puts a block on a clipboard in both forms. */
export function writeClipboard(data: Pick<DataTransfer, 'setData'>, block: Block): void {
  data.setData('text/plain', writeTsv(block.map((line) => line.map((held) => forOthers(held?.value ?? '')))));
  data.setData(OWN_TYPE, writePayload(block));
}

/** "3 × 2 cells", columns first; "1 cell". */
const sizeText = ({ runs, rows }: Area): string =>
  runs.length === 1 && rows.length === 1 ? '1 cell' : `${runs.length} × ${rows.length} cells`;

/** The element whose clipboard events are the grid's: inside of it, with no text of its own. */
const isGrids = (host: HTMLElement): boolean => {
  const focused = document.activeElement;
  const typing = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement;
  if (!host.contains(focused) || typing) return false;
  const marked = getSelection();
  return !marked || marked.isCollapsed || host.contains(marked.anchorNode);
};

/** Takes over the clipboard's events while the focus is in the grid; returns the way to end that. */
export function attachClipboard(host: HTMLElement, workspace: FillWorkspace): () => void {
  const { session, report } = workspace;
  const done = new AbortController();
  const options = { signal: done.signal };

  function copy(event: ClipboardEvent, area: Area): boolean {
    if (area.rows.length > MAX_LINES || area.runs.length > MAX_FIELDS) {
      session.say(`At most ${MAX_FIELDS} runs and ${MAX_LINES} rows are copied at once.`);
      return false;
    }
    if (event.clipboardData) writeClipboard(event.clipboardData, readBlock(workspace, area));
    return event.clipboardData !== null;
  }

  function paste(data: DataTransfer): void {
    const read = readClipboard(data);
    if (!read.ok) {
      session.say(`Nothing was pasted: ${read.reason}.`);
      return;
    }
    const { runs, rows } = selectedArea(workspace);
    const sheet = session.sheet();
    const target = {
      column: sheet.runs.findIndex(({ id }) => id === runs[0]),
      row: rows[0] ?? '',
      lines: rows.length,
      columns: runs.length,
    };
    const edit = writeBlock(sheet, linesOf(workspace), target, read.value, { verbs: ['paste', 'pasted'] });
    if (edit.count > 0) makeEdit(workspace, edit);
    else session.say('Nothing was pasted: the selected cells are computed and cannot be edited.');
  }

  const on = (type: 'copy' | 'cut' | 'paste', act: (event: ClipboardEvent) => void): void =>
    document.addEventListener(
      type,
      (event) => {
        if (event.defaultPrevented || workspace.editing.draft()?.place === 'cell' || !isGrids(host)) return;
        event.preventDefault();
        act(event);
      },
      options,
    );
  on('copy', (event) => {
    const area = selectedArea(workspace);
    if (copy(event, area)) report(`copied ${sizeText(area)}`);
  });
  on('cut', (event) => {
    const area = selectedArea(workspace);
    const edit = cutArea(linesOf(workspace), area);
    if (!copy(event, area)) return;
    if (edit.count > 0) makeEdit(workspace, edit);
    else report(`copied ${sizeText(area)}: no cell in it can be cut`);
  });
  on('paste', (event) => {
    if (event.clipboardData) paste(event.clipboardData);
  });
  // Safari offers copying of what is no text only where it is told that something would be copied.
  for (const type of ['beforecopy', 'beforecut', 'beforepaste'])
    document.addEventListener(type, (event) => isGrids(host) && event.preventDefault(), options);
  return () => done.abort();
}
