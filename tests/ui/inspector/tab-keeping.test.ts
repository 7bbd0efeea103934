// The open tab of figures over a reload: what is kept, and what of it is believed.

import { createRoot } from 'solid-js';
import { expect, test, vi } from 'vitest';
import { registry } from '../../../src/cells';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
// Loaded beforehand, so that nothing is waited for but the reading itself.
import '../../../src/page/sheets/form-reading';
import { tabMemory } from '../../../src/page/sheets/tab-memory';
import { writeAddress } from '../../../src/platform/page/address';
import { keepTab } from '../../../src/ui/inspector/tab-keeping';
import { createSession, type Session } from '../../../src/ui/session/session';
import { sheetAt } from '../../sheet-at';
import { oneSheet } from '../figures/sheet-session';

// Node would take Solid's build for servers, in which nothing reacts; the page has this one.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

/** A storage for a tab, and sessions that are opened over it one after the other. */
function browserTab() {
  const held = new Map<string, string>();
  const storage = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
  return {
    held,
    /** Opens the page over the sheet with this id; the tab of figures has its place once this resolves. */
    async open(id = 'one'): Promise<Session> {
      const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(registry) });
      const sheets = oneSheet(sheetAt('#v1&A=a'));
      const session = createRoot(() => {
        const made = createSession(registry, scheduler, {
          write: (sheet) => writeAddress(sheet, registry),
          sheets: { ...sheets, state: () => ({ ...sheets.state(), id }) },
          typed: tabMemory(() => storage),
        });
        keepTab(made);
        return made;
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      return session;
    },
  };
}

test('a tab is open again after each reload, over its own sheet', async () => {
  const { open } = browserTab();
  (await open()).inspect('Network');
  expect((await open()).inspected()).toBe('Network');
  expect((await open()).inspected()).toBe('Network');
  expect((await open('two')).inspected()).toBe('Learning');
});

test('the name of a kind opens its tab, and any other text opens none', async () => {
  const { held, open } = browserTab();
  (await open()).inspect('Data');
  const [[key = '', text = ''] = []] = [...held].filter(([, value]) => value.includes('"tab"'));
  expect(text).toContain('"Data"');
  const left = async (about: string): Promise<string> => {
    held.set(key, text.replace('"Data"', JSON.stringify(about)));
    return (await open()).inspected();
  };
  expect(await left('diff')).toBe('Network');
  expect(await left('Sweep')).toBe('Sweep');
  for (const wrong of ['', 'data', 'constructor', '__proto__', '<b>', 'x'.repeat(9_000)])
    expect(await left(wrong), wrong).toBe('Learning');
});
