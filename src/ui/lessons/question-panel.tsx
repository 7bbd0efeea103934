// The question of a lesson's step, in place of the figures; after the guess, the guess beside the result.
// Invariants: no result is read before the guess is committed; the line after it is about the step's own sheet and says so if the
// sheet was changed; a guess is never judged, only shown beside the result. Knows neither addresses nor storage.

import { createEffect, createMemo, createSignal, For, on, Show, type Signal } from 'solid-js';
import type { RunId } from '../../core/sheet/sheet';
import { speakOf } from '../dom/announcer';
import type { LessonQuestion } from '../session/open-lesson';
import type { Session } from '../session/session';
import { answerText, guessTrouble, questionText } from './question-text';
import { resultOver, resultsOver } from './run-result';
import './lessons.css';

/** A number being typed as a guess, and the address of the step that asks for it. */
interface Guessing {
  readonly about: string;
  readonly text: string;
}

const drafts = new WeakMap<Session, Signal<Guessing>>();

/** The number being typed as a guess: at another step, it is not shown. */
export function guessDraft(session: Session): Signal<Guessing> {
  const known = drafts.get(session);
  if (known) return known;
  const made = createSignal<Guessing>({ about: '', text: '' });
  drafts.set(session, made);
  return made;
}

const NUMBER_FIELD = 'guess-number';

function QuestionForm(props: { session: Session; question: LessonQuestion; step: string }) {
  const { session } = props;
  const [guessing, setGuessing] = guessDraft(session);
  const draft = (): string => (guessing().about === props.step ? guessing().text : '');
  const [run, setRun] = createSignal<RunId>();
  const [trouble, setTrouble] = createSignal<string>();
  const asked = () => props.question.asked;
  function type(text: string): void {
    setGuessing({ about: props.step, text });
    setTrouble(undefined);
    session.typed?.saveForm(
      session.typedKey(),
      'guess',
      text === '' ? undefined : { about: props.step, texts: [text] },
    );
  }
  createEffect(
    on(
      // Every save changes the open sheet's state, and drops no guess.
      createMemo(() => props.step),
      () => {
        type('');
        setRun(undefined);
      },
      { defer: true },
    ),
  );
  function commit(): void {
    const guess = asked().asks === 'number' ? draft().trim() : run();
    const refused =
      asked().asks === 'number' ? guessTrouble(draft()) : guess === undefined ? 'Choose a run.' : undefined;
    setTrouble(refused);
    if (refused !== undefined || guess === undefined) return;
    type('');
    props.question.commit(guess);
    queueMicrotask(() => document.querySelector<HTMLElement>('.question [tabindex]')?.focus());
  }
  speakOf('guess', trouble);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <Show
        when={asked().asks === 'number'}
        fallback={
          <fieldset>
            <legend>{questionText(asked(), session.sheet())}</legend>
            <For each={session.sheet().runs}>
              {({ id, name }) => (
                <label>
                  <input
                    type="radio"
                    name="guess"
                    checked={run() === id}
                    onChange={() => {
                      setRun(id);
                      setTrouble(undefined);
                    }}
                  />{' '}
                  {id} <bdi>{name}</bdi>
                </label>
              )}
            </For>
          </fieldset>
        }
      >
        <label for={NUMBER_FIELD}>{questionText(asked(), session.sheet())}</label>
        <input
          id={NUMBER_FIELD}
          data-kept="guess"
          inputmode="decimal"
          autocomplete="off"
          maxLength={40}
          value={draft()}
          aria-invalid={trouble() ? true : undefined}
          aria-describedby="guess-trouble"
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      </Show>
      <button type="submit">Show the results</button>
      <p id="guess-trouble" class="bad">
        {trouble()}
      </p>
      <p class="quiet">The results of this step appear after your guess. Nothing is computed before.</p>
    </form>
  );
}

function Answer(props: { session: Session; question: LessonQuestion; isChanged: boolean }) {
  const { session } = props;
  const text = (): string => {
    const { asked } = props.question;
    const guess = props.question.guess() ?? '';
    if (props.isChanged) return answerText(asked, guess, session.sheet(), 'changed');
    if (asked.asks === 'number')
      return answerText(asked, guess, session.sheet(), [
        { run: asked.run, ...resultOver(session, asked.run, asked.result) },
      ]);
    return answerText(asked, guess, session.sheet(), resultsOver(session, asked.result));
  };
  speakOf('guess', text);
  return <p tabindex="-1">{text()}</p>;
}

/** The question of the open step, or the guess beside the result; nothing for a sheet without a question. */
export function QuestionPanel(props: { session: Session }) {
  const { session } = props;
  const lesson = () => session.open().lesson;
  return (
    <Show when={lesson()?.question}>
      {(question) => (
        <section class="example question" aria-label="Predict first">
          <Show
            when={question().guess() === undefined}
            fallback={
              <Answer
                session={session}
                question={question()}
                isChanged={session.address() !== lesson()?.sheet}
              />
            }
          >
            <QuestionForm session={session} question={question()} step={lesson()?.address ?? ''} />
          </Show>
        </section>
      )}
    </Show>
  );
}

/** Whether a question without a guess hides the results of the open sheet. */
export const isHidden = (session: Session): boolean => {
  const question = session.open().lesson?.question;
  return question !== undefined && question.guess() === undefined;
};
