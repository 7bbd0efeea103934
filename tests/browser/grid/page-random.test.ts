// Hands that know no plan: hundreds of keys and clicks on the sheet, from a seed. Nothing breaks, no text is lost, and undoing
// everything gives the first sheet back.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import { rowFormula } from '../../../src/core/formulas/sheet-rows';
import { seedsParam } from '../../../src/core/plan/param-values';
import { cleanName } from '../../../src/core/sheet/sheet';
import { parseSheet } from '../../../src/platform/storage/sheets/sheet-data';
import { cases } from '../../cases';
import { type App, startOwnApp } from '../support/app';
import { button, openOwn, saved, soon, stored } from '../support/steps';

const SMALL =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.optimizer.learningRate=%3DA.learningRate*10&C=c&C.base=A&row.gap=%3Dloss%20-%20A.loss';
const EVENTS = cases(200);
const language = createLanguage(registry);

let app: App;

beforeAll(async () => {
  // All pages of a browser share the clipboard.
  app = await startOwnApp();
});

afterAll(() => app?.close());

/** A small generator of numbers (Lehmer's), so that a failure can be had again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const KEYS = [
  ...[
    'ArrowLeft',
    'ArrowRight',
    'ArrowUp',
    'ArrowDown',
    'Home',
    'End',
    'PageUp',
    'PageDown',
    'Enter',
    'Tab',
    'Escape',
    'Delete',
    'F2',
  ],
  ...[
    'Shift+ArrowRight',
    'Shift+ArrowDown',
    'Shift+ArrowLeft',
    'Control+ArrowRight',
    'Control+ArrowDown',
    'Control+Home',
    'Control+End',
  ],
  ...[
    'Control+Space',
    'Shift+Space',
    'Control+a',
    'Control+d',
    'Control+r',
    'Control+c',
    'Control+x',
    'Control+v',
    'Control+Enter',
  ],
  ...[
    'Control+z',
    'Control+y',
    'Control+Shift+Z',
    'Control+[',
    'Control+]',
    'Alt+Shift+ArrowLeft',
    'Alt+Shift+ArrowRight',
    '?',
  ],
];
/** Texts whose canonical form is as they are typed, or that no param takes. */
const TEXTS = [
  '0.3',
  '2',
  '7',
  'relu',
  'nonsense',
  '=1+1',
  '=A.noise',
  '=loss',
  '=B.',
  '=units*',
  '1,2',
  'ünï',
];

/** What is being typed: the text and where; undefined where nothing is. */
const typing = (page: Page): Promise<{ text: string; place: string } | undefined> =>
  page.evaluate(() => {
    const input = document.activeElement;
    if (!(input instanceof HTMLInputElement) || !(input.matches('.cell-input') || input.id === 'formula'))
      return undefined;
    return { text: input.value, place: document.querySelector<HTMLInputElement>('#place')?.value ?? '' };
  });

/** Every text in the sheet: names, params and rows as they are kept. */
async function texts(page: Page): Promise<string> {
  await saved(page);
  const held = await stored(page, 'gradsheet-sheet');
  return JSON.stringify((held[`sheet ${String(held['last'])}`] as { sheet: unknown }).sheet);
}

/** The run and the path that the bar names; the path is undefined for the run's name. */
function partsOf(place: string): { run: string; path: string | undefined } {
  const [, run = '', path] = place.match(/^([A-Z]+)(?:, name|\.(.*))$/) ?? [];
  return { run, path };
}

const paramAt = (path: string) => {
  const [kind = '', param = ''] = path.split('.');
  return path === 'seeds' ? seedsParam : registry.get(kind)?.params[param];
};

/** The ways in which a typed text may be kept: as it is, written out, or in its param's canonical form. */
function formsOf({ text, place }: { text: string; place: string }): string[] {
  const { path } = partsOf(place);
  const kept = text.trim();
  if (path === undefined) return [cleanName(kept).trim()];
  if (path.startsWith('row.')) return [language.writeOut(rowFormula(kept), { rows: ['gap'] })];
  const param = paramAt(path);
  const parsed = kept.startsWith('=') ? undefined : param?.parse(kept);
  return [kept, language.writeOut(kept), ...(param && parsed?.ok ? [param.format(parsed.value)] : [])];
}

/** The text that is kept at a place, inherited or default where the run has none of its own; empty for what is gone. */
async function textAt(page: Page, place: string): Promise<string> {
  await saved(page);
  const held = await stored(page, 'gradsheet-sheet');
  const sheet = parseSheet((held[`sheet ${String(held['last'])}`] as { sheet: unknown }).sheet);
  const { run: id, path } = partsOf(place);
  let run = sheet?.runs.find((other) => other.id === id);
  if (path === undefined) return run?.name.trim() ?? '';
  if (path.startsWith('row.')) return sheet?.rows.find(({ name }) => `row.${name}` === path)?.formula ?? '';
  for (; run; run = sheet?.runs.find((other) => other.id === run?.base)) {
    const text = run.overrides.get(path);
    if (text !== undefined) return text;
  }
  const param = paramAt(path);
  return param ? param.format(param.default) : '';
}

const address = (page: Page): Promise<string> => page.evaluate(() => location.hash);

async function act(page: Page, random: (below: number) => number): Promise<string> {
  const what = random(10);
  if (what < 5) {
    const key = KEYS[random(KEYS.length)] ?? 'Enter';
    await page.keyboard.press(key);
    return key;
  }
  if (what < 8) {
    const text = TEXTS[random(TEXTS.length)] ?? '';
    await page.keyboard.type(text);
    return `type ${text}`;
  }
  const cells = page.locator('[role="grid"] :is(td, th)[aria-label]:not(.corner), [role="grid"] thead th');
  const cell = cells.nth(random(await cells.count()));
  await cell.click({ timeout: 1_000, modifiers: random(5) === 0 ? ['Shift'] : [] }).catch(() => {});
  return 'click';
}

describe('hands that know no plan', () => {
  test.each([1, 2_024, 77_777])(
    `seed %i: ${EVENTS} keys and clicks`,
    async (seed) => {
      const { page, close, expectClean } = await openOwn(app, SMALL, {});
      const [begun, written] = [await texts(page), await address(page)];
      const random = numbers(seed);
      const log: string[] = [];
      await page.locator('[role="grid"] td').first().click();
      for (let event = 0; event < EVENTS; event++) {
        const before = await typing(page);
        const did = await act(page, random);
        log.push(did);
        const after = await typing(page);
        // What was typed and is no longer being typed was given up by Escape, or is in the sheet.
        const isOver = before !== undefined && after?.place !== before.place;
        if (isOver && did !== 'Escape' && before.text.trim() !== '') {
          const wanted = formsOf(before);
          await soon(async () => wanted.includes(await textAt(page, before.place)))
            .toBe(true)
            .catch(() => {
              throw new Error(
                `“${before.text}” of ${before.place} was lost after ${log.slice(-8).join(', ')}`,
              );
            });
        }
        const dialog = page.locator('dialog[open]');
        if (await dialog.count()) await page.keyboard.press('Escape');
      }
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      const undo = button(page, 'Undo');
      for (let steps = 0; (await undo.getAttribute('aria-disabled')) === 'false'; steps++) {
        expect(steps).toBeLessThan(2 * EVENTS);
        await undo.click();
      }
      // The history began with the sheet as it was kept.
      expect(await address(page)).toBe(written);
      expect(await texts(page)).toBe(begun);
      expectClean();
      await close();
    },
    300_000,
  );
});
