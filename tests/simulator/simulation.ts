// One schedule: tabs with pages, a person who acts, faults, and an audit at the end.
// Invariant: a plan and a kind of page give one outcome. After the last action the faults end, all pages get
// time to write, and then a fresh page must find everything that was promised.
// Does not know how a page works.

import { auditProfile } from './audit';
import { Channels } from './channels';
import { Disk } from './disk';
import { Environment, newTab, type TabParts } from './environment';
import { atRate, type Injector, listed, sound } from './faults';
import { Foreign, NEWER, OWN } from './foreign-writers';
import { installGlobals } from './globals';
import { type Found, Ledger } from './ledger';
import { Locks } from './locks';
import type { Boot, SimulatedPage, Status } from './page';
import { Person } from './person';
import type { Action, Outcome, Plan } from './plan';
import { random } from './random';
import { type Realm, Schedule } from './schedule';

const MAX_STEPS = 50_000;
const HASTE = 0.02;
/** The virtual time that all pages get at the end, in milliseconds: longer than any wait before a retry. */
const REST_MS = 2 * 60_000;

interface Tab {
  readonly index: number;
  readonly parts: TabParts;
  page: { readonly environment: Environment; readonly simulated: SimulatedPage } | undefined;
}

function injectorOf({ faults, seed }: Plan): Injector {
  if (typeof faults === 'function') return faults;
  return typeof faults === 'number' ? atRate(random(seed, 'faults'), faults) : listed(faults);
}

class Simulation {
  readonly #plan: Plan;
  readonly #boot: Boot;
  readonly #schedule: Schedule;
  readonly #disk: Disk;
  readonly #channels: Channels;
  readonly #locks: Locks;
  readonly #foreign: Foreign;
  readonly #ledger = new Ledger();
  readonly #person = new Person(this.#ledger);
  readonly #deeds = new Map<string, number>();
  readonly #tabs: Tab[];
  #pages = 0;
  #kills = 0;
  #waiting = 0;
  #isClockMoved = false;

  constructor(plan: Plan, boot: Boot) {
    this.#plan = plan;
    this.#boot = boot;
    this.#schedule = new Schedule(random(plan.seed, 'order'), HASTE);
    this.#disk = new Disk(this.#schedule, random(plan.seed, 'delays'), injectorOf(plan));
    this.#channels = new Channels(this.#schedule, random(plan.seed, 'messages'));
    this.#channels.loss = plan.loss;
    this.#locks = new Locks(this.#schedule);
    this.#foreign = new Foreign(this.#schedule, this.#disk, boot.meetsOthers ? (plan.before ?? []) : []);
    this.#tabs = plan.tabs.map((_, index) => ({ index, parts: newTab(), page: undefined }));
  }

  async run(): Promise<Outcome> {
    this.#disk.mount();
    const restore = installGlobals(this.#schedule, this.#disk);
    try {
      this.#schedule.afterStep((realm) => this.#observe(realm));
      await this.#lay();
      for (const tab of this.#tabs) this.#live(tab);
      await this.#schedule.proceed(Number.POSITIVE_INFINITY, MAX_STEPS, () => this.#waiting === 0);
      await this.#settle();
      await this.#audit();
    } catch (error) {
      this.#ledger.violations.push(`the schedule broke off: ${error instanceof Error ? error.stack : error}`);
    } finally {
      restore();
      this.#disk.unmount();
    }
    const { violations, edits, saves } = this.#ledger;
    const { steps, trace } = this.#schedule;
    const { operations, met } = this.#disk;
    return {
      ...{ violations, edits, saves, steps, trace, operations },
      ...{ kills: this.#kills, deeds: this.#deeds, faults: met },
    };
  }

  /** Writes the records that exist before any page, and tells the ledger. */
  async #lay(): Promise<void> {
    for (const [sheet, tags] of await this.#foreign.lay()) {
      this.#ledger.give(sheet, tags);
      if (sheet === NEWER || sheet === OWN) this.#ledger.copies.takeOver(sheet);
    }
  }

  #profileOf(tab: Tab): number {
    return this.#plan.tabs[tab.index]?.profile ?? 0;
  }

  #rest(isOver?: () => boolean): Promise<void> {
    return this.#schedule.proceed(this.#schedule.now + REST_MS, MAX_STEPS, isOver);
  }

