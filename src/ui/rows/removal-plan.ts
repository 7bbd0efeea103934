// Plans the removal of runs: the parts of the present sheet that would break, and the step of the history that removes the
// runs.
// Invariant: a plan for one sheet is never applied to another: a sheet that arrives in the meantime is unchanged.
// Knows no dialog: the caller decides whether and how to ask a person.

import { type Removal, type ResultOf, removalOf, removeRuns } from '../../core/formulas/removal';
import { type RunId, removeRun, SheetError } from '../../core/sheet/sheet';
import { shortened } from '../../core/words';
import type { SessionDocument } from '../session/document';
import type { SessionProgress } from '../session/progress';
import { currentValue } from './row-outcome';

/** Runs by name, the first ones where they are many. */
export const listed = (names: readonly string[]): string => shortened(names, 6, 5);

/** What happens to the runs that are based on one that goes. */
export const takeOver = (based: readonly RunId[]): string =>
  `${listed(based)} ${based.length === 1 ? 'keeps its' : 'keep their'} inherited values`;

/** What removing these runs means now, unknown without the language of formulas; and the way to do it, once. */
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
        // Values may have come since, but another sheet has other runs by these names.
        const present = now();
        if (sheet !== asked || (present && present.plan.sheet !== sheet))
          throw new SheetError('the sheet has changed');
        return present ? removeRuns(present, gone, keep, resultOf) : ids.reduce(removeRun, sheet);
      });
    },
  };
}
