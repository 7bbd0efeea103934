// Lessons as a person meets them: steps by hand and by keys, questions whose answers appear nowhere before a guess, a lesson made
// of the person's own sheets, and own sheets that stay as they were.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXAMPLES } from '../../../src/ui/examples/examples';
import { type App, startApp, type WatchedPage } from '../support/app';
import { contentOf } from '../support/download';
import {
  button,
  choose,
  header,
  openOwn,
  runs,
  saved,
  settled,
  soon,
  type,
  violations,
} from '../support/steps';

const SMALL = 'A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=7';
const OWN = `#v1&A=mine&${SMALL}&title=Own&note=Look%20at%20%3Cimg%20src%3Dx%3E%20A`;
const ASKED = `v1&A=slow&${SMALL}&B=fast&B.base=A&B.optimizer.learningRate=0.3&C=many&C.base=A&C.seeds=3&row.gap=%3Dloss%20*%201&title=Second&note=Which%3F`;
const LESSON =
  '#lesson1&title=Rates&predict.2=lowest.loss&predict.4=A.accuracy' +
  `/${OWN.slice(1)}/${ASKED}/v1&A=a&Q.train=4/${ASKED.replace('Second', 'Last')}`;

let app: App;
/** One page for all tests, which follow each other: each leaves its own sheets on the screen. */
let watched: WatchedPage;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

const line = (page: Page) => page.getByRole('navigation', { name: 'Lesson' });
const lineText = (page: Page): Promise<string | null> => line(page).locator('p').textContent();
const question = (page: Page) => page.getByRole('region', { name: 'Predict first' });
const note = (page: Page) => page.getByRole('region', { name: 'Note', exact: true });
const go = (page: Page, address: string): Promise<void> =>
  page.evaluate((to) => {
    location.hash = to;
  }, address);

/** The numbers in the results of all shown cells, as the page formats them. */
const shownResults = async (page: Page): Promise<string[]> => {
  const texts = await page.locator('[role="grid"] td.result:not(.proposed) .text').allTextContents();
  return [...new Set(texts.filter((text) => /\d/.test(text)))];
};

/** Keeps every text and attribute that the page has from now on; returns a function that yields them. */
async function record(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    const keep = (node: Node): void => {
      if (node instanceof Element)
        for (const element of [node, ...node.querySelectorAll('*')])
          for (const { value } of element.attributes) seen.add(value);
      seen.add(node.textContent ?? '');
    };
    const look = (): void => {
      seen.add(document.title);
      for (const field of document.querySelectorAll('input')) seen.add(field.value);
    };
    keep(document.body);
    look();
    new MutationObserver((changes) => {
      look();
      for (const { target, addedNodes } of changes) {
        if (target instanceof Element) for (const { value } of target.attributes) seen.add(value);
        else seen.add(target.textContent ?? '');
        for (const added of addedNodes) keep(added);
      }
    }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
    Object.assign(window, { recorded: () => [...seen].join('\n') });
  });
  return () => page.evaluate(() => (window as unknown as { recorded(): string }).recorded());
}

