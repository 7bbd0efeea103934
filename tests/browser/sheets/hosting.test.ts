// The built folder at a plain static host, beside another project, and embedded in a course page at another origin.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostFiles, metaPolicy } from '../../../.scripts/hosting';
import { headers } from '../../../vite.config';
import { type App, startApp } from '../support/app';
import { keptHere } from '../support/foreign';
import {
  FOLDER,
  INNER_TITLE,
  type Running,
  SITE_TITLE,
  serveCourse,
  servePlainly,
} from '../support/plain-host';
import { cell, offlineReady, settled, soon, textOf, type, violations } from '../support/steps';

const built = resolve(import.meta.dirname, '../../../dist/page');

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

describe('in a folder of a plain host, beside another project', () => {
  let host: Running;
  beforeAll(async () => {
    host = await servePlainly();
  });
  afterAll(() => host?.stop());

  /** The other project's worker takes over, with its cache and a database. */
  const beginSite = async (page: Page): Promise<void> => {
    await page.goto(`${host.origin}/`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js');
      await navigator.serviceWorker.ready;
      await caches.open('workbox-precache-v2-http://localhost/site');
      await new Promise((done) => {
        indexedDB.open('site').onsuccess = done;
      });
    });
  };

  /** The other project's worker deletes the caches that it takes for outdated ones of its own. */
  const cleanSite = (page: Page): Promise<void> =>
    page.evaluate(async () => {
      const { active } = (await navigator.serviceWorker.getRegistration('/')) ?? {};
      if (active?.scriptURL !== new URL('/sw.js', location.href).href)
        throw new Error('the site has no worker');
      await new Promise((done) => {
        navigator.serviceWorker.addEventListener('message', done);
        navigator.serviceWorker.startMessages();
        active.postMessage('clean');
      });
    });

  test('the page computes, works offline with its late parts, and neither project disturbs the other', async () => {
    const { page, context } = await app.openPage({ offline: true, address: null });
    await beginSite(page);
    const site = await page.evaluate(keptHere);
    expect(site).toMatchObject({ workers: 1, databases: ['site'] });
    expect(site.caches).toHaveLength(2);

    await page.goto(`${host.origin}${FOLDER}`);
    await settled(page);
    await offlineReady(page);
    // The site's worker controlled this first visit, and is no older version of the page.
    expect(await page.locator('.sheet-status').textContent()).not.toContain('newer version');
    const both = await page.evaluate(keptHere);
    const files = `gradsheet-files-v2-${host.origin}${FOLDER}`;
    expect(both).toMatchObject({ controlled: true, workers: 2 });
    expect(both.caches.sort()).toEqual([...site.caches, files].sort());
    expect(both.databases).toContain('site');
    const resolved = await page.evaluate(async () => {
      const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]')?.href ?? '';
      const manifest = await (await fetch(link)).json();
      const address = (path: string): string => new URL(path, link).href;
      return { id: manifest.id, addresses: [manifest.start_url, manifest.scope].map(address) };
    });
    const folder = host.origin + FOLDER;
    expect(resolved).toEqual({ id: undefined, addresses: [folder, folder] });

    // The host sends no policy, so the page's own applies.
    const blocked = page.evaluate(
      () =>
        new Promise((refused) => {
          addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
            refused(effectiveDirective),
          );
          document.body.append(Object.assign(document.createElement('script'), { textContent: 'void 0' }));
        }),
    );
    expect(await blocked).toBe('script-src-elem');

    await cleanSite(page);
    await host.stop();
    await page.reload();
    await settled(page);
    await type(page, 'A', 'noise', '0.2');
    await settled(page, /recomputed/);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Library/ }).click();
    await soon(() => page.locator('.library-main').textContent()).toContain('sigmoid');
    await page.goto(`${host.origin}/`);
    expect(await page.title()).toBe(SITE_TITLE);

    await host.start();
    const lost = await page.goto(`${folder}nothing`);
    expect(lost?.status()).toBe(404);
    await page.goto(`${folder}inner/`);
    expect(await page.title()).toBe(INNER_TITLE);
    expect((await page.evaluate(keptHere)).caches.sort()).toEqual(both.caches.sort());
    await context.close();
  });

  test('the folder holds the headers for hosts, a picture for links, and a page for paths that do not exist', async () => {
    for (const [name, text] of hostFiles(headers))
      expect(readFileSync(join(built, name), 'utf8'), name).toBe(text);
    const page = readFileSync(join(built, 'index.html'), 'utf8');
    expect(page).toContain(`http-equiv="Content-Security-Policy" content="${metaPolicy(headers)}"`);
    expect(page).not.toMatch(/(?:src|href)="\//);
    const picture = readFileSync(join(built, 'preview.png'));
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1200, 630]);
    for (const path of ['/nothing', '/course/', '/assets/nothing.js']) {
      const { status } = await fetch(app.origin + path);
      expect(status, path).toBe(404);
    }
    const robots = await fetch(`${app.origin}/robots.txt`);
    expect(await robots.text()).toMatch(/^User-agent: \*\n/);
    expect(readFileSync(join(built, '404.html'), 'utf8')).not.toContain('application-name');
  });
});

