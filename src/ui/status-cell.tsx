// A computed cell's status: a sign, words, and a button where it waits for a person.
// Invariant: never colour alone; what lasts less than a blink is not told.

import { createMemo, Show } from 'solid-js';
import type { RunPlan } from '../core/plan';
import { cellAction, memberProgress } from './cell-action';
import type { CellProps } from './cell-input';
import { agreement } from './check-words';
import type { Checks } from './checks';
import { readStatus, type Status } from './reading';
import type { Session } from './session';

export function StatusCell(props: {
  session: Session;
  checks: Checks;
  run: RunPlan;
  kind: string;
  cell: CellProps;
}) {
  const { session, kind, cell } = props;
  const id = () => props.run.run.id;
  const node = () => props.run.cells.get(kind)?.node;
  const status = createMemo<Status>((before) => {
    const known = node();
    const own = readStatus(
      props.run,
      kind,
      known && session.live.state(known.key),
      known && session.holderOf(known.key),
    );
    if (own.problem) return own;
    const members = memberProgress(session, id(), kind);
    if (members && own.asks) return { ...own, word: own.word.replace('about', 'each') };
    if (members)
      return members.done < members.of
        ? { sign: '◔', word: `${members.done} of ${members.of}` }
        : { sign: '●', word: `${members.of} members` };
    return own.passing && before && !session.lagging() ? before : own;
  });
  const checked = (): string | undefined => {
    const state = kind === 'train' ? props.checks.state(id()) : undefined;
    return state?.type === 'done' ? agreement(state.differences) : undefined;
  };
  const action = createMemo(() => cellAction(session, id(), kind), undefined, {
    equals: (a, b) => a?.word === b?.word && a?.of === b?.of,
  });
  return (
    <td
      ref={cell.ref}
      tabindex={cell.tabindex()}
      aria-selected={cell.selected()}
      // The words in the order in which they are seen, so that who speaks to the page can say them.
      aria-label={`${[id(), kind, status().word].join(', ')}${action() ? ` ${action()?.word}` : ''}${checked() ? `, ${checked()}` : ''}`}
      title={status().problem?.message ?? checked() ?? (action() ? status().word : undefined)}
      class="status"
      classList={{ problem: status().problem !== undefined }}
      onMouseDown={cell.pick}
    >
      <span aria-hidden="true" class="sign">
        {status().sign}
      </span>{' '}
      {status().word}
      <Show when={checked()}>
        <span aria-hidden="true"> · checked</span>
      </Show>
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
              // Selecting the cell may move the grid, on a phone, from under the finger.
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
