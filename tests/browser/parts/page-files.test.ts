// Files in a real browser: downloads, the file chooser, dropping; between two profiles at two addresses.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/chromium';
import { contentOf } from '../support/download';
import { type Served, serveTwice } from './library-server';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const FIXTURES = resolve(import.meta.dirname, '../../fixtures/storage');
const PAGE = 'tests/browser/parts/files.html';

let browser: Browser;
let here: Served;
let elsewhere: Served;

beforeAll(async () => {
  browser = await launchBrowser();
  [here, elsewhere] = await serveTwice(PAGE);
});
afterAll(async () => {
  await browser?.close();
  await here?.close();
  await elsewhere?.close();
});

/** Opens a page in a profile of its own; fails in the end on any error of the console, refused by the policy or not. */
async function visit(
  url: string,
  story: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    await page.goto(url);
    await page.getByRole('button', { name: 'Files' }).waitFor();
    await story(page, context);
    expect(errors).toEqual([]);
  } finally {
    await context.close();
  }
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const openFiles = (page: Page) => press(page, 'Files');
const choose = (page: Page, ...files: Parameters<Page['setInputFiles']>[1][]) =>
  page.locator('input[type=file]:not([accept])').setInputFiles(files.flat() as string[]);
const opened = (page: Page) => page.getByRole('list', { name: 'Opened files' });
const library = (page: Page) => page.locator('[data-library]');

/** Presses a button that downloads; resolves to the file's name and its content. */
async function saved(page: Page, button: string) {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, button)]);
  return { name: download.suggestedFilename(), mimeType: '', buffer: await contentOf(download) };
}

const drop = (page: Page, type: string, files: readonly { name: string; text: string }[]) =>
  page.evaluate(
    ([event, made]) => {
      const data = new DataTransfer();
      for (const { name, text } of made) data.items.add(new File([text], name));
      const dropped = new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(dropped);
      return dropped.defaultPrevented;
    },
    [type, files] as const,
  );

