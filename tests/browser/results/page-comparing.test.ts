// Runs compared on the page: means with their spread and n, bands, a baseline with differences, why two runs differ, bridges.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import {
  button,
  cell,
  choose,
  header,
  openNext,
  openOwn,
  runs,
  settled,
  soon,
  statement,
  textOf,
  type,
  violations,
} from '../support/steps';

const SMALL =
  '#v1&A=small&A.architecture.hiddenLayers=1&A.architecture.units=4&A.dataset.nSamples=60&A.train.epochs=8';
/** A and B have five members with the same seeds, C three, D none; D differs from A in two params besides. */
const SEEDED = `${SMALL}&A.seeds=5&B=faster&B.base=A&B.optimizer.learningRate=0.05&C=three&C.base=A&C.seeds=3&D=one&D.base=A&D.seeds=1&D.architecture.activation=relu&D.train.epochs=9`;

let app: App;

beforeAll(async () => {
  app = await startApp();
}, 120_000);
afterAll(() => app?.close());

const title = (page: Page, run: string, row: string) => cell(page, run, row).getAttribute('title');
const why = (page: Page) => page.locator('.why').textContent();

/** Selects the runs from one to another. */
async function select(page: Page, from: string, to: string): Promise<void> {
  await cell(page, from, 'epochs').click();
  await cell(page, to, 'epochs').click({ modifiers: ['Shift'] });
}

describe('a run with seeds', () => {
  test('shows mean, spread and n in its cell, and bands over its members with their n in the title', async () => {
    const { page, close, expectClean } = await openNext(app, SEEDED);
    await soon(() => textOf(page, 'A', 'loss')).toMatch(/^\d\.\d{4} ± \d\.\d+ n 5$/);
    expect(await title(page, 'A', 'loss')).toBe('mean ± standard deviation of 5 of 5 members');
    expect(await textOf(page, 'C', 'loss')).toMatch(/ n 3$/);
    expect(await textOf(page, 'D', 'loss')).toMatch(/^\d\.\d{4}$/);
    // Nothing in the cell is cut off.
    for (const row of ['loss', 'accuracy', 'first : last']) {
      const cut = await cell(page, 'A', row).evaluate((td) => {
        const edge = td.getBoundingClientRect();
        return [...td.querySelectorAll('span')].some((part) => {
          const { right, bottom } = part.getBoundingClientRect();
          return right > edge.right || bottom > edge.bottom + 1;
        });
      });
      expect(cut, row).toBe(false);
    }
    await soon(() => statement(page, 'loss')).toMatch(
      /^Loss falls to .*; medians of 5 in A and B and 3 in C$/,
    );
    // Of three runs a band in training and one on the test points, in each of the two figures of curves, and none elsewhere.
    expect(await page.locator('path.band').count()).toBe(12);
    const head = page.locator('.shown-runs');
    expect(await page.locator('.head-note').textContent()).toContain(
      'Boundaries, chain rule and activations show member 0; the other figures show all members.',
    );
    await select(page, 'A', 'A');
    const tab = (name: string) => page.locator('.inspector nav').getByRole('button', { name, exact: true });
    await tab('Network').click();
    expect(await head.textContent()).toContain('member 0 of 5');
    expect(await head.textContent()).not.toContain('all members');
    await tab('Data').click();
    expect(await head.textContent()).toContain('all 5 members');
    await tab('Learning').click();
    expectClean();
    await close();
  });

  test('says at the cursor the median and the range', async () => {
    const { page, close } = await openOwn(app, `${SMALL}&A.seeds=5`);
    await soon(() => page.locator('path.band').count()).toBe(4);
    const readout = page
      .locator('svg.figure')
      .first()
      .locator('text', { hasText: /^epoch \d/ });
    expect(await readout.textContent()).toMatch(/^epoch 8 {3}A \d\.\d{4} \(\d\.\d+–\d\.\d+\)$/);
    await close();
  });

  test('counts the members that diverged; where none is left the inspector says why there is nothing to draw', async () => {
    const steep =
      '&A.dataset.nSamples=60&A.train.epochs=8&A.architecture.units=4&A.architecture.activation=relu&A.optimizer.name=sgd';
    const { page, close, expectClean } = await openNext(
      app,
      `#v1&A=steep${steep}&A.optimizer.learningRate=100000&A.seeds=12`,
    );
    await soon(() => textOf(page, 'A', 'loss')).toMatch(/ n 10\/12$/);
    await soon(() => title(page, 'A', 'loss')).toBe(
      'mean ± standard deviation of 10 of 12 members, 2 diverged',
    );
    await type(page, 'A', 'activation', 'linear');
    await soon(() => textOf(page, 'A', 'loss')).toBe('');
    expect(await cell(page, 'A', 'loss').getAttribute('aria-label')).toBe(
      'A, loss, none, 0 of 12 members, 12 diverged',
    );
    await page.locator('.inspector nav').getByRole('button', { name: 'Learning', exact: true }).click();
    await soon(() => page.locator('.inspector').textContent()).toMatch(
      /Nothing to draw\. A: member 0: the (test )?loss became (NaN|infinite) in epoch \d/,
    );
    expectClean();
    await close();
  });
});

