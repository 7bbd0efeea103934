// Drawings that are put into a real page step by step, so that no task of the page takes long.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/chromium';
import { type Gallery, serveGallery } from './gallery-server';
import { type Values, valuesOf } from './gallery-values';

let gallery: Gallery;
let browser: Browser;

/** Twelve runs of the notebook's sizes. */
const MANY = `#v1&${[...'ABCDEFGHIJKL']
  .map((id, index) => `${id}=r${index}&${id}.architecture.seed=${index}&${id}.train.epochs=${20 + index}`)
  .join('&')}`;

beforeAll(async () => {
  const cases: Record<string, Values> = { few: await valuesOf('#v1'), many: await valuesOf(MANY) };
  gallery = await serveGallery(cases, new URL('drawing.html', import.meta.url).pathname);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  gallery?.close();
});

/** The page once it has compared everything. */
async function openPage(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${gallery.origin}/drawing.html`);
  await page.waitForFunction(() => 'compared' in globalThis, undefined, { timeout: 60_000 });
  return page;
}

test('every figure that is put step by step looks as it does put at once, whatever stood there and whatever is followed meanwhile', async () => {
  const page = await openPage();
  const compared = await page.evaluate(
    () =>
      (globalThis as unknown as { compared: { name: string; steps: number[]; differ: string[] }[] }).compared,
  );
  expect(compared.filter(({ differ }) => differ.length > 0)).toEqual([]);
  expect(compared.map(({ name }) => name)).toContain('diff');
  // Of what has a panel a run, each panel is a step at least.
  for (const { name, steps } of compared)
    if (/boundary|^diff|network|gradient$/.test(name)) expect(steps[1], name).toBeGreaterThan(12);
  await page.close();
});

test('what is in view is drawn first, no frame takes more than its share and a step, and what was begun is ended before it is drawn again', async () => {
  const page = await openPage();
  const seen = await page.evaluate(async () => {
    const { painting } = globalThis as unknown as {
      painting: typeof import('../../../src/ui/figures/page/paint');
    };
    const drawn: { step: string; frame: number }[] = [];
    let frame = 0;
    const count = (): void => {
      frame++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    const owners = { below: { isSeen: () => false }, above: { isSeen: () => true } };
    const draw = (owner: keyof typeof owners, name: string, ms: number): Promise<void> =>
      new Promise((done) =>
        painting.paint(owners[owner], function* () {
          for (let step = 1; step <= 3; step++) {
            for (const from = performance.now(); performance.now() - from < ms; );
            drawn.push({ step: `${name} ${step}`, frame });
            // Asked for again in the middle.
            if (name === 'first' && step === 1) void draw('above', 'second', 0);
            yield;
          }
          done();
        }),
      );
    const below = draw('below', 'below', 0);
    void draw('above', 'dropped', 0);
    void draw('above', 'first', 13);
    await below;
    // What somebody needs whole is ended at once; what nobody wants any more is not drawn.
    let steps = 0;
    painting.paint(owners.above, function* () {
      for (; steps < 5; steps++) {
        for (const from = performance.now(); performance.now() - from < 13; );
        yield;
      }
    });
    while (steps === 0) await new Promise(requestAnimationFrame);
    painting.finishPaint(owners.above);
    const ended = steps;
    painting.paint(owners.above, function* () {
      steps = Number.NaN;
      yield;
    });
    painting.cancelPaint(owners.above);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return { drawn, ended, steps };
  });
  const order = ['first', 'second', 'below'].flatMap((name) => [1, 2, 3].map((step) => `${name} ${step}`));
  expect(seen.drawn.map(({ step }) => step)).toEqual(order);
  const [one, two, three] = seen.drawn.map(({ frame }) => frame);
  expect([one, two, three]).toEqual([one, Number(one) + 1, Number(one) + 2]);
  expect(seen).toMatchObject({ ended: 5, steps: 5 });
  await page.close();
});
