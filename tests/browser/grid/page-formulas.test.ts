// Formulas on the page: typing them with names offered and cells pointed at, their errors, and the way along them.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { button, cell, openNext, settled, soon, textOf, type, violations } from '../support/steps';

/** Three runs that are computed in a moment; C inherits B's formula, which reads its own run and A. */
const SMALL =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&A.optimizer.learningRate=0.01&B=b&B.base=A&B.train.batchSize=%3Darchitecture.units%20*%20A.architecture.units' +
  '&C=c&C.base=B&C.architecture.units=5';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const bar = (page: Page): Locator => page.locator('#formula');
const remark = (page: Page) => page.locator('#remark').textContent();
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
const list = (page: Page): Locator => page.locator('[role="listbox"]:popover-open');
const offered = (page: Page) => list(page).locator('[role="option"] > span:first-child').allTextContents();
/** The cells with a number, as "A, noise: 1". */
const outlined = (page: Page) =>
  page.locator('.grid [data-ref]').evaluateAll((cells) =>
    cells.map((found) => {
      const [run, row] = (found.getAttribute('aria-label') ?? 'the edited cell, it').split(', ');
      const { outlineStyle, outlineColor } = getComputedStyle(found);
      return `${run}, ${row}: ${found.getAttribute('data-ref')} ${outlineStyle} ${outlineColor}`;
    }),
  );
/** What of the text in the bar is told apart, with its colour. */
const inked = (page: Page, what: string) =>
  page
    .locator(`.formula-bar .formula-ink ${what}`)
    .evaluateAll((parts) => parts.map((part) => [part.textContent, getComputedStyle(part).color]));
const traced = (page: Page, which: 'reads' | 'read-by') =>
  page
    .locator(`.grid [data-trace~="${which}"]`)
    .evaluateAll((cells) =>
      cells.map((found) => (found.getAttribute('aria-label') ?? '').split(', ').slice(0, 2).join(', ')),
    );

/** Opens a sheet, and waits until what helps with formulas is there. */
async function openSheet(address = SMALL, options = {}) {
  const watched = await openNext(app, address, options);
  await cell(watched.page, 'A', 'learning rate').click();
  await bar(watched.page).and(watched.page.locator('[role="combobox"]')).waitFor();
  return watched;
}

