// The library in a real browser: finding, choosing, editing, removing, comparing; with a keyboard, and without errors.

import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/chromium';
import { contentOf } from '../support/download';
import { serveLibrary } from './library-server';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** A folder for screenshots; none are made where it is not set. */
const SHOTS = process.env['GRADSHEET_SCREENSHOTS'];

let browser: Browser;
let server: Awaited<ReturnType<typeof serveLibrary>>;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveLibrary()]);
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** The page of all stories that want no other kind of page. */
let usual: Page | undefined;

async function openOther(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  return context.newPage();
}

/** Runs a story on a page that is loaded anew; fails on any error of the console, refused style or script included. */
async function visit(
  count: number,
  story: (page: Page) => Promise<void>,
  { query = '', ...options }: BrowserContextOptions & { query?: string } = {},
): Promise<void> {
  const isOther = Object.keys(options).length > 0;
  if (!isOther) usual ??= await openOther({});
  const page = isOther || !usual ? await openOther(options) : usual;
  const errors: string[] = [];
  const note = (message: ConsoleMessage) => message.type() === 'error' && errors.push(message.text());
  const noteError = (error: Error) => errors.push(String(error));
  page.on('console', note).on('pageerror', noteError);
  try {
    await page.goto(`${server.url}?count=${count}${query}`);
    await page.getByRole('button', { name: 'Open the library' }).click();
    await page.waitForFunction(() => document.activeElement?.tagName === 'H2');
    await story(page);
    expect(errors).toEqual([]);
  } finally {
    page.off('console', note).off('pageerror', noteError);
    if (isOther) await page.context().close();
  }
}

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { violations: found } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
  });
}

const choice = (page: Page, index: number) => page.locator('tbody [data-control="choice"]').nth(index);
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    const row = element?.closest('tr')?.getAttribute('aria-rowindex');
    return `${row ? `${row} ` : ''}${element?.getAttribute('data-control') ?? element?.textContent?.trim().slice(0, 40)}`;
  });

test('an empty library says what will be here', () =>
  visit(0, async (page) => {
    expect(await page.textContent('.library-empty')).toContain('No trainings yet');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Open the library' }).count()).toBe(1);
  }));

test('sorting and filtering say what they did', () =>
  visit(100, async (page) => {
    const loss = page.getByRole('columnheader', { name: 'loss', exact: true });
    await loss.getByRole('button').click();
    expect(await loss.getAttribute('aria-sort')).toBe('ascending');
    await loss.getByRole('button').click();
    expect(await loss.getAttribute('aria-sort')).toBe('descending');
    await page.getByLabel('Filter').fill('relu loss<0.1');
    const [shown = 0, of] = ((await page.textContent('.library-count')) ?? '').split(' of ').map(Number);
    expect(of).toBe(100);
    expect(shown).toBeGreaterThan(0);
    expect(await page.locator('table').getAttribute('aria-rowcount')).toBe(String(shown + 1));
    await page.getByLabel('Filter').fill('no such training');
    expect(await page.textContent('.library-empty')).toContain('no such training');
    await page.keyboard.press('Escape');
    expect(await page.textContent('.library-count')).toBe('100 of 100');
  }));

test('a thousand rows scroll in a window of few elements, and keep the focus', () =>
  visit(1_000, async (page) => {
    expect(await page.locator('tbody tr[data-key]').count()).toBeLessThan(60);
    await choice(page, 2).focus();
    await page.mouse.move(640, 500);
    for (let step = 0; step < 30; step++) await page.mouse.wheel(0, 1_000);
    await page.waitForFunction(() => (document.querySelector('.library-scroller')?.scrollTop ?? 0) > 20_000);
    expect(await focused(page)).toBe('4 choice');
    await page.keyboard.press('End');
    expect(await focused(page)).toBe('1001 choice');
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toBe('1000 choice');
    await page.keyboard.press('Home');
    expect(await focused(page)).toBe('2 choice');
    await page.getByLabel('Filter').fill('relu');
    await page.getByRole('columnheader', { name: 'accuracy', exact: true }).getByRole('button').click();
    await page.getByLabel('Choose all shown').click();
    expect(await page.locator('tbody tr[data-key]').count()).toBeLessThan(60);
  }));

