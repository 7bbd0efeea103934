// Every figure in a real browser under the page's policy of content: no report, no NaN, nothing clipped or empty.
// With GALLERY=<folder> the screenshots, at both widths and in both themes, are kept there.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BAD_SHEETS, badValuesOf } from '../../ui/figures/bad-sheets';
import { launchBrowser } from '../support/chromium';
import { maps } from './gallery-maps';
import { type Gallery, serveGallery } from './gallery-server';
import { cutTo, type Values, valuesOf, zeroed } from './gallery-values';

const kept = process.env['GALLERY'];
let gallery: Gallery;
let browser: Browser;

const none: Values = {
  dataset: [],
  split: [],
  architecture: [],
  optimizer: [],
  train: [],
  boundary: [],
  confusion: [],
  ledger: [],
  map: [],
  activations: [],
  crossCheck: [],
  diff: [],
};

const HARD =
  '#v1&A=a%20rather%20long%20name&A.architecture.hiddenLayers=12&A.architecture.units=16&A.architecture.activation=tanh' +
  '&A.train.epochs=40&B=sgd&B.optimizer.name=sgd&B.optimizer.learningRate=0.1&B.optimizer.momentum=0.9&B.dataset.noise=0.3' +
  '&C=rmsprop&C.optimizer.name=rmsprop&C.train.epochs=150&D=circles&D.dataset.generator=circles&D.split.testSize=0.4&D.architecture.activation=relu' +
  '&E=one%20layer&E.architecture.hiddenLayers=0&F=wide&F.architecture.units=40&F.architecture.hiddenLayers=2&F.architecture.activation=relu';

const SEEDS =
  '#v1&A=sigmoid&A.seeds=20&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu&B.seeds=5' +
  '&C=twin&C.base=A&C.architecture.activation=relu&C.seeds=1&D=many%20epochs&D.base=A&D.train.epochs=900&D.seeds=3';

/** Fifty layers; one unit a layer; a kernel that no numbers fit into. */
const DEEP =
  '#v1&A=fifty%20layers&A.architecture.hiddenLayers=50&A.architecture.units=4&A.train.epochs=30' +
  '&B=fifty%20relus&B.base=A&B.architecture.activation=relu&C=single%20unit&C.architecture.units=1&C.train.epochs=30' +
  '&D=broad&D.architecture.units=60&D.architecture.hiddenLayers=2&D.train.epochs=10' +
  '&E=fifty%20tanh&E.base=A&E.architecture.activation=tanh&E.seeds=3';

/** Points of one class to train on, points without any variance, weights that stay zero, and no hidden layer. */
const ODD =
  '#v1&A=one%20class&A.dataset.nSamples=2&A.split.testSize=0.5&A.train.epochs=20' +
  '&B=no%20variance&B.dataset.generator=blobs&B.dataset.noise=0&B.dataset.nSamples=20&B.train.epochs=20' +
  '&C=zeros&C.architecture.kernelInitializer=zeros&C.architecture.activation=relu&C.train.epochs=20' +
  '&D=no%20hidden%20layer&D.architecture.hiddenLayers=0&D.train.epochs=20';

/** A bad sheet's name, as addresses and files have it. */
const caseOf = (name: string): string => name.replaceAll(' ', '-').toLowerCase();

async function cases(): Promise<Record<string, Values>> {
  const opening = await valuesOf('#v1');
  const cut = (epochs: readonly number[]): Values => ({
    ...opening,
    train: opening.train.map((run, index) => ({ ...run, value: cutTo(run.value, epochs[index] ?? 1) })),
  });
  const single = Object.fromEntries(Object.entries(opening).map(([kind, runs]) => [kind, runs.slice(0, 1)]));
  const all: Record<string, Values> = {
    opening,
    growing: cut([40, 7, 1]),
    started: cut([1, 1, 1]),
    waiting: cut([0, 0, 0]),
    single: single as unknown as Values,
    none,
    zeros: {
      ...opening,
      train: opening.train.map((run) => ({ ...run, value: zeroed(run.value) })),
    },
    many: Object.fromEntries(
      Object.entries(opening).map(([kind, runs]) => [
        kind,
        [...'ABCDEFGHIJKLMNOPQRST'].map((id, index) => ({ ...runs[index % runs.length], id })),
      ]),
    ) as unknown as Values,
    hard: await valuesOf(HARD),
    seeds: await valuesOf(SEEDS),
    deep: await valuesOf(DEEP),
    odd: await valuesOf(ODD),
  };
  for (const [name, address] of Object.entries(BAD_SHEETS)) {
    const { values, after } = await badValuesOf(address);
    all[caseOf(name)] = { ...values, ledger: [...after], activations: [...after] };
  }
  for (const [name, map] of Object.entries(await maps())) {
    const values = all[name];
    if (values) all[name] = { ...values, map };
  }
  return all;
}

