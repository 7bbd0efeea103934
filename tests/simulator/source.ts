// The parts of src that the simulated page uses, for the bundle.
// Invariant: only the real code, including the parts that the page loads late.

export { inlineEngine } from '../../src/core/compute/engine';
export { createSharedExecution } from '../../src/core/compute/exclusive';
export { createScheduler } from '../../src/core/compute/scheduler';
export { memoryStore, tiered } from '../../src/core/compute/store';
export { createRegistry, defineKind } from '../../src/core/kinds/kind';
export { int } from '../../src/core/kinds/param';
export { number, strictObject } from '../../src/core/kinds/value';
export { hashText } from '../../src/core/plan/key';
export { createPlanner } from '../../src/core/plan/plan';
export { addRun, setOverride } from '../../src/core/sheet/sheet';
export { openTransferPort } from '../../src/page/ports/transfer-port';
export { transferSources } from '../../src/page/ports/transfer-sources';
export { parseNotice } from '../../src/page/sheets/sheet-notice';
export { tabMemory } from '../../src/page/sheets/tab-memory';
export { createWorkbook } from '../../src/page/sheets/workbook';
export { storageReason } from '../../src/platform/storage/idb';
export { openLibrary } from '../../src/platform/storage/library/library';
export { pagesSharedExecution } from '../../src/platform/storage/locks';
export { idbStore } from '../../src/platform/storage/results/idb-store';
export { createStock } from '../../src/platform/storage/results/result-stock';
export { parseSheet, sheetData } from '../../src/platform/storage/sheets/sheet-data';
export { openSheetList } from '../../src/platform/storage/sheets/sheet-list';
export { openSheets } from '../../src/platform/storage/sheets/sheets';
export { openNotices } from '../../src/platform/storage/tab-notices';