describe('embedded in a course page', () => {
  let course: Running;
  beforeAll(async () => {
    course = await serveCourse(`
      <iframe name="plain" width="760" height="520" src="${app.origin}/?embed#v1"></iframe>
      <iframe name="boxed" width="760" height="520" sandbox="allow-scripts"
        src="${app.origin}/#v1&A=small&A.train.epochs=5"></iframe>`);
  });
  afterAll(() => course?.stop());

  /** Makes every storage of the browser throw, and counts the attempts. */
  const denyStorage = (page: Page): Promise<unknown> =>
    page.addInitScript(() => {
      let attempts = 0;
      Object.assign(window, { storageAttempts: () => attempts });
      for (const name of ['indexedDB', 'localStorage', 'sessionStorage', 'caches'])
        Object.defineProperty(window, name, {
          get() {
            attempts++;
            throw new DOMException('denied', 'SecurityError');
          },
        });
    });

  test('a sheet is read-only until pressed, keeps nothing, and links to the whole page, also where the frame is sandboxed', async () => {
    const { page, context, faults } = await app.openPage({
      address: null,
      size: { width: 800, height: 640 },
    });
    await denyStorage(page);
    await page.goto(course.origin);
    const frameOf = (name: string): Frame => {
      const frame = page.frame({ name });
      if (!frame) throw new Error(`no frame ${name}`);
      return frame;
    };
    // What is read of a frame is read as of a page.
    const [plain, boxed] = ['plain', 'boxed'].map(frameOf) as unknown as [Page, Page];
    await soon(() => textOf(plain, 'A', 'loss')).toMatch(/0\.4448/);
    await soon(() => textOf(boxed, 'A', 'loss')).toMatch(/^0\.\d/);
    // A frame shows an embedded sheet even where nobody asks for one.
    for (const frame of [plain, boxed]) {
      expect(await frame.getByRole('link', { name: 'Open in Gradsheet' }).count()).toBe(1);
      expect(await frame.locator('.top-bar').count()).toBe(0);
      await soon(() => frame.locator('.drawing svg').count()).toBeGreaterThan(2);
    }
    await soon(() => violations(plain)).toEqual([]);

    // The wheel scrolls the course; keys move, and change nothing.
    await page.mouse.move(300, 300);
    await page.mouse.wheel(0, 120);
    await soon(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
    await page.evaluate(() => scrollTo(0, 0));
    const activation = cell(plain, 'C', 'activation');
    await activation.focus();
    for (const key of ['Delete', 'x', 'Control+x']) await page.keyboard.press(key);
    expect(await textOf(plain, 'C', 'activation')).toBe('relu');
    expect(await plain.locator('.cell-input').count()).toBe(0);
    // The first press, on a button even, only begins the use.
    await plain.getByRole('button', { name: 'Play' }).click();
    await plain.locator('.formula-bar').waitFor();
    expect(await plain.getByRole('button', { name: 'Play' }).count()).toBe(1);
    expect(await plain.getByRole('button', { name: 'Use this sheet' }).count()).toBe(0);
    await activation.click();
    await page.keyboard.type('tanh');
    await page.keyboard.press('Enter');
    await soon(() => textOf(plain, 'C', 'activation')).toBe('tanh');
    const link = plain.getByRole('link', { name: 'Open in Gradsheet' });
    await soon(() => link.getAttribute('href')).toBe(
      `${app.origin}/#v1&A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu&C=twin&C.base=A&C.architecture.activation=tanh`,
    );
    await page.keyboard.press('Control+z');
    await soon(() => textOf(plain, 'C', 'activation')).toBe('relu');
    await soon(() => violations(plain)).toEqual([]);

    // A course page may send another sheet, or none, to the frame.
    await page.evaluate((src) => {
      document.querySelector<HTMLIFrameElement>('[name=plain]')?.setAttribute('src', src);
    }, `${app.origin}/?embed#v1&A=other&A.train.epochs=3`);
    await soon(() => plain.locator('h1').textContent()).toBe('other');
    // A single run differs from none: all that matters of it is shown, as where the frame begins with it.
    await soon(() => cell(plain, 'A', 'hidden layers').count()).toBe(1);
    await page.evaluate((src) => {
      document.querySelector<HTMLIFrameElement>('[name=plain]')?.setAttribute('src', src);
    }, `${app.origin}/?embed#v1&A=%3Cb%3E&A.train.epochs=none`);
    await soon(() => plain.getByRole('note').textContent()).toContain('This address holds no sheet');
    expect(await link.getAttribute('href')).toBe(`${app.origin}/#v1&A=%3Cb%3E&A.train.epochs=none`);
    const lesson = '#lesson1&title=Two&predict.1=A.loss/v1&A=a/v1&A=b';
    await page.evaluate((src) => {
      document.querySelector<HTMLIFrameElement>('[name=plain]')?.setAttribute('src', src);
    }, `${app.origin}/?embed${lesson}`);
    await soon(() => plain.getByRole('note').textContent()).toContain('holds a lesson');
    expect(await link.getAttribute('href')).toBe(`${app.origin}/${lesson}`);

    const attempts = await plain.evaluate(() =>
      (window as unknown as { storageAttempts(): number }).storageAttempts(),
    );
    expect(attempts).toBe(0);
    const real = faults.filter((fault) => !fault.startsWith('request: '));
    expect(real).toEqual([]);
    await context.close();
  });
});
