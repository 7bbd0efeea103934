// The dialog that makes a lesson: the person chooses sheets, their order and a question for some, and gets a file or a link.
// Loaded on request.
// Invariants: the lesson holds the sheets as they are now, and no sheet is changed; a half-made lesson survives a reload.
// Knows neither addresses nor storage: the port writes links and files.

import { createSignal, For, onMount, Show } from 'solid-js';
import type { Result } from '../../core/kinds/kind';
import type { Lesson } from '../../core/sheet/lesson';
import { MAX_STEPS } from '../../core/sheet/lesson';
import { cleanName, MAX_NAME, type Sheet } from '../../core/sheet/sheet';
import { counted, grouped } from '../../core/text-formatting';
import { speakOf } from '../dom/announcer';
import { mountDialog } from '../dom/mount-dialog';
import { type FormMemory, keepForm } from '../session/kept-form';
import { questionChoices } from './question-text';
import '../dom/panels.css';
import './lessons.css';

/** A sheet that can be a step. */
interface OfferedSheet {
  readonly id: string;
  readonly name: string;
  readonly sheet: Sheet;
  /** Undefined if a text in the sheet is invalid. */
  readonly address?: string;
}

/** The sheets, and the ways out of the dialog. */
export interface LessonPort {
  readonly results: readonly Result[];
  /** The person's sheets. Rejects if storage fails. */
  sheets(): Promise<readonly OfferedSheet[]>;
  link(lesson: Lesson): string;
  /** Whether no page could open the lesson. */
  isTooLong(lesson: Lesson): boolean;
  /** Downloads the lesson's file; returns the file's name. */
  save(lesson: Lesson): string;
  /** Shows the lesson's first step. */
  open(lesson: Lesson): void;
}

/** The most characters of a link that mail and chat programs pass on whole. */
const LONG_LINK = 8_000;

/** A chosen sheet and the text of its question, which may be empty. */
interface Step {
  readonly id: string;
  readonly predict: string;
}

const stepOf = (text: string): Step => {
  const [id = '', predict = ''] = text.split(' ');
  return { id, predict };
};

