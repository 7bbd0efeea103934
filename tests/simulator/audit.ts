// The audit at the end of a schedule: what pages find that are started afresh, one in each profile, and what lies on disk.
// Invariant: it asks a page as a person would, and looks at the disk beside all pages. Does not know faults: they are over.

import type { Environment } from './environment';
import { DAMAGED, type Foreign, OWN } from './foreign';
import type { Found, Ledger } from './ledger';
import type { SimulatedPage } from './page';
import type { Person } from './person';
import type { Schedule } from './schedule';

export interface FreshPage {
  readonly environment: Environment;
  readonly simulated: SimulatedPage;
}

/** What the audit uses of a simulation. */
export interface Audited {
  readonly schedule: Schedule;
  readonly foreign: Foreign;
  readonly ledger: Ledger;
  readonly person: Person;
  /** Starts a page in a tab of its own; resolves once it has come to rest. */
  startFresh(profile: number): Promise<FreshPage | undefined>;
  /** Resolves once all is at rest. */
  rest(): Promise<void>;
  /** Whether the sheet that was saved last is the one that was edited last. */
  readonly isOrdered: boolean;
  /** Whether sheets may have been copied by a deed. */
  readonly mayCopy: boolean;
}

const idsIn = (stored: ReadonlyMap<string, unknown>, prefix: string): string[] =>
  [...stored.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));

/** Looks at all of a profile; what a page shows of each sheet is added to `found`. */
export async function auditProfile(
  audited: Audited,
  profile: number,
  found: Map<string, Found>,
): Promise<void> {
  const { schedule, foreign, ledger, person, rest } = audited;
  const before = await foreign.read(profile);
  const fresh = await audited.startFresh(profile);
  if (!fresh) return;
  const { simulated: page, environment } = fresh;
  const enter = (run: () => void): Promise<void> => {
    schedule.enqueue('fresh', undefined, () => schedule.enter(environment, run));
    return rest();
  };
  const first = page.shown()?.sheet;
  if (audited.isOrdered) ledger.auditFirst(first, profile, before.has(`sheet ${first}`));
  const known = [...ledger.sheets(profile), ...idsIn(await foreign.read(profile), 'sheet ')];
  for (const sheet of new Set(known)) {
    if (sheet === OWN || sheet === DAMAGED) continue;
    if (page.shown()?.sheet !== sheet) await enter(() => void page.open(sheet));
    const shown = page.shown();
    if (shown?.sheet === sheet) found.set(sheet, shown);
  }
  const after = await foreign.read(profile);
  ledger.violations.push(...foreign.missing(profile, after));
  const { deeds } = page;
  if (!deeds) return;
  if (profile === 0) ledger.violations.push(...foreign.adopted(after, audited.mayCopy));
  for (const sheet of idsIn(after, 'head ')) {
    const { removed } = after.get(`head ${sheet}`) as { readonly removed?: number };
    ledger.auditRemoval(sheet, removed !== undefined);
  }
  await enter(() => void deeds.trainings().then((held) => person.audit(profile, held)));
}
