// Plans the removal of runs: the parts of the present sheet that would break, and the step of the history that removes the
// runs.
// Invariant: a plan for one sheet is never applied to another: a sheet that arrives in the meantime is unchanged.
// Knows no dialog: the caller decides whether and how to ask a person.

import { type Removal, type ResultOf, removalOf, removeRuns } from '../../core/formulas/removal';
import { type RunId, removeRun, SheetError } from '../../core/sheet/sheet';
import { shortened } from '../../core/text-formatting';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import { currentValue } from './row-outcome';

/**
 * The names of runs as text; where there are more than six, the first five and the number of the others.
 */
export const listed = (names: readonly string[]): string => shortened(names, 6, 5);

/** Clause on the runs that are based on a removed run. */
export const takeOver = (based: readonly RunId[]): string =>
  `${listed(based)} ${based.length === 1 ? 'keeps its' : 'keep their'} inherited values`;

/**
 * Plans the removal of runs from the present sheet. `removal` lists the references that would break;
 * undefined until the formula language is loaded. `remove` removes the runs in one step of the history;
 * with `keep`, values replace the broken references. The step is refused if the sheet has changed since.
 */
export function planRemoval(
  session: SessionDocument & SessionProgress,
  ids: readonly RunId[],
): { readonly removal: Removal | undefined; readonly remove: (keep: boolean) => void } {
  const asked = session.sheet();
  const gone = new Set(ids);
  const resultOf: ResultOf = (run, name) => currentValue(session, run, `=${name}`);
  const now = () => {
    const language = session.language();
    return language && { registry: session.registry, language, plan: session.plan() };
  };
  const at = now();
  const removal = at && removalOf(at, gone, resultOf);
  return {
    removal,
    remove(keep) {
      const based = removal?.based ?? [];
      const heirs = based.length > 0 ? `; ${takeOver(based)}` : '';
      session.edit(`remove ${listed(ids)}${heirs}`, (sheet) => {
        // New values do not matter, but the same ids name other runs in another sheet.
        const present = now();
        if (sheet !== asked || (present && present.plan.sheet !== sheet))
          throw new SheetError('the sheet has changed');
        return present ? removeRuns(present, gone, keep, resultOf) : ids.reduce(removeRun, sheet);
      });
    },
  };
}
