// The changing set of nodes that one screen, map or sweep demands.
// Invariants: no task demands more than a few hundred nodes; of bulk nodes only a few are in flight at a time, in their order,
// so that a thousand members need the memory of a dozen; a node in two successive sets keeps computing.

import { macrotask } from '../macrotask';
import type { Key } from '../plan/key';
import type { Node } from '../plan/node';
import type { Demand, DemandSet, NodeDemand, SchedulerEvent, Terms } from './demand';
import { outranks } from './queue';

/** What a demand set needs of its scheduler. */
interface DemandSetOptions {
  demand(node: Node, terms: Terms): Demand;
  subscribe(listener: (event: SchedulerEvent) => void): () => void;
  isAsking(key: Key): boolean;
  /** Holds the set's `Awaits` while the set demands anything. */
  readonly awaiting: Set<Awaits>;
  /** The most bulk nodes in flight. */
  readonly inFlight: number;
}

/** Whether a key is wanted but not demanded yet. */
export type Awaits = (key: Key) => boolean;

const DEMANDS_A_TASK = 200;

interface Item {
  nodeDemand: NodeDemand;
  status: 'backlog' | 'under way' | 'asking' | 'done' | 'failed';
  claim?: Demand | undefined;
}

const isBulk = ({ nodeDemand }: Item): boolean => nodeDemand.urgency === 'bulk';

const isOver = ({ status }: Item): boolean => status === 'done' || status === 'failed';

/**
 * Merges two demands for one node: the higher urgency; transient only if
 * both are; allowed or held if either is.
 */
function better(a: NodeDemand, b: NodeDemand): NodeDemand {
  const [urgencyA, urgencyB] = [a.urgency ?? 'visible', b.urgency ?? 'visible'];
  return {
    node: a.node,
    urgency: outranks(urgencyB, urgencyA) ? urgencyB : urgencyA,
    transient: Boolean(a.transient && b.transient),
    allowed: Boolean(a.allowed || b.allowed),
    hold: a.hold !== false || b.hold !== false,
  };
}

/** Whether two demands have equal terms, so that the claim need not change. Most of ten thousand do. */
const isSame = (a: NodeDemand, b: NodeDemand): boolean =>
  a.urgency === b.urgency && a.transient === b.transient && a.allowed === b.allowed;

/** Creates a demand set that spreads its demands over several tasks. */
export function pacedDemandSet(options: DemandSetOptions): DemandSet {
  const { demand, subscribe, isAsking, awaiting, inFlight } = options;
  const items = new Map<Key, Item>();
  let backlog: readonly Item[] = [];
  let taken = 0;
  let budget = DEMANDS_A_TASK;
  let bulkUnderWay = 0;
  let room = inFlight;
  let counts = { done: 0, failed: 0, asking: 0 };
  let stop: (() => void) | undefined;

  const awaits: Awaits = (key) => items.get(key)?.status === 'backlog';

  function count({ status, nodeDemand }: Item, by: 1 | -1): void {
    if (status === 'under way' && nodeDemand.urgency === 'bulk') bulkUnderWay += by;
    if (status === 'done' || status === 'failed' || status === 'asking') counts[status] += by;
  }

  function turnTo(item: Item, status: Item['status']): void {
    count(item, -1);
    item.status = status;
    count(item, 1);
  }

  function begin(item: Item): void {
    const { node } = item.nodeDemand;
    const claim = demand(node, item.nodeDemand);
    item.claim = claim;
    turnTo(item, isAsking(node.key) ? 'asking' : 'under way');
    claim.outcome.then(
      ({ failure }) => {
        if (items.get(node.key) !== item || item.claim !== claim) return;
        turnTo(item, failure ? 'failed' : 'done');
        letGo(item);
        proceed();
      },
      () => {},
    );
  }

  /** Releases the claim of a finished node that is not to be held. */
  function letGo(item: Item): void {
    if (item.nodeDemand.hold !== false || !isOver(item)) return;
    item.claim?.release();
    item.claim = undefined;
  }

  /** Demands as many nodes as this task and the bulk limit allow; later calls continue. */
  function proceed(): void {
    // Bulk refills in batches of at least half the limit, so that the store reads a batch at once.
    if (bulkUnderWay <= inFlight / 2) room = inFlight;
    for (; taken < backlog.length; taken++) {
      const item = backlog[taken];
      if (!item || budget === 0) return;
      if (isBulk(item) && bulkUnderWay >= room) {
        room = 0;
        return;
      }
      if (budget-- === DEMANDS_A_TASK) {
        void macrotask().then(() => {
          budget = DEMANDS_A_TASK;
          proceed();
        });
      }
      begin(item);
    }
  }

  function hear(event: SchedulerEvent): void {
    if (!('node' in event)) return;
    const item = items.get(event.node.key);
    if (event.type === 'asking' && item?.status === 'under way') turnTo(item, 'asking');
    else if (event.type === 'queued' && item?.status === 'asking') turnTo(item, 'under way');
    else return;
    proceed();
  }

  /**
   * Replaces the wanted nodes by `next`. Returns the claims of nodes that are
   * not wanted any more, still unreleased.
   */
  function take(next: ReadonlyMap<Key, NodeDemand>): Demand[] {
    const dropped: Demand[] = [];
    for (const [key, { claim }] of items) {
      if (next.has(key)) continue;
      items.delete(key);
      if (claim) dropped.push(claim);
    }
    bulkUnderWay = 0;
    counts = { done: 0, failed: 0, asking: 0 };
    for (const [key, nodeDemand] of next) {
      const item: Item = items.get(key) ?? { nodeDemand, status: 'backlog' };
      items.set(key, item);
      if (item.nodeDemand !== nodeDemand && !isSame(item.nodeDemand, nodeDemand))
        item.claim?.change(nodeDemand);
      item.nodeDemand = nodeDemand;
      letGo(item);
      if (isOver(item) && !item.claim && nodeDemand.hold !== false) item.status = 'backlog';
      count(item, 1);
    }
    return dropped;
  }

  function show(wanted: Iterable<Node | NodeDemand>): void {
    const next = new Map<Key, NodeDemand>();
    for (const given of wanted) {
      const nodeDemand = 'node' in given ? given : { node: given };
      const twice = next.get(nodeDemand.node.key);
      next.set(nodeDemand.node.key, twice ? better(twice, nodeDemand) : nodeDemand);
    }
    const dropped = take(next);
    const waiting = [...items.values()].filter(({ status }) => status === 'backlog');
    backlog = [...waiting.filter((item) => !isBulk(item)), ...waiting.filter(isBulk)];
    taken = 0;
    if (items.size > 0) {
      stop ??= subscribe(hear);
      awaiting.add(awaits);
    } else {
      stop?.();
      stop = undefined;
      awaiting.delete(awaits);
    }
    proceed();
    const placed = waiting.flatMap(({ claim }) => claim?.placed ?? []);
    void Promise.all(placed).then(() => {
      for (const claim of dropped) claim.release();
    });
  }

  return {
    show,
    tally: () => ({ total: items.size, ...counts }),
    release: () => show([]),
  };
}
