// The ledger as a person meets it: numbers of the real worker, another epoch, and one layer changed without training.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activationsFigure } from '../../../src/ui/figures/probe/activations';
import { ledgerFigure } from '../../../src/ui/figures/probe/ledger';
import { probeRun } from '../../ui/figures/probing';
import { type App, startApp } from '../support/app';
import {
  cell,
  openFigures,
  openNext,
  openOwn,
  receipt,
  runs,
  settled,
  soon,
  statement,
  textOf,
  violations,
} from '../support/steps';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const title = (page: Page): Promise<string> => statement(page, 'ledger');
const words = (page: Page, figure: string): Promise<string | null> =>
  page.locator(`#figure-${figure} > p.unseen`).textContent();
const whatIf = (page: Page) => page.getByRole('combobox', { name: 'New value' });

describe('the ledger', () => {
  test('follows the signal back before training and at the chosen epoch, with its formulas at the keyboard', async () => {
    const { page, close, expectClean } = await app.openPage();
    await settled(page);
    await openFigures(page, 'ledger', 'activations');
    await soon(() => title(page)).toMatch(
      /^Before training, the signal at A’s first layer is 1\/200 of that at its output .*; C’s 1\/6\.4 and B’s 1\/4\.2$/,
    );
    await page.getByRole('button', { name: 'epoch 100', exact: true }).click();
    await soon(() => title(page)).toMatch(/^After epoch 100, the signal at A’s first layer/);
    const last = await title(page);
    await page.getByRole('button', { name: 'before training', exact: true }).click();
    await soon(() => title(page)).toMatch(/^Before training/);
    // Whoever moves the slider looks at an epoch.
    await page.locator('#epoch').focus();
    await page.keyboard.press('Home');
    await soon(() => title(page)).toMatch(/^After epoch 1, the signal at A’s first layer/);
    await page.keyboard.press('End');
    await soon(() => title(page)).toBe(last);
    const summary = page.locator('#figure-ledger summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    await soon(() => page.locator('#figure-ledger li').first().isVisible()).toBe(true);
    expect(await page.locator('#figure-ledger li').first().textContent()).toMatch(
      /^δ\(out\) = p − y, .*∂L\/∂W\(out\) = δ\(out\) × input × agreement/,
    );
    await page.locator('.inspector').evaluate((pane) => pane.scrollTo(0, 0));
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('shows what one layer with another activation or initialiser would do, at once and without training', async () => {
    const { page, close, expectClean } = await openNext(app, '#v1&A=a&A.train.epochs=5');
    await settled(page);
    await openFigures(page, 'ledger', 'activations');
    await soon(() => title(page)).toMatch(/A’s first layer is 1\/200 of that at its output/);
    const before = await receipt(page);
    await whatIf(page).selectOption('activation relu');
    await soon(() => title(page)).toMatch(/A’s first layer is 1\/200 .*; A′’s 1\//);
    const once = await title(page);
    await page.getByRole('combobox', { name: 'Layer of A to change' }).selectOption({ index: 1 });
    await soon(() => title(page)).not.toBe(once);
    await whatIf(page).selectOption('kernelInitializer heNormal');
    await soon(() => page.locator('#figure-ledger .drawing').textContent()).toContain('layer 2 heNormal');
    expect(await receipt(page)).toBe(before);
    expect(await runs(page)).toBe('A');
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('changes a layer that the active run has, whichever was chosen of a deeper one', async () => {
    const address =
      '#v1&A=deep&A.train.epochs=5&A.architecture.hiddenLayers=4&B=shallow&B.base=A&B.architecture.hiddenLayers=1';
    const { page, close, expectClean } = await openNext(app, address);
    await settled(page);
    await openFigures(page, 'ledger', 'activations');
    await cell(page, 'A', 'epochs').click();
    await page.getByRole('combobox', { name: 'Layer of A to change' }).selectOption({ index: 3 });
    await cell(page, 'B', 'epochs').click();
    const layer = page.getByRole('combobox', { name: 'Layer of B to change' });
    await soon(() => layer.inputValue()).toBe('only layer 1 of B');
    await whatIf(page).selectOption('activation relu');
    await soon(() => title(page)).toContain('B′’s');
    expectClean();
    await close();
  });

  test('makes a run of the change in one step, which undo takes back', async () => {
    const { page, close, expectClean } = await openOwn(app, '#v1&A=a&A.train.epochs=5');
    await settled(page);
    await openFigures(page, 'ledger', 'activations');
    await whatIf(page).selectOption('activation relu');
    await page.getByRole('button', { name: 'Add as a run' }).click();
    await soon(() => runs(page)).toBe('AB');
    await soon(() => textOf(page, 'B', 'activation')).toBe('relu,sigmoid,sigmoid');
    await page.getByRole('button', { name: 'Undo' }).click();
    await soon(() => runs(page)).toBe('A');
    expectClean();
    await close();
  });

  test('and the activations have the numbers of the same probes in Node, before training and at its end', async () => {
    const address = '#v1&A=sigmoid&A.train.epochs=20&B=relu&B.base=A&B.architecture.activation=relu';
    const { page, close, expectClean } = await openNext(app, address);
    await settled(page);
    await openFigures(page, 'ledger', 'activations');
    for (const kind of ['architecture', 'train'] as const) {
      if (kind === 'train') await page.getByRole('button', { name: 'epoch 20', exact: true }).click();
      const runs = await Promise.all(
        (['sigmoid', 'relu'] as const).map(async (name, index) => ({
          id: 'AB'[index] ?? '',
          name,
          color: '',
          value: {
            epoch: kind === 'train' ? 20 : 0,
            ledger: await probeRun(address, 'AB'[index] ?? '', kind),
          },
        })),
      );
      await soon(() => words(page, 'activations')).toBe(activationsFigure.describe(runs));
      await soon(() => words(page, 'ledger')).toBe(ledgerFigure.describe(runs));
      await soon(() => statement(page, 'activations')).toBe(activationsFigure.title(runs));
    }
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });

  test('of a run with seeds says that it is member 0, as boundaries and activations do', async () => {
    const { page, close, expectClean } = await openNext(app, '#v1&A=a&A.train.epochs=5&A.seeds=3');
    await settled(page);
    await openFigures(page, 'ledger', 'activations');
    for (const figure of ['ledger', 'activations', 'boundary']) {
      await soon(() => statement(page, figure)).toMatch(/; member 0 of 3 in A$/);
      await soon(() => page.locator(`#figure-${figure} .drawing`).textContent()).toContain('member 0 of 3');
      await soon(() => words(page, figure)).toContain('A (a, member 0 of 3)');
    }
    expectClean();
    await close();
  });

  test('of a training that diverged shows what it began with, and at an epoch says why there is nothing', async () => {
    const wild =
      '#v1&A=wild&A.architecture.activation=relu&A.architecture.kernelInitializer=heNormal&A.optimizer.name=sgd&A.optimizer.learningRate=1e9&A.train.epochs=5';
    const { page, close, expectClean } = await openNext(app, wild);
    await openFigures(page, 'ledger', 'activations');
    await soon(() => title(page)).toMatch(/^Before training, the signal at A’s first layer is /);
    await soon(() => statement(page, 'activations')).toMatch(/^Before training, saturated/);
    await page.getByRole('button', { name: /^epoch \d/ }).click();
    await soon(() => title(page)).toMatch(/^A has no signal: .*epoch/);
    await soon(() => statement(page, 'activations')).toMatch(/^A has no activations: /);
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });
});
