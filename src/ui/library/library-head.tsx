// The head of the library: its heading, the filter, the number of shown trainings, the choice of table or scatter, and the
// ways out.
// Invariant: the head holds no state; an empty library has nothing to filter.

import { Show } from 'solid-js';
import { grouped } from '../../core/text-formatting';
import { FormChoice } from '../dom/form-choice';
import { FILTER_EXAMPLE } from './lineages/library-filter';

const FORMS = ['Table', 'Scatter'] as const;

/** The form in which the library shows the trainings. */
export type LibraryForm = (typeof FORMS)[number];

/** The line above the trainings. */
export function LibraryHead(props: {
  heading(element: HTMLHeadingElement): void;
  total: number;
  shown: number;
  query: string;
  onQuery(query: string): void;
  form: LibraryForm;
  onForm(form: LibraryForm): void;
  /** Opens the storage panel; undefined until storage is loaded. */
  onStorage: ((button: HTMLElement) => void) | undefined;
  /** Whether the storage panel was open before a reload, and opens again. */
  showsStorage: boolean | undefined;
  onClose(): void;
}) {
  return (
    <header class="library-head">
      <h2 tabindex={-1} ref={props.heading}>
        Library
      </h2>
      <Show when={props.total > 0}>
        <input
          type="search"
          data-kept="library"
          class="library-filter"
          aria-label="Filter"
          placeholder={`Filter: ${FILTER_EXAMPLE}`}
          value={props.query}
          onInput={(event) => props.onQuery(event.currentTarget.value)}
        />
        <span class="library-quiet library-count">
          {grouped(props.shown)} of {grouped(props.total)}
        </span>
        <FormChoice
          label="Show the trainings as"
          words={FORMS}
          chosen={props.form}
          onChoose={(word) => props.onForm(FORMS.find((form) => form === word) ?? 'Table')}
        />
      </Show>
      <Show when={props.onStorage}>
        {(open) => (
          <button
            ref={(button) => props.showsStorage && queueMicrotask(() => open()(button))}
            type="button"
            class="library-button"
            onClick={({ currentTarget }) => open()(currentTarget)}
          >
            Storage
          </button>
        )}
      </Show>
      <button type="button" class="library-button library-close" onClick={() => props.onClose()}>
        Back to the sheet
      </button>
    </header>
  );
}