test('a lesson goes from step to step, and shows no result before a guess', async () => {
  watched = await openOwn(app, OWN);
  const { page, expectClean } = watched;
  // The results of the second step are in every cache before its question is asked.
  await go(page, `#${ASKED}`);
  await soon(() => runs(page)).toBe('ABC');
  await settled(page, /^recomputed|^nothing/);
  await soon(() => page.locator('[role="grid"] td.result .text').allTextContents()).not.toContain('');
  const answers = await shownResults(page);
  expect(answers.length).toBeGreaterThan(8);
  await button(page, 'Library 4').waitFor();

  // The first step has the content of an own sheet, and is still no own sheet.
  await go(page, LESSON);
  await soon(() => lineText(page)).toBe('Rates · step 1 of 4 · Own');
  expect(await note(page).getByRole('paragraph').textContent()).toContain('Look at <img src=x> A');
  expect(await note(page).locator('img').count()).toBe(0);
  await settled(page);
  await soon(() => page.locator('.sheet-status [title]').textContent()).toBe('in the address only');
  expect(await violations(page)).toEqual([]);

  // What the screen shows from the first moment of the second step on.
  await button(page, 'Next').focus();
  await soon(() => page.locator('#figure-loss').count()).toBe(1);
  const recorded = await record(page);
  const before = await recorded();
  await page.keyboard.press('Enter');
  await soon(() => lineText(page)).toBe('Rates · step 2 of 4 · Second');
  await soon(() => page.locator('.figure-view').count()).toBe(0);
  await soon(() => question(page).getByRole('group').textContent()).toContain(
    'in which run will loss be lowest?',
  );
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Next');
  expect(await violations(page)).toEqual([]);
  for (const tab of ['Data', 'Network', 'Sweep', 'Learning'])
    await page.locator('.inspector nav').getByRole('button', { name: tab, exact: true }).click();
  for (const row of ['loss', 'accuracy', 'first : last'])
    await page.locator(`[role="grid"] td[aria-label^="B, ${row}, "]`).click();
  await choose(page, 'A', 'Cross-check with TensorFlow.js');
  await header(page, 'A').click();
  await header(page, 'B').click({ modifiers: ['Shift'] });
  await settled(page, /^nothing to recompute · \d+ cells blocked$/);
  expect(await shownResults(page)).toEqual([]);
  expect(await button(page, 'Library 4').count()).toBe(1);
  // An edit makes a copy, which is hidden as well, and a reload hides both.
  await type(page, 'A', 'noise', '0.07');
  await soon(() => lineText(page)).toBe('Rates · step 2 of 4 · Second');
  await saved(page);
  await page.keyboard.press('Control+z');
  await saved(page);
  const hidden = await recorded();
  const fresh = answers.filter((answer) => !before.includes(answer));
  expect(fresh.length).toBeGreaterThan(5);
  expect(fresh.filter((answer) => hidden.includes(answer))).toEqual([]);
  await page.reload();
  await soon(() => lineText(page)).toBe('Rates · step 2 of 4 · Second');
  await soon(() => question(page).getByRole('radio').count()).toBe(3);
  expect(await shownResults(page)).toEqual([]);

  await button(page, 'Show the results').click();
  await soon(() => question(page).textContent()).toContain('Choose a run.');
  await page.getByLabel('A slow').check();
  await button(page, 'Show the results').click();
  await soon(() => question(page).textContent()).toMatch(
    /^Your guess: A \(slow\)\. Lowest loss: B \(fast\), 0\.\d+\. A has 0\.\d+\.$/,
  );
  await soon(() => shownResults(page)).toEqual(answers);
  await settled(page, /^(recomputed|nothing)((?!blocked).)*$/);
  await type(page, 'A', 'noise', '0.07');
  await soon(() => question(page).textContent()).toBe('Your guess: A (slow). The sheet has changed since.');
  await button(page, 'The step as it was').click();
  await soon(() => question(page).textContent()).toMatch(/Lowest loss: B/);

  // A step that cannot be read says so, and the others still work.
  await button(page, 'Next').click();
  await soon(() => lineText(page)).toContain('step 3 of 4 · This step cannot be read: ');
  expect(await lineText(page)).toContain('Q.train: there is no run Q');
  await soon(() => runs(page)).toBe('A');
  await soon(() => page.locator('[role="grid"] td.result .text').allTextContents()).not.toContain('');
  await page.reload();
  await soon(() => lineText(page)).toContain('step 3 of 4');
  await button(page, 'Next').click();
  await soon(() => lineText(page)).toBe('Rates · step 4 of 4 · Last');
  expect(await button(page, 'Next').getAttribute('aria-disabled')).toBe('true');
  await page.getByLabel(/^Predict first: what will be the accuracy of A/).fill('0,5');
  await page.keyboard.press('Enter');
  await soon(() => question(page).textContent()).toContain('Write a point in place of the comma: 0.5');
  await page.getByRole('textbox', { name: /^Predict first/ }).fill('0.5');
  await page.keyboard.press('Enter');
  await soon(() => question(page).textContent()).toMatch(/^Your guess: 0\.5\. A’s accuracy: \d\.\d+\.$/);
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Your guess');
  await page.goBack();
  await soon(() => lineText(page)).toContain('step 3 of 4');
  await button(page, 'Leave').click();
  await soon(() => line(page).count()).toBe(0);
  await soon(() => header(page, 'A').textContent()).toContain('mine');
  expect(new URL(page.url()).hash).toBe(OWN);
  expectClean();
});