test('a row is named and noted in place, and what is cancelled is as before', () =>
  visit(3, async (page) => {
    const name = page.locator('[data-control="name"]').first();
    await name.click();
    await page.keyboard.type('the best one');
    await page.keyboard.press('Enter');
    expect(await name.textContent()).toBe('the best one');
    expect(await focused(page)).toBe('2 name');
    await page.keyboard.press('F2');
    await page.keyboard.type('no');
    await page.keyboard.press('Escape');
    expect(await name.textContent()).toBe('the best one');
    expect(await focused(page)).toBe('2 name');
    await page.locator('[data-control="note"]').first().click();
    await page.keyboard.type('first line');
    expect(await violations(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, 'library-note.png') });
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second line');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.documentElement.dataset['asked'])).toBe(
      'update {"note":"first line\\nsecond line"}',
    );
    expect(await focused(page)).toBe('2 note');
  }));

test('removing goes on to the next row, and undo brings back what was removed', () =>
  visit(100, async (page) => {
    const title = (index: number) => page.locator('tbody tr[data-key]').nth(index).getAttribute('data-key');
    const [first, second] = [await title(0), await title(1)];
    await page.locator('[data-control="remove"]').first().click();
    expect(await title(0)).toBe(second);
    expect(await focused(page)).toBe('2 remove');
    expect(await page.textContent('.library-status')).toContain('Removed 1 training. Undo');
    await choice(page, 1).click();
    await choice(page, 4).click({ modifiers: ['Shift'] });
    expect(await page.locator('.library-bulk').textContent()).toContain('4 chosen');
    await page.locator('.library-bulk').getByRole('button', { name: 'Remove' }).click();
    expect(await focused(page)).toBe('3 choice');
    expect(await page.textContent('.library-count')).toBe('95 of 95');
    expect(await violations(page)).toEqual([]);
    if (SHOTS) await page.screenshot({ path: join(SHOTS, 'library-removed.png') });
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.textContent('.library-count')).toBe('99 of 99');
    expect(await focused(page)).toBe('3 name');
    await page.keyboard.press('Delete');
    expect(await page.textContent('.library-count')).toBe('98 of 98');
    expect(first).not.toBe(second);
  }));

test('a comparison tells differences from the chosen baseline, and gives the focus back', () =>
  visit(100, async (page) => {
    for (const index of [0, 2, 4]) await choice(page, index).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.locator('.comparison-plot').waitFor();
    expect(await focused(page)).toBe('3 trainings compared');
    const differences = () => page.locator('.comparison-table small').allTextContents();
    const before = await differences();
    expect(before[0]).toBe('baseline');
    expect(before[1]).toMatch(/^[−+][\d.]+ (better|worse)$/);
    await page.getByLabel(/^Baseline: 2/).check();
    expect((await differences())[1]).toBe('baseline');
    const slider = page.getByRole('slider', { name: 'Epoch' });
    await slider.focus();
    const last = await page.textContent('.comparison-readout thead');
    await page.keyboard.press('ArrowLeft');
    expect(await page.textContent('.comparison-readout thead')).not.toBe(last);
    const plot = await page.locator('.comparison-plot').boundingBox();
    if (!plot) throw new Error('there is no drawing');
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    expect(await page.locator('.comparison-cursor').count()).toBe(1);
    await page.getByText(/^Identical/).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add all to the sheet' }).click();
    expect(await page.evaluate(() => document.documentElement.dataset['asked'])).toBe('add 3');
    expect(await page.textContent('.comparison header > span')).toBe('Added 3 trainings to the sheet.');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Compare');
    expect(await page.locator('.library-bulk').textContent()).toContain('3 chosen');
  }));

const title = (page: Page) => page.locator('.scatter h3').textContent();

/** The list of what an axis or the colour shows. */
const list = (page: Page, name: 'Across' | 'Up' | 'Colour') =>
  page.getByRole('combobox', { name, exact: true });

/** Opens the scatter and waits for its drawing. */
async function openScatter(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Scatter' }).click();
  await page.locator('.scatter-drawing svg').first().waitFor();
}

