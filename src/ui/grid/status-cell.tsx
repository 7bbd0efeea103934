// A computed cell's status: a sign, words, and a button if the cell offers an action.
// Invariant: colour alone never shows a status; a status that lasts less than a blink is not shown.

import { createMemo, Show } from 'solid-js';
import { beyondCap, costOf } from '../../core/compute/estimate';
import type { Problem } from '../../core/kinds/problem';
import { late } from '../../core/late-loading';
import type { Node } from '../../core/plan/node';
import type { RunPlan } from '../../core/plan/plan';
import { later } from '../dom/late-signal';
import { STATUS_TEXTS } from '../text/mark-text';
import {
  membersStatus,
  NOT_STARTED,
  RUNNING,
  readStatus,
  STOPPED,
  type Status,
  THERE,
  tooLarge,
} from '../text/status';
import { cellAction, memberProgress } from '../workspace/cell-action';
import type { Workspace } from '../workspace/workspace';
import type { CellProps } from './cell-input';

/** Texts on cross-checks, loaded with the first finished one. */
const crossCheckText = later(late(() => import('../figures/cross-check/cross-check-text')));

/** Whether a cell failed because its cost is beyond the cap of any machine, not by an accident. */
function isTooLarge(node: Node | undefined, { kind, message }: Problem): boolean {
  const cost = kind === 'failed' && node ? costOf(node) : undefined;
  return cost !== undefined && beyondCap(cost) === message;
}

export function StatusCell(props: { workspace: Workspace; run: RunPlan; kind: string; cell: CellProps }) {
  const { kind, cell } = props;
  const { session, crossChecks, rows } = props.workspace;
  const isMember = cell.member !== undefined;
  const id = () => props.run.run.id;
  const node = () => props.run.cells.get(kind)?.node;
  const status = createMemo<Status>((before) => {
    const known = node();
    if (known && session.stopped().has(known.key)) return STOPPED;
    const own = readStatus(
      props.run,
      kind,
      known && session.live.state(known.key),
      known && session.firstRunOf(known.key),
    );
    if (own.problem) return isTooLarge(node(), own.problem) ? tooLarge(own) : own;
    const members = isMember ? undefined : memberProgress(session, id(), kind);
    if (members && own.asks) return { ...own, word: own.word.replace('about', 'each') };
    if (members) return membersStatus(members.done, members.of);
    if (own.word === 'queued' && session.consent.asked() && !session.consent.started().runs.has(id()))
      return NOT_STARTED;
    return own.passing && before && !session.stale() ? before : own;
  });
  const crossCheck = () => {
    const state = kind === 'train' && !isMember && !status().problem ? crossChecks.state(id()) : undefined;
    const words = state?.type === 'done' ? crossCheckText() : undefined;
    if (state?.type !== 'done' || !words) return undefined;
    const agreement = words.agreement(state.differences);
    return {
      brief: words.agreementInBrief(state.differences),
      full: props.run.seeds.count > 1 ? `member 0 ${agreement}` : agreement,
    };
  };
  const action = createMemo(() => (isMember ? undefined : cellAction(session, id(), kind)), undefined, {
    equals: (a, b) => a?.word === b?.word && a?.of === b?.of,
  });
  /** The word of the status; if there is no action, the result of a finished cross-check takes its place. */
  const word = () => (action() ? undefined : crossCheck()?.brief) ?? status().word;
  /** Whether the value is there: such a cell has no mark at rest. */
  const isUsual = (): boolean => status().sign === THERE && !action() && !crossCheck();
  const details = () => {
    const full = crossCheck()?.full;
    const { mark, word } = status();
    return full ? `${word} · ${full}` : `${word}: ${STATUS_TEXTS[mark].about}`;
  };
  return (
    <td
      ref={cell.ref}
      // All visible text in visible order, so that speech input can name the cell (WCAG 2.5.3, Label in
      // Name).
      aria-label={`${[cell.name, kind, word()].join(', ')}${action() ? ` ${action()?.word}` : ''}${crossCheck() ? `, ${crossCheck()?.full}` : ''}${rows.folded().has(kind) ? ', folded' : ''}`}
      title={status().problem?.message ?? details()}
      aria-expanded={!rows.folded().has(kind)}
      class="status"
      classList={{
        problem: status().problem !== undefined,
        usual: isUsual(),
        running: status().sign === RUNNING,
      }}
    >
      <span aria-hidden="true" class="sign">
        {status().sign}
      </span>{' '}
      {word()}
      <Show when={action()}>
        {(shown) => (
          <>
            <span aria-hidden="true" class="unseen">
              {' ·'}
            </span>{' '}
            <button
              type="button"
              tabindex="-1"
              class="action"
              // Selecting the cell may scroll the grid away from under a finger.
              onMouseDown={(event) => event.stopPropagation()}
              onClick={() => shown().act()}
            >
              {shown().word}
            </button>
          </>
        )}
      </Show>
    </td>
  );
}
