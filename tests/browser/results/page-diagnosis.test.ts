// Diagnosis as a person meets it: what ails a run, the figure that shows it, a remedy in one click and what it did.
// With GALLERY=<folder> the screenshots of the panel, at both widths and in both themes, are kept there.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  openNext,
  openOwn,
  receipt,
  runs,
  settled,
  showView,
  soon,
  statement,
  textOf,
  type,
  violations,
} from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const panel = (page: Page) => page.getByRole('region', { name: 'Diagnosis' });
const lines = (page: Page): Promise<string[]> => panel(page).getByRole('listitem').allInnerTexts();
const remediesOf = (page: Page, run: string, finding: string) =>
  button(page, `more: remedies for ${run}: ${finding}`);
const focused = (page: Page): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id);

const DIVERGING =
  '#v1&A=a&A.architecture.hiddenLayers=20&A.architecture.units=32&A.architecture.activation=linear&A.architecture.kernelInitializer=heNormal&A.optimizer.name=sgd&A.optimizer.learningRate=0.01';

/** Six runs and what can be wrong with them, bad input among it. */
const MANY =
  '#v1&A=fifty%20layers&A.architecture.hiddenLayers=50&A.train.epochs=20' +
  '&B=NaN&B.architecture.hiddenLayers=20&B.architecture.units=32&B.architecture.activation=linear&B.architecture.kernelInitializer=heNormal&B.optimizer.name=sgd&B.optimizer.learningRate=1' +
  '&C=zeros&C.architecture.kernelInitializer=zeros&D=one%20class&D.dataset.nSamples=4&D.split.testSize=0.75' +
  '&E=single%20units&E.architecture.units=1&F=seeds&F.seeds=3';