describe('files', () => {
  test('carry everything to another browser at another address, once', () =>
    visit(`${here.url}?trainings=230`, async (from) => {
      await expect.poll(() => library(from).textContent()).toBe('230 trainings');
      await openFiles(from);
      await expect.poll(() => from.getByRole('dialog').textContent()).toContain('1 sheet, 230 trainings');
      const file = await saved(from, 'Export everything');
      expect(file.name).toMatch(/^gradsheet-\d{4}-\d\d-\d\d\.zip$/);
      expect(await from.locator('.transfer > p').textContent()).toContain(`Saved as ${file.name}`);
      await visit(`${elsewhere.url}?sheet=%23v1%26A%3Dmine`, async (to) => {
        await openFiles(to);
        await choose(to, file);
        await expect.poll(() => opened(to).textContent()).toContain('Added 1 sheet and 230 trainings.');
        expect(await to.getByRole('list', { name: 'Sheets' }).allInnerTexts()).toEqual([
          'Vanishing gradients · 1 runs\nVanishing gradients · 3 runs',
        ]);
        await expect.poll(() => library(to).textContent()).toBe('230 trainings');
        expect(await library(to).getAttribute('data-library')).toBe('230');
        await choose(to, file);
        await expect
          .poll(() => opened(to).textContent())
          .toContain('1 sheet and 230 trainings were here already.');
        expect(await to.getByRole('list', { name: 'Sheets' }).locator('li').count()).toBe(2);
        await to.reload();
        await expect.poll(() => library(to).textContent()).toBe('230 trainings');
      });
    }));

  test('carry one sheet, which is shown where it is opened', () =>
    visit(here.url, async (from) => {
      await openFiles(from);
      const file = await saved(from, 'Export this sheet');
      expect(file.name).toBe('vanishing-gradients.gradsheet');
      expect(JSON.parse(file.buffer.toString()).address).toBe('#v1');
      await visit(`${elsewhere.url}?sheet=%23v1%26A%3Dmine`, async (to) => {
        await openFiles(to);
        await choose(to, file);
        await expect.poll(() => opened(to).textContent()).toContain('Added 1 sheet.');
        expect(await to.locator('li[aria-current=true]').textContent()).toBe('Vanishing gradients · 3 runs');
      });
    }));

  test('carry chosen trainings out of the library', () =>
    visit(`${here.url}?trainings=5`, async (from) => {
      await expect.poll(() => library(from).textContent()).toBe('5 trainings');
      await press(from, 'Library');
      await from.locator('tbody [data-control="choice"]').nth(1).check();
      await from.locator('tbody [data-control="choice"]').nth(3).check();
      const file = await saved(from, 'Export');
      expect(file.name).toMatch(/^gradsheet-trainings-/);
      await visit(elsewhere.url, async (to) => {
        await openFiles(to);
        await choose(to, file);
        await expect.poll(() => opened(to).textContent()).toContain('Added 2 trainings.');
      });
    }));

  test('that are kept from the first version, and files of other tools, are read', () =>
    visit(here.url, async (page) => {
      await openFiles(page);
      await choose(page, `${FIXTURES}/sheet-v1.gradsheet`, `${FIXTURES}/export-v1-zipfile.zip`);
      await expect.poll(() => opened(page).textContent()).toContain('Added 12 trainings.');
      expect(await opened(page).textContent()).toContain('2 sheets were here already.');
    }));

  test('that are damaged or foreign are refused in words, and the rest is kept', () =>
    visit(here.url, async (page) => {
      const bytes = await readFile(`${FIXTURES}/export-v1.zip`);
      const at = bytes.indexOf('library/0001.json') + 60;
      bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      await openFiles(page);
      await choose(
        page,
        { name: 'damaged.zip', mimeType: '', buffer: bytes },
        { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
        { name: 'empty.zip', mimeType: '', buffer: Buffer.alloc(0) },
      );
      await expect.poll(() => opened(page).locator('> li').count()).toBe(3);
      const text = await opened(page).innerText();
      expect(text).toContain('library/0001.json: the compressed data are damaged');
      expect(text).toContain('Added 1 sheet. 1 sheet was here already.');
      expect(text).toContain('not a sheet or a lesson (.gradsheet) or an export (.zip) of Gradsheet');
      expect(text).toContain('the file: empty');
      await page.evaluate(await readFile(AXE, 'utf8'));
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string }[] }> };
        };
        return (await axe.run()).violations.map(({ id }) => id);
      });
      expect(violations).toEqual([]);
    }));

  test('can be dropped anywhere: a hint says so, and a foreign file never takes the page away', () =>
    visit(`${here.url}?sheet=%23v1%26A%3Dmine`, async (page) => {
      const text = await readFile(`${FIXTURES}/sheet-v1.gradsheet`, 'utf8');
      const hint = page.locator('.drop-hint');
      expect(await hint.isVisible()).toBe(false);
      expect(await drop(page, 'dragover', [{ name: 'a.gradsheet', text }])).toBe(true);
      expect(await hint.innerText()).toContain('Drop to open a sheet or a lesson (.gradsheet)');
      await drop(page, 'dragleave', []);
      expect(await hint.isVisible()).toBe(false);
      expect(await drop(page, 'dragover', [])).toBe(false);
      expect(
        await drop(page, 'drop', [
          { name: 'a.gradsheet', text },
          { name: 'a.html', text: '<b>' },
        ]),
      ).toBe(true);
      await expect.poll(() => opened(page).locator('> li').count()).toBe(2);
      expect(await opened(page).innerText()).toContain('"a.html"');
      expect(await page.locator('li[aria-current=true]').textContent()).toBe('Émile’s sweep · 2 runs');
      await page.keyboard.press('Escape');
      expect(await page.getByRole('dialog').count()).toBe(0);
    }));

  test('the dialog is worked by keys, and gives the focus back', () =>
    visit(here.url, async (page) => {
      await page.getByRole('button', { name: 'Files' }).focus();
      await page.keyboard.press('Enter');
      const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
      expect(await focused()).toBe('Export everything');
      const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
      expect(download.suggestedFilename()).toMatch(/\.zip$/);
      for (const name of ['Export this sheet', 'Open a file …', 'Close']) {
        await page.keyboard.press('Tab');
        expect(await focused()).toBe(name);
      }
      await page.keyboard.press('Enter');
      expect(await focused()).toBe('Files');
    }));

  test('of ten thousand trainings are written and read in slices that leave the page free', () =>
    visit(`${here.url}?unkept&trainings=10000`, async (from) => {
      const longest = (page: Page) =>
        page.evaluate(() =>
          Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks.splice(0)),
        );
      await openFiles(from);
      await expect.poll(() => from.getByRole('dialog').textContent()).toContain('10,000 trainings');
      await longest(from);
      let start = performance.now();
      const file = await saved(from, 'Export everything');
      const written = Math.round(performance.now() - start);
      await from.waitForTimeout(100);
      const writing = await longest(from);
      const zip = join(await mkdtemp(join(tmpdir(), 'gradsheet-export-')), file.name);
      await writeFile(zip, file.buffer);
      await visit(`${elsewhere.url}?unkept`, async (to) => {
        await openFiles(to);
        await longest(to);
        start = performance.now();
        // By its path: bytes that come through the test's own connection are a long task themselves.
        await choose(to, zip);
        await expect.poll(() => opened(to).textContent(), { timeout: 60_000 }).toContain('10,000 trainings');
        const read = Math.round(performance.now() - start);
        const reading = await longest(to);
        process.stdout.write(
          `10,000 trainings, ${(file.buffer.length / 1e6).toFixed(1)} MB: written in ${written} ms, longest task ${writing} ms; read in ${read} ms, longest task ${reading} ms\n`,
        );
        // As shares of the whole: unsliced it is one task, and on a busy machine all of it takes longer alike.
        expect(writing / written).toBeLessThan(0.1);
        expect(reading / read).toBeLessThan(0.1);
      });
      await rm(dirname(zip), { recursive: true });
    }));
});
