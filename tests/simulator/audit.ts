// The audit at the end of a schedule: opens a fresh page in each profile, and reads the disk.
// Invariant: the audit uses a page only as a person would, and reads the disk without going through a page.
// Faults are over by then.

import type { Environment } from './environment';
import { DAMAGED, type Foreign, OWN } from './foreign-writers';
import type { Found, Ledger } from './ledger';
import type { SimulatedPage } from './page';
import type { Person } from './person';
import type { Schedule } from './schedule';

/** A page that was started for the audit. */
export interface FreshPage {
  readonly environment: Environment;
  readonly simulated: SimulatedPage;
}

/** The parts of a simulation that the audit uses. */
export interface Audited {
  readonly schedule: Schedule;
  readonly foreign: Foreign;
  readonly ledger: Ledger;
  readonly person: Person;
  /** Starts a page in a tab of its own; resolves when the page is at rest. */
  startFresh(profile: number): Promise<FreshPage | undefined>;
  /** Resolves when the whole simulation is at rest. */
  rest(): Promise<void>;
  /** Whether `edited` times follow the order of the saves: false if a clock was moved. */
  readonly isOrdered: boolean;
  /** Whether a deed of the schedule may have copied sheets. */
  readonly mayCopy: boolean;
}

const idsIn = (stored: ReadonlyMap<string, unknown>, prefix: string): string[] =>
  [...stored.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));

/** Audits a profile; adds to `found` the state in which the fresh page shows each sheet. */
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