test('a lesson is made of own sheets without code, and opens from its file', async () => {
  const { page, expectClean } = watched;
  await go(page, `#${ASKED}`);
  await button(page, 'Keep a copy').click();
  await saved(page);
  await page.locator('.sheet-name').click();
  await soon(() => page.locator('.sheet-menu [data-sheet]').count()).toBe(2);
  await button(page, 'Make a lesson …').click();
  const maker = page.getByRole('dialog', { name: 'Make a lesson' });
  await button(page, 'Copy link').click();
  await soon(() => maker.locator('.choices span').textContent()).toBe('Add a sheet first.');
  await button(page, 'Add Own').click();
  await button(page, 'Add Second').click();
  await maker.getByLabel('Title of the lesson').fill('Rates');
  await button(page, 'Move step 2 up').click();
  await soon(() => maker.locator('li bdi').allTextContents()).toEqual(['1. Second', '2. Own']);
  await maker.getByLabel('Question before step 1').selectOption('lowest.loss');
  expect(await violations(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save as file').click()]);
  expect(download.suggestedFilename()).toBe('rates.gradsheet');
  const file = await contentOf(download);
  await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click();
  await soon(() => lineText(page)).toBe('Rates · step 1 of 2 · Second');
  const opened = new URL(page.url()).hash;
  await button(page, 'Leave').click();
  await soon(() => line(page).count()).toBe(0);

  await page.locator('.sheet-name').click();
  await button(page, 'Open file …').click();
  await page.getByLabel('Files to open').setInputFiles({
    ...{ name: 'rates.gradsheet', mimeType: 'application/json', buffer: file },
  });
  const files = page.getByRole('dialog', { name: 'Files' });
  await soon(() => files.textContent()).toContain(
    'Opened a lesson of 2 steps. Your own sheets are unchanged.',
  );
  await files.getByRole('button', { name: 'Close' }).click();
  await soon(() => lineText(page)).toBe('Rates · step 1 of 2 · Second');
  expect(new URL(page.url()).hash).toBe(opened);
  await page.locator('.sheet-name').click();
  await soon(() => page.locator('.sheet-menu [data-sheet]:not([data-sheet=""])').count()).toBe(2);
  expectClean();
});

test('the ten examples are a lesson, which hides what their sentences say until there is a guess', async () => {
  const { page, expectClean } = watched;
  const [first] = EXAMPLES;
  const menu = page.getByRole('navigation', { name: 'Examples' });
  const panel = page.getByRole('region', { name: 'Example', exact: true });
  await button(page, 'Examples').click();
  await menu.getByRole('link', { name: /^All ten as a lesson/ }).click();
  await soon(() => lineText(page)).toBe(`Ten examples · step 1 of 10 · ${first?.title}`);
  await soon(() => page.getByRole('radio').count()).toBe(2);
  expect(await panel.count()).toBe(0);
  await button(page, 'Examples').click();
  await soon(() => menu.locator('[aria-current="true"]').allTextContents()).toEqual([
    `${first?.title}${first?.lesson}`,
  ]);
  await page.keyboard.press('Escape');
  await page.getByLabel('B relu').check();
  await button(page, 'Show the results').click();
  await soon(() => panel.textContent()).toContain(first?.sentences[0]);
  await soon(() => question(page).textContent()).toBe('Your guess: B (relu). Lowest loss: B (relu), 0.2200.');
  expectClean();
});

test('a copy that is kept of a step with a question has its results once the lesson is left', async () => {
  const { page, expectClean } = watched;
  await go(page, `#lesson1&predict.1=A.loss/v1&A=asked&${SMALL.replace('epochs=7', 'epochs=6')}`);
  await soon(() => question(page).count()).toBe(1);
  expect(await shownResults(page)).toEqual([]);
  await button(page, 'Keep a copy').click();
  await saved(page);
  expect(await shownResults(page)).toEqual([]);
  await button(page, 'Leave').click();
  await soon(() => line(page).count()).toBe(0);
  await soon(() => shownResults(page)).not.toEqual([]);
  expect(await header(page, 'A').textContent()).toContain('asked');
  expectClean();
});
