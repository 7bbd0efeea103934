// Figures in a person's hands: a training played, which moves all of them at once; their forms, the layer pointed at, and the
// calculation behind a point.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp, type WatchedPage } from '../support/app';
import { openFigures, settled, soon, statement, violations } from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const slider = (page: Page) => page.getByRole('slider', { name: 'epoch', exact: true });
const epoch = async (page: Page): Promise<number> => Number(await slider(page).inputValue());
const button = (page: Page, name: string) => page.locator('.epoch').getByRole('button', { name });
/** What the readouts of a figure say. */
const drawnIn = (page: Page, figure: string) => page.locator(`#figure-${figure} .drawing`).textContent();

let opening: WatchedPage | undefined;

/** The opening sheet, computed and at its last epoch, on one page for these tests. */
async function openingSheet(): Promise<WatchedPage> {
  opening ??= await app.openPage();
  await settled(opening.page);
  await slider(opening.page).fill('100');
  await openFigures(opening.page, 'ledger', 'activations', 'saturation');
  return opening;
}

describe('figures in hand', () => {
  test('play a training from the first epoch to the last, all together', async () => {
    const { page, expectClean } = await openingSheet();
    await soon(() => statement(page, 'boundary')).toMatch(/^A has \d+ of 250 points on the wrong side/);
    const seen = page.evaluate(
      () =>
        new Promise<{ titles: string[]; epochs: number[] }>((done) => {
          const [titles, epochs] = [new Set<string>(), new Set<number>()];
          const look = (): void => {
            const heading = document.querySelector('#figure-boundary h3');
            const title = heading?.ariaLabel ?? heading?.textContent ?? '';
            if (title.startsWith('At epoch')) titles.add(title);
            const input = document.querySelector<HTMLInputElement>('#epoch');
            epochs.add(Number(input?.value));
            const isOver = epochs.size > 3 && input?.value === input?.max;
            if (isOver) done({ titles: [...titles], epochs: [...epochs] });
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    await button(page, 'Play').click();
    await soon(() => epoch(page)).toBeLessThan(100);
    await soon(async () => /epoch \d\d? ·/.test((await drawnIn(page, 'gradient')) ?? '')).toBe(true);
    const { titles, epochs } = await seen;
    expect(epochs.length).toBeGreaterThan(10);
    expect(titles.length).toBeGreaterThan(3);
    await button(page, 'Play').waitFor();
    await soon(() => statement(page, 'boundary')).toMatch(/^A has/);
    for (const figure of ['loss', 'accuracy', 'gradient', 'saturation'])
      await soon(() => drawnIn(page, figure)).toContain('epoch 100');
    for (const figure of ['ledger', 'activations'])
      await soon(() => statement(page, figure)).toMatch(/^After epoch 100/);
    expectClean();
  });

  test('open the calculation behind a point, at a press, at Enter and from the menu, and take the focus back', async () => {
    const { page, expectClean } = await openingSheet();
    const dialog = page.getByRole('dialog');
    /** The results of the calculation, part by part, and the words of the figure at its epoch. */
    const results = async () => {
      await dialog.locator('.result').first().waitFor();
      return dialog.locator('.result strong').allTextContents();
    };
    const loss = page.locator('#figure-loss .drawing');
    const middle = await loss.locator('.train[data-runs="A"] path').evaluate((path: SVGPathElement) => {
      const point = path.getPointAtLength(path.getTotalLength() / 2);
      const { x, y } = point.matrixTransform(path.getScreenCTM() ?? undefined);
      return { x, y };
    });
    await page.mouse.click(middle.x, middle.y);
    const title =
      (await dialog.getByRole('heading', { level: 2, name: /^Loss of A at epoch/ }).textContent()) ?? '';
    const at = Number(title.split(' ').at(-1));
    expect(at).toBeGreaterThan(30);
    const [training, byBatch, test] = await results();
    expect(byBatch).toBe(training);
    await dialog.getByRole('combobox', { name: 'Run' }).selectOption({ label: 'C twin' });
    await dialog.getByRole('heading', { name: `Loss of C at epoch ${at}` }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await soon(() => loss.evaluate((drawing) => drawing === document.activeElement)).toBe(true);
    // The same point, walked to: the figure's own words are the results.
    await page.mouse.move(2, 2);
    for (let epoch = 100; epoch > at; epoch--) await page.keyboard.press('ArrowLeft');
    const words = (await loss.getAttribute('aria-valuetext')) ?? '';
    expect(words).toContain(
      `Epoch ${at}: A ${Number(training).toFixed(4)} in training, ${Number(test).toFixed(4)} on the test points`,
    );
    await page.keyboard.press('Enter');
    expect(await results()).toEqual([training, byBatch, test]);
    await page.keyboard.press('Escape');
    await soon(() => loss.getAttribute('aria-valuetext')).toBe(words);
    await loss.blur();
    await page.getByRole('button', { name: /“Accuracy/ }).click();
    await page.locator('#figure-accuracy').getByRole('button', { name: 'Calculation …' }).click();
    await dialog.getByRole('heading', { name: 'Accuracy of A at epoch 100' }).waitFor();
    expect(await results()).toEqual(['0.815', '0.86']);
    await page.keyboard.press('Escape');
    await soon(() => page.evaluate(() => document.activeElement?.ariaLabel)).toMatch(/“Accuracy/);
    // A bar of the ledger is a point too.
    await page.locator('#figure-ledger g[data-runs="A"] g.point rect').last().click();
    await dialog.getByRole('heading', { name: /^Signal of A at layer 1/ }).waitFor();
    await page.keyboard.press('Escape');
    await soon(() => dialog.count()).toBe(0);
    expectClean();
  });

  test('stop and go on at Space on the slider, and leave it to a hand that takes it', async () => {
    const { page, expectClean } = await openingSheet();
    await slider(page).fill('2');
    await slider(page).press('Space');
    await button(page, 'Pause').waitFor();
    await soon(() => epoch(page)).toBeGreaterThan(2);
    await slider(page).press('Space');
    await button(page, 'Play').waitFor();
    const at = await epoch(page);
    expect(at).toBeLessThan(100);
    // Where it stopped, the boundary comes to rest.
    await soon(() => statement(page, 'boundary')).toContain(`At epoch ${at}, `);
    await slider(page).press('Space');
    await button(page, 'Pause').waitFor();
    await slider(page).fill('7');
    await button(page, 'Play').waitFor();
    expect(await epoch(page)).toBe(7);
    expectClean();
  });

  test('move nothing by themselves where less motion is wanted: they go on a step at a time', async () => {
    const { page, expectClean, close } = await app.openPage({ address: null });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(app.origin);
    await settled(page);
    await openFigures(page, 'confusion', 'roc');
    await soon(() => statement(page, 'confusion')).toMatch(/^F1 of class 1 on the test points: \S+ in C/);
    await soon(() => statement(page, 'roc')).toMatch(/^ROC area on the test points: 1 in C/);
    await button(page, 'Step').click();
    expect(await epoch(page)).toBe(1);
    await button(page, 'Step').click();
    expect(await epoch(page)).toBe(11);
    await slider(page).press('Space');
    expect(await epoch(page)).toBe(21);
    for (const figure of ['boundary', 'confusion', 'roc'])
      await soon(() => statement(page, figure)).toContain('At epoch 21, ');
    expectClean();
    await close();
  });

  test('show the gradient as lines where that is chosen, and name the layer under the pointer', async () => {
    const { page, expectClean } = await openingSheet();
    const drawing = page.locator('#figure-gradient .drawing');
    const forms = page.getByRole('group', { name: 'Drawn as: gradient' });
    await drawing.hover({ position: { x: 60, y: 75 } });
    await soon(() => drawing.textContent()).toMatch(/layer 1, epoch \d+ · 0\.00\d+/);
    await page.mouse.move(5, 5);
    await soon(() => drawing.textContent()).not.toContain('layer 1');
    await forms.getByRole('button', { name: 'lines' }).click();
    expect(await forms.getByRole('button', { name: 'lines' }).getAttribute('aria-pressed')).toBe('true');
    await soon(() => drawing.locator('.layer-line').count()).toBe(4 + 3 + 4);
    await drawing.locator('.layer-line').nth(3).hover({ force: true });
    await soon(() => drawing.textContent()).toContain('output');
    expectClean();
  });

  test('show the diff of any layer, and say in a sentence where gradient and step disagree', async () => {
    const { page, expectClean } = await openingSheet();
    await page.locator('.inspector nav').getByRole('button', { name: 'Network' }).click();
    const note = page.locator('#figure-diff .figure-note');
    await soon(() => note.textContent()).toMatch(
      /^A’s first layer starts with 1\/\d+ of the gradient of C’s, .*Adam/,
    );
    await page.getByRole('combobox', { name: 'Layer: diff' }).selectOption('layer 3');
    await soon(() => statement(page, 'diff')).toMatch(/^Layer 3/);
    await soon(() => note.textContent()).toContain('B has no hidden layer 3.');
    expectClean();
  });
});