describe('a formula that is typed', () => {
  test('has its names offered: chosen by arrows, taken by Tab or Enter, refused by Esc', async () => {
    const { page, close, expectClean } = await openSheet();
    await cell(page, 'B', 'learning rate').click();
    await page.keyboard.type('=A.lea');
    const input = page.locator('.cell-input');
    await soon(() => offered(page)).toEqual(['A.optimizer.learningRate']);
    expect(await input.getAttribute('aria-expanded')).toBe('true');
    const controls = await input.getAttribute('aria-controls');
    expect(await list(page).getAttribute('id')).toBe(controls);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await input.inputValue()).toBe('=A.optimizer.learningRate');
    expect(await input.getAttribute('aria-expanded')).toBe('false');

    await page.keyboard.type(' * train');
    await soon(() => offered(page)).toContain('train.batchSize');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const chosen = list(page).locator('[aria-selected="true"]');
    const name = await chosen.locator('span').first().textContent();
    expect(await chosen.getAttribute('id')).toBe(await input.getAttribute('aria-activedescendant'));
    await page.keyboard.press('Enter');
    expect(await input.inputValue()).toBe(`=A.optimizer.learningRate * ${name}`);

    await page.keyboard.type(' + uni');
    await soon(() => offered(page)).toEqual(['architecture.units']);
    await page.keyboard.press('Escape');
    expect(await list(page).count()).toBe(0);
    expect(await input.inputValue()).toBe(`=A.optimizer.learningRate * ${name} + uni`);
    await page.keyboard.press('Escape');
    expect(await input.count()).toBe(0);
    expect(await textOf(page, 'B', 'learning rate')).toBe('0.01');
    expect(await focused(page)).toMatch(/^B, learning rate, /);
    expectClean();
    await close();
  });

  test('takes a name by a click, and by Enter is committed where none is chosen', async () => {
    const { page, close, expectClean } = await openSheet();
    await cell(page, 'B', 'learning rate').click();
    await bar(page).click();
    await bar(page).fill('=');
    await bar(page).pressSequentially('A.learn');
    await list(page).locator('[role="option"]').first().click();
    expect(await bar(page).inputValue()).toBe('=A.optimizer.learningRate');
    await bar(page).pressSequentially('*unit');
    await soon(() => offered(page)).toEqual(['architecture.units']);
    await bar(page).pressSequentially('s');
    await page.keyboard.press('Enter');
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.02');
    // Names are written out, and one undo takes all of it back.
    expect(await bar(page).inputValue()).toBe('=A.optimizer.learningRate*architecture.units');
    await button(page, 'Undo').click();
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.01');
    expect(await page.evaluate(() => location.hash)).not.toContain('learningRate=%3D');
    await button(page, 'Redo').click();
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.02');
    expectClean();
    await close();
  });

  test('outlines the cells that it refers to, in the colours and with the numbers of its references', async () => {
    const { page, close, expectClean } = await openSheet();
    await cell(page, 'B', 'learning rate').click();
    await page.keyboard.type('=A.optimizer.learningRate * (B.noise + A.noise');
    await soon(async () => (await outlined(page)).length).toBe(3);
    const colours = await inked(page, '[data-hue]');
    expect(colours.map(([text]) => text)).toEqual(['A.optimizer.learningRate', 'B.noise', 'A.noise']);
    expect(new Set(colours.map(([, colour]) => colour)).size).toBe(3);
    expect((await outlined(page)).toSorted()).toEqual(
      [
        `A, learning rate: 1 dashed ${colours[0]?.[1]}`,
        `B, noise: 2 dashed ${colours[1]?.[1]}`,
        `A, noise: 3 dashed ${colours[2]?.[1]}`,
      ].toSorted(),
    );
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await soon(() => outlined(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('takes in the cell that is pointed at where a reference can stand, and another in its place', async () => {
    const { page, close, expectClean } = await openSheet();
    await cell(page, 'B', 'learning rate').click();
    const input = page.locator('.cell-input');
    await page.keyboard.type('=');
    await cell(page, 'A', 'learning rate').click();
    expect(await input.inputValue()).toBe('=A.optimizer.learningRate');
    await cell(page, 'A', 'noise').click();
    expect(await input.inputValue()).toBe('=A.dataset.noise');
    await cell(page, 'A', 'noise').dblclick();
    await page.keyboard.type(' * min(');
    await cell(page, 'B', 'units').click();
    expect(await input.inputValue()).toBe('=A.dataset.noise * min(architecture.units');
    await page.keyboard.type(', 0.5)');
    // No reference can stand behind a bracket: there a press ends the draft.
    await cell(page, 'C', 'epochs').click();
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.025');
    expect(await focused(page)).toMatch(/^C, epochs, /);
    // The same in the bar; a text that is no formula is committed by any press.
    await cell(page, 'C', 'learning rate').click();
    await bar(page).fill('=2*');
    await cell(page, 'B', 'learning rate').click();
    expect(await bar(page).inputValue()).toBe('=2*B.optimizer.learningRate');
    await page.keyboard.press('Enter');
    await soon(() => textOf(page, 'C', 'learning rate')).toBe('0.05');
    expectClean();
    await close();
  });

  test('says what it comes to, or what is wrong with it and where', async () => {
    const { page, close, expectClean } = await openSheet();
    await cell(page, 'B', 'learning rate').click();
    await page.keyboard.type('=A.optimizer.learningRate * 10');
    await soon(() => remark(page)).toBe('= 0.1');
    await page.keyboard.type(' / 0');
    await soon(() => remark(page)).toMatch(/^#DIV\/0! · /);
    await soon(async () => (await inked(page, '.fault')).map(([text]) => text).join('')).toBe(
      'A.optimizer.learningRate * 10 / 0',
    );
    await bar(page).fill('=A.optimizer.learningRate * 10 + nosuch');
    await soon(() => remark(page)).toMatch(/^#NAME\? · .*nosuch/);
    await soon(() => inked(page, '.fault')).toHaveLength(1);
    expect((await inked(page, '.fault'))[0]?.[0]).toBe('nosuch');
    expect(await bar(page).getAttribute('aria-invalid')).toBe('true');
    expect(await violations(page)).toEqual([]);
    // What the param does not take is said before it is committed.
    await bar(page).fill('=0 - 1');
    await soon(() => remark(page)).toMatch(/^#VALUE! · /);
    await bar(page).fill('=optimizer.learningRate');
    await soon(() => remark(page)).toMatch(/^#CYCLE! · /);
    await bar(page).press('Escape');
    expect(await textOf(page, 'B', 'learning rate')).toBe('0.01');
    expectClean();
    await close();
  });

  test('goes on in the bar where it was begun in the cell, as one draft', async () => {
    const { page, close, expectClean } = await openSheet();
    await cell(page, 'B', 'learning rate').click();
    await page.keyboard.type('=A.optimizer.learningRate');
    await bar(page).click();
    expect(await page.locator('.cell-input').count()).toBe(0);
    expect(await bar(page).inputValue()).toBe('=A.optimizer.learningRate');
    await page.keyboard.press('End');
    await page.keyboard.type(' * 3');
    await soon(() => remark(page)).toBe('= 0.03');
    await page.keyboard.press('Escape');
    expect(await textOf(page, 'B', 'learning rate')).toBe('0.01');
    expectClean();
    await close();
  });

  test('in a row of the person’s own takes results, by name and by pointing', async () => {
    const { page, close, expectClean } = await openSheet(`${SMALL}&row.gap=%3Dloss`);
    await cell(page, 'B', 'gap').click();
    await soon(() => remark(page)).toMatch(/^= 0\.\d+$/);
    await page.keyboard.press('F2');
    await page.keyboard.type(' - ');
    await cell(page, 'A', 'loss').click();
    const input = page.locator('.cell-input');
    expect(await input.inputValue()).toBe('=loss - A.loss');
    await page.keyboard.type(' + test');
    await soon(() => offered(page)).toContain('testLoss');
    await page.keyboard.press('Tab');
    await soon(async () => (await outlined(page)).map((text) => text.split(':')[0])).toEqual(
      expect.arrayContaining(['A, loss', 'B, loss', 'B, test loss']),
    );
    await soon(() => remark(page)).toMatch(/^= -?0\.\d+/);
    await page.keyboard.press('Enter');
    await cell(page, 'B', 'gap').click();
    await page.keyboard.press('Control+[');
    expect(await focused(page)).toMatch(/^B, loss, /);
    expectClean();
    await close();
  });

  test('that cannot be read is kept, and its cell stays the active one', async () => {
    const { page, close, expectClean } = await openSheet();
    await type(page, 'B', 'learning rate', '=2 * (');
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('#NAME?');
    expect(await focused(page)).toMatch(/^B, learning rate, #NAME\?/);
    expect(await bar(page).inputValue()).toBe('=2 * (');
    expect(await remark(page)).toMatch(/^#NAME\? · /);
    await button(page, 'Undo').click();
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.01');
    expectClean();
    await close();
  });
});

describe('an error', () => {
  test('is a way to its origin, in a cell that it blocks', async () => {
    const { page, close, expectClean } = await openSheet();
    await type(page, 'A', 'learning rate', '=1 / 0');
    await type(page, 'C', 'learning rate', '=A.optimizer.learningRate');
    await soon(() => textOf(page, 'C', 'learning rate')).toBe('blocked');
    await cell(page, 'C', 'learning rate').click();
    expect(await remark(page)).toMatch(/A\.optimizer\.learningRate/);
    expect(await violations(page)).toEqual([]);
    await button(page, 'Go to A.optimizer.learningRate').click();
    expect(await focused(page)).toMatch(/^A, learning rate, #DIV\/0!/);
    expect(await remark(page)).toMatch(/^#DIV\/0! · /);
    expect((await inked(page, '.fault'))[0]?.[0]).toBe('1 / 0');
    expectClean();
    await close();
  });

  test('of a cycle is on its members alone, with a way round', async () => {
    const { page, close, expectClean } = await openSheet();
    await type(page, 'B', 'learning rate', '=C.optimizer.learningRate');
    await type(page, 'C', 'learning rate', '=B.optimizer.learningRate * 2');
    for (const run of ['B', 'C']) await soon(() => textOf(page, run, 'learning rate')).toBe('#CYCLE!');
    expect(await textOf(page, 'A', 'learning rate')).toBe('0.01');
    await cell(page, 'B', 'learning rate').click();
    await button(page, 'Go to C.optimizer.learningRate').click();
    expect(await focused(page)).toMatch(/^C, learning rate, #CYCLE!/);
    await button(page, 'Go to B.optimizer.learningRate').click();
    expect(await focused(page)).toMatch(/^B, learning rate, #CYCLE!/);
    await type(page, 'B', 'learning rate', '0.5');
    await soon(() => textOf(page, 'C', 'learning rate')).toBe('1');
    expectClean();
    await close();
  });
});

describe('the trace', () => {
  test('shows what the cell reads and what reads it, and goes there by keys and by buttons', async () => {
    const { page, close, expectClean } = await openSheet();
    // Inherited, the formula is evaluated anew.
    expect(await textOf(page, 'B', 'batch size')).toBe('4');
    expect(await textOf(page, 'C', 'batch size')).toBe('10');
    await cell(page, 'C', 'batch size').click();
    await soon(async () => (await traced(page, 'reads')).toSorted()).toEqual([
      'A, units',
      'B, batch size',
      'C, units',
    ]);
    expect(await traced(page, 'read-by')).toEqual(['C, train']);
    await soon(() => page.locator('.trace-line').textContent()).toBe(
      'reads architecture.units +2 · read by train',
    );
    await page.keyboard.press('Control+[');
    expect(await focused(page)).toMatch(/^C, units, /);
    await page.keyboard.press('Control+]');
    expect(await focused(page)).toMatch(/^C, batch size, /);
    await page.keyboard.press('Control+]');
    expect(await focused(page)).toMatch(/^C, train, /);
    await page.keyboard.press('Control+]');
    expect(await focused(page)).toMatch(/^C, diff, /);
    await settled(page);
    await cell(page, 'A', 'units').click();
    await page.locator('.trace-line').getByRole('button', { name: 'B.architecture.units' }).click();
    expect(await focused(page)).toMatch(/^B, units, /);
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('unfolds what hides the cell that it goes to', async () => {
    const { page, close, expectClean } = await openSheet();
    await button(page, 'architecture').click();
    await soon(() => cell(page, 'C', 'units').count()).toBe(0);
    await cell(page, 'C', 'batch size').click();
    await page.keyboard.press('Control+[');
    await soon(() => focused(page)).toMatch(/^C, units, /);
    expectClean();
    await close();
  });
});
