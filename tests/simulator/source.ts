// What the simulated page uses of src, for the bundle.
// Invariant: nothing but the real code; what the page loads later is in the bundle too.

export { inlineEngine } from '../../src/core/engine';
export { takeTurns } from '../../src/core/exclusive';
export { hashText } from '../../src/core/key';
export { createRegistry, defineKind } from '../../src/core/kind';
export { int } from '../../src/core/param';
export { createPlanner } from '../../src/core/plan';
export { createScheduler } from '../../src/core/scheduler';
export { addRun, setOverride } from '../../src/core/sheet';
export { memoryStore, tiered } from '../../src/core/store';
export { number, strictObject } from '../../src/core/value';
export { parseNotice } from '../../src/page/notice';
export { tabMemory } from '../../src/page/tab-memory';
export { openTransferPort } from '../../src/page/transfer-port';
export { transferSources } from '../../src/page/transfer-sources';
export { createWorkbook } from '../../src/page/workbook';
export { storageReason } from '../../src/platform/idb';
export { idbStore } from '../../src/platform/idb-store';
export { openLibrary } from '../../src/platform/library';
export { pageTurns } from '../../src/platform/storage/locks';
export { openNotices } from '../../src/platform/storage/notices';
export { parseSheet, sheetData } from '../../src/platform/storage/sheet-data';
export { openSheetList } from '../../src/platform/storage/sheet-list';
export { openSheets } from '../../src/platform/storage/sheets';
export { createStock } from '../../src/platform/storage/stock';
