// What a screen reader would say, line by line, from the opening of the page to a shared link: the element that has the focus,
// with its name and states from the accessibility tree, and each text that a live region gets.
// The snapshot is read by eye: a line too many is as wrong as a missing one.

import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '../support/app';
import { button, cell, ghostRun, header, soon } from '../support/steps';

const SHEET =
  '#v1&title=deep%20nets&A=mine&A.dataset.nSamples=60&A.train.epochs=5&B=relu&B.base=A&B.architecture.activation=relu';

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
    // What is spoken too much comes here or with the next step.
    await page.waitForTimeout(100);
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

  await step('open a linked sheet', () => page.goto(new URL(`/${SHEET}`, app.origin).href), /ready/);
  await step('keep a copy', () => button(page, 'Keep a copy').click(), /Kept/);
  await step('go to a kind', () => cell(page, 'A', 'dataset').click());
  await step('fold it', press('Space'), /folded/);
  await step('unfold it', press('Space'), /unfolded/);
  await step(
    'go to the chip of its params at default, show and hide them',
    press('Shift+Tab', 'Enter', 'Enter'),
    /shows/,
  );
  await step('type a number of rows that is none, without Enter', async () => {
    await cell(page, 'A', 'n samples').click();
    await press('-', '5')();
  });
  await step('commit it', press('Enter'), /n samples/);
  await step('undo', press('Control+z'), /undid/);
  await step('choose an activation: the list', async () => {
    await cell(page, 'A', 'activation').click();
    await press('F2', 'ArrowDown', 'ArrowDown')();
  });
  await step('take the next', press('Enter'), /recomputed/);
  await step('select a range', press('Shift+ArrowRight', 'Shift+ArrowDown'), /selected/);
  await step('type a formula, without Enter', async () => {
    await cell(page, 'B', 'n samples').click();
    await press(...'=A.dataset.nSa', 'Escape')();
    await page.waitForTimeout(500);
  });
  await step('finish it wrong', press(...'mpler', 'Enter'), /unknown name/);
  await step('correct it', press('F2', 'Backspace', ...'s + 10', 'Enter'), /recomputed/);
  await step(
    'show only what differs',
    async () => {
      await button(page, 'Only differences').focus();
      await page.keyboard.press('Enter');
    },
    /only/,
  );
  await step('show all', press('Enter'), /all/);
  await step('add a run', () => ghostRun(page).click(), /added/);
  await step('the name of the run: Space, then nothing new', async () => {
    await header(page, 'C').click();
    await press('Space')();
  });
  await step('cancel', press('Escape'));
  await step(
    'a result: Enter',
    async () => {
      await cell(page, 'C', 'loss').click();
      await press('Enter')();
    },
    /follows/,
  );
  await step('a result: typing', press('7'), /follows/);
  await step(
    'play the training',
    async () => {
      await page.locator('.inspector nav').getByRole('button', { name: 'Learning', exact: true }).click();
      await button(page, 'Play').click();
    },
    /played/,
  );
  await step('the epoch, two steps back', async () => {
    await page.locator('#epoch').focus();
    await press('ArrowLeft', 'ArrowLeft')();
  });
  await step('a figure as a table', async () => {
    const curves = page.locator('#figure-loss');
    await curves.locator('.save').focus();
    await press('Enter', 'Tab', 'Enter')();
    await page.getByRole('dialog').locator('table').waitFor();
  });
  await step('close it', press('Escape'));
  await step(
    'a map, which fills at once',
    () => page.locator('.inspector nav').getByRole('button', { name: 'Sweep', exact: true }).click(),
    /filled/,
  );
  await step(
    'an example',
    async () => {
      await button(page, 'Examples').click();
      await page.locator('.menu a').nth(1).click();
    },
    /Sheet/,
  );
  await step('share', () => button(page, 'Share').click());
  await step('copy', press('Enter'), /Copied|refused/);
  await step('close', press('Escape'));

  const text = lines
    .join('\n')
    .replace(/\d+(\.\d)? m?s\b/g, '… ms')
    .replace(/localhost:\d+/, 'localhost');
  expect(`${text}\n`).toMatchInlineSnapshot(`
    "> open a linked sheet
      says: Sheet deep nets, 2 runs; it is not in your list. results are ready
      focus: none “”
    > keep a copy
      says: Kept as “deep nets”
      focus: gridcell “A, train, … ms” selected true readonly true
    > go to a kind
      focus: gridcell “A, dataset, … ms” selected true readonly true
    > fold it
      says: dataset folded
      focus: gridcell “A, dataset, … ms, folded” selected true readonly true
    > unfold it
      says: dataset unfolded
      focus: gridcell “A, dataset, … ms” selected true readonly true
    > go to the chip of its params at default, show and hide them
      says: dataset shows fewer params
      focus: button “+1 param of dataset at default: show” expanded false invalid false
    > type a number of rows that is none, without Enter
      focus: combobox “n samples of A” = -5 expanded false invalid true hasPopup listbox
    > commit it
      says: set n samples of A to -5. "-5" is not a whole number from 2 to 100,000
      focus: gridcell “A, n samples, -5, set here, "-5" is not a whole number from 2 to 100,000” selected true invalid true readonly false
    > undo
      says: undid: set n samples of A to -5
      focus: gridcell “A, n samples, 60, set here” selected true readonly false
    > choose an activation: the list
      focus: combobox “activation of A” = sigmoid expanded true invalid false hasPopup listbox
    > take the next
      says: recomputed architecture, train, diff of A
      focus: gridcell “A, learning rate, 0.001, default” selected true readonly false
    > select a range
      says: 2 runs × 2 rows selected. B differs from A in architecture: activation linear → relu; train and diff follow.
    > type a formula, without Enter
      focus: combobox “n samples of B” = =A.dataset.nSa expanded false invalid true hasPopup listbox
    > finish it wrong
      says: set n samples of B to =A.dataset.nSampler. unknown name "dataset.nSampler"
      focus: gridcell “B, n samples, #NAME?, =A.dataset.nSampler, overrides A, unknown name "dataset.nSampler"” selected true invalid true readonly false
    > correct it
      says: recomputed dataset, split, train, diff of B
      focus: gridcell “B, noise, 0.05, default” selected true readonly false
    > show only what differs
      says: only rows that differ: 2 params
      focus: button “Only differences” pressed true invalid false
    > show all
      says: all rows: 8 params
      focus: button “Only differences” pressed false invalid false
    > add a run
      says: run C, twin of B, added
      focus: button “+ run twin of C” invalid false
    > the name of the run: Space, then nothing new
      focus: textbox “Name of run C” = twin of B invalid false readonly false
    > cancel
      focus: columnheader “C, twin of B” selected true readonly false
    > a result: Enter
      says: loss of C is computed: change a param of C, and it follows
      focus: gridcell “C, loss, 0.6680” selected true readonly true
    > a result: typing
      says: loss of C is computed: change a param of C, and it follows
    > play the training
      says: played to epoch 5 of 5
      focus: button “Play” invalid false
    > the epoch, two steps back
      focus: slider “epoch” = 3 invalid false
    > a figure as a table
      focus: region “Numbers of the figure”
    > close it
      focus: button “Table and files of “Loss falls to 0.499 in A, to 0.668 in B, to 0.668 in C”” expanded false invalid false
    > a map, which fills at once
      says: the map is filled, 80 tiles
      focus: button “Sweep” pressed true invalid false
    > an example
      says: Sheet sigmoid, relu, 2 runs; it is not in your list. Depth and activation both differ here, so neither alone explains why A ends at a loss of 0.4448 and B at 0.2200. A is near the notebook’s result, loss 0.4164 and accuracy 0.81; B is at 0.2291 at epoch 91, where the notebook has 0.0048, the marked point. Open Network; there, under diff, the figure that the notebook calls the gradient is 3.2 times as large in A’s first layer as in B’s, the opposite of the notebook’s lesson; the true gradient there, before training, is 1/40 of B’s. results are ready
      focus: button “Examples” expanded false invalid false
    > share
      focus: textbox “Address of this sheet” = http://localhost/#v1&A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu invalid false readonly true
    > copy
      says: Copied: address of this sheet.
    > close
      focus: button “Share” invalid false
    "
  `);
  watched.expectClean();
  await watched.close();
});
