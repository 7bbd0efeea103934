// A number under a hand: figures follow it, nothing is kept on the way, letting go is one step, Escape is none.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases } from '../../cases';
import { type App, startApp } from '../support/app';
import {
  button,
  cell,
  digests,
  openNext,
  openOwn,
  receipt,
  saved,
  settled,
  soon,
  stored,
  textOf,
  type,
  violations,
} from '../support/steps';

/** Two runs that are computed in a moment. */
const SMALL =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.architecture.activation=relu';

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** Where a cell can be taken hold of. */
async function grip(page: Page, run: string, row: string): Promise<{ x: number; y: number }> {
  const box = await cell(page, run, row).boundingBox();
  if (!box) throw new Error(`there is no ${row} in ${run}`);
  return { x: box.x + 16, y: box.y + box.height / 2 };
}

/** Takes hold of a number and moves it so many pixels, a few at a time; the hand does not let go. */
async function drag(page: Page, run: string, row: string, pixels: number): Promise<void> {
  const { x, y } = await grip(page, run, row);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const steps = Math.max(2, Math.ceil(Math.abs(pixels) / 6));
  for (let step = 1; step <= steps; step++) await page.mouse.move(x + (pixels * step) / steps, y);
}

const losses = async (page: Page): Promise<string[]> => [
  await textOf(page, 'A', 'loss'),
  await textOf(page, 'B', 'loss'),
];

/** What lies in the stores of results and of the library. */
const kept = async (page: Page): Promise<string[]> => [
  ...Object.keys(await digests(page)),
  ...Object.keys(await stored(page, 'gradsheet-library')),
];

describe('dragging a number', () => {
  test('moves the figures of every run that depends on it, and keeps nothing of it', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await page.locator('.inspector nav').getByRole('button', { name: 'Learning' }).click();
    await soon(() => button(page, 'Library 2').count()).toBe(1);
    // Entries are written after they are shown: those of both runs, and of the trainings in the library.
    await soon(async () => (await kept(page)).length).toBe(11);
    const [before, figures] = [await kept(page), await losses(page)];
    const drawing = page.locator('.inspector .drawing').first();
    const lines = await drawing.innerHTML();
    const address = page.url();
    await drag(page, 'A', 'noise', 84);
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.25');
    expect(await textOf(page, 'B', 'noise')).toBe('0.25');
    await soon(() => losses(page)).not.toEqual(figures);
    await soon(() => drawing.innerHTML()).not.toBe(lines);
    expect(await page.locator('.inspector nav [aria-pressed="true"]').textContent()).toBe('Learning');
    expect(await kept(page)).toEqual(before);
    expect(page.url()).toBe(address);
    expect(await receipt(page)).not.toContain('computing');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.05');
    await soon(() => losses(page)).toEqual(figures);
    expect(await button(page, 'Undo').getAttribute('title')).not.toContain('noise');
    expect(await kept(page)).toEqual(before);
    expectClean();
    await close();
  });

  test('is one step when the hand lets go, with exactly the last value’s figures, and these are stored', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await drag(page, 'A', 'noise', 204);
    await page.mouse.up();
    await settled(page, /^recomputed dataset, split, train, diff of A, B/);
    expect(await textOf(page, 'A', 'noise')).toBe('0.55');
    expect(page.url()).toContain('A.dataset.noise=0.55');
    // Set by the drag, and still a number for the next one.
    expect(await cell(page, 'A', 'noise').getAttribute('class')).toMatch(
      /\bown\b.*\bnumber\b|\bnumber\b.*\bown\b/,
    );
    const titles = async () => [
      await cell(page, 'A', 'loss').getAttribute('title'),
      await cell(page, 'B', 'loss').getAttribute('title'),
    ];
    const dragged = await titles();
    expect(await button(page, 'Undo').getAttribute('title')).toBe('Undo: noise of A 0.05 → 0.55');
    await saved(page);
    await soon(() => button(page, 'Library 4').count()).toBe(1);
    await page.reload();
    await settled(page, /^nothing to recompute/);
    expect(await titles()).toEqual(dragged);

    const other = await openNext(app, SMALL);
    await type(other.page, 'A', 'noise', '0.55');
    await settled(other.page, /^recomputed dataset, split, train, diff of A, B/);
    expect([
      await cell(other.page, 'A', 'loss').getAttribute('title'),
      await cell(other.page, 'B', 'loss').getAttribute('title'),
    ]).toEqual(dragged);
    expectClean();
    await close();
    await other.close();
  });

  test('leaves a click a click, a double click an edit, and a formula’s or a list’s cell alone', async () => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    const pressed = () => page.locator('.inspector nav [aria-pressed="true"]').textContent();
    await cell(page, 'A', 'noise').click();
    expect(await pressed()).toBe('Learning');
    await cell(page, 'A', 'noise').dblclick();
    expect(await page.locator('.cell-input').inputValue()).toBe('0.05');
    await page.keyboard.press('Escape');
    await type(page, 'A', 'hidden layers', '2');
    await type(page, 'A', 'activation', 'relu, tanh');
    await drag(page, 'A', 'activation', 60);
    await page.mouse.up();
    expect(await textOf(page, 'A', 'activation')).toBe('relu,tanh');
    expect(await page.locator('.formula-bar .scrub').count()).toBe(0);
    expectClean();
    await close();
  });

  test('hundreds of times leaves no more elements behind than once', async () => {
    const { page, context, close, expectClean } = await openNext(app, SMALL);
    await page.locator('.inspector nav').getByRole('button', { name: 'Learning' }).click();
    const { x, y } = await grip(page, 'A', 'noise');
    const count = () => page.evaluate(() => document.querySelectorAll('*').length);
    const session = await context.newCDPSession(page);
    const listeners = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? Number.NaN;
    };
    await session.send('Performance.enable');
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 10, y);
    await page.mouse.move(x + 20, y);
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.09');
    const [elements, heard] = [await count(), await listeners()];
    for (let move = 0; move < cases(300); move++) await page.mouse.move(x + 20 + (move % 80), y);
    await page.mouse.move(x + 20, y);
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.09');
    await soon(count).toBeLessThan(elements + 40);
    expect(await listeners()).toBeLessThan(heard + 40);
    await page.mouse.up();
    expectClean();
    await close();
  });
});