test('a scatter shows any param against any result, follows the filter, and counts what it leaves out', () =>
  visit(100, async (page) => {
    await openScatter(page);
    expect(await title(page)).toBe('Hidden layers against test loss, 100 trainings');
    expect(await page.locator('.library-scroller').isVisible()).toBe(false);
    await list(page, 'Across').selectOption({ label: 'activation' });
    await list(page, 'Up').selectOption({ label: 'first : last' });
    await list(page, 'Colour').selectOption({ label: 'learning rate' });
    await expect
      .poll(() => title(page))
      .toBe('Activation against first : last by learning rate, 100 trainings');
    const drawn = await page.locator('.scatter-drawing').textContent();
    for (const word of ['sigmoid', 'leakyRelu', 'first : last (logarithmic)', '1 : 100', '0.001'])
      expect(drawn).toContain(word);
    await list(page, 'Across').selectOption({ label: 'momentum' });
    await page.getByLabel('Filter').fill('epochs=100');
    await expect
      .poll(() => page.locator('.scatter-remark').first().textContent())
      .toMatch(/^\d+ have no momentum\.$/);
    const [, shown = 0] = /, (\d+) training/.exec((await title(page)) ?? '')?.map(Number) ?? [];
    const [left = 0] =
      /^\d+/.exec((await page.locator('.scatter-remark').first().textContent()) ?? '')?.map(Number) ?? [];
    expect(`${shown + left} of 100`).toBe(await page.textContent('.library-count'));
    await page.getByText(/in numbers$/).click();
    expect(await page.locator('.scatter-numbers tbody td:nth-child(2)').allTextContents()).not.toEqual([]);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await openScatter(page);
    expect(await title(page)).toContain('Momentum against first : last');
  }));

