// The opening sheet before a person's eyes: it computes, its figures appear, and an edit recomputes what depends on it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp, type WatchedPage } from '../support/app';
import { cell, header, keepLog, offlineReady, settled, textOf, type } from '../support/steps';

let app: App;
let opening: WatchedPage;
let log: Awaited<ReturnType<typeof keepLog>>;

beforeAll(async () => {
  app = await startApp();
  opening = await app.openPage({ offline: true, address: null });
  log = await keepLog(opening.page);
});

afterAll(() => app?.close());

/** The titles of the figures on the page, once each has a drawing with marks in it. */
async function figuresOf(tab: string): Promise<string[]> {
  const { page } = opening;
  await page.locator('.inspector nav').getByRole('button', { name: tab, exact: true }).click();
  const figures = page.locator('.inspector figure:not(.closed)');
  await expect.poll(() => figures.count()).toBeGreaterThan(0);
  await expect
    .poll(() =>
      figures.evaluateAll((all) =>
        all.every(
          (figure) => figure.querySelectorAll('.drawing :is(path, rect, circle, line, image)').length > 5,
        ),
      ),
    )
    .toBe(true);
  // A description follows its drawing, so it may still be that of a figure without values.
  await expect
    .poll(async () =>
      (await figures.locator('.unseen').allTextContents()).filter((words) => words.length <= 20),
    )
    .toEqual([]);
  return figures
    .locator('h3')
    .evaluateAll((all) => all.map((heading) => heading.ariaLabel ?? heading.textContent ?? ''));
}

describe('the opening sheet', () => {
  test('computes before their eyes, to the figures that the notebook has', async () => {
    const { page, expectClean } = opening;
    await page.goto(`${app.origin}/`);
    await settled(page, /^recomputed dataset, split, architecture, optimizer, train, diff of A, B, C ·/);
    const figures = await Promise.all(
      ['A', 'B', 'C'].map(async (run) => [
        await textOf(page, run, 'loss'),
        await textOf(page, run, 'accuracy'),
        await textOf(page, run, 'first : last'),
      ]),
    );
    expect(figures).toEqual([
      ['0.4448', '0.815', '1 : 125'],
      ['0.2200', '0.880', '1.4 : 1'],
      ['0.0611', '0.985', '1.5 : 1'],
    ]);
    expectClean();
  });

  test('shows every figure, each with its title and its words', async () => {
    const { page, expectClean } = opening;
    expect(await figuresOf('Data')).toEqual([
      expect.stringMatching(/250 points/),
      expect.stringMatching(/train/),
    ]);
    expect(await figuresOf('Network')).toEqual([
      expect.stringMatching(/parameters/),
      expect.stringMatching(/adam/),
      expect.stringMatching(/first layer moved/),
    ]);
    expect(await page.locator('.kind-figures > h3').allTextContents()).toEqual([
      'architecture',
      'optimizer',
      'diff',
    ]);
    await expect
      .poll(() => page.locator('#figure-diff .drawing').textContent())
      .toContain('notebook’s figure');
    const train = (await figuresOf('Learning')).join(' | ');
    for (const words of [/loss/i, /accuracy/i, /gradient/i, /wrong side/]) expect(train).toMatch(words);
    expectClean();
  });

  test('shows any runs side by side: by their headers, their chips and their legends', async () => {
    const { page, expectClean } = opening;
    const shown = async () =>
      (await page.locator('.run-chip[aria-pressed="true"] strong').allTextContents()).join('');
    const chip = (run: string) =>
      page.locator('.run-chip', { has: page.locator('strong', { hasText: run }) });
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await shown()).toBe('ABC');
    // C is active: with A it is the fair pair.
    await header(page, 'A').click({ modifiers: ['Control'] });
    await expect.poll(shown).toBe('AC');
    await expect.poll(() => page.locator('.why').textContent()).toMatch(/^C differs from A in architecture/);
    expect(await header(page, 'B').textContent()).toContain('not in the figures');
    expect(await header(page, 'A').textContent()).not.toContain('not in the figures');
    await expect
      .poll(() => page.locator('#figure-loss .end').allTextContents())
      .toEqual([expect.stringMatching(/^A /), expect.stringMatching(/^C /)]);
    await page.locator('#figure-loss .end', { hasText: 'A' }).click();
    await expect.poll(shown).toBe('C');
    await page.getByRole('button', { name: 'Show all', exact: true }).click();
    await expect.poll(shown).toBe('ABC');
    await chip('B').click({ modifiers: ['Alt'] });
    await expect.poll(shown).toBe('B');
    await chip('C').click();
    await expect.poll(shown).toBe('BC');
    await chip('A').click();
    await expect.poll(shown).toBe('ABC');
    await chip('A').focus();
    await page.keyboard.press('End');
    expect(await focused()).toBe('Ctwin');
    await page.keyboard.press('Alt+Enter');
    await expect.poll(shown).toBe('C');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Control+Enter');
    await expect.poll(shown).toBe('BC');
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await expect.poll(shown).toBe('ABC');
    expect(await page.locator('.run-chip[tabindex="0"]').count()).toBe(1);
    expectClean();
  });

  test('moves everything with one epoch', async () => {
    const { page, expectClean } = opening;
    const boundary = page.locator('.inspector figure', { hasText: /wrong side/ }).locator('.drawing');
    const before = await boundary.innerHTML();
    await page.getByRole('slider', { name: 'epoch', exact: true }).fill('3');
    await expect.poll(() => page.locator('output[for="epoch"]').textContent()).toBe('3 of 100');
    await expect.poll(() => boundary.innerHTML(), { timeout: 20_000 }).not.toBe(before);
    await page.getByRole('slider', { name: 'epoch', exact: true }).fill('100');
    await expect.poll(() => page.locator('output[for="epoch"]').textContent()).toBe('100 of 100');
    expectClean();
  });

  test('recomputes what depends on the noise in A, in every run that inherits it', async () => {
    const { page, expectClean } = opening;
    const before = await textOf(page, 'A', 'loss');
    await type(page, 'A', 'noise', '0.2');
    await settled(page, /^recomputed dataset, split, train, diff of A, B, C ·/);
    expect(await textOf(page, 'B', 'noise')).toBe('0.2');
    expect(await cell(page, 'B', 'noise').getAttribute('aria-label')).toBe('B, noise, 0.2, from A');
    expect(await textOf(page, 'A', 'loss')).not.toBe(before);
    // The picture of the effect stays in view; the tab of the cell is only marked, in words too.
    const nav = page.locator('.inspector nav');
    expect(await nav.locator('[aria-pressed="true"]').textContent()).toBe('Learning');
    const marked = nav.locator('button:has(.tab-dot)');
    await cell(page, 'A', 'noise').click();
    await expect.poll(() => marked.allTextContents()).toEqual(['Data']);
    const words = await marked.getAttribute('aria-describedby');
    expect(await page.locator(`#${words}`).textContent()).toBe('The active cell is about this.');
    await cell(page, 'A', 'loss').click();
    await expect.poll(() => marked.allTextContents()).toEqual(['Learning']);
    await cell(page, 'A', 'diff').click();
    await expect.poll(() => marked.allTextContents()).toEqual(['Network']);
    expect(await nav.locator('[aria-pressed="true"]').textContent()).toBe('Learning');
    expectClean();
  });

  test('recomputes C’s optimizer, train and diff for C’s learning rate, and nothing else', async () => {
    const { page, expectClean } = opening;
    const others = async () => [await textOf(page, 'A', 'loss'), await textOf(page, 'B', 'loss')];
    const before = await others();
    await type(page, 'C', 'learning rate', '0.002');
    await settled(page, /^recomputed optimizer, train, diff of C ·/);
    expect(await others()).toEqual(before);
    expect(await header(page, 'C').getAttribute('aria-label')).toContain('A but activation, learning rate');
    expect(await header(page, 'C').locator('.difference').innerText()).toMatch(/^A but activation\s*\+1$/);
    expectClean();
  });

  test('is there at once after a reload, and nothing is computed twice', async () => {
    const { page, expectClean } = opening;
    await offlineReady(page);
    await figuresOf('Data');
    const before = await page.locator('[role="grid"] td.result').allTextContents();
    await page.reload();
    await settled(page, /^nothing to recompute/);
    expect(await page.locator('[role="grid"] td.result').allTextContents()).toEqual(before);
    const { labels } = await log();
    expect(labels.filter((label) => / %$| ms$/.test(label))).toEqual([]);
    expect(await cell(page, 'C', 'train').textContent()).toContain('cached');
    await expect
      .poll(() => page.locator('.inspector nav [aria-pressed="true"]').allTextContents())
      .toEqual(['Data']);
    expectClean();
  });
});

