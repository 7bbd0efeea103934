// Copies, cuts and pastes in the grid: values as TSV for every program, and typed texts, formulas included, for Gradsheet
// itself.
// Invariant: clipboard content is hostile until parsed, and copied text is no formula to other programs; a text input with the
// focus keeps the browser's own copy and paste. Listens to the document's events, and asks for no permission.

import * as v from 'valibot';
import type { Parsed } from '../../core/kinds/param';
import { MAX_TEXT } from '../../core/sheet/sheet';
import { readParam } from '../text/param-reading';
import { OWN } from '../text/sheet-rows';
import { type Area, type Block, type BlockCell, cutArea, writeBlock } from './block';
import { linesOf, readBlock, selectedArea } from './block-reading';
import { type FillWorkspace, makeEdit } from './fill-workspace';
import { MAX_FIELDS, MAX_LINES, parseTsv, writeTsv } from './tsv';

/** MIME type of the clipboard form that only Gradsheet reads. */
export const OWN_TYPE = 'application/x-gradsheet+json';
const MAX_PAYLOAD = 16 * 2 ** 20;

/**
 * A typed text, a computed value, or nothing. The length of a text is not checked here: the cell that the text is
 * pasted into has the bound.
 */
const cell = v.union([
  v.strictObject({ raw: v.string(), inherited: v.exactOptional(v.boolean()) }),
  v.strictObject({ value: v.string() }),
  v.custom<null>((input) => input === null),
]);
const payload = v.strictObject({
  gradsheet: v.literal(1),
  lines: v.pipe(
    v.array(v.pipe(v.array(cell), v.minLength(1), v.maxLength(MAX_FIELDS))),
    v.minLength(1),
    v.maxLength(MAX_LINES),
  ),
});

/**
 * Serializes a block as JSON for Gradsheet: the typed text of an input cell, the value of a computed
 * cell.
 */
export function writePayload(block: Block): string {
  const write = (most: number): string => {
    const held = (of: BlockCell | undefined) =>
      of ? (of.raw === undefined ? { value: of.value.slice(0, most) } : { ...of, value: undefined }) : null;
    return JSON.stringify({ gradsheet: 1, lines: block.map((line) => line.map(held)) });
  };
  const whole = write(Number.POSITIVE_INFINITY);
  // A value longer than any cell accepts is refused when pasted, cut or not. Cutting such values keeps
  // the payload small, so that the formulas beside them can be pasted.
  return whole.length > MAX_PAYLOAD ? write(MAX_TEXT + 1) : whole;
}

/** Parses the JSON of `writePayload`; undefined for any other text. */
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

/**
 * The block on a clipboard: Gradsheet's own form if present, else the plain text as TSV. Fails with a
 * reason if there is no text or too much.
 */
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

/**
 * Prefixes an apostrophe, as spreadsheets do, to a text that another program would read as a formula.
 * Numbers stay as they are.
 */
const forOthers = (text: string): string =>
  /^\s*[=+\-@]/.test(text) && !isNumbers(text) ? `'${text}` : text;

/** Writes a block to a clipboard in both forms. */
export function writeClipboard(data: Pick<DataTransfer, 'setData'>, block: Block): void {
  data.setData('text/plain', writeTsv(block.map((line) => line.map((held) => forOthers(held?.value ?? '')))));
  data.setData(OWN_TYPE, writePayload(block));
}

/** The size of an area, columns first: "3 × 2 cells", "1 cell". */
function sizeText({ runs, columns, rows }: Area): string {
  const width = (columns ?? runs).length;
  return width === 1 && rows.length === 1 ? '1 cell' : `${width} × ${rows.length} cells`;
}

/**
 * Whether clipboard events concern the grid: the focus is in the grid but in no text input, and no text
 * outside of the grid is selected.
 */
const isGrids = (host: HTMLElement): boolean => {
  const focused = document.activeElement;
  const typing = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement;
  if (!host.contains(focused) || typing) return false;
  const marked = getSelection();
  return !marked || marked.isCollapsed || host.contains(marked.anchorNode);
};

