// What the simulated page uses of src, for the bundle.
// Invariant: nothing but the real code; what the page loads later is in the bundle too.

export { hashText } from '../../src/core/key';
export { addRun, setOverride } from '../../src/core/sheet';
export { parseNotice } from '../../src/page/notice';
export { tabMemory } from '../../src/page/tab-memory';
export { createWorkbook } from '../../src/page/workbook';
export { storageReason } from '../../src/platform/idb';
export { idbStore } from '../../src/platform/idb-store';
export { openLibrary } from '../../src/platform/library';
export { openNotices } from '../../src/platform/storage/notices';
export { parseSheet, sheetData } from '../../src/platform/storage/sheet-data';
export { openSheetList } from '../../src/platform/storage/sheet-list';
export { openSheets } from '../../src/platform/storage/sheets';
