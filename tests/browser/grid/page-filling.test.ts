// Filling: the clipboard, Ctrl+R and Ctrl+D, the handle, the panel for series and sweeps; each is undone in one step.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startOwnApp, type WatchedPage } from '../support/app';
import {
  cell,
  choose,
  header,
  openNext,
  openOwn,
  receipt,
  runs,
  settled,
  soon,
  textOf,
  type,
  violations,
} from '../support/steps';

/** Three runs that are computed in a moment; B and C inherit from A. */
const SMALL =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.architecture.activation=relu&C=c&C.base=A';

let app: App;

beforeAll(async () => {
  // All pages of a browser share the clipboard.
  app = await startOwnApp();
});

afterAll(() => app?.close());

/** A page whose clipboard can be read and written. */
async function open(
  options: Parameters<typeof openNext>[2] = {},
  openSheet: typeof openNext = openNext,
): Promise<WatchedPage> {
  const watched = await openSheet(app, SMALL, options);
  await watched.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  // What fills is loaded once the sheet is drawn.
  await cell(watched.page, 'A', 'noise').click();
  await watched.page.locator('.fill-handle').waitFor();
  return watched;
}

const rowOf = async (page: Page, row: string): Promise<string[]> =>
  Promise.all([...(await runs(page))].map((run) => textOf(page, run, row)));

const label = (page: Page, run: string, row: string) => cell(page, run, row).getAttribute('aria-label');

const onClipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

const putOnClipboard = (page: Page, text: string) =>
  page.evaluate((given) => navigator.clipboard.writeText(given), text);

/** Selects from one cell to another. */
async function select(page: Page, from: [string, string], to: [string, string]): Promise<void> {
  await cell(page, ...from).click();
  await cell(page, ...to).click({ modifiers: ['Shift'] });
}

/** Where the handle is once it stands at the selection's corner: it follows the selection a frame later. */
async function handle(page: Page): Promise<{ x: number; y: number }> {
  const corner = async () => {
    const box = await page.locator('[role="grid"] [aria-selected="true"]').last().boundingBox();
    return {
      x: Math.round((box?.x ?? 0) + (box?.width ?? 0)),
      y: Math.round((box?.y ?? 0) + (box?.height ?? 0)),
    };
  };
  const middle = async () => {
    const box = await page.locator('.fill-handle').boundingBox();
    return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  };
  await soon(async () => {
    const [at, to] = [await middle(), await corner()];
    return Math.abs(at.x - to.x) + Math.abs(at.y - to.y);
  }).toBeLessThan(10);
  return middle();
}

async function undo(page: Page): Promise<void> {
  await page.keyboard.press('Control+z');
}