describe('the slider beside the formula bar', () => {
  test('moves the active number by keys, one step a press, and by hand', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await cell(page, 'A', 'hidden layers').click();
    const slider = page.getByRole('slider', { name: 'hidden layers of A' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await soon(() => textOf(page, 'A', 'hidden layers')).toBe('2');
    await soon(() => button(page, 'Undo').getAttribute('title')).toBe('Undo: hidden layers of A 1 → 2');
    expect(await slider.getAttribute('aria-valuetext')).toBe('2');
    await settled(page, /^recomputed architecture, train, diff of A, B/);
    await slider.fill('4');
    await soon(() => button(page, 'Undo').getAttribute('title')).toBe('Undo: hidden layers of A 2 → 4');
    await cell(page, 'B', 'learning rate').click();
    await page.getByRole('slider', { name: 'learning rate of B' }).focus();
    await page.keyboard.press('ArrowRight');
    await soon(() => textOf(page, 'B', 'learning rate')).toBe('0.00106');
    expect(await violations(page)).toEqual([]);
    expectClean();
    await close();
  });
});

describe('the members of a run with seeds', () => {
  test('can be stopped, keep what is done, and go on', async () => {
    // TensorFlow.js takes its time, so that there is something to stop.
    const { page, close, expectClean } = await openNext(app, `${SMALL}&B.train.engine=tfjs`);
    await type(page, 'B', 'epochs', '60');
    await type(page, 'B', 'seeds', '100');
    const status = cell(page, 'B', 'train');
    // On a slow machine they ask first, once for all of them.
    await soon(() => status.textContent()).toMatch(/ · (run|cancel)/);
    const run = status.getByRole('button', { name: 'compute' });
    if (await run.count()) await run.click();
    await soon(() => status.textContent()).toMatch(/[1-9]\d* of 100 · cancel/);
    expect(await violations(page)).toEqual([]);
    await status.getByRole('button', { name: 'cancel' }).click();
    await soon(() => status.textContent()).toMatch(/of 100 · resume/);
    await settled(page, /recomputed/);
    // The status and the cell tell of the same members, which may still be arriving.
    const done = async (): Promise<number> => Number((await status.textContent())?.match(/(\d+) of/)?.[1]);
    await soon(async () =>
      (await cell(page, 'B', 'loss').getAttribute('title'))?.includes(`of ${await done()} of 100 members`),
    ).toBe(true);
    expect(await done()).toBeGreaterThan(0);
    expect(await done()).toBeLessThan(100);
    await status.getByRole('button', { name: 'resume' }).click();
    await soon(() => status.textContent()).toMatch(/100 members/);
    expectClean();
    await close();
  });
});

describe('a cell that costs much', () => {
  test('says what it costs, waits, and runs when it is told to', async () => {
    const { page, close, expectClean } = await openNext(app, `${SMALL}&B.train.engine=tfjs`);
    await type(page, 'B', 'epochs', '100000');
    const status = cell(page, 'B', 'train');
    await soon(() => status.textContent()).toMatch(/about .* · compute/);
    expect(await textOf(page, 'B', 'diff')).toContain('waits for train');
    expect(await violations(page)).toEqual([]);
    await status.click({ position: { x: 4, y: 4 } });
    await page.keyboard.press('Enter');
    await soon(() => status.textContent()).toMatch(/ %/);
    await button(page, 'Undo').click();
    expectClean();
    await close();
  });
});
