// Removes runs: at once if nothing reads them, else after naming the parts that would break and offering to keep the values.
// Invariant: one step of the history, however many runs go; nothing goes before the person has chosen.

import { For, onMount, Show } from 'solid-js';
import type { Removal } from '../../core/formulas/removal';
import type { RunId } from '../../core/sheet/sheet';
import { focusActiveCell } from '../dom/focus';
import { mountDialog } from '../dom/mount-dialog';
import type { SessionDocument } from '../session/document';
import { type FormMemory, formMemory, keepForm } from '../session/kept-form';
import type { SessionProgress } from '../session/progress';
import { listed, planRemoval, takeOver } from './removal-plan';
import '../dom/panels.css';

/**
 * Removes runs at once, or asks first if formulas would lose references. A removal of all runs asks
 * nothing. Needs the formula language: without it, the runs are removed without a question.
 */
export function removeOrAsk(session: SessionDocument & SessionProgress, ids: readonly RunId[]): void {
  const done = (): void => queueMicrotask(focusActiveCell);
  const { removal, remove } = planRemoval(session, ids);
  const removeThen = (keep: boolean): void => {
    remove(keep);
    done();
  };
  if (!removal || removal.dangling.length === 0 || ids.length === session.sheet().runs.length)
    removeThen(false);
  else ask(formMemory(session, 'removal'), ids, removal, removeThen, done);
}

/** The answer to the question of a removal. */
type Choice = 'keep' | 'break' | 'cancel';

/**
 * Asks in a modal dialog. `remove` is called with the choice to keep values, `done` after a cancellation;
 * either closes the dialog.
 */
function ask(
  memory: FormMemory,
  ids: readonly RunId[],
  removal: Removal,
  remove: (keep: boolean) => void,
  done: () => void,
): void {
  mountDialog<Choice>(
    (close) => <RemovalDialog memory={memory} ids={ids} removal={removal} close={close} />,
    (choice) => {
      if (choice === 'cancel') done();
      else remove(choice === 'keep');
    },
  );
}

const MAX_LISTED = 8;

function RemovalDialog(props: {
  memory: FormMemory;
  ids: readonly RunId[];
  removal: Removal;
  close: (choice: Choice) => void;
}) {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  keepForm(props.memory, () => ({ about: props.ids.join(' '), texts: [] }));
  const { based, dangling } = props.removal;
  const keepable = dangling.filter(({ kept }) => kept !== undefined).length;
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel"
      aria-labelledby="removal-title"
      onCancel={(event) => {
        event.preventDefault();
        props.close('cancel');
      }}
    >
      <h2 id="removal-title">Remove {listed(props.ids)}?</h2>
      <Show when={based.length > 0}>
        <p>{takeOver(based)}: no value changes.</p>
      </Show>
      <p>
        {dangling.length === 1 ? 'One reference' : `${dangling.length} references`} would become{' '}
        <code>#REF!</code>:
      </p>
      <ul>
        <For each={dangling.slice(0, MAX_LISTED)}>
          {({ place, reads, kept }) => (
            <li>
              {place} reads {reads}
              {kept === undefined ? ', which has no value to keep' : `, which is ${kept}`}
            </li>
          )}
        </For>
        <Show when={dangling.length > MAX_LISTED}>
          <li>and {dangling.length - MAX_LISTED} more</li>
        </Show>
      </ul>
      <div class="choices">
        <button type="button" onClick={() => props.close('cancel')}>
          Cancel
        </button>
        <button type="button" onClick={() => props.close('break')}>
          Remove, leave #REF!
        </button>
        <Show when={keepable > 0}>
          <button type="button" class="first" autofocus onClick={() => props.close('keep')}>
            Remove, keep {keepable === 1 ? 'the value' : 'the values'}
          </button>
        </Show>
      </div>
    </dialog>
  );
}
