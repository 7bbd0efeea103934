// The address: the same sheet and the same numbers elsewhere, never over the own sheet, and Back.

import jsQR from 'jsqr';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { contentOf } from '../support/download';
import {
  button,
  cell,
  digests,
  ghostRun,
  header,
  openNext,
  openOwn,
  receipt,
  runs,
  saved,
  settled,
  soon,
  textOf,
  type,
} from '../support/steps';

const SMALL =
  '#v1&A=mine&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2';
const LINKED = SMALL.replace('mine', 'theirs').replace('epochs=2', 'epochs=3');

/** The text of the QR code in a picture, by a reader that does not know the code. `picture` is a PNG in base64. */
async function decoded(page: Page, picture: string): Promise<string | undefined> {
  const { dark, width } = await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const pixels = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
    let marks = '';
    for (let at = 0; at < pixels.length; at += 4) marks += (pixels[at] ?? 0) < 128 ? '1' : '0';
    return { dark: marks, width: bitmap.width };
  }, picture);
  const colours = [...dark].flatMap((mark) => (mark === '1' ? [0, 0, 0, 255] : [255, 255, 255, 255]));
  return jsQR(Uint8ClampedArray.from(colours), width, dark.length / width)?.data;
}

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

describe('an address', () => {
  test('opened in another profile shows the same sheet and the same numbers, to the byte', async () => {
    const one = await openOwn(app, SMALL);
    await ghostRun(one.page).click();
    await type(one.page, 'B', 'activation', 'relu, tanh');
    await type(one.page, 'B', 'hidden layers', '2');
    await settled(one.page, /^recomputed/);
    await button(one.page, 'Share').click();
    const link = await one.page.getByLabel('Address of this sheet', { exact: true }).inputValue();
    expect(link).toBe(one.page.url());
    await one.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    expect(await one.page.evaluate(() => document.activeElement?.textContent)).toBe('Share');

    const other = await app.openPage({ address: link.slice(app.origin.length) });
    await settled(other.page, /^recomputed/);
    const results = async (page: typeof one.page) =>
      page
        .locator('[role="grid"] td.result')
        .evaluateAll((all) => all.map((result) => `${result.getAttribute('title')} ${result.textContent}`));
    expect(await results(other.page)).toEqual(await results(one.page));
    expect((await results(other.page)).filter((text) => /^\d/.test(text)).length).toBeGreaterThan(9);
    expect(await header(other.page, 'B').textContent()).toBe(await header(one.page, 'B').textContent());
    // Entries are written after they are shown.
    await soon(async () => Object.keys(await digests(other.page)).length).toBeGreaterThan(7);
    const there = await digests(other.page);
    expect(await digests(one.page)).toMatchObject(there);
    one.expectClean();
    other.expectClean();
    await one.close();
    await other.close();
  });

  test('is shared in full, without its host, as a QR code and as a file, with or without the clipboard', async () => {
    const { page, context, expectClean } = await app.openPage({
      address: `/index.html?from=mail${SMALL}&title=two%20(nets)!`,
      dark: true,
    });
    const address = `${SMALL}&title=two%20%28nets%29%21`;
    const url = `${app.origin}/index.html${address}`;
    await settled(page);
    await button(page, 'Share').click();
    const dialog = page.getByRole('dialog', { name: 'Share this sheet' });
    const field = (name: string) => dialog.getByRole('textbox', { name, exact: true });
    const said = () => dialog.locator('.choices span').textContent();
    const selected = () => page.evaluate(() => getSelection()?.toString());
    await soon(selected).toBe(url);
    expect(await field('Address of this sheet').inputValue()).toBe(url);
    expect(await dialog.textContent()).toContain('This address works on this computer only');
    expect(await field('Address in full').count()).toBe(0);
    // As on a page that is not served securely, or where the clipboard is refused.
    await page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined }),
    );
    await dialog.getByRole('button', { name: 'Copy: address without its host' }).click();
    await soon(said).toContain('The text is selected: press Ctrl+C.');
    expect(await selected()).toBe(address);
    await dialog.getByRole('button', { name: 'Copy picture' }).click();
    await soon(said).toContain('Save the picture instead.');
    await field('Address without its host').focus();
    await page.evaluate(() => Reflect.deleteProperty(navigator, 'clipboard'));
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const onClipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await page.keyboard.press('Enter');
    await soon(said).toBe('Copied: address without its host.');
    expect(await onClipboard()).toBe(address);
    await field('Address of this sheet').focus();
    await page.keyboard.press('Enter');
    await soon(said).toBe('Copied: address of this sheet.');
    expect(await onClipboard()).toBe(url);
    await dialog.getByRole('button', { name: 'Copy picture' }).click();
    await soon(said).toBe('Copied: the QR code as a picture.');
    expect(await decoded(page, (await dialog.getByRole('img').screenshot()).toString('base64'))).toBe(url);
    const picture = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const bytes = new Uint8Array((await (await item?.getType('image/png'))?.arrayBuffer()) ?? []);
      return btoa(String.fromCharCode(...bytes));
    });
    expect(await decoded(page, picture)).toBe(url);
    // The file, opened by a drop on the page of another sheet, is the same sheet among the person's own.
    const saving = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save as file' }).click();
    const file = await saving;
    await soon(said).toBe(`Saved as ${file.suggestedFilename()} in this browser’s downloads.`);
    const text = (await contentOf(file)).toString();
    expect(JSON.parse(text).address).toBe(address);
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      location.hash = '#v1';
    });
    await soon(() => header(page, 'A').textContent()).toContain('sigmoid');
    await button(page, 'Share').click();
    await soon(() => field('Address in full').inputValue()).toMatch(
      /#v1&A=sigmoid&B=relu&B\.base=A&.*=relu$/,
    );
    expect(await field('Address of this sheet').inputValue()).toBe(`${app.origin}/index.html#v1`);
    await page.keyboard.press('Escape');
    await page.evaluate((content) => {
      const data = new DataTransfer();
      data.items.add(new File([content], 'two.gradsheet'));
      document.body.dispatchEvent(
        new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }),
      );
    }, text);
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expect(await page.evaluate(() => location.hash)).toBe(address);
    expectClean();
    await context.close();
  });

  test('opens at the training of its first run, as the own sheet does and as after the way back', async () => {
    const { page, close, expectClean } = await openOwn(app, `${SMALL}&B=twin&B.base=A&C=other&C.base=A`);
    const place = () => page.locator('#place').inputValue();
    await cell(page, 'C', 'noise').click();
    expect(await place()).toBe('C.dataset.noise');
    await page.goto('about:blank');
    await page.goto(`${app.origin}/`);
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expect(await place()).toBe('A.train');
    await cell(page, 'C', 'noise').click();
    await page.goto(`${app.origin}/${LINKED}&B=twin&B.base=A&C=other&C.base=A`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    await soon(place).toBe('A.train');
    await cell(page, 'C', 'noise').click();
    await button(page, 'Back to my sheets').click();
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    await soon(place).toBe('A.train');
    expectClean();
    await close();
  });

  test('never overwrites the own sheet: it lies beside it, with the way back in view', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    const banner = page.locator('.banner').filter({ hasText: 'This sheet is not in your list' });
    await page.goto(`${app.origin}/${LINKED}`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    expect(await banner.textContent()).toContain('Your own sheets are unchanged');
    await type(page, 'A', 'epochs', '4');
    await settled(page, /^recomputed train, diff of A/);
    await button(page, 'Back to my sheets').click();
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expect(await textOf(page, 'A', 'epochs')).toBe('2');
    expect(await banner.count()).toBe(0);
    await page.goBack();
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    expect(await textOf(page, 'A', 'epochs')).toBe('4');
    await page.goto(`${app.origin}/`);
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expectClean();
    await close();
  });

  test('kept becomes one sheet more, and the former one is in the list', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await page.goto('about:blank');
    await page.goto(`${app.origin}/${LINKED}`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    await button(page, 'Keep a copy').click();
    await soon(() => button(page, 'Back to my sheets').count()).toBe(0);
    await settled(page);
    await saved(page);
    await page.goto('about:blank');
    await page.goto(`${app.origin}/`);
    await soon(() => header(page, 'A').textContent()).toContain('theirs');
    expect(await button(page, 'Back to my sheets').count()).toBe(0);
    await settled(page, /^nothing to recompute/);
    await page.locator('.sheet-name').click();
    const menu = page.getByRole('dialog', { name: 'Sheets' });
    await menu.getByRole('button', { name: /^mine/ }).click();
    await soon(() => header(page, 'A').textContent()).toContain('mine');
    expectClean();
    await close();
  });

  test('is written at each edit, so that Back and Forward go through the edits', async () => {
    const { page, close, expectClean } = await openOwn(app, SMALL);
    await type(page, 'A', 'epochs', '3');
    await soon(() => page.url()).toContain('A.train.epochs=3');
    await type(page, 'A', 'epochs', '5');
    await page.goBack();
    await soon(() => textOf(page, 'A', 'epochs')).toBe('3');
    await page.goBack();
    await soon(() => textOf(page, 'A', 'epochs')).toBe('2');
    expect(await button(page, 'Back to my sheets').count()).toBe(0);
    await page.goForward();
    await soon(() => textOf(page, 'A', 'epochs')).toBe('3');
    await saved(page);
    await page.reload();
    await settled(page, /^nothing to recompute/);
    expect(await textOf(page, 'A', 'epochs')).toBe('3');
    expectClean();
    await close();
  });

  test.each([
    ['#v9&A=a', 'unknown version'],
    ['#v1&A=a&A.train.epochs=many', 'A.train.epochs'],
    ['#v1&A=a&A.nothing.here=1', 'there is no kind nothing'],
    ['#v1&A=%3Cimg%20src=x%20onerror=alert(1)%3E&A.base=Q', 'no run Q'],
  ])('that is refused, %s, says why and changes nothing', async (address, words) => {
    const { page, close, expectClean } = await openNext(app, SMALL);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    const alert = page.getByRole('note');
    await soon(() => alert.textContent()).toContain('The address is invalid');
    expect(await alert.textContent()).toContain(words);
    expect(await runs(page)).toBe('A');
    expect(await receipt(page)).toMatch(/recomputed|nothing/);
    await page.reload();
    await soon(() => page.getByRole('note').textContent()).toContain(words);
    expect(await header(page, 'A').textContent()).toContain('mine');
    expect(await cell(page, 'A', 'epochs').textContent()).toBe('2');
    await button(page, 'Close').first().click();
    expect(await page.getByRole('note').count()).toBe(0);
    expectClean();
    await close();
  });
});
