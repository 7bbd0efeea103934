// The action on a computed cell: run, cancel the cell or its members, resume.
// Invariant: one action a cell, the same for its button and for the Enter key.

import type { RunId } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';
import { isShared, memberNodes } from '../session/members';
import type { SessionProgress } from '../session/progress';

interface CellAction {
  /** What the button says. */
  readonly word: 'compute' | 'cancel' | 'resume';
  /** Which cells it is about: equal ones do the same. */
  readonly of: string;
  act(): void;
}

/** How far the members of a run's kind are; undefined for a run without members, or where they share one cell. */
export function memberProgress(
  session: SessionDocument & SessionProgress,
  run: RunId,
  kind: string,
): { readonly done: number; readonly of: number; readonly asks: boolean } | undefined {
  const planned = session.plan().runs.get(run);
  if (!planned || planned.seeds.count < 2 || session.isMoving()) return undefined;
  if (isShared(planned, kind)) return undefined;
  const nodes = memberNodes(session.members.opened(planned), kind);
  if (nodes.length === 0) return undefined;
  const states = session.members.states(run, nodes);
  return {
    done: states.filter(({ outcome }) => outcome).length,
    of: planned.seeds.count,
    asks: states.some(({ activity }) => activity === 'asking'),
  };
}

/** What can be done in a cell, if anything. */
export function cellAction(
  session: SessionDocument & SessionProgress,
  run: RunId,
  kind: string,
): CellAction | undefined {
  const planned = session.plan().runs.get(run);
  const node = planned?.cells.get(kind)?.node;
  if (!planned || !node) return undefined;
  const members = memberProgress(session, run, kind);
  const { key } = node;
  if (session.stopped().has(key)) return { word: 'resume', of: key, act: () => session.stop(key, false) };
  if (!members && session.isAllowed(key) && session.live.state(key).activity === 'running')
    return { word: 'cancel', of: key, act: () => session.stop(key, true) };
  if (session.live.state(node.key).activity === 'asking' || members?.asks)
    return { word: 'compute', of: key, act: () => session.allow(key) };
  const isWaiting = session.members.opened(planned) !== planned;
  if (!members || members.done === members.of || isWaiting) return undefined;
  const paused = session.paused().has(run);
  return { word: paused ? 'resume' : 'cancel', of: run, act: () => session.pause(run, !paused) };
}
