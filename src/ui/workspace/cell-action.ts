// The action on a computed cell: run, cancel the cell or its members, resume.
// Invariant: one action per cell, the same for its button and for the Enter key.

import type { RunId } from '../../core/sheet/sheet';
import type { SessionDocument } from '../session/document';
import { isShared, memberNodes } from '../session/members';
import type { SessionProgress } from '../session/progress';

interface CellAction {
  /** Label of the button. */
  readonly word: 'compute' | 'cancel' | 'resume';
  /**
   * The cell's key, or the run's id for an action on members. Actions with equal `of` and `word` do the same.
   */
  readonly of: string;
  act(): void;
}

/**
 * The number of members of a run that have ended for this kind, of all its members, and whether one asks for
 * a permission. Undefined without members, if the members share one cell, and during a drag.
 */
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

/** The action that a computed cell offers; undefined if there is none. */
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