describe('a training that takes its time', () => {
  // In TensorFlow.js, which takes some hundred times as long, in one run of two.
  const SLOW = '#v1&A=slow&A.train.engine=tfjs&A.train.epochs=150&B=quick';
  // As many steps, but an epoch of them takes longer than a blink: nothing new is known before the old is marked.
  const LONG = '#v1&A=slow&A.train.engine=tfjs&A.train.epochs=4&A.dataset.nSamples=8000&B=quick';

  test('shows on the way what is queued, running with its share, and known so far', async () => {
    const { page, close, expectClean } = await app.openPage({ address: null });
    const seen = await keepLog(page);
    await page.goto(`${app.origin}/${SLOW}`);
    await settled(page, /^recomputed/);
    const { labels, epochs } = await seen();
    const marks = labels.filter((label) => label.startsWith('A, train, ')).map((label) => label.slice(10));
    expect(marks[0]).toBe('queued');
    expect(marks.filter((mark) => / %$/.test(mark)).length).toBeGreaterThan(1);
    expect(marks.at(-1)).toMatch(/ ms$/);
    const partial = labels.filter((label) => label.startsWith('A, loss, ') && label.endsWith(', so far'));
    expect(partial.length).toBeGreaterThan(1);
    expect(epochs.at(-1)).toBe(150);
    expectClean();
    await close();
  });

  test('leaves the old figures where they were, visibly old, until it has new ones', async () => {
    const { page, close, expectClean } = await app.openPage({ address: null });
    const seen = await keepLog(page);
    await page.goto(`${app.origin}/${LONG}`);
    await settled(page, /^recomputed/);
    const [old, other] = [await textOf(page, 'A', 'loss'), await textOf(page, 'B', 'loss')];
    await type(page, 'A', 'learning rate', '0.002');
    await settled(page, /^recomputed optimizer, train, diff of A ·/);
    const { labels } = await seen();
    expect(labels).toContain(`A, loss, ${old}, from before this edit`);
    expect(await textOf(page, 'A', 'loss')).not.toBe(old);
    expect(await textOf(page, 'B', 'loss')).toBe(other);
    expectClean();
    await close();
  });
});