/** Line ends and the last of them differ between systems' clipboards. */
const plainLines = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/\n$/, '');

/**
 * Handles clipboard events while the focus is in the grid, until `end`. `paste` pastes a text that was read
 * from the clipboard without an event.
 */
export function attachClipboard(
  host: HTMLElement,
  workspace: FillWorkspace,
): { readonly paste: (text: string) => void; readonly end: () => void } {
  const { session, report } = workspace;
  const done = new AbortController();
  const options = { signal: done.signal };
  /** What was copied last, as a plain text and in Gradsheet's own form. */
  let copied: readonly string[] = [];

  function copy(event: ClipboardEvent, area: Area): boolean {
    if (area.rows.length > MAX_LINES || (area.columns ?? area.runs).length > MAX_FIELDS) {
      session.say(`At most ${MAX_FIELDS} runs and ${MAX_LINES} rows are copied at once.`);
      return false;
    }
    if (event.clipboardData) {
      writeClipboard(event.clipboardData, readBlock(workspace, area));
      copied = ['text/plain', OWN_TYPE].map((type) => event.clipboardData?.getData(type) ?? '');
    }
    return event.clipboardData !== null;
  }

  /** Pastes one text into the active row of formulas, as if it were typed there. */
  function pasteFormula([line = [], ...more]: Block): void {
    const [cell] = line;
    const text = (cell?.raw ?? cell?.value ?? '').trim();
    if (text === '' || line.length > 1 || more.length > 0 || !workspace.selection.isSingle()) {
      session.say('Nothing was pasted: a row of formulas takes one formula, for all its runs.');
      return;
    }
    const before = session.sheet();
    workspace.editing.set([{ ...session.active(), text }]);
    if (session.sheet() !== before) report('pasted the formula');
  }

  function paste(data: Pick<DataTransfer, 'getData'>): void {
    if (workspace.editing.isMember(session.active())) return;
    const read = readClipboard(data);
    if (!read.ok) {
      session.say(`Nothing was pasted: ${read.reason}.`);
      return;
    }
    const { runs, rows } = selectedArea(workspace);
    if (rows[0]?.startsWith(OWN)) {
      pasteFormula(read.value);
      return;
    }
    const sheet = session.sheet();
    const target = {
      column: sheet.runs.findIndex(({ id }) => id === runs[0]),
      row: rows[0] ?? '',
      lines: rows.length,
      columns: runs.length,
    };
    const edit = writeBlock(sheet, linesOf(workspace), target, read.value, {
      verbs: ['paste', 'pasted'],
      shown(run, id) {
        const [plan, row] = [session.plan().runs.get(run), workspace.rows.find(id)];
        return plan && row && readParam(session.registry, plan, row)?.shown;
      },
    });
    if (edit.count === 0)
      session.say('Nothing was pasted: the selected cells are computed and cannot be edited.');
    else if (makeEdit(workspace, edit) && session.sheet() === sheet)
      report('nothing changed: the cells say this already');
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
    if (!copy(event, area)) return;
    if (workspace.editing.isMember(session.active())) return;
    const edit = cutArea(linesOf(workspace), area);
    if (edit.count > 0) makeEdit(workspace, edit);
    else report(`copied ${sizeText(area)}: no cell in it can be cut`);
  });
  on('paste', (event) => {
    if (event.clipboardData) paste(event.clipboardData);
  });
  // Safari enables copying without selected text only if `beforecopy` is cancelled.
  for (const type of ['beforecopy', 'beforecut', 'beforepaste'])
    document.addEventListener(type, (event) => isGrids(host) && event.preventDefault(), options);
  return {
    paste(text) {
      const [plain, own = ''] = copied;
      const isOwn = plain !== undefined && plainLines(plain) === plainLines(text);
      paste({ getData: (type) => (type === OWN_TYPE ? (isOwn ? own : '') : text) });
    },
    end: () => done.abort(),
  };
}