  #observe(realm: Realm | undefined): void {
    if (!realm) return;
    for (const { page } of this.#tabs)
      if (page?.environment === realm)
        this.#ledger.observe(page.environment.name, page.simulated, this.#schedule.steps);
    this.#ledger.observed();
  }

  /** Performs the actions of a tab one after the other. */
  #live(tab: Tab): void {
    const actions = this.#plan.actions.filter((action) => action.tab === tab.index);
    const next = (at: number): void => {
      const action = actions[at];
      if (!action) return;
      this.#waiting++;
      this.#schedule.after(
        action.wait,
        undefined,
        () => {
          this.#waiting--;
          this.#act(tab, action);
          next(at + 1);
        },
        tab,
      );
    };
    next(0);
  }

  #start(tab: Tab): void {
    const environment = new Environment(`tab ${tab.index} page ${++this.#pages}`, {
      schedule: this.#schedule,
      disk: this.#disk,
      channels: this.#channels,
      locks: this.#locks,
      random: random(this.#plan.seed, `page ${this.#pages}`),
      tab: tab.parts,
      lacks: this.#plan.tabs[tab.index] ?? {},
    });
    this.#ledger.begin(environment.name, this.#profileOf(tab));
    this.#schedule.enter(environment, () => {
      tab.page = { environment, simulated: this.#boot(environment) };
    });
  }

  #kill(tab: Tab): void {
    const environment = tab.page?.environment;
    tab.page = undefined;
    if (!environment) return;
    this.#kills++;
    this.#ledger.end(environment.name);
    environment.state = 'dead';
    this.#disk.kill(environment);
    this.#channels.kill(environment);
    this.#locks.kill(environment);
    this.#schedule.drop(environment);
  }

  #thaw(environment: Environment): void {
    if (environment.state === 'frozen') environment.state = 'live';
  }

  #fire(environment: Environment, ...types: readonly string[]): void {
    this.#schedule.enter(environment, () => {
      for (const type of types) environment.events.dispatchEvent(new Event(type));
    });
  }

  #show(environment: Environment, visibility: DocumentVisibilityState): void {
    this.#thaw(environment);
    environment.visibility = visibility;
    this.#fire(environment, 'visibilitychange');
  }

  /** The person closes the page: it receives the events, and ends a few steps later. */
  #leave(tab: Tab, environment: Environment, then: () => void): void {
    environment.visibility = 'hidden';
    this.#fire(environment, 'visibilitychange', 'pagehide');
    this.#schedule.enqueue(`leaving ${environment.name}`, undefined, () => {
      if (tab.page?.environment === environment) this.#kill(tab);
      this.#schedule.enqueue(`leaving ${environment.name}`, undefined, then);
    });
  }

  #act(tab: Tab, { deed, amount }: Action): void {
    this.#deeds.set(deed, (this.#deeds.get(deed) ?? 0) + 1);
    if (deed === 'boot' || !tab.page) {
      if (!tab.page && deed !== 'crash') this.#start(tab);
      return;
    }
    const { environment, simulated } = tab.page;
    this.#thaw(environment);
    const isVisible = environment.visibility === 'visible';
    switch (deed) {
      case 'reload':
        this.#leave(tab, environment, () => {
          if (!tab.page) this.#start(tab);
        });
        return;
      case 'crash':
        this.#kill(tab);
        return;
      case 'freeze':
        environment.state = 'frozen';
        this.#schedule.after(amount, undefined, () => this.#thaw(environment), {});
        return;
      case 'hide':
        this.#show(environment, 'hidden');
        this.#schedule.after(
          amount,
          undefined,
          () => {
            if (environment.state !== 'dead') this.#show(environment, 'visible');
          },
          {},
        );
        return;
      case 'clock':
        this.#isClockMoved = true;
        environment.clockOffset += amount % 2 ? amount * 1_000 : -amount * 1_000;
        return;
      case 'disconnect':
        this.#disk.disconnect(environment);
        return;
      case 'save own':
        if (this.#foreign.hasOwn) {
          const tag = this.#person.newTag();
          this.#foreign.saveOwn(tag, () => this.#ledger.give(OWN, [tag]));
        }
        return;
      case 'upgrade':
      case 'damage':
        this.#takeOver(tab, deed, amount);
        return;
      default:
        if (isVisible && simulated.shown()) this.#personActs(tab, environment, simulated, deed, amount);
    }
  }

  /** Another hand takes over a sheet of this profile that contains edits. */
  #takeOver(tab: Tab, deed: 'upgrade' | 'damage', amount: number): void {
    const profile = this.#profileOf(tab);
    const known = this.#ledger.sheets(profile).filter((sheet) => sheet !== OWN);
    const sheet = known[amount % known.length];
    if (!this.#boot.meetsOthers || sheet === undefined) return;
    this.#ledger.copies.takeOver(sheet);
    if (deed === 'upgrade') this.#foreign.upgrade(profile, sheet);
    else this.#foreign.damage(profile, sheet, (tags) => this.#ledger.copies.destroy(tags));
  }

  #personActs(tab: Tab, environment: Environment, page: SimulatedPage, deed: string, amount: number): void {
    const { name, history } = environment;
    const acting = {
      ...{ name, history, page, profile: this.#profileOf(tab), step: () => this.#schedule.steps },
      isGone: () => environment.state === 'dead',
    };
    this.#schedule.enter(environment, () => this.#person.act(deed, amount, acting));
  }

  #isSilent(): boolean {
    return this.#plan.lasting === true || [...this.#disk.met.values()].includes('hang');
  }

  /** Ends all faults, unless they last; shows every page again and gives it time. */
  async #settle(): Promise<void> {
    if (!this.#plan.lasting) this.#disk.inject = sound;
    this.#channels.loss = 0;
    this.#schedule.haste = 0;
    // Shown twice: a page without a channel reads news only when it becomes visible, so the second time
    // everything is written.
    for (let times = 0; times < 2; times++) {
      for (const { page } of this.#tabs)
        if (page)
          this.#schedule.enqueue('settling', undefined, () => this.#show(page.environment, 'visible'));
      await this.#rest();
    }
    // If storage never answers, the page says so.
    const final: readonly Status[] = [
      'saved',
      'unwritten',
      'not saved',
      ...(this.#isSilent() ? ['unknown' as const] : []),
    ];
    for (const { page } of this.#tabs) {
      const status = page?.simulated.status();
      if (!page || !status) continue;
      if (!final.includes(status))
        this.#ledger.violations.push(`${page.environment.name}: says ${status} for ever`);
      if (status === 'saved') this.#ledger.promise(page.environment.name, page.simulated.shown());
    }
    for (const tab of this.#tabs) this.#kill(tab);
    this.#disk.inject = sound;
    await this.#rest();
  }

  /** Audits each profile with a fresh page. */
  async #audit(): Promise<void> {
    const found = new Map<string, Found>();
    for (const profile of new Set([0, ...this.#tabs.map((tab) => this.#profileOf(tab))])) {
      const index = this.#tabs.findIndex((tab) => this.#profileOf(tab) === profile);
      const tab: Tab = { index, parts: newTab(), page: undefined };
      await auditProfile(
        {
          ...{ schedule: this.#schedule, foreign: this.#foreign, ledger: this.#ledger, person: this.#person },
          startFresh: async () => {
            this.#schedule.enqueue('fresh', undefined, () => this.#start(tab));
            await this.#rest();
            return tab.page;
          },
          rest: () => this.#rest(),
          isOrdered: !this.#isClockMoved,
          mayCopy: COPYING.some((deed) => this.#deeds.has(deed)),
        },
        profile,
        found,
      );
      this.#kill(tab);
      this.#kills--;
    }
    this.#ledger.audit(found, !this.#isSilent());
  }
}

/** Deeds that may copy a sheet. */
const COPYING = ['duplicate', 'import', 'upgrade', 'damage'];

/** Executes a plan with a kind of page. */
export const simulate = (plan: Plan, boot: Boot): Promise<Outcome> => new Simulation(plan, boot).run();
