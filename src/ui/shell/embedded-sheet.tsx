// An embedded sheet: one line with its name and a link to the whole page, the figures, and the sheet in its compact form.
// Invariant: until the person asks for it, no press and no key changes the sheet, and the wheel scrolls the course page. Then
// the sheet changes in memory alone. Knows neither storage nor other sheets.

import { createComputed, createMemo, createSignal, on, onCleanup, onMount, Show } from 'solid-js';
import type { Ask } from '../../cells/questions';
import type { Scheduler } from '../../core/compute/scheduler';
import { focusActiveCell } from '../dom/focus';
import { FormulaBar } from '../formula/formula-bar';
import { Grid } from '../grid/grid';
import type { Session } from '../session/session';
import { fullName, namedBy, shortName } from '../sheets/sheet-name';
import { createWorkspace } from '../workspace/workspace';
import { Banners } from './banners';
import { FiguresHalf } from './figures-half';
import { speakFor } from './spoken';
import './embedded-sheet.css';

/** Keys that only move, and so work before the person asks to change anything. */
const MOVES = /^(Tab|Escape|Arrow\w+|Home|End|Page\w+|Shift|Control|Alt|Meta)$/;

/** Keys that press what has the focus. */
const PRESSES = /^(Enter| )$/;

/** What a person might change something with, besides keys. A finger that scrolls the course page makes no click. */
const CHANGES = [
  ...['pointerdown', 'mousedown', 'click', 'dblclick', 'contextmenu'],
  ...['beforeinput', 'paste', 'cut', 'drop'],
];

/** The whole view; `ownTab` returns the URL at which a tab of its own shows the same sheet. */
export function EmbeddedSheet(props: {
  readonly session: Session;
  readonly scheduler: Scheduler;
  readonly ask: Ask;
  readonly ownTab: () => string;
}) {
  const { session } = props;
  const workspace = createWorkspace(session, props.scheduler, props.ask);
  const { rows, editing, crossChecks } = workspace;
  const [inUse, setInUse] = createSignal(false);
  const name = () => namedBy(session.sheet());

  /** Shows the compact form: rows in which the runs differ, and results. A single run has no differences. */
  function beCompact(): void {
    for (const row of rows.rows()) if (rows.folded().has(row.id)) rows.toggle(row);
    rows.setDiffering(session.sheet().runs.length > 1);
    const shownKinds = new Set(
      rows.rows().flatMap((row) => {
        if (row.type === 'param') return [row.kind];
        return row.type === 'result' ? [row.id.split('.')[0]] : [];
      }),
    );
    for (const row of rows.rows()) if (row.type === 'kind' && !shownKinds.has(row.kind)) rows.toggle(row);
  }
  // A course page may show another sheet in the same frame.
  const opened = createMemo(() => session.open().opened);
  createComputed(on(opened, beCompact));

  speakFor(workspace, props);

  function use(): void {
    setInUse(true);
    focusActiveCell();
  }

  /** Holds back what could change something until the sheet is in use. The first click only begins the use. */
  function guard(element: HTMLElement): void {
    const hold = (event: Event): void => {
      event.stopImmediatePropagation();
      // The browser's own menu changes nothing.
      if (event.type !== 'contextmenu') event.preventDefault();
    };
    const onChange = (event: Event): void => {
      if (inUse()) return;
      hold(event);
      if (event.type === 'click') use();
    };
    for (const type of CHANGES) element.addEventListener(type, onChange, true);
    element.addEventListener(
      'keydown',
      (event) => {
        const copies = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c';
        if (inUse() || copies || (MOVES.test(event.key) && !event.altKey)) return;
        hold(event);
        if (PRESSES.test(event.key)) use();
      },
      true,
    );
  }

  /** Undo and redo, as on the whole page. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !inUse() || editing.draft() || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === 'z') (event.shiftKey ? session.redo : session.undo)();
    else if (key === 'y') session.redo();
    else return;
    event.preventDefault();
  };
  onMount(() => addEventListener('keydown', onKeyDown));
  onCleanup(() => removeEventListener('keydown', onKeyDown));

  return (
    <div class="embedded" classList={{ still: !inUse() }}>
      <header class="embedded-bar">
        <h1 title={fullName(name())}>{shortName(name())}</h1>
        <Show when={!inUse()}>
          <button type="button" onClick={use}>
            Use this sheet
          </button>
        </Show>
        <a href={props.ownTab()} target="_blank" rel="noopener">
          Open in Gradsheet
        </a>
      </header>
      <Banners session={session} trouble={undefined} dismissTrouble={() => {}} />
      <main ref={guard} aria-describedby="embedded-state">
        <p id="embedded-state" class="unseen">
          {inUse()
            ? 'Changes stay in this frame. “Open in Gradsheet” takes them along.'
            : 'Read-only until you press “Use this sheet”.'}
        </p>
        <FiguresHalf
          session={session}
          scheduler={props.scheduler}
          ask={props.ask}
          crossChecks={crossChecks}
        />
        <section class="embedded-cells" aria-label="Sheet">
          <Show when={inUse()}>
            <FormulaBar workspace={workspace} />
          </Show>
          <div class="grid-scroll">
            <Grid workspace={workspace} />
          </div>
        </section>
      </main>
    </div>
  );
}
