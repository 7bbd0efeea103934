// What a screen reader would say, line by line, from the opening of the page to a shared link: the element that has the focus,
// with its name and states from the accessibility tree, and each text that a live region gets.
// The snapshot is read by eye: a line too many is as wrong as a missing one.

import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { button, header, soon } from '../support/steps';

const SHEET =
  '#v1&title=deep%20nets&A=mine&A.dataset.nSamples=60&A.train.epochs=40&B=relu&B.base=A&B.architecture.activation=relu';

/** States that a screen reader speaks, in the order of speech. */
const STATES = ['checked', 'pressed', 'expanded', 'selected', 'invalid', 'disabled', 'readonly', 'hasPopup'];

let app: App;

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** Writes down, from the first moment, every text of every live region, whatever the region is. */
async function keepSpeech(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const said: string[] = [];
    const LIVE =
      '[aria-live="polite"], [aria-live="assertive"], [role="status"], [role="alert"], [role="log"], output';
    new MutationObserver((records) => {
      const regions = new Set<Element>();
      for (const { target, addedNodes } of records) {
        const at = target instanceof Element ? target : target.parentElement;
        const region = at?.closest(LIVE);
        if (region) regions.add(region);
        for (const node of addedNodes)
          if (node instanceof Element) for (const inner of node.querySelectorAll(LIVE)) regions.add(inner);
      }
      for (const region of regions) {
        const text = region.textContent?.trim();
        if (text && region.getAttribute('aria-live') !== 'off') said.push(text);
      }
    }).observe(document, { characterData: true, childList: true, subtree: true });
    Object.assign(window, { takeSpeech: () => said.splice(0) });
  });
  return () => page.evaluate(() => (window as unknown as { takeSpeech(): string[] }).takeSpeech());
}

interface AxNode {
  readonly role?: { readonly value?: unknown };
  readonly name?: { readonly value?: unknown };
  readonly value?: { readonly value?: unknown };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
}

/** The focused element as it is spoken: role, name, value and states. */
async function focused(session: CDPSession): Promise<string> {
  const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' });
  if (!result.objectId) return 'nothing';
  const { nodes } = (await session.send('Accessibility.getPartialAXTree', {
    objectId: result.objectId,
    fetchRelatives: false,
  })) as { nodes: AxNode[] };
  const [node] = nodes;
  const properties = new Map(node?.properties?.map(({ name, value }) => [name, value.value]));
  const states = STATES.flatMap((name) => {
    const value = properties.get(name);
    return value === undefined || value === '' || (name === 'selected' && value === false)
      ? []
      : [`${name} ${value}`];
  });
  const value = node?.value?.value;
  return [
    node?.role?.value,
    `“${node?.name?.value ?? ''}”`,
    value === undefined || value === '' ? [] : `= ${value}`,
    ...states,
  ]
    .flat()
    .join(' ');
}

test('the page says one thing at a time, from opening to a shared link', async () => {
  const watched = await app.openPage({ address: null });
  const { page } = watched;
  const take = await keepSpeech(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Accessibility.enable');
  const lines: string[] = [];
  let last = '';

  /** Does a step, waits until the speech about it has come where there is to be some, and writes all down. */
  async function step(what: string, act: () => Promise<unknown>, speech?: RegExp): Promise<void> {
    await act();
    const said: string[] = [];
    if (speech)
      await soon(async () => {
        said.push(...(await take()));
        return said.join('\n');
      }).toMatch(speech);
    // Anything that is spoken too much comes within the moment after.
    await page.waitForTimeout(speech ? 300 : 100);
    said.push(...(await take()));
    lines.push(`> ${what}`, ...said.map((text) => `  says: ${text}`));
    const now = await focused(session);
    if (now !== last) lines.push(`  focus: ${now}`);
    last = now;
  }
  const press =
    (...keys: string[]) =>
    async () => {
      for (const key of keys) await page.keyboard.press(key);
    };

  await step('open a linked sheet', () => page.goto(new URL(`/${SHEET}`, app.origin).href), /recomputed/);
  await button(page, 'Keep a copy').click();
  await step('focus the grid', () => page.locator('.grid [tabindex="0"]:is(td, th)').first().focus());
  await step('go to the kind and fold it', press('ArrowDown', 'Space'));
  await step('unfold it', press('Space'));
  await step('go to the kind of data', press('ArrowDown'));
  await step('type over it', press('x'), /./);
  await step('take another kind of data', press('F2', 'Control+a', ...'circles', 'Enter'), /recomputed/);
  await step('undo', press('Control+z'), /undid/);
  await step('type a wrong number of rows, without Enter', press('ArrowDown', '-', '5'));
  await step('commit it', press('Enter'), /./);
  await step('undo', press('Control+z'), /undid/);
  await step('select a range', press('Shift+ArrowRight', 'Shift+ArrowDown'), /selected/);
  await step('type a formula, without Enter', press('Escape', ...'=A.dataset.nSa'));
  await step('finish it', press(...'mples', 'Enter'), /./);
  await step('undo', press('Control+z'), /undid/);
  await step(
    'show only what differs',
    async () => {
      await button(page, 'Only differences').focus();
      await page.keyboard.press('Enter');
    },
    /only/,
  );
  await step('show all', press('Enter'), /all/);
  await step('add a run', () => button(page, 'Add run').click(), /added/);
  await step('the header of the run: Space', async () => {
    await header(page, 'C').focus();
    await page.keyboard.press('Space');
  });
  await step('the result: Enter', press('End', 'ArrowDown'));
  await step(
    'play the training',
    async () => {
      await page.locator('.inspector nav').getByRole('button', { name: 'train', exact: true }).click();
      await button(page, 'Play').click();
    },
    /played/,
  );
  await step('the epoch, five steps back', async () => {
    await page.locator('#epoch').focus();
    await press('ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft')();
  });
  await step(
    'a map',
    async () => {
      await page.locator('.inspector nav').getByRole('button', { name: 'map', exact: true }).click();
    },
    /./,
  );
  await step(
    'fill the map',
    async () => {
      const fill = button(page, 'Fill the map');
      if (await fill.count()) await fill.click();
    },
    /filled|wait/,
  );
  await step('share', () => button(page, 'Share').click());
  await step('copy', press('Enter'), /Copied|refused/);
  await step('close', press('Escape'));

  expect(`${lines.join('\n')}\n`).toMatchInlineSnapshot();
  watched.expectClean();
  await watched.close();
});