function LessonMaker(props: { port: LessonPort; memory: FormMemory; close: () => void }) {
  const { port, memory } = props;
  const [typedTitle = '', ...typedSteps] = memory.left?.texts ?? [];
  const [title, setTitle] = createSignal(typedTitle);
  const [steps, setSteps] = createSignal<readonly Step[]>(typedSteps.map(stepOf).slice(0, MAX_STEPS));
  const [offered, setOffered] = createSignal<readonly OfferedSheet[]>();
  const [message, setMessage] = createSignal('');
  speakOf('dialog', message);
  let dialog: HTMLDialogElement | undefined;
  keepForm(memory, () => ({
    about: '',
    texts: [title(), ...steps().map(({ id, predict }) => `${id} ${predict}`)],
  }));
  onMount(() => {
    dialog?.showModal();
    port.sheets().then(setOffered, () => setMessage('Storage cannot be read now.'));
  });

  const sheetOf = (id: string): OfferedSheet | undefined => offered()?.find((sheet) => sheet.id === id);
  const others = () => (offered() ?? []).filter(({ id }) => !steps().some((step) => step.id === id));
  /** The lesson; undefined while it has no step. */
  function lesson(): Lesson | undefined {
    const name = cleanName(title()).trim();
    const made = steps().flatMap(({ id, predict }) => {
      const address = sheetOf(id)?.address;
      return address === undefined ? [] : { address, ...(predict !== '' && { predict }) };
    });
    return made.length > 0 ? { ...(name !== '' && { title: name }), steps: made } : undefined;
  }
  /** Runs an action on the lesson, or says why there is none. */
  function withLesson(act: (made: Lesson) => void): void {
    const made = lesson();
    if (!made) setMessage('Add a sheet first.');
    else if (port.isTooLong(made)) setMessage('These sheets are too long for one lesson. Leave some out.');
    else act(made);
  }
  function move(at: number, by: number): void {
    const step = steps()[at];
    if (step && at + by >= 0 && at + by < steps().length)
      setSteps(
        steps()
          .toSpliced(at, 1)
          .toSpliced(at + by, 0, step),
      );
  }
  const copy = (): void =>
    withLesson((made) => {
      const link = port.link(made);
      if (link.length > LONG_LINK)
        setMessage(
          `The link would have ${grouped(link.length)} characters; many programs cut links above ${grouped(LONG_LINK)}. Save a file.`,
        );
      else
        navigator.clipboard.writeText(link).then(
          () => setMessage('Copied the link.'),
          () => setMessage('The browser does not allow copying. Open the lesson and copy the address bar.'),
        );
    });

  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel lesson-maker"
      aria-labelledby="lesson-title"
      onClose={() => props.close()}
    >
      <h2 id="lesson-title">Make a lesson</h2>
      <label>
        Title of the lesson
        <input
          data-kept="lesson"
          value={title()}
          maxLength={MAX_NAME}
          autocomplete="off"
          onInput={({ currentTarget }) => setTitle(currentTarget.value)}
        />
      </label>
      <h3>Steps</h3>
      <Show
        when={steps().length > 0}
        fallback={<p class="quiet">No step yet. Add sheets from the list below.</p>}
      >
        <ol>
          <For each={steps().map(({ id }) => id)}>
            {(id, at) => (
              <li>
                <bdi>
                  {at() + 1}. {sheetOf(id)?.name ?? (offered() ? 'a sheet that no longer exists' : '…')}
                </bdi>
                <select
                  aria-label={`Question before step ${at() + 1}`}
                  onChange={({ currentTarget }) =>
                    setSteps(steps().with(at(), { id, predict: currentTarget.value }))
                  }
                >
                  <For each={questionChoices(port.results, sheetOf(id)?.sheet)}>
                    {([value, words]) => (
                      <option value={value} selected={steps()[at()]?.predict === value}>
                        {words}
                      </option>
                    )}
                  </For>
                </select>
                <button type="button" aria-label={`Move step ${at() + 1} up`} onClick={() => move(at(), -1)}>
                  Up
                </button>
                <button type="button" aria-label={`Move step ${at() + 1} down`} onClick={() => move(at(), 1)}>
                  Down
                </button>
                <button
                  type="button"
                  aria-label={`Leave out step ${at() + 1}`}
                  onClick={() => {
                    setSteps(steps().toSpliced(at(), 1));
                    dialog?.querySelector('input')?.focus();
                  }}
                >
                  Leave out
                </button>
              </li>
            )}
          </For>
        </ol>
      </Show>
      <h3>{others().length > 0 || !offered() ? 'Your sheets' : 'All your sheets are steps'}</h3>
      <ul>
        <For each={others()}>
          {(sheet) => (
            <li>
              <bdi>{sheet.name}</bdi>
              <span class="quiet">
                {sheet.address === undefined
                  ? 'has a value that is not valid'
                  : `${counted(sheet.sheet.runs.length, 'run')}${sheet.sheet.note === undefined ? '' : ', with a note'}`}
              </span>
              <button
                type="button"
                aria-label={`Add ${sheet.name}`}
                disabled={sheet.address === undefined || steps().length >= MAX_STEPS}
                onClick={() => {
                  setSteps([...steps(), { id: sheet.id, predict: '' }]);
                  setMessage(`Step ${steps().length}: ${sheet.name}`);
                  // The pressed button disappears with its line.
                  (
                    dialog?.querySelector<HTMLElement>('ul button:enabled') ?? dialog?.querySelector('input')
                  )?.focus();
                }}
              >
                Add
              </button>
            </li>
          )}
        </For>
      </ul>
      <p class="quiet">
        The lesson holds the sheets as they are now, each with its title and note. Whoever opens it changes
        none of them.
      </p>
      <form class="choices" method="dialog">
        <span>{message()}</span>
        <button type="button" onClick={copy}>
          Copy link
        </button>
        <button
          type="button"
          onClick={() =>
            withLesson((made) => {
              dialog?.close();
              port.open(made);
            })
          }
        >
          Open
        </button>
        <button
          type="button"
          class="first"
          onClick={() =>
            withLesson((made) => setMessage(`Saved as ${port.save(made)} in this browser’s downloads.`))
          }
        >
          Save as file
        </button>
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

let isOpen = false;

/** Opens the dialog. Does nothing while the dialog is open. */
export function openLessonMaker(port: LessonPort, memory: FormMemory): void {
  if (isOpen) return;
  isOpen = true;
  mountDialog(
    (close) => <LessonMaker port={port} memory={memory} close={close} />,
    () => {
      isOpen = false;
    },
  );
}