describe('the clipboard', () => {
  test('takes values for others and keeps, within Gradsheet, what is inherited', async () => {
    const { page, close, expectClean } = await open();
    await type(page, 'B', 'noise', '0.3');
    await select(page, ['A', 'noise'], ['C', 'noise']);
    await page.keyboard.press('Control+c');
    await soon(() => receipt(page)).toMatch(/^copied 3 × 1 cells/);
    await soon(() => onClipboard(page)).toBe('0.05\t0.3\t0.05');
    await cell(page, 'A', 'learning rate').click();
    await page.keyboard.press('Control+v');
    await soon(() => receipt(page)).toMatch(/^pasted 3 cells to A\.learningRate/);
    await soon(() => rowOf(page, 'learning rate')).toEqual(['0.05', '0.3', '0.05']);
    // C inherits it from A, as what was copied was inherited.
    expect(await label(page, 'C', 'learning rate')).toContain('from A');
    await undo(page);
    await soon(() => rowOf(page, 'learning rate')).toEqual(['0.001', '0.001', '0.001']);
    expectClean();
    await close();
  });

  test('that went through another program and comes back as it was overrides nothing', async () => {
    const { page, close, expectClean } = await open();
    await type(page, 'B', 'noise', '=A.dataset.noise * 2');
    await select(page, ['A', 'generator'], ['C', 'learning rate']);
    await page.keyboard.press('Control+c');
    await soon(() => receipt(page)).toMatch(/^copied/);
    const address = page.url();
    // The text alone, as another spreadsheet gives it back, with other line ends.
    await putOnClipboard(page, (await onClipboard(page)).replaceAll('\n', '\r\n'));
    await cell(page, 'A', 'generator').click();
    await page.keyboard.press('Control+v');
    await soon(() => receipt(page)).toMatch(/^nothing changed/);
    expect(page.url()).toBe(address);
    await putOnClipboard(page, '0.4\t0.1');
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('Control+v');
    // Once something differs, each cell says what was pasted: the formula would say 0.8.
    await soon(() => rowOf(page, 'noise')).toEqual(['0.4', '0.1', '0.4']);
    await undo(page);
    // C inherits 0.05 from A, and was pasted 0.05: it says so after A has changed.
    await putOnClipboard(page, '0.2\t0.2\t0.05');
    await page.keyboard.press('Control+v');
    await soon(() => rowOf(page, 'noise')).toEqual(['0.2', '0.2', '0.05']);
    await undo(page);
    await undo(page);
    expectClean();
    await close();
  });

  test('keeps formulas within Gradsheet and takes their values for others', async () => {
    const { page, close, expectClean } = await open();
    await type(page, 'B', 'noise', '=A.dataset.noise * 2');
    await cell(page, 'B', 'noise').click();
    await page.keyboard.press('Control+c');
    await soon(() => onClipboard(page)).toBe('0.1');
    await cell(page, 'C', 'learning rate').click();
    await page.keyboard.press('Control+v');
    await soon(() => textOf(page, 'C', 'learning rate')).toBe('0.1');
    expect(await page.locator('#formula').inputValue()).toBe('=A.dataset.noise * 2');
    await type(page, 'A', 'noise', '0.2');
    await soon(() => textOf(page, 'C', 'learning rate')).toBe('0.4');
    await undo(page);
    await undo(page);
    await soon(() => textOf(page, 'C', 'learning rate')).toBe('0.001');
    expectClean();
    await close();
  });

  test('takes results with all their digits, and a whole column with its name', async () => {
    const { page, close, expectClean } = await open();
    await cell(page, 'A', 'loss').click();
    await page.keyboard.press('Control+c');
    const loss = await onClipboard(page);
    expect(Number(loss).toFixed(4)).toBe((await textOf(page, 'A', 'loss')).trim());
    expect(loss.length).toBeGreaterThan(10);
    await page.keyboard.press('Control+Space');
    await page.keyboard.press('Control+c');
    const column = (await onClipboard(page)).split('\n');
    expect(column[0]).toBe('a');
    expect(column).toContain(loss);
    await cell(page, 'C', 'noise').click();
    await page.keyboard.press('Control+Space');
    await page.keyboard.press('Control+v');
    await soon(() => header(page, 'C').locator('.run-name').textContent()).toBe('a');
    expect(await receipt(page)).toMatch(/^pasted \d+ cells to C\.name, leaving out \d+ computed cells/);
    await undo(page);
    await soon(() => header(page, 'C').locator('.run-name').textContent()).toBe('c');
    expectClean();
    await close();
  });

  test('takes no proposed row among others, and brings one formula into it, or says why not', async () => {
    const { page, close, expectClean } = await open();
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    const lines = (await onClipboard(page)).split('\n');
    const shown = await page.locator('[role="grid"] tr').count();
    expect(lines.length).toBe(shown - 1);
    const proposed = page.locator('[role="grid"] td.proposed');
    await putOnClipboard(page, '=loss * 2\n=loss * 3');
    await proposed.nth(1).click();
    await page.keyboard.press('Control+v');
    await soon(() => page.locator('.banner').textContent()).toContain(
      'a row of formulas takes one formula, for all its runs',
    );
    await putOnClipboard(page, '=loss * 2');
    await page.keyboard.press('Control+v');
    await soon(() => page.url()).toContain('row.row1');
    const [loss, twice] = [await textOf(page, 'B', 'loss'), await textOf(page, 'B', 'row1')];
    expect(Number(twice)).toBeCloseTo(2 * Number(loss), 3);
    await undo(page);
    await soon(() => page.url()).not.toContain('row.row1');
    expectClean();
    await close();
  });

  test('takes the numbers of members one by one, and brings nothing into them', async () => {
    const { page, close, expectClean } = await open();
    await type(page, 'C', 'seeds', '3');
    await settled(page);
    await page.getByRole('button', { name: '3 members' }).click();
    await soon(() => textOf(page, 'C[2]', 'loss')).toMatch(/^\d\.\d+$/);
    await select(page, ['C[0]', 'loss'], ['C[2]', 'loss']);
    await page.keyboard.press('Control+c');
    await soon(() => receipt(page)).toMatch(/^copied 3 × 1 cells/);
    const losses = (await onClipboard(page)).split('\t').map(Number);
    const shown = await Promise.all([0, 1, 2].map((member) => textOf(page, `C[${member}]`, 'loss')));
    expect(losses.map((loss) => loss.toFixed(4))).toEqual(shown);
    expect(new Set(losses).size).toBe(3);
    await putOnClipboard(page, '0.4');
    for (const key of ['Control+v', 'Control+x']) {
      await cell(page, 'C[1]', 'noise').click();
      const address = page.url();
      await page.keyboard.press(key);
      await soon(() => page.getByRole('note').textContent()).toContain('Members follow their run');
      expect(page.url()).toBe(address);
      await page.getByRole('button', { name: 'Close', exact: true }).click();
    }
    expectClean();
    await close();
  });

  test('brings what a spreadsheet put there: CR LF, quotes, Unicode, empty fields, and more columns than there are', async () => {
    const { page, close, expectClean } = await open();
    await putOnClipboard(page, '"ähm ""β""\n学習"\tzwei\tdrei\r\n');
    await header(page, 'B').click();
    await page.keyboard.press('Control+v');
    await soon(() => runs(page)).toBe('ABCD');
    const names = () => page.locator('[role="grid"] .run-name').allTextContents();
    expect(await names()).toEqual(['a', 'ähm "β" 学習', 'zwei', 'drei']);
    expect(await header(page, 'D').textContent()).toContain('twin of C');
    expect(await receipt(page)).toMatch(/^pasted 3 cells to B\.name, adding 1 run/);
    await undo(page);
    await soon(names).toEqual(['a', 'b', 'c']);
    await putOnClipboard(page, '\tTRUE\n0.2\tminus one');
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('Control+v');
    await soon(() => textOf(page, 'B', 'noise')).toBe('TRUE');
    expect(await cell(page, 'B', 'noise').getAttribute('aria-invalid')).toBe('true');
    await undo(page);
    await soon(() => rowOf(page, 'noise')).toEqual(['0.05', '0.05', '0.05']);
    await putOnClipboard(page, '');
    await page.keyboard.press('Control+v');
    await soon(() => page.locator('.banner').textContent()).toContain('there is no text on the clipboard');
    expectClean();
    await close();
  });

  test('cuts in one step, fills a selection with one value, and leaves a text that is being edited alone', async () => {
    const { page, close, expectClean } = await open();
    await type(page, 'A', 'noise', '0.4');
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('Control+x');
    await soon(() => rowOf(page, 'noise')).toEqual(['0.05', '0.05', '0.05']);
    expect(await receipt(page)).toMatch(/^cut 1 cell from A\.noise/);
    await select(page, ['A', 'learning rate'], ['C', 'learning rate']);
    await page.keyboard.press('Control+v');
    await soon(() => rowOf(page, 'learning rate')).toEqual(['0.4', '0.4', '0.4']);
    await undo(page);
    await undo(page);
    await soon(() => rowOf(page, 'noise')).toEqual(['0.4', '0.4', '0.4']);
    await putOnClipboard(page, '5\t6');
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+v');
    await soon(() => page.locator('.cell-input').inputValue()).toMatch(/^0\.45\s6$/);
    await page.keyboard.press('Escape');
    expect(await rowOf(page, 'noise')).toEqual(['0.4', '0.4', '0.4']);
    expectClean();
    await close();
  });
});

