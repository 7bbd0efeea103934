// The text of an example while its sheet is on the screen: three sentences that point out what to see.
// Invariant: the sentences appear beside their own sheet; after an edit the panel marks them as about the sheet before the
// edit.
// Knows the session, and no figures.

import { createEffect, createMemo, on, Show } from 'solid-js';
import { speakOf } from '../dom/announcer';
import type { SessionCursor } from '../session/cursor';
import type { SessionDocument } from '../session/document';
import { type Example, exampleAt } from './examples';
import './examples.css';

/** The example of the present sheet, and whether the sheet was edited since. */
interface Shown {
  readonly example: Example;
  readonly changed: boolean;
}

/**
 * The example that each session last opened, so that a remounted panel does not change the inspected figures
 * again.
 */
const openedAt = new WeakMap<SessionDocument, Example>();

/**
 * Returns the example that the session's sheet is, if any. Opening an example activates its run and inspects
 * its figures. Call inside a Solid root.
 */
export function createExample(session: SessionDocument & SessionCursor): () => Shown | undefined {
  const shown = createMemo<Shown | undefined>((before) => {
    const example = exampleAt(session.address());
    if (example) return example === before?.example && !before.changed ? before : { example, changed: false };
    // Only an edited sheet that came by an address is a changed example; a sheet of the person's own is none.
    if (!before || !session.isLinked() || session.undoLabel() === undefined) return undefined;
    return before.changed ? before : { ...before, changed: true };
  });
  createEffect(
    on(
      () => shown()?.example,
      (example) => {
        if (!example) openedAt.delete(session);
        else if (openedAt.get(session) !== example) {
          openedAt.set(session, example);
          if (example.run) session.activate({ ...session.active(), run: example.run });
          session.inspect(example.inspect);
        }
      },
    ),
  );
  return shown;
}

export function ExamplePanel(props: { shown: Shown }) {
  speakOf('example', () => (props.shown.changed ? undefined : props.shown.example.sentences.join(' ')));
  return (
    <section class="example" aria-label="Example">
      <h3>
        {props.shown.example.title}
        <Show when={props.shown.changed}>
          <span class="quiet">
            {' '}
            · changed since; this is about <a href={props.shown.example.address}>the sheet as it was</a>
          </span>
        </Show>
      </h3>
      <p classList={{ quiet: props.shown.changed }}>{props.shown.example.sentences.join(' ')}</p>
    </section>
  );
}
