// A workspace over a sheet, without a screen. A test that imports it takes the page's Solid: in Node's nothing reacts.

import { createRoot } from 'solid-js';
import { registry } from '../../src/cells';
import { inlineEngine } from '../../src/core/compute/engine';
import { createScheduler } from '../../src/core/compute/scheduler';
import { memoryStore } from '../../src/core/compute/store';
import type { Sheet } from '../../src/core/sheet/sheet';
import { writeAddress } from '../../src/platform/page/address';
import { createSession, type Session } from '../../src/ui/session/session';
import { createWorkspace, type Workspace } from '../../src/ui/workspace/workspace';
import { sheetAt } from '../sheet-at';
import { oneSheet } from './figures/sheet-session';

/** Opens the sheet of an address; `prepare` gets the session before there is a workspace. Nothing is computed but on demand. */
export function openWorkspace(
  address: string,
  prepare: (session: Session) => void = () => {},
): { readonly workspace: Workspace; readonly dispose: () => void } {
  const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
  const ports = {
    write: (sheet: Sheet) => writeAddress(sheet, registry),
    sheets: oneSheet(sheetAt(address)),
  };
  // What is done comes after the root is made: within it nothing would react yet.
  return createRoot((dispose) => {
    const session = createSession(registry, scheduler, ports);
    prepare(session);
    const workspace = createWorkspace(session, scheduler, () => Promise.reject(new Error('nobody asks')));
    return { workspace, dispose };
  });
}