describe('filling', () => {
  test('with Ctrl+R and Ctrl+D copies what is first, each one step', async () => {
    const { page, close, expectClean } = await open();
    await type(page, 'B', 'noise', '0.3');
    await select(page, ['B', 'noise'], ['C', 'hidden layers']);
    await page.keyboard.press('Control+r');
    await soon(() => rowOf(page, 'noise')).toEqual(['0.05', '0.3', '0.3']);
    expect(await receipt(page)).toMatch(/^filled \d rows of C from B/);
    await undo(page);
    await soon(() => rowOf(page, 'noise')).toEqual(['0.05', '0.3', '0.05']);
    await cell(page, 'C', 'noise').click();
    await page.keyboard.press('Control+r');
    await soon(() => rowOf(page, 'noise')).toEqual(['0.05', '0.3', '0.3']);
    await undo(page);
    await cell(page, 'A', 'noise').click();
    await page.keyboard.press('Control+d');
    // As in every grid, whatever stands above: twenty samples are no noise.
    await soon(() => textOf(page, 'A', 'noise')).toBe('20');
    await undo(page);
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.05');
    expectClean();
    await close();
  });

  test('with the handle goes over runs that are there and makes new ones, and says before what that costs', async () => {
    // Nothing is cached in a new profile.
    const { page, close, expectClean } = await open({}, openOwn);
    await type(page, 'B', 'noise', '0.1');
    await settled(page, /recomputed/);
    await select(page, ['A', 'noise'], ['B', 'noise']);
    const drag = async (by: number, down = 0) => {
      const { x, y } = await handle(page);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + by / 2, y + down / 2, { steps: 3 });
      await page.mouse.move(x + by, y + down, { steps: 3 });
    };
    const shownText = () => page.locator('.fill-label').innerText();
    await drag(3 * 112 - 20);
    await soon(shownText).toMatch(/^noise 0\.15, 0\.2, 0\.25\s+3 runs, 0 cached, (under|about) \d+ s$/);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await page.locator('.fill-label').count()).toBe(0);
    expect(await rowOf(page, 'noise')).toEqual(['0.05', '0.1', '0.05']);
    await drag(3 * 112 - 20);
    await page.mouse.up();
    await soon(() => runs(page)).toBe('ABCDE');
    expect(await rowOf(page, 'noise')).toEqual(['0.05', '0.1', '0.15', '0.2', '0.25']);
    expect(await page.locator('[role="grid"] .run-name').allTextContents()).toEqual([
      'a',
      'b',
      'c',
      'noise 0.2',
      'noise 0.25',
    ]);
    expect(await header(page, 'E').textContent()).toContain('B but noise');
    expect(await receipt(page)).toMatch(/^filled noise from C on with 0\.15, 0\.2, 0\.25, adding 2 runs/);
    await settled(page, /recomputed/);
    await undo(page);
    await soon(() => runs(page)).toBe('ABC');
    // What was computed once is there.
    await select(page, ['A', 'noise'], ['B', 'noise']);
    await drag(3 * 112 - 20);
    await soon(shownText).toContain('3 runs, all cached');
    await page.mouse.up();
    await soon(() => runs(page)).toBe('ABCDE');
    await undo(page);
    await cell(page, 'B', 'hidden layers').click();
    await drag(-180);
    await soon(shownText).toMatch(/^hidden layers 1\s/);
    await page.mouse.up();
    await soon(() => receipt(page)).toMatch(/^filled hidden layers of A with 1/);
    expectClean();
    await close();
  });
});