describe('a baseline', () => {
  test('gives every other run its difference, paired by seed where it can be, and can be taken back', async () => {
    const { page, close, expectClean } = await openNext(app, SEEDED);
    expect(await page.locator('.apart').count()).toBe(0);
    await choose(page, 'A', 'Use as baseline');
    await soon(() => textOf(page, 'B', 'loss')).toMatch(/^\d\.\d{4} (≈ )?[−+]\d\.\d{4} ± \d\.\d+ n 5$/);
    expect(await header(page, 'A').textContent()).toContain('baseline');
    expect(await textOf(page, 'A', 'loss')).toMatch(/^\d\.\d{4} ± \d\.\d+ n 5$/);
    expect(await title(page, 'A', 'loss')).toMatch(/^the baseline, mean/);
    const paired = await title(page, 'B', 'loss');
    expect(paired).toMatch(
      /mean of 5 pairs of members with the same seeds; .*standard error [\d.e-]+; A .*, n 5$/,
    );
    // C's three members are no pairs of A's five: their means differ by less than their spread.
    expect(await textOf(page, 'C', 'loss')).toMatch(/^\d\.\d{4} ≈ [−+]\d\.\d{4} /);
    expect(await title(page, 'C', 'loss')).toMatch(
      /; within the spread over seeds: .* than A; spread .*, n 5$/,
    );
    expect(await cell(page, 'C', 'loss').getAttribute('aria-label')).toContain(
      'within the spread over seeds',
    );
    expect(await title(page, 'D', 'loss')).not.toContain('pairs');
    expect(await textOf(page, 'D', 'first : last')).toMatch(/[×÷] [\d.]+$/);
    expect(await violations(page)).toEqual([]);
    // The view is no step of the history and not in the address.
    const address = page.url();
    await choose(page, 'A', 'No baseline');
    await soon(() => page.locator('.apart').count()).toBe(0);
    expect(page.url()).toBe(address);
    expect(await button(page, '↶').count()).toBeLessThanOrEqual(1);
    expectClean();
    await close();
  });
});

describe('two selected runs', () => {
  test('say why they differ, and a bridge between them is one step back', async () => {
    const { page, close, expectClean } = await openNext(
      app,
      `${SMALL}&B=two&B.base=A&B.architecture.activation=relu&B.train.epochs=9`,
    );
    expect(await page.locator('.why').count()).toBe(0);
    await select(page, 'A', 'B');
    await soon(() => why(page)).toBe(
      'B differs from A in architecture: activation sigmoid → relu; train: epochs 8 → 9; diff follows. Bridge',
    );
    expect(await violations(page)).toEqual([]);
    await page.locator('.why').getByRole('button', { name: 'Bridge' }).click();
    await soon(() => runs(page)).toBe('ACB');
    expect(await header(page, 'C').textContent()).toContain('A with activation relu');
    // The focus is in the sheet, where the next key goes.
    await soon(() => page.evaluate(() => document.activeElement?.closest('[role="grid"]') !== null)).toBe(
      true,
    );
    await settled(page);
    await select(page, 'A', 'C');
    await soon(() => why(page)).toContain('C differs from A in architecture: activation sigmoid → relu;');
    expect(await button(page, 'Bridge').count()).toBe(0);
    await select(page, 'C', 'B');
    await soon(() => why(page)).toContain('B differs from C in train: epochs 8 → 9; diff follows.');
    await page.keyboard.press('Control+z');
    await soon(() => runs(page)).toBe('AB');
    expect(await page.locator('.receipt').textContent()).toContain('undid: bridge A and B');
    expectClean();
    await close();
  });

  test('with a problem say which, and what cannot be drawn says where it comes from', async () => {
    const { page, close } = await openNext(app, `${SMALL}&B=two&B.base=A`);
    await select(page, 'A', 'B');
    await soon(() => why(page)).toBe('Nothing differs between A and B: every cell is shared. ');
    await type(page, 'A', 'epochs', '-3');
    await select(page, 'A', 'B');
    await soon(() => why(page)).toMatch(/^A cannot be compared, A\.train\.epochs: "-3" is not .*; B cannot/);
    await soon(() => page.locator('.inspector').textContent()).toMatch(
      /Nothing to draw yet\. A and B: A\.train\.epochs: "-3" is not a whole number from 1 to 100,000\./,
    );
    await close();
  });
});
