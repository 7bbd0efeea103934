// The types of the workbook's ports to the page around it, and of the parts that the actions on sheets use. Types alone.

import type { Sheet } from '../../core/sheet/sheet';
import type { Navigation } from '../../platform/page/navigation';
import type { SheetList } from '../../platform/storage/sheets/sheet-list';
import type { SheetStore } from '../../platform/storage/sheets/sheets';
import type { OpenLesson } from '../../ui/session/open-lesson';
import type { Beginning, DocumentPorts, OpenDocument } from './document';
import type { Finding, FindingPorts } from './sheet-finding';
import type { SheetNotice } from './sheet-notice';
import type { TabMemory } from './tab-memory';

/** The ports of the workbook. */
export interface WorkbookPorts
  extends Pick<DocumentPorts, 'after' | 'reasonOf'>,
    Omit<FindingPorts, 'store' | 'list'> {
  readonly store: SheetStore;
  /** The list of sheets, loaded on first use. */
  list(): Promise<SheetList>;
  readonly tab: Pick<TabMemory, 'unwritten' | 'rememberUnwritten'>;
  /** Tells other tabs that a sheet changed. */
  post(notice: SheetNotice): void;
  readonly navigation: Navigation;
  /** Does the slow work for a sheet before it replaces the one on the screen. */
  prepare(sheet: Sheet): Promise<void>;
}

/** The parts of the workbook that the actions on sheets use. */
export interface WorkbookParts {
  readonly ports: WorkbookPorts;
  current(): OpenDocument;
  /** The document on the screen, and those that wait for storage. */
  documents(): readonly OpenDocument[];
  show(beginning: Beginning, step: boolean): void;
  /** Takes the lesson of another entry of the browser's history that belongs to the sheet on the screen. */
  follow(lesson: OpenLesson | undefined): void;
  /** Changes the sheet on the screen and writes the new state into the address bar. */
  act(change: () => void): void;
  /** Opens a document of a sheet that is not on the screen. */
  openHidden(beginning: Beginning): OpenDocument;
  tell(news?: string): void;
  writeAddress(step: boolean): void;
  /**
   * Runs an action that reads storage. Reports a failure; ignores the result if another sheet was requested
   * in the meantime.
   */
  goTo(what: string, find: () => Promise<(() => void) | undefined>): Promise<void>;
  readonly finding: Finding;
}