beforeAll(async () => {
  gallery = await serveGallery(await cases());
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  if (kept) mkdirSync(kept, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  gallery?.close();
});

interface GalleryView {
  readonly name: string;
  readonly width: number;
  readonly dark?: boolean;
  readonly search?: string;
}

let page: Page;
let complaints: string[] = [];

/** Opens the gallery on the one page of these tests; `complaints` then has all that the page complained of. */
async function open({ name, width, dark, search = '' }: GalleryView): Promise<void> {
  complaints = [];
  await page.setViewportSize({ width: width + 32, height: 900 });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  await page.goto(`${gallery.origin}/gallery.html?case=${name}&width=${width}${search}`);
  await page
    .waitForFunction(() => 'gallery' in globalThis, undefined, { timeout: 20_000 })
    .catch(() => {
      complaints.push('the gallery did not open');
    });
  if (kept) {
    const theme = dark ? 'dark' : 'light';
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    for (let y = 0, part = 1; y < height; y += 1_100, part++) {
      await page.screenshot({
        path: join(kept, `${name}-${width}-${theme}${search}-${part}.png`),
        fullPage: true,
        clip: { x: 0, y, width: width + 32, height: Math.min(1_100, height - y) },
      });
    }
  }
}

/** What is wrong with the drawings as they stand: attributes that are no numbers, and text beyond the drawing's edge. */
const faults = (): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll('main *')) {
      if (element.hasAttribute('style') && element.matches('svg *'))
        found.push(`style on ${element.tagName}`);
      for (const { name, value } of element.attributes) {
        if (/NaN|undefined|Infinity/.test(value)) found.push(`${name}=${value.slice(0, 40)}`);
      }
    }
    if (document.querySelector('main style')) found.push('a style element');
    for (const drawing of document.querySelectorAll('svg.figure')) {
      const edge = drawing.getBoundingClientRect();
      for (const text of drawing.querySelectorAll('text')) {
        const box = text.getBoundingClientRect();
        if (!text.textContent) continue;
        if (/NaN|undefined/.test(text.textContent)) found.push(text.textContent);
        if (box.left < edge.left - 1.5 || box.right > edge.right + 1.5 || box.bottom > edge.bottom + 1.5) {
          found.push(
            `"${text.textContent}" leaves the drawing: ${Math.round(box.left - edge.left)}…${Math.round(box.right - edge.left)} of ${Math.round(edge.width)}, ${Math.round(box.bottom - edge.top)} of ${Math.round(edge.height)}`,
          );
        }
      }
    }
    for (const section of document.querySelectorAll('section')) {
      if (!section.querySelector('h2')?.textContent) found.push('a figure without a title');
      if (section.getBoundingClientRect().height < 60) found.push('an empty figure');
    }
    return found;
  });

const VIEWS: readonly GalleryView[] = [
  { name: 'opening', width: 560 },
  { name: 'opening', width: 560, dark: true },
  { name: 'opening', width: 358 },
  { name: 'opening', width: 358, dark: true },
  { name: 'opening', width: 560, search: '&half=1&marked=A' },
  { name: 'growing', width: 560 },
  { name: 'started', width: 358 },
  { name: 'waiting', width: 560 },
  { name: 'single', width: 560 },
  { name: 'single', width: 300 },
  { name: 'none', width: 560 },
  { name: 'zeros', width: 560 },
  { name: 'many', width: 560 },
  { name: 'hard', width: 560 },
  { name: 'hard', width: 358, dark: true },
  { name: 'hard', width: 700 },
  { name: 'deep', width: 560 },
  { name: 'deep', width: 358, dark: true },
  { name: 'odd', width: 560, dark: true },
  { name: 'odd', width: 358 },
  { name: 'seeds', width: 560 },
  { name: 'seeds', width: 560, dark: true, search: '&half=1&marked=A' },
  { name: 'seeds', width: 358 },
  { name: 'seeds', width: 300, dark: true, search: '&marked=B' },
  ...Object.keys(BAD_SHEETS).flatMap((name) => [
    { name: caseOf(name), width: 560 },
    { name: caseOf(name), width: 358, dark: true },
  ]),
];

describe('figures in the browser', () => {
  test.each(VIEWS)('$name at $width is drawn whole ($dark $search)', async (look) => {
    await open(look);
    expect(await faults()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('every figure of the opening sheet can be drawn again and followed, and how long that takes is written down', async () => {
    await open({ name: 'opening', width: 560 });
    const times = await page.evaluate(() => {
      const { gallery } = globalThis as unknown as {
        gallery: { times: Record<string, number>; measure(name: string): { draw: number; follow: number } };
      };
      return Object.entries(gallery.times).map(([name, first]) => ({
        name,
        first,
        ...gallery.measure(name),
      }));
    });
    if (kept) writeFileSync(join(kept, 'times.json'), JSON.stringify(times, undefined, 1));
    expect(times.length).toBeGreaterThan(8);
    for (const { draw, follow } of times) expect(Number.isFinite(draw + follow)).toBe(true);
  });

  test('the pointer reports the epoch and the run under it', async () => {
    await open({ name: 'opening', width: 560 });
    const chart = page.locator('[data-figure="loss"] svg.figure');
    await chart.hover({ position: { x: 250, y: 120 } });
    const reported = await page.evaluate(
      () => (globalThis as unknown as { gallery: { reported: unknown[] } }).gallery.reported,
    );
    expect(reported.some((value) => typeof value === 'number' && value > 30 && value < 70)).toBe(true);
  });

  test('a figure is saved as an SVG that stands alone, as PNG and as CSV', async () => {
    await open({ name: 'opening', width: 560 });
    for (const name of [
      'loss',
      'gradient',
      'boundary',
      'confusion',
      'roc',
      'ledger',
      'activations',
      'map',
      'diff',
      'network',
    ]) {
      const saved = await page.evaluate(
        (figure) =>
          (
            globalThis as unknown as {
              gallery: { save(of: string): Promise<{ svg: string; png: number[]; csv: string }> };
            }
          ).gallery.save(figure),
        name,
      );
      expect(saved.svg).toContain('<title>');
      expect(saved.svg).not.toMatch(/var\(|class=|style=|currentColor/);
      expect(saved.png.slice(1, 4)).toEqual([80, 78, 71]);
      expect(saved.csv.split('\r\n').length).toBeGreaterThan(10);
      if (kept) {
        writeFileSync(join(kept, `saved-${name}.svg`), saved.svg);
        writeFileSync(join(kept, `saved-${name}.png`), Uint8Array.from(saved.png));
      }
    }
    expect(complaints).toEqual([]);
  });
});
