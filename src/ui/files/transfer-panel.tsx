// The dialog for files (the browser's own `<dialog>`): exports everything, or this sheet, and opens saved
// files. Loaded on request.
// Invariant: the dialog reports the outcome of each file, and replaces nothing.
// Knows neither formats nor storage: the port reads and writes files and stores their content.

import { createSignal, For, onMount, Show } from 'solid-js';
import { counted } from '../../core/text-formatting';
import { speakOf } from '../dom/announcer';
import { mountDialog } from '../dom/mount-dialog';
import { ACCEPTED, remarkLines, summaryText, type TransferReport } from './transfer-text';
import '../dom/panels.css';
import './transfer.css';

/**
 * Export to files and import from files. Every method rejects with an error whose message is a clause for
 * people.
 */
export interface TransferPort {
  /** Resolves to the number of sheets and of trainings that an export would hold. */
  count(): Promise<{ readonly sheets: number; readonly trainings: number }>;
  /** Downloads everything in one file; resolves to the file's name. */
  exportAll(): Promise<string>;
  /** Downloads the sheet on the screen; resolves to the file's name. */
  exportSheet(): Promise<string>;
  /** Downloads the trainings with these keys; resolves to the file's name. */
  exportTrainings(keys: readonly string[]): Promise<string>;
  /**
   * Adds the content of a file to the stored sheets and trainings. Rejects only for faults of the
   * program: the report names what is wrong with the file.
   */
  open(file: File): Promise<TransferReport>;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Passes files to the open dialog; undefined while no dialog is open. */
let opened: ((files: readonly File[]) => void) | undefined;

function Outcome(props: { report: TransferReport }) {
  return (
    <li>
      <b>{props.report.file}</b> {summaryText(props.report)}
      <Show when={props.report.damaged.length > 0}>
        <p class="bad">Not read or not saved:</p>
        <ul class="bad">
          <For each={remarkLines(props.report.damaged)}>{(line) => <li>{line}</li>}</For>
        </ul>
      </Show>
      <Show when={props.report.notes.length > 0}>
        <ul class="quiet">
          <For each={remarkLines(props.report.notes)}>{(line) => <li>{line}</li>}</For>
        </ul>
      </Show>
    </li>
  );
}

function TransferPanel(props: { port: TransferPort; files: readonly File[]; close: () => void }) {
  let dialog: HTMLDialogElement | undefined;
  let chooser: HTMLInputElement | undefined;
  const [count, setCount] = createSignal<{ readonly sheets: number; readonly trainings: number }>();
  const [doing, setDoing] = createSignal<string>();
  const [message, setMessage] = createSignal('');
  const [reports, setReports] = createSignal<readonly TransferReport[]>([]);
  speakOf('dialog', message);
  speakOf('opened file', () => {
    const [newest] = reports();
    return newest && `${newest.file}: ${summaryText(newest)}`;
  });
  const countStored = (): void => {
    props.port
      .count()
      .then(setCount, (error: unknown) => setMessage(`Storage cannot be read: ${reasonOf(error)}.`));
  };

  // One task at a time: two imports in parallel would not see each other's additions.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn(what: string, work: () => Promise<string>): void {
    last = last.then(async () => {
      setDoing(what);
      try {
        setMessage(await work());
      } catch (error) {
        setMessage(`Failed: ${reasonOf(error)}.`);
      } finally {
        setDoing(undefined);
      }
    });
  }
  const save = (work: () => Promise<string>) => (): void => {
    if (doing() === undefined)
      inTurn('Packing …', async () => `Saved as ${await work()} in this browser’s downloads.`);
  };

  function open(files: readonly File[]): void {
    for (const file of files) {
      inTurn(`Opening ${file.name} …`, async () => {
        const report = await props.port.open(file);
        setReports([report, ...reports()]);
        countStored();
        return '';
      });
    }
  }

  onMount(() => {
    opened = open;
    dialog?.showModal();
    countStored();
    open(props.files);
  });
  const words = () => {
    const { sheets, trainings } = count() ?? { sheets: 0, trainings: 0 };
    return count() ? `${counted(sheets, 'sheet')}, ${counted(trainings, 'training')}` : '…';
  };
  return (
    <dialog
      ref={(element) => {
        dialog = element;
      }}
      class="panel transfer"
      aria-labelledby="transfer-title"
      onClose={() => props.close()}
    >
      <h2 id="transfer-title">Files</h2>
      <div class="transfer-row">
        <button type="button" onClick={save(props.port.exportAll)} aria-disabled={doing() !== undefined}>
          Export everything
        </button>
        <span>
          {words()}{' '}
          <span class="quiet">in one file. Results are not included: a recomputation gives the same.</span>
        </span>
      </div>
      <div class="transfer-row">
        <button type="button" onClick={save(props.port.exportSheet)} aria-disabled={doing() !== undefined}>
          Export this sheet
        </button>
        <span class="quiet">A small text file.</span>
      </div>
      <div class="transfer-row">
        <button type="button" onClick={() => chooser?.click()}>
          Open a file …
        </button>
        <span class="quiet">
          {ACCEPTED.charAt(0).toUpperCase() + ACCEPTED.slice(1)}. Or drop a file anywhere on the page. An
          opened file adds sheets and trainings and replaces none.
        </span>
      </div>
      {/* No `accept`: on a system that does not know the file endings, no file could be chosen. */}
      <input
        ref={(element) => {
          chooser = element;
        }}
        class="transfer-chooser"
        type="file"
        multiple
        aria-label="Files to open"
        tabindex={-1}
        onChange={(event) => {
          open([...(event.currentTarget.files ?? [])]);
          // An unchanged value fires no change event: without this line the same file could not be chosen
          // again.
          event.currentTarget.value = '';
        }}
      />
      <p>{doing() ?? message()}</p>
      <Show when={reports().length > 0}>
        <ul class="transfer-reports" aria-label="Opened files">
          <For each={reports()}>{(report) => <Outcome report={report} />}</For>
        </ul>
      </Show>
      <form class="choices" method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

/**
 * Opens the dialog and imports `files`. If the dialog is already open, the open dialog imports the files.
 * When the dialog closes, the focus returns to the button.
 */
export function openTransfer(
  button: HTMLElement | undefined,
  port: TransferPort,
  files: readonly File[] = [],
): void {
  if (opened) {
    opened(files);
    return;
  }
  mountDialog(
    (close) => <TransferPanel port={port} files={files} close={close} />,
    () => {
      opened = undefined;
      button?.focus();
    },
  );
}
