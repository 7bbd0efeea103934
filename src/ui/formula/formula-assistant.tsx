// Assists with formulas: colours, names, pointing, the outcome of a draft, the precedents and dependents of a cell.
// Invariants: the assistant reads the workspace and types into the draft like a person, and does nothing else; slow work waits
// for a pause in typing.
// Loaded after the first paint, together with the parts that only the assistant needs.

import { createMemo, createRoot, type JSX } from 'solid-js';
import type { Completion } from '../../core/plan/language';
import { isFormula } from '../../core/plan/param-values';
import { type RunId, SEEDS_PATH } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';
import { readParam } from '../text/param-reading';
import { isProposal, type Row, SEEDS_ROW } from '../text/sheet-rows';
import { NAME_ROW, scopeOf } from '../workspace/editing';
import type { Workspace } from '../workspace/workspace';
import { type Mark, markCells } from './cell-marks';
import type { FormulaRemark } from './draft-outcome';
import { createDrafting } from './formula-draft';
import { attachFormulaHelp } from './formula-field';
import { createPrecedentMarks } from './precedent-marks';
import { nameOf, type Place } from './precedents';
import { listenForPointing } from './reference-pointing';
import { hueOf, referenceText } from './references';
import './formulas.css';

/** The help with formulas that the page uses once the assistant is loaded. */
export interface Assistant {
  /**
   * Adds colours and completion to an input for the draft's formula, for as long as the Solid owner
   * lives.
   */
  attach(input: HTMLInputElement): void;
  /**
   * The outcome of the draft, or without a draft of the active own row; undefined while the outcome is
   * unknown.
   */
  remark(): FormulaRemark | undefined;
  /**
   * The next cell in the cycle of formulas that contains this cell; undefined for a cell outside of a
   * cycle.
   */
  nextInCycle(place: Place): Place | undefined;
  /** Goes to the first precedent or dependent of the active cell; undefined if there is none. */
  trace(which: 'precedents' | 'dependents'): (() => void) | undefined;
  /** The line with the precedents and dependents of the active cell. */
  line(): JSX.Element;
}

/** Starts the assistant on a workspace, for as long as the page lives. */
export function createAssistant(workspace: Workspace): Assistant {
  return createRoot(() => assist(workspace));
}

/** The present value of a param that a completion names; undefined for other names. */
function valueText({ registry, plan }: SessionDocument, name: string, own: RunId): string | undefined {
  const [, run = own, path = name] = name.match(/^([A-Z]{1,3})\.(.*)$/) ?? [];
  const planned = plan().runs.get(run);
  if (!planned || nameOf(registry, path, {}) === undefined) return undefined;
  const [kind = '', param = ''] = path.split('.');
  const row: Row = path === SEEDS_PATH ? SEEDS_ROW : { type: 'param', id: path, kind, param };
  return readParam(registry, planned, row)?.shown;
}

function assist(workspace: Workspace): Assistant {
  const { session, editing } = workspace;
  const { registry } = session;
  const { typed, references, fault, remark } = createDrafting(workspace);
  const { shown, trace, nextInCycle, line } = createPrecedentMarks(workspace);

  const marks = createMemo<readonly Mark[]>(() => {
    const referred = new Map(references().map(({ number, place }) => [number, place]));
    const { precedents = [], dependents = [] } = shown() ?? {};
    return [
      ...[...referred].map(([number, place]): Mark => {
        return { place, attributes: { 'data-ref': String(number), 'data-hue': String(hueOf(number)) } };
      }),
      ...precedents.map((place): Mark => ({ place, attributes: { 'data-trace': 'reads' } })),
      ...dependents.map((place): Mark => ({ place, attributes: { 'data-trace': 'read-by' } })),
    ];
  });
  markCells(workspace, marks);

  listenForPointing({
    workspace,
    isTyping: () => typed() !== undefined,
    referenceTo(place) {
      const draft = typed();
      const row = workspace.rows.find(place.row);
      // A proposed row has no name yet.
      if (isProposal(row)) return undefined;
      return draft && referenceText(place, { registry, run: draft.run, scope: scopeOf(session, draft.row) });
    },
    refuse: () => session.report('a param reads only params: click a param'),
  });

  /** The values of a choice that a text begins, each as the whole content of the cell. */
  function valuesOf(text: string): readonly Completion[] {
    const { run, row: id } = session.active();
    const [plan, row] = [session.plan().runs.get(run), workspace.rows.find(id)];
    const choices = (plan && row && readParam(registry, plan, row)?.param.choices) ?? [];
    const typed = text.trim().toLowerCase();
    return choices.flatMap((choice) =>
      choice.toLowerCase().startsWith(typed) ? [{ text: choice, about: '', from: 0, to: text.length }] : [],
    );
  }

  function offer(text: string, at: number): readonly Completion[] {
    const language = session.language();
    const { run, row } = session.active();
    if (!isFormula(text)) return valuesOf(text);
    if (!language) return [];
    return language.complete(text, at, scopeOf(session, row)).map((item) => {
      const value = valueText(session, item.text, run);
      return value === undefined ? item : { ...item, about: `${item.about}, ${value}` };
    });
  }

  return {
    attach: (input) =>
      attachFormulaHelp(input, {
        text() {
          const { run, row } = session.active();
          return editing.draft()?.text ?? editing.textOf(run, row) ?? '';
        },
        takesFormulas: () => session.active().row !== NAME_ROW && session.language() !== undefined,
        references,
        fault,
        offer,
      }),
    remark,
    nextInCycle,
    trace,
    line,
  };
}
