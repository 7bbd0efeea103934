// The formula that is being typed, as signals: its references, its outcome, and the faulty part of its
// text.
// Invariants: an outcome belongs to the text at the last pause in typing, and to no other text; the end
// of a draft clears the signals. Without a draft, the signals give the faulty part of the active cell's
// formula.

import { createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Span } from '../../core/plan/language';
import { isFormula } from '../../core/plan/param-values';
import { type RowOutcome, rowOutcome } from '../rows/row-outcome';
import { readParam } from '../text/param-reading';
import { sheetRowOf } from '../text/sheet-rows';
import { type Draft, NAME_ROW, scopeOf } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import { type DraftOutcome, type FormulaRemark, faultIn, placedIn, readDraft } from './draft-outcome';
import { type DraftReference, referencesIn } from './references';

/** Pause in typing, in ms, before a draft is evaluated. */
const REST = 150;

/** A value in full; for a value over members with its note on n. */
const fullText = ({ text, note, over }: RowOutcome): string =>
  over ? `${[text, over.spread].filter(Boolean).join(' ')}, ${note}` : note;

const remarkOf = (code: string | undefined, message: string): FormulaRemark => ({
  text: code ? `${code} · ${message}` : message,
  bad: true,
});

/** Signals for the drafts of a workspace, one draft at a time. Must be called inside a Solid root. */
export function createDrafting(workspace: Workspace) {
  const { session, rows, editing } = workspace;
  const { registry } = session;

  const typed = createMemo<Draft | undefined>(() => {
    const draft = editing.draft();
    return draft && draft.row !== NAME_ROW && isFormula(draft.text) ? draft : undefined;
  });
  const references = createMemo<readonly DraftReference[]>(() => {
    const [draft, language] = [typed(), session.language()];
    if (!draft || !language) return [];
    const { run, row, text } = draft;
    return referencesIn(text, { registry, language, run, scope: scopeOf(session, row) });
  });

  function outcomeOf({ run, row: id, text }: Draft): DraftOutcome | undefined {
    const [row, planned, language] = [rows.find(id), session.plan().runs.get(run), session.language()];
    if (!planned || !language) return undefined;
    if (row?.type === 'param')
      return readDraft({ registry, language }, session.forecast.plan, session.sheet(), { run, row, text });
    if (row?.type !== 'own') return undefined;
    const { error } = language.parse(text, scopeOf(session, id));
    if (error)
      return { text, error: { code: error.code, message: error.message, span: placedIn(text, error.span) } };
    const outcome = rowOutcome(session, { name: row.name, formula: text.trim() }, planned);
    if (!outcome) return { text, shown: '…' };
    const { problem } = outcome;
    if (!problem) return { text, shown: fullText(outcome) };
    return { text, error: { code: problem.code, message: problem.message, span: undefined } };
  }
  const [outcome, setOutcome] = createSignal<DraftOutcome>();
  createEffect(() => {
    const draft = typed();
    if (!draft) {
      setOutcome(undefined);
      return;
    }
    const due = setTimeout(() => setOutcome(outcomeOf(draft)), REST);
    onCleanup(() => clearTimeout(due));
  });

  /**
   * The outcome of the active own row. The bar shows all digits; the row's cell shows only as many as
   * fit.
   */
  const ownRow = createMemo(() => {
    const { run, row: id, member } = session.active();
    const [row, planned] = [rows.find(id), session.plan().runs.get(run)];
    const own = row?.type === 'own' && sheetRowOf(session.sheet(), row);
    return own && planned ? rowOutcome(session, own, planned, member) : undefined;
  });

  return {
    typed,
    references,
    /** The faulty part of the draft's text, or without a draft of the active cell's text. */
    fault: createMemo<Span | undefined>(() => {
      if (editing.draft()) return outcome()?.text === typed()?.text ? outcome()?.error?.span : undefined;
      const { run, row: id } = session.active();
      const [planned, row, language] = [session.plan().runs.get(run), rows.find(id), session.language()];
      const reading = planned && row && readParam(registry, planned, row);
      if (!language || !reading?.problem || !isFormula(reading.text)) return undefined;
      return faultIn({ registry, language }, session.plan(), run, reading.text);
    }),
    /**
     * The bar's remark on a draft, or without a draft on the active own row; undefined while the outcome
     * is unknown and for all other cells.
     */
    remark(): FormulaRemark | undefined {
      const known = outcome();
      if (known?.error) return remarkOf(known.error.code, known.error.message);
      if (known) return { text: `= ${known.shown}`, bad: false };
      const own = editing.draft() ? undefined : ownRow();
      if (!own) return undefined;
      const { problem } = own;
      if (!problem) return { text: `= ${fullText(own)}`, bad: false };
      return { ...remarkOf(problem.code, problem.message), origin: problem };
    },
  };
}