describe.each([
  { theme: 'light and wide', size: { width: 1280, height: 800 }, dark: false },
  { theme: 'dark and narrow', size: { width: 390, height: 844 }, dark: true },
])('the diagnosis, $theme', ({ size, dark }) => {
  test('says what ails the opening sheet, leads to its figure, and tries a remedy in one step, from the keyboard alone', async () => {
    const { page, close, expectClean } = await app.openPage({ size, dark });
    await settled(page);
    await showView(page, 'Figures');
    await soon(() => lines(page)).toHaveLength(1);
    expect((await lines(page))[0]).toMatch(
      /^A Vanishing gradient: first : last 1\u00a0:\u00a0125 in epoch 1, 1\u00a0:\u00a06\.5 in epoch 100/,
    );

    await button(page, 'see gradient by layer of A').focus();
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('figure-gradient');
    expect(await page.locator('#figure-gradient h3').isVisible()).toBe(true);

    await remediesOf(page, 'A', 'Vanishing gradient').focus();
    await page.keyboard.press('Enter');
    await soon(() => panel(page).innerText()).toContain(
      'C twin: first : last from 1\u00a0:\u00a0125 to 1.5\u00a0:\u00a01.',
    );
    expect(await violations(page)).toEqual([]);

    await button(page, 'He initialisation').focus();
    await page.keyboard.press('Enter');
    await soon(() => runs(page)).toBe('ADBC');
    await soon(() => textOf(page, 'D', 'first : last')).toBe('1 : 24');
    await soon(() => panel(page).innerText()).toContain(
      'D He initialisation: first : last from 1\u00a0:\u00a0125 to 1\u00a0:\u00a024.',
    );
    await soon(() => statement(page, 'gradient')).toMatch(/^In epoch 1, A’s first layer .*; D’s 1\/24$/);
    expect(await textOf(page, 'A', 'first : last')).toBe('1 : 125');
    expect(await violations(page)).toEqual([]);

    // The opening sheet has such a run already.
    await button(page, 'relu').click();
    await soon(() => runs(page)).toBe('AEDBC');
    await soon(() => receipt(page)).toMatch(/^added E: the same training as C/);

    for (const before of ['ADBC', 'ABC']) {
      await button(page, 'Undo').click();
      await soon(() => runs(page)).toBe(before);
    }
    await soon(() => lines(page)).toHaveLength(1);
    expectClean();
    await close();
  });

  test('holds all that is wrong with six runs in lines that fit, three of them until more are wanted', async () => {
    const { page, close, expectClean } = await app.openPage({ size, dark, address: `/${MANY}` });
    await settled(page);
    await showView(page, 'Figures');
    await soon(() => panel(page).innerText()).toContain('A Vanishing gradient');
    await soon(() =>
      panel(page)
        .getByRole('button', { name: /^\d+ more$/ })
        .count(),
    ).toBe(1);
    expect(await lines(page)).toHaveLength(3);
    await panel(page)
      .getByRole('button', { name: /^\d+ more$/ })
      .click();
    await soon(() => panel(page).innerText()).toMatch(
      /F Vanishing gradient in \d of 3 members; in member 0: /,
    );
    for (const words of [
      'B Diverged: the loss became NaN in epoch 1',
      'C Symmetric start: all units of layers 1, 2 and 3 start equal',
      'D One class only: the only training point is of class 0',
      'E Bottleneck: layers 1, 2 and 3 have a single unit',
    ])
      expect(await panel(page).innerText()).toContain(words);
    for (const more of await panel(page)
      .getByRole('button', { name: /^more: remedies for / })
      .all())
      await more.click();
    expect(await panel(page).evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    // Under the tabs, which stay in place, a button may lie half.
    await page.locator('.inspector').evaluate((element) => element.scrollTo(0, 0));
    expect(await violations(page)).toEqual([]);
    const kept = process.env['GALLERY'];
    if (kept) {
      mkdirSync(kept, { recursive: true });
      const path = join(kept, `diagnosis-${size.width}-${dark ? 'dark' : 'light'}.png`);
      await panel(page).screenshot({ path });
    }
    expectClean();
    await close();
  });

  test('is there where nothing can be drawn, and a remedy makes the training end', async () => {
    const { page, close, expectClean } = await openOwn(app, DIVERGING, { size, dark });
    await showView(page, 'Figures');
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
    await close();
  });
});

test('follows an edit, and says when nothing is wrong', async () => {
  const { page, close, expectClean } = await openNext(app, '#v1&A=a&A.architecture.hiddenLayers=10');
  await soon(() => lines(page)).toEqual([
    expect.stringMatching(/^A Vanishing gradient: first : last 1\u00a0:\u00a0/),
  ]);
  await type(page, 'A', 'activation', 'relu');
  await page.getByRole('navigation', { name: 'Figures' }).getByRole('button', { name: 'Learning' }).click();
  await soon(() => panel(page).innerText()).toBe('15 rules find no problem in A.');
  expectClean();
  await close();
});

test('counts the members of a run with seeds, and what a remedy did says of which member it is', async () => {
  const { page, close, expectClean } = await openNext(app, '#v1&A=a&A.seeds=5');
  // Member 2 begins at 1 : 16.
  await soon(() => lines(page)).toEqual([
    expect.stringMatching(
      /^A Vanishing gradient in 4 of 5 members; in member 0: first : last 1\u00a0:\u00a0125 in epoch 1, 1\u00a0:\u00a06\.5 in epoch 100/,
    ),
  ]);
  await remediesOf(page, 'A', 'Vanishing gradient').click();
  await button(page, 'relu').click();
  await soon(() => panel(page).innerText()).toContain(
    'B relu: first : last from 1\u00a0:\u00a0125 to 1.5\u00a0:\u00a01, in member 0.',
  );
  expect(await violations(page)).toEqual([]);
  expectClean();
  await close();
});

test('tells what is found in other members than the first', async () => {
  const { page, close, expectClean } = await openNext(
    app,
    '#v1&A=a&A.seeds=10&A.architecture.hiddenLayers=8&A.architecture.units=2&A.architecture.activation=relu',
  );
  await soon(() => lines(page)).toEqual([
    expect.stringMatching(/^A Dead layer in 8 of 10 members; in member 1: no unit of layers? .* is active/),
  ]);
  expectClean();
  await close();
});
