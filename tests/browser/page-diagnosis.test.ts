// Diagnosis as a person meets it: what ails a run, the figure that shows it, a remedy in one click and what it did.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from './app';
import { button, openOwn, runs, settled, soon, textOf, type, violations } from './steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const panel = (page: Page) => page.getByRole('region', { name: 'Diagnosis' });
const lines = (page: Page): Promise<string[]> => panel(page).getByRole('listitem').allInnerTexts();
const remediesOf = (page: Page, run: string, finding: string) =>
  button(page, `Remedies for ${run}: ${finding}`);
const focused = (page: Page): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id);

const DIVERGING =
  '#v1&A=a&A.architecture.hiddenLayers=20&A.architecture.units=32&A.architecture.activation=linear&A.architecture.kernelInitializer=heNormal&A.optimizer.name=sgd&A.optimizer.learningRate=0.01';

describe.each([
  { looks: 'light and wide', size: { width: 1280, height: 800 }, dark: false },
  { looks: 'dark and narrow', size: { width: 390, height: 844 }, dark: true },
])('the diagnosis, $looks', ({ size, dark }) => {
  test('says what ails the opening sheet, leads to its figure, and tries a remedy in one step, from the keyboard alone', async () => {
    const { page, context, expectClean } = await app.openPage({ size, dark });
    await settled(page);
    await soon(() => lines(page)).toHaveLength(1);
    expect((await lines(page))[0]).toMatch(
      /^A Vanishing gradient: first : last 1 : 125 in epoch 1, 1 : 6\.5 in 100/,
    );

    await button(page, 'see gradient by layer of A').focus();
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('figure-gradient');
    expect(await page.locator('#figure-gradient h3').isVisible()).toBe(true);

    await remediesOf(page, 'A', 'Vanishing gradient').focus();
    await page.keyboard.press('Enter');
    await soon(() => panel(page).innerText()).toContain('C twin: first : last from 1 : 125 to 1.5 : 1.');
    expect(await violations(page)).toEqual([]);

    await button(page, 'He initialisation').focus();
    await page.keyboard.press('Enter');
    await soon(() => runs(page)).toBe('ADBC');
    await soon(() => textOf(page, 'D', 'first : last')).toBe('1 : 24');
    await soon(() => panel(page).innerText()).toContain(
      'D He initialisation: first : last from 1 : 125 to 1 : 24.',
    );
    await soon(() => page.locator('#figure-gradient h3').textContent()).toMatch(
      /^In epoch 1, A’s first layer .*; D’s 1\/24$/,
    );
    expect(await textOf(page, 'A', 'first : last')).toBe('1 : 125');
    expect(await violations(page)).toEqual([]);

    await button(page, 'Undo').click();
    await soon(() => runs(page)).toBe('ABC');
    await soon(() => lines(page)).toHaveLength(1);
    expectClean();
    await context.close();
  });

  test('is there where nothing can be drawn, and a remedy makes the training end', async () => {
    const { page, context, expectClean } = await openOwn(app, DIVERGING, { size, dark });
    await soon(() => lines(page)).toEqual([
      expect.stringMatching(/^A Diverged: the loss became NaN in epoch 1/),
    ]);
    await remediesOf(page, 'A', 'Diverged').click();
    await button(page, 'LeCun initialisation').click();
    await soon(() => panel(page).innerText()).toMatch(
      /B LeCun initialisation: does not diverge; loss 0\.\d+\./,
    );
    await button(page, 'see step by gradient of A').click();
    expect(await focused(page)).toBe('figure-optimizer');
    expect(await violations(page)).toEqual([]);
    expectClean();
    await context.close();
  });
});

test('follows an edit, and says when nothing is wrong', async () => {
  const { page, context, expectClean } = await openOwn(app, '#v1&A=a&A.architecture.hiddenLayers=10');
  await soon(() => lines(page)).toEqual([expect.stringMatching(/^A Vanishing gradient: first : last 1 : /)]);
  await type(page, 'A', 'activation', 'relu');
  await page.getByRole('navigation', { name: 'Kind' }).getByRole('button', { name: 'train' }).click();
  await soon(() => panel(page).innerText()).toBe('Nothing ails A by 14 rules.');
  expectClean();
  await context.close();
});

test('counts the members of a run with seeds, and what a remedy did says of which member it is', async () => {
  const { page, context, expectClean } = await openOwn(app, '#v1&A=a&A.seeds=5');
  // Member 2 begins at 1 : 16.
  await soon(() => lines(page)).toEqual([
    expect.stringMatching(
      /^A Vanishing gradient in 4 of 5 members; in member 0: first : last 1 : 125 in epoch 1, 1 : 6\.5 in 100/,
    ),
  ]);
  await remediesOf(page, 'A', 'Vanishing gradient').click();
  await button(page, 'relu').click();
  await soon(() => panel(page).innerText()).toContain(
    'B relu: first : last from 1 : 125 to 1.5 : 1, in member 0.',
  );
  expect(await violations(page)).toEqual([]);
  expectClean();
  await context.close();
});

test('tells what is found in other members than the first', async () => {
  const { page, context, expectClean } = await openOwn(
    app,
    '#v1&A=a&A.seeds=10&A.architecture.hiddenLayers=8&A.architecture.units=2&A.architecture.activation=relu',
  );
  await soon(() => lines(page)).toEqual([
    expect.stringMatching(/^A Dead layer in 8 of 10 members; in member 1: no unit of layers? .* is active/),
  ]);
  expectClean();
  await context.close();
});