test('a point is named, chosen, added, and found in the table, by pointer and by keyboard', () =>
  visit(100, async (page) => {
    await openScatter(page);
    const slider = page.getByRole('slider', { name: /^Training/ });
    await slider.focus();
    const shownText = () => slider.getAttribute('aria-valuetext');
    const first = await shownText();
    expect(first).toMatch(/, hidden layers 2 · test loss 0\.\d+$/);
    await page.keyboard.press('End');
    expect(await shownText()).toMatch(/hidden layers 10 · test loss/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    expect(await shownText()).toMatch(/, chosen$/);
    expect(await page.locator('.library-bulk').textContent()).toContain('1 chosen');
    expect(await page.getByRole('button', { name: 'Chosen' }).getAttribute('aria-pressed')).toBe('true');
    const place = await page.locator('.scatter-pointed').boundingBox();
    if (!place) throw new Error('nothing is pointed at');
    await page.keyboard.press('Home');
    expect(await shownText()).toBe(first);
    const [x, y] = [place.x + place.width / 2, place.y + place.height / 2];
    await page.mouse.move(x, y);
    expect(await shownText()).toMatch(/hidden layers 10 .*, chosen$/);
    await page.mouse.click(x, y);
    expect(await shownText()).not.toMatch(/chosen/);
    await page.mouse.move(x, 10);
    const name = await page.locator('.scatter-readout strong').textContent();
    await page.getByRole('button', { name: 'Choose', exact: true }).click();
    await page.locator('.scatter-actions').getByRole('button', { name: 'Add to the sheet' }).click();
    expect(await page.evaluate(() => document.documentElement.dataset['asked'])).toBe('add 1');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show in the table' }).click();
    expect(await focused(page)).toMatch(/^\d+ name$/);
    const row = page.locator('tr:focus-within');
    expect(await row.getByRole('checkbox').isChecked()).toBe(true);
    expect(await row.getByRole('checkbox').getAttribute('aria-label')).toBe(`Choose ${name}`);
    await openScatter(page);
    await page.locator('.library-bulk').getByRole('button', { name: 'Remove' }).click();
    expect(await focused(page)).toBe('Library');
    await expect.poll(() => title(page)).toContain('99 trainings');
  }));

test('the ring of each training lies around its own dot, filled or hollow', () =>
  visit(100, async (page) => {
    await openScatter(page);
    await list(page, 'Colour').selectOption({ label: 'momentum' });
    await expect
      .poll(() => page.locator('.scatter-remark').first().textContent())
      .toMatch(/^\d+ have no momentum, and are drawn hollow\.$/);
    const { rings, dots } = await page.evaluate(() => {
      const slider = document.querySelector<HTMLInputElement>('.scatter-slider');
      const count = Number(slider?.max);
      const ringOf = (index: number): number[] => {
        if (slider) slider.value = String(index + 1);
        slider?.dispatchEvent(new Event('input', { bubbles: true }));
        const path = document.querySelector('.scatter-pointed')?.getAttribute('d') ?? '';
        const [x = 0, y = 0, radius = 0] = path.match(/[\d.]+/g)?.map(Number) ?? [];
        return [x + radius, y];
      };
      const dots = [
        ...document.querySelectorAll<SVGGraphicsElement>(
          '.scatter-drawing > svg:last-child circle, .scatter-drawing > svg:last-child g > path[transform]',
        ),
      ].map((dot) => {
        const matrix = dot.transform.baseVal.consolidate()?.matrix;
        return [
          Number(dot.getAttribute('cx') ?? 0) + (matrix?.e ?? 0),
          Number(dot.getAttribute('cy') ?? 0) + (matrix?.f ?? 0),
        ];
      });
      return { rings: Array.from({ length: count }, (_, index) => ringOf(index)), dots };
    });
    expect([rings.length, dots.length]).toEqual([100, 100]);
    const distance = (place: readonly number[], others: readonly (readonly number[])[]): number =>
      Math.min(...others.map(([x = 0, y = 0]) => Math.hypot(x - (place[0] ?? 0), y - (place[1] ?? 0))));
    const apart = [...rings.map((ring) => distance(ring, dots)), ...dots.map((dot) => distance(dot, rings))];
    expect(Math.max(...apart)).toBeLessThan(0.2);
  }));

test('a scatter is saved as a drawing, a picture and numbers', () =>
  visit(30, async (page) => {
    await openScatter(page);
    await list(page, 'Colour').selectOption({ label: 'activation' });
    await expect.poll(() => title(page)).toContain('by activation');
    const saved = async (kind: string): Promise<Buffer> => {
      await page.getByRole('button', { name: /^Table and files of “/ }).click();
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: `Save as ${kind}` }).click();
      const file = await downloading;
      expect(file.suggestedFilename()).toBe(`scatter.${kind.toLowerCase()}`);
      return contentOf(file);
    };
    const svg = String(await saved('SVG'));
    expect(svg).toContain('<title>Hidden layers against test loss by activation, 30 trainings</title>');
    expect(svg).toContain('leakyRelu');
    expect(svg).not.toContain('var(--');
    expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG');
    const rows = String(await saved('CSV'))
      .trim()
      .split('\r\n');
    expect(rows[0]).toBe('training,key,hidden layers,test loss,activation');
    expect(rows).toHaveLength(31);
  }));

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } } as const;

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${size} and ${colorScheme}, library, scatter and comparison are accessible and fit the page`, () =>
      visit(
        100,
        async (page) => {
          const fits = async (state: string): Promise<void> => {
            expect(await violations(page)).toEqual([]);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            expect(over).toBe(0);
            if (SHOTS)
              await page.screenshot({ path: join(SHOTS, `library-${state}-${size}-${colorScheme}.png`) });
          };
          for (const index of [1, 2, 3]) await choice(page, index).click();
          await fits('table');
          await page.locator('[data-control="remove"]').first().press('Enter');
          await fits('notice');
          await openScatter(page);
          await list(page, 'Colour').selectOption({ label: 'activation' });
          await page.getByRole('slider', { name: /^Training/ }).focus();
          await fits('scatter');
          await page.getByRole('button', { name: 'Compare' }).click();
          await page.locator('.comparison-plot').waitFor();
          await fits('comparison');
        },
        { viewport, colorScheme },
      ));
  }
}

test('what cannot be read is said, comes as a file, and only what is damaged can be removed', () =>
  visit(
    3,
    async (page) => {
      const line = page.locator('.library-unreadable');
      expect(await line.textContent()).toContain('2 trainings cannot be read');
      expect(await line.textContent()).toContain('A newer version of Gradsheet wrote 1 training');
      expect(await violations(page)).toEqual([]);
      const downloading = page.waitForEvent('download');
      await line.getByRole('button', { name: 'Download' }).click();
      const file = await downloading;
      expect(file.suggestedFilename()).toBe('gradsheet-unreadable-trainings.json');
      expect(String(await contentOf(file))).toBe('[]\n');
      await line.getByRole('button', { name: 'Remove damaged trainings' }).click();
      await expect.poll(() => line.textContent()).not.toContain('cannot be read');
      expect(await line.getByRole('button').allTextContents()).toEqual(['Download']);
    },
    { query: '&unreadable' },
  ));

test('fields as odd as a stored lineage may have them break neither table, comparison nor scatter', () =>
  visit(
    48,
    async (page) => {
      const header = (column: string) =>
        page.getByRole('columnheader', { name: column, exact: true }).getByRole('button');
      for (const column of ['name', 'when', 'loss', 'first : last']) {
        await header(column).click();
        await choice(page, 0).click();
        await choice(page, 9).click({ modifiers: ['Shift'] });
        await page.getByRole('button', { name: 'Compare' }).click();
        expect(await page.locator('.comparison-table tbody tr').count()).toBeGreaterThan(0);
        await page.keyboard.press('Escape');
        for (let time = 0; time < 2; time++) await page.getByLabel('Choose all shown').click();
        expect(await page.locator('.library-bulk').textContent()).toContain('Choose two or more');
      }
      for (const text of ['epochs>1', 'toString', 'relu', '1e300', 'loss<1', '<>='])
        await page.getByLabel('Filter').fill(text);
      await page.getByLabel('Filter').fill('');
      await page.getByRole('button', { name: 'Scatter' }).click();
      const lists = [list(page, 'Across'), list(page, 'Up'), list(page, 'Colour')];
      await lists[0]?.waitFor();
      for (const list of lists)
        for (const value of await list
          .locator('option')
          .evaluateAll((all) => all.map((one) => one.getAttribute('value') ?? '')))
          await list.selectOption(value);
      expect(await title(page)).toMatch(/ against first : last by first : last, \d+ trainings?$/);
    },
    { query: '&hostile' },
  ));

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}, the storage panel says what is stored by what, frees, and takes a budget, by keyboard`, () =>
    visit(
      3,
      async (page) => {
        await page.getByRole('button', { name: 'Storage' }).press('Enter');
        const panel = page.getByRole('dialog', { name: 'Stored in this browser' });
        const text = () => panel.textContent();
        expect(await text()).toContain('128 MB of 512 MB');
        expect(await panel.getByRole('row').allTextContents()).toEqual([
          'Results23090 MB',
          'Checkpoints of trainings4138 MB',
          'Library32 MB',
          'Sheets and their undo steps3100 kB',
        ]);
        expect(await text()).toContain('sheet “Vanishing gradients”: 40 MB not needed by anything else');
        expect(await violations(page)).toEqual([]);
        if (SHOTS) await page.screenshot({ path: join(SHOTS, `storage-${colorScheme}.png`) });
        await panel.getByRole('button', { name: /^Free 45 MB/ }).press('Enter');
        await expect.poll(() => panel.locator('.choices span').textContent()).toBe('Freed 45 MB.');
        await panel.getByRole('button', { name: 'Ask the browser to keep the data' }).press('Enter');
        await expect.poll(text).toContain('keeps the data');
        const budget = panel.getByLabel('Budget in MB');
        expect(await budget.inputValue()).toBe('512');
        await budget.fill('0');
        await budget.press('Tab');
        await expect.poll(text).toContain('A budget is a number from 1 to');
        expect(await violations(page)).toEqual([]);
        await budget.fill('64');
        await budget.press('Tab');
        await expect.poll(text).toContain('of 64 MB');
        await page.keyboard.press('Escape');
        expect(await panel.count()).toBe(0);
        expect(await focused(page)).toBe('Storage');
      },
      { query: '&full', colorScheme },
    ));
}