const panel = (page: Page) => page.locator('.sweep-panel');
const go = (page: Page) => panel(page).locator('.go');
const status = (page: Page) => page.locator('.sweep-panel footer p').textContent();

describe('the panel', () => {
  test('fills selected cells with steps, by keyboard alone, and gives the focus back', async () => {
    const { page, close, expectClean } = await open();
    await select(page, ['A', 'learning rate'], ['C', 'learning rate']);
    await page.keyboard.press('Control+Shift+F');
    await panel(page).getByLabel('Logarithmic').check();
    await panel(page).getByLabel('First').fill('0.001');
    await panel(page).getByLabel('Last').fill('-1');
    await soon(() => page.locator('.value-list').first().textContent()).toContain('cannot cross 0');
    await soon(() => status(page)).toBe('not valid yet');
    await page.keyboard.press('Enter');
    expect(await rowOf(page, 'learning rate')).toEqual(['0.001', '0.001', '0.001']);
    await panel(page).getByLabel('Last').fill('0.1');
    await soon(() => status(page)).toMatch(/^\d runs, \d cached/);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await soon(() => rowOf(page, 'learning rate')).toEqual(['0.001', '0.01', '0.1']);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^A, learning rate, /,
    );
    await undo(page);
    await soon(() => rowOf(page, 'learning rate')).toEqual(['0.001', '0.001', '0.001']);
    await page.keyboard.press('Control+Shift+F');
    await page.keyboard.press('Escape');
    await soon(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^A, learning rate, /,
    );
    expectClean();
    await close();
  });

  test('sweeps two params crossed, from a run’s menu, after it has said what that costs', async () => {
    const { page, close, expectClean } = await open({}, openOwn);
    await settled(page, /recomputed|nothing to recompute/);
    await choose(page, 'A', 'Sweep or fill …');
    await panel(page).locator('select').first().selectOption('dataset.noise');
    await panel(page).getByLabel('Separated by commas').fill('0.05, 0.1, x');
    await soon(() => page.locator('.value-list .refused').textContent()).toContain('x');
    await soon(() => page.locator('.value-list').first().textContent()).toContain(
      'Value 3: "x" is not a number',
    );
    await panel(page).getByLabel('Separated by commas').fill('0.05, 0.1');
    await panel(page).locator('select').nth(1).selectOption('architecture.activation');
    for (const name of ['linear', 'tanh', 'leakyRelu', 'elu', 'selu', 'swish'])
      await panel(page).getByLabel(name, { exact: true }).uncheck();
    // sigmoid and relu with a noise of 0.05 are A and B.
    await soon(() => status(page)).toMatch(/^4 runs, 2 cached, (under|about) 1 s$/);
    expect(await violations(page)).toEqual([]);
    await go(page).click();
    await soon(() => runs(page)).toBe('ADEFGBC');
    expect(await page.locator('[role="grid"] .run-name').allTextContents()).toEqual([
      'a',
      'noise 0.05, activation sigmoid',
      'noise 0.05, activation relu',
      'noise 0.1, activation sigmoid',
      'noise 0.1, activation relu',
      'b',
      'c',
    ]);
    await settled(page, /^swept noise over 0\.05, 0\.1 and activation over sigmoid, relu, 4 runs based on A/);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
      /^D, noise, /,
    );
    await undo(page);
    await soon(() => runs(page)).toBe('ABC');
    expectClean();
    await close();
  });

  test('never offers more runs than a sheet holds', async () => {
    const { page, close, expectClean } = await open();
    await choose(page, 'A', 'Sweep or fill …');
    await panel(page).locator('select').first().selectOption('train.seed');
    await panel(page).getByLabel('Linear').check();
    await panel(page).getByLabel('First').fill('1');
    await panel(page).getByLabel('Last').fill('1000');
    await panel(page).getByLabel('Number of values').fill('1000');
    await soon(() => status(page)).toBe(
      '1,000 runs are too many: a sheet holds at most 1,000, and 997 can be added',
    );
    await page.keyboard.press('Enter');
    expect(await runs(page)).toBe('ABC');
    expectClean();
    await close();
  });

  test.each([
    [1280, 800, false],
    [390, 844, true],
  ])('is accessible at %i × %i, dark: %s', async (width, height, dark) => {
    const { page, close, expectClean } = await open({ size: { width, height }, dark });
    await page.keyboard.press('Control+Shift+F');
    await soon(() => status(page)).toMatch(/runs?,|nothing to compute/);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Sweep' }).click();
    await soon(() => status(page)).toMatch(/runs?,/);
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });
});
