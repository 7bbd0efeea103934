// The whole key list, key by key, in a real page; the list itself; dragging across cells and headers; a wide sheet.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../../package.json';
import { type App, startApp, type WatchedPage } from '../support/app';
import { button, cell, header, openNext, runs, settled, soon, textOf, violations } from '../support/steps';

/** Four runs that are computed in a moment. */
const SHEET =
  '#v1&A=a&A.dataset.nSamples=20&A.architecture.hiddenLayers=1&A.architecture.units=2&A.train.epochs=2' +
  '&B=b&B.base=A&B.architecture.activation=relu&C=c&C.base=A&C.train.epochs=1&D=d&D.base=A';

let app: App;
/** All that was pressed in these tests, to be held against the list. */
const pressed = new Set<string>();
/** All that the page's list names. */
let listed: string[] = [];

beforeAll(async () => {
  app = await startApp();
});

afterAll(() => app?.close());

/** A page over the sheet, and what a person does there and sees. */
async function open(address = SHEET, size?: { width: number; height: number }) {
  const watched: WatchedPage = await openNext(app, address, size ? { size } : {});
  const { page, close, expectClean } = watched;
  return {
    page,
    press: async (...keys: string[]) => {
      for (const key of keys) {
        pressed.add(key);
        await page.keyboard.press(key);
      }
    },
    /** What has the focus: a cell by its run and row, else another element by its name. */
    where: () =>
      page.evaluate(() => {
        const element = document.activeElement;
        const grid = element?.closest('[role="grid"]');
        const cellAt = element?.closest('td, th');
        if (!grid || !cellAt || element !== cellAt) return element?.id || element?.textContent || '';
        const column = cellAt.getAttribute('aria-colindex');
        const run = grid.querySelector(`thead [aria-colindex="${column}"] .run-id`)?.textContent;
        const row = cellAt.closest('tr')?.querySelector('th[scope="row"]')?.textContent ?? 'name';
        return `${run} ${row.replace(/^[▾▸]|[+−]\d+$/g, '')}`;
      }),
    selected: () => page.locator('[role="grid"] [aria-selected="true"]').count(),
    /** The size of the selection in words, counted from the cells; empty for one cell. */
    shownText: () =>
      page.evaluate(() => {
        const cells = [...document.querySelectorAll('[role="grid"] [aria-selected="true"]')];
        const columns = new Set(cells.map((cell) => cell.getAttribute('aria-colindex'))).size;
        const rows = cells.length / columns;
        const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
        return cells.length < 2 ? '' : `${counted(columns, 'run')} × ${counted(rows, 'row')} selected`;
      }),
    end: async () => {
      expectClean();
      await close();
    },
  };
}

const undone = (page: Page) => button(page, 'Undo').getAttribute('title');

describe('moving', () => {
  test('goes by cells, to edges, to the first and the last run or cell, and by what is in view', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'B', 'noise').click();
    const steps: [string, string][] = [
      ['ArrowRight', 'C noise'],
      ['ArrowLeft', 'B noise'],
      ['ArrowUp', 'B n samples'],
      ['ArrowDown', 'B noise'],
      ['Control+ArrowRight', 'D noise'],
      ['Control+ArrowLeft', 'A noise'],
      ['Control+ArrowDown', 'A split'],
      ['Control+ArrowUp', 'A noise'],
      ['Control+ArrowUp', 'A dataset'],
      ['Control+ArrowUp', 'A seeds'],
      ['Control+ArrowUp', 'A run'],
      ['Control+ArrowUp', 'A name'],
      ['ArrowUp', 'A name'],
      ['End', 'D name'],
      ['Home', 'A name'],
      ['Control+End', 'D new row = loss − A.loss'],
      ['ArrowRight', 'D new row = loss − A.loss'],
      ['Control+Home', 'A name'],
    ];
    for (const [key, place] of steps) {
      await press(key);
      expect(await where(), key).toBe(place);
    }
    await press('PageDown');
    const far = await where();
    expect(far).not.toBe('A dataset');
    await press('PageDown', 'PageUp');
    expect(await where()).not.toBe('A name');
    await press('PageUp', 'PageUp');
    expect(await where()).toBe('A name');
    await end();
  });

  test('leaves the sheet by Tab and comes back by it: the cells are one tab stop', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'B', 'noise').click();
    await press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[role="grid"]'))).toBeNull();
    await press('Shift+Tab');
    expect(await where()).toBe('B noise');
    await press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Actions for run B',
    );
    await press('Shift+Tab');
    expect(await where()).toBe('Only differences');
    await press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[role="grid"]'))).toBeNull();
    await end();
  });
});

describe('selecting', () => {
  test('Shift with each key of moving grows the selection, and the active cell stays', async () => {
    const { page, press, where, selected, shownText, end } = await open();
    await cell(page, 'B', 'noise').click();
    const steps: [string, string][] = [
      ['Shift+ArrowRight', '2 runs × 1 row selected'],
      ['Shift+ArrowDown', '2 runs × 2 rows selected'],
      ['Shift+ArrowLeft', '1 run × 2 rows selected'],
      ['Shift+ArrowUp', ''],
      ['Control+Shift+ArrowRight', '3 runs × 1 row selected'],
      ['Control+Shift+ArrowLeft', '2 runs × 1 row selected'],
      ['Control+Shift+ArrowDown', '2 runs × 2 rows selected'],
      ['Control+Shift+ArrowUp', '2 runs × 1 row selected'],
      ['Shift+End', '3 runs × 1 row selected'],
      ['Control+Shift+ArrowUp', '3 runs × 4 rows selected'],
      ['Shift+Home', '2 runs × 4 rows selected'],
      ['Control+Shift+Home', '2 runs × 7 rows selected'],
    ];
    for (const [key, words] of steps) {
      await press(key);
      await soon(shownText).toBe(words);
      expect(await where(), key).toBe('B noise');
    }
    await press('Escape');
    expect(await selected()).toBe(1);
    await press('Shift+PageDown');
    expect(await selected()).toBeGreaterThan(3);
    await press('Escape', 'Control+Shift+End');
    await soon(shownText).toMatch(/^3 runs × \d\d rows selected$/);
    await press('Escape', 'Shift+PageUp');
    await soon(shownText).toBe('1 run × 7 rows selected');
    expect(await violations(page)).toEqual([]);
    await end();
  });

  test('takes whole columns, whole rows or everything; Escape leaves the active cell; figures follow', async () => {
    const { page, press, where, shownText, end } = await open();
    await cell(page, 'B', 'train').click();
    const shown = () => page.locator('.run-chip[aria-pressed="true"]').count();
    await press('Shift+ArrowRight', 'Control+Space');
    await soon(shownText).toMatch(/^2 runs × \d\d rows selected$/);
    await soon(shown).toBe(2);
    await press('Escape');
    await soon(shownText).toBe('');
    await press('Shift+Space');
    await soon(shownText).toBe('4 runs × 1 row selected');
    await press('Escape', 'Control+a');
    await soon(shownText).toMatch(/^4 runs × \d\d rows selected$/);
    expect(await where()).toBe('B train');
    await press('Escape');
    await soon(shownText).toBe('');
    await end();
  });

  test('by Shift and the pointer, and by dragging from a cell that is no number; a number still scrubs', async () => {
    const { page, where, shownText, end } = await open();
    await cell(page, 'A', 'activation').click();
    await cell(page, 'C', 'epochs').click({ modifiers: ['Shift'] });
    await soon(shownText).toMatch(/^3 runs × \d rows selected$/);
    expect(await where()).toBe('A activation');
    const [from, to] = [
      await cell(page, 'B', 'activation').boundingBox(),
      await cell(page, 'C', 'generator').boundingBox(),
    ];
    if (!from || !to) throw new Error('there is nothing to drag across');
    await page.mouse.move(from.x + 20, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + 8, { steps: 6 });
    await page.mouse.up();
    await soon(shownText).toMatch(/^2 runs × \d+ rows selected$/);
    expect(await where()).toBe('B activation');
    expect(await textOf(page, 'B', 'activation')).toBe('relu');
    await end();
  });
});

describe('editing', () => {
  test('typing replaces, F2 and Enter edit, Enter and Tab keep and go on, Escape gives up', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'B', 'noise').click();
    await page.keyboard.type('0.2');
    await press('Enter');
    await soon(() => textOf(page, 'B', 'noise')).toBe('0.2');
    expect(await where()).toBe('B hidden layers');
    await press('F2');
    await page.keyboard.type('2');
    await press('Shift+Enter');
    await soon(() => textOf(page, 'B', 'hidden layers')).toBe('12');
    expect(await where()).toBe('B noise');
    await press('Enter');
    await page.keyboard.type('5');
    await press('Tab');
    await soon(() => textOf(page, 'B', 'noise')).toBe('0.25');
    expect(await where()).toBe('C noise');
    await page.keyboard.type('0.3');
    await press('Shift+Tab');
    await soon(() => textOf(page, 'C', 'noise')).toBe('0.3');
    expect(await where()).toBe('B noise');
    await page.keyboard.type('9');
    await press('Escape');
    expect(await textOf(page, 'B', 'noise')).toBe('0.25');
    await press('End');
    await page.keyboard.type('0.4');
    await press('Tab');
    await soon(() => textOf(page, 'D', 'noise')).toBe('0.4');
    expect(await where()).toBe('D noise');
    await end();
  });

  test('arrows keep what was typed over a cell and move; after F2 they move the caret', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'A', 'noise').click();
    await page.keyboard.type('0.2');
    await press('ArrowRight');
    expect(await where()).toBe('B noise');
    await page.keyboard.type('0.3');
    await press('ArrowDown');
    expect(await where()).toBe('B split');
    await press('ArrowUp');
    expect(await where()).toBe('B noise');
    expect([await textOf(page, 'A', 'noise'), await textOf(page, 'B', 'noise')]).toEqual(['0.2', '0.3']);
    // From typing over to editing: the caret moves.
    await page.keyboard.type('0.5');
    await press('F2', 'ArrowLeft');
    await page.keyboard.type('1');
    await press('Enter');
    await soon(() => textOf(page, 'B', 'noise')).toBe('0.15');
    await cell(page, 'B', 'noise').dblclick();
    await press('ArrowLeft', 'ArrowLeft');
    await page.keyboard.type('2');
    await press('Enter');
    await soon(() => textOf(page, 'B', 'noise')).toBe('0.215');
    // A text that is refused stays, and its cell stays active.
    await cell(page, 'C', 'noise').click();
    await page.keyboard.type('-1');
    await press('ArrowRight');
    await soon(() => cell(page, 'C', 'noise').getAttribute('aria-invalid')).toBe('true');
    expect(await where()).toBe('C noise');
    await end();
  });

  test('Ctrl+Enter fills the selection and Delete clears it, each as one step', async () => {
    const { page, press, end } = await open();
    const noises = () => Promise.all(['A', 'B', 'C', 'D'].map((run) => textOf(page, run, 'noise')));
    await cell(page, 'A', 'noise').click();
    await press('Shift+ArrowRight', 'Shift+ArrowRight');
    await page.keyboard.type('0.1');
    await press('Control+Enter');
    await soon(noises).toEqual(['0.1', '0.1', '0.1', '0.1']);
    expect(await undone(page)).toBe('Undo: set 3 cells to 0.1');
    await press('Delete');
    await soon(noises).toEqual(['0.05', '0.05', '0.05', '0.05']);
    await press('Control+z');
    await soon(() => cell(page, 'C', 'noise').getAttribute('aria-label')).toBe('C, noise, 0.1, overrides A');
    await press('Backspace');
    await soon(() => cell(page, 'C', 'noise').getAttribute('aria-label')).toBe('C, noise, 0.05, default');
    await press('Control+z', 'Control+z');
    await soon(() => undone(page)).not.toContain('set 3');
    await press('Control+y');
    await soon(noises).toEqual(['0.1', '0.1', '0.1', '0.1']);
    await press('Control+z');
    await soon(noises).toEqual(['0.05', '0.05', '0.05', '0.05']);
    await press('Control+Shift+z');
    await soon(noises).toEqual(['0.1', '0.1', '0.1', '0.1']);
    await end();
  });

  test('Enter and Space fold a group; on the slider undo and Escape work too', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'A', 'noise').click();
    await press('Control+ArrowUp', 'Enter');
    await soon(() => cell(page, 'A', 'noise').count()).toBe(0);
    await press('Space');
    await soon(() => cell(page, 'A', 'noise').count()).toBe(1);
    // The chip with the quiet params is a tab stop before the cells of its group.
    const quiet = () => cell(page, 'A', 'random state').count();
    expect(await quiet()).toBe(0);
    await press('Shift+Tab', 'Enter');
    await soon(quiet).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      '−1 param of dataset at default: hide',
    );
    await press('Space');
    await soon(quiet).toBe(0);
    await cell(page, 'A', 'noise').click();
    await page.locator('.formula-bar .scrub').focus();
    await press('ArrowRight');
    await soon(() => textOf(page, 'A', 'noise')).not.toBe('0.05');
    await press('Control+z');
    await soon(() => textOf(page, 'A', 'noise')).toBe('0.05');
    await press('Escape');
    expect(await where()).toBe('A noise');
    await end();
  });

  test('of a page that has just opened are the active cell’s, until a press or a focus elsewhere', async () => {
    const fresh = async () => {
      const watched = await app.openPage();
      await watched.page.locator('.fill-handle').waitFor();
      const at = () => watched.page.locator('#place').inputValue();
      return { ...watched, at };
    };
    const opened = await fresh();
    const from = await opened.at();
    await opened.page.keyboard.press('ArrowUp');
    await soon(opened.at).not.toBe(from);
    await opened.page.keyboard.press('ArrowDown');
    await soon(opened.at).toBe(from);
    opened.expectClean();
    await opened.close();
    const typing = await fresh();
    const address = typing.page.url();
    await typing.page.keyboard.type('5');
    await soon(() => typing.page.locator('.cell-input').inputValue()).toBe('5');
    await typing.page.keyboard.press('Escape');
    expect(typing.page.url()).toBe(address);
    await typing.close();
    // Who pressed on a figure scrolls there.
    const reading = await fresh();
    const place = await reading.at();
    await reading.page.locator('.inspector h3').first().click();
    for (const key of ['ArrowUp', 'PageDown', 'Delete']) await reading.page.keyboard.press(key);
    expect(await reading.at()).toBe(place);
    expect(reading.page.url()).toBe(address);
    await reading.close();
  });

  test('Ctrl+G goes to a cell, a run or a param that is typed, shown or not; Escape stays', async () => {
    const { page, press, where, end } = await open();
    const box = page.locator('#place');
    await cell(page, 'A', 'noise').click();
    expect(await box.inputValue()).toBe('A.dataset.noise');
    await press('Control+g');
    await page.keyboard.type('batch_size');
    // The part with the list loads with the first use.
    await page.getByRole('option', { name: /^A\.train\.batchSize/ }).waitFor();
    await press('Enter');
    await soon(where).toBe('A batch size');
    expect(await box.inputValue()).toBe('A.train.batchSize');
    await press('Control+g');
    await page.keyboard.type('b.batch norm');
    await press('Enter');
    await soon(where).toBe('B batch norm');
    // A switch is a checkbox at the end of the bar, and a choice a list with its present value.
    const control = page.getByRole('checkbox', { name: 'batch norm of B' });
    await control.check();
    await soon(() => textOf(page, 'B', 'batch norm')).toBe('true');
    expect(await undone(page)).toBe('Undo: set batch norm of B to true');
    await press('Control+z');
    await soon(() => control.isChecked()).toBe(false);
    await press('Escape', 'Control+g');
    await page.keyboard.type('activation');
    await press('ArrowDown', 'Enter');
    await soon(where).toBe('B activation');
    const list = page.getByRole('combobox', { name: 'activation of B' });
    expect(await list.inputValue()).toBe(await textOf(page, 'B', 'activation'));
    await list.selectOption('tanh');
    await soon(() => textOf(page, 'B', 'activation')).toBe('tanh');
    // A list of words, and a text that is refused, are none of the choices: the list shows them, and no other.
    for (const text of ['relu,tanh', 'gelu']) {
      await cell(page, 'B', 'activation').click();
      await page.keyboard.type(text);
      await press('Enter');
      await cell(page, 'B', 'activation').click();
      await soon(() => list.inputValue()).toBe(text);
    }
    await press('Control+z', 'Control+z');
    // Without a name, Enter leads nowhere.
    await press('Control+g', 'Delete', 'Enter');
    expect(await where()).toBe('B activation');
    await press('Escape', 'Control+g');
    await page.keyboard.type('nowhere');
    await press('Enter');
    await soon(() => page.locator('.banner').textContent()).toContain(
      'No cell, run or param is called “nowhere”.',
    );
    await press('Escape');
    expect(await where()).toBe('B activation');
    expect(await box.inputValue()).toBe('B.architecture.activation');
    // What was not found is no longer said once something is.
    await press('Control+g');
    await page.keyboard.type('a.noise');
    await press('Enter');
    await soon(where).toBe('A noise');
    expect(await page.locator('.banner').count()).toBe(0);
    await end();
  });
});

describe('runs', () => {
  test('move by keys, one or several, and say so; the focus stays with them', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'C', 'noise').click();
    await press('Alt+Shift+ArrowLeft');
    await soon(() => runs(page)).toBe('ACBD');
    expect(await where()).toBe('C noise');
    expect(await undone(page)).toBe('Undo: move C left');
    await press('Shift+ArrowRight', 'Alt+Shift+ArrowRight');
    await soon(() => runs(page)).toBe('ADCB');
    expect(await undone(page)).toBe('Undo: move C, B right');
    await press('Control+z', 'Control+z');
    await soon(() => runs(page)).toBe('ABCD');
    await end();
  });

  test('move by dragging a header, with a mark, as one step; Escape gives up', async () => {
    const { page, press, end } = await open();
    const take = async () => {
      const [from, to] = [await header(page, 'D').boundingBox(), await header(page, 'A').boundingBox()];
      if (!from || !to) throw new Error('there are no headers');
      await page.mouse.move(from.x + 24, from.y + 10);
      await page.mouse.down();
      await page.mouse.move(to.x + 100, to.y + 10, { steps: 8 });
      await page.locator('.insertion').waitFor();
    };
    await take();
    await press('Escape');
    await page.mouse.up();
    expect(await page.locator('.insertion').count()).toBe(0);
    expect(await runs(page)).toBe('ABCD');
    await take();
    await page.mouse.up();
    await soon(() => runs(page)).toBe('ADBC');
    expect(await undone(page)).toBe('Undo: move D before B');
    await press('Control+z');
    await soon(() => runs(page)).toBe('ABCD');
    await end();
  });

  test('are renamed in place by F2, Enter and a double click', async () => {
    const { page, press, end } = await open();
    const name = () => header(page, 'B').locator('.run-name').textContent();
    await header(page, 'B').locator('.run-id').click();
    for (const [key, text] of [
      ['F2', 'one'],
      ['Enter', 'two'],
    ] as const) {
      await press(key);
      await page.getByLabel('Name of run B').fill(text);
      await press('Enter');
      await soon(name).toBe(text);
      await press('Control+Home', 'ArrowRight');
    }
    await header(page, 'B').locator('.run-name').dblclick();
    await page.getByLabel('Name of run B').fill('three');
    await press('Escape');
    expect(await name()).toBe('two');
    await end();
  });
});

describe('members', () => {
  test('of a run with seeds follow it as columns of their own, with their seeds and results, read-only', async () => {
    const { page, press, where, end } = await open(`${SHEET}&D.seeds=3&D.architecture.seed=7`);
    await button(page, '3 members').click();
    await soon(() => page.locator('.run-id').allTextContents()).toEqual([...'ABCD', 'D[0]', 'D[1]', 'D[2]']);
    expect(await cell(page, 'D[2]', 'seed').first().getAttribute('aria-label')).toBe(
      'D[2], seed, 9, overrides A',
    );
    await soon(() => textOf(page, 'D[1]', 'loss')).toMatch(/^\d\.\d+$/);
    expect(await page.locator('[role="grid"]').getAttribute('aria-colcount')).toBe('8');
    await cell(page, 'D[1]', 'noise').click();
    await page.keyboard.type('1');
    await page.getByRole('note').waitFor();
    expect(await page.getByRole('note').textContent()).toContain('Members follow their run');
    expect(await textOf(page, 'D[1]', 'noise')).toBe('0.05');
    expect(await violations(page)).toEqual([]);
    await button(page, '3 members').click();
    await soon(() => page.locator('.run-id').count()).toBe(4);
    await press('ArrowLeft');
    expect(await where()).toBe('C noise');
    await end();
  });
});

describe('the sheet', () => {
  test('shows only the rows in which runs differ, and the others behind a chip a group', async () => {
    const { page, end } = await open();
    await button(page, 'Only differences').click();
    await soon(() => cell(page, 'A', 'noise').count()).toBe(0);
    expect(await cell(page, 'A', 'activation').count()).toBe(1);
    expect(await cell(page, 'A', 'loss').count()).toBe(1);
    await page
      .getByRole('button', { name: /^\+4 params of \w+ alike/ })
      .first()
      .click();
    await soon(() => cell(page, 'A', 'noise').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await button(page, 'Only differences').click();
    await soon(() => cell(page, 'A', 'noise').count()).toBe(1);
    await end();
  });

  test('of two hundred runs draws those in view, keeps the focus out of sight, and counts all', async () => {
    const id = (index: number): string =>
      index < 26 ? String.fromCharCode(65 + index) : id(Math.floor(index / 26) - 1) + id(index % 26);
    const many = Array.from(
      { length: 199 },
      (_, index) => `&${id(index + 1)}=r&${id(index + 1)}.base=A`,
    ).join('');
    const { page, press, where, end } = await open(`${SHEET.split('&B=')[0]}${many}`);
    const grid = page.locator('[role="grid"]');
    expect(await grid.getAttribute('aria-colcount')).toBe('201');
    expect(await page.locator('.run-id').count()).toBeLessThan(30);
    await cell(page, 'B', 'noise').click();
    await page.locator('.grid-scroll').evaluate((element) => {
      element.scrollLeft = 10_500;
    });
    await soon(() => page.locator('.run-id').allTextContents()).toContain(id(95));
    expect(await where()).toBe('B noise');
    await press('ArrowRight');
    expect(await where()).toBe('C noise');
    expect(await page.locator('.grid-scroll').evaluate(({ scrollLeft }) => scrollLeft)).toBeLessThan(300);
    await press('End');
    expect(await where()).toBe(`${id(199)} noise`);
    const inView = await cell(page, id(199), 'noise').evaluate((element) => {
      const [box, view] = [
        element.getBoundingClientRect(),
        element.closest('.grid-scroll')?.getBoundingClientRect(),
      ];
      return view !== undefined && box.right <= view.right + 1 && box.left >= view.left + 150;
    });
    expect(inView).toBe(true);
    expect(await cell(page, id(199), 'noise').getAttribute('aria-colindex')).toBe('201');
    await page.keyboard.type('0.3');
    await press('Enter');
    await settled(page);
    await soon(() => textOf(page, id(199), 'noise')).toBe('0.3');
    expect(await violations(page)).toEqual([]);
    await end();
  });
});

describe('Help', () => {
  test('opens by ? at the active cell and from the top bar, finds what is typed, closes by Escape and gives the focus back', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'B', 'noise').click();
    await press('?');
    const help = page.getByRole('dialog', { name: 'Help' });
    await help.waitFor();
    expect(await help.locator('.help-here').textContent()).toContain('dataset.noise');
    const chords = await help
      .locator('[data-chords]')
      .evaluateAll((keys) => keys.map((key) => key.getAttribute('data-chords') ?? ''));
    listed = chords.flatMap((some) => some.split(' ').filter(Boolean));
    expect(await help.textContent()).toContain('clears the selected cells to their inherited values');
    expect(await help.locator('footer').textContent()).toContain(`Gradsheet ${manifest.version}, MIT`);
    expect(await violations(page)).toEqual([]);
    const field = help.getByRole('searchbox', { name: 'Search Help' });
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type('batch_sizes');
    await soon(() => help.locator('.help-body > p').textContent()).toContain('Nothing matches "batch_sizes"');
    await press('Backspace');
    await soon(() => help.locator('dt').allTextContents()).toEqual(['batch sizetrain.batchSize']);
    expect(await violations(page)).toEqual([]);
    await press('Escape');
    await soon(() => page.locator('dialog[open]').count()).toBe(0);
    expect(await where()).toBe('B noise');
    expect(await textOf(page, 'B', 'noise')).toBe('0.05');
    await button(page, 'Help').click();
    await help.waitFor();
    await end();
  });

  test('is in short at each row: under the pointer, on a press of its label, and beside the formula', async () => {
    const { page, press, where, end } = await open();
    await cell(page, 'A', 'epochs').click();
    await soon(() => page.locator('#remark').textContent()).toMatch(
      /^passes over .* takes a whole number .* default/,
    );
    const label = page.getByRole('button', { name: 'epochs', exact: true });
    expect(await label.getAttribute('title')).toContain('Keras: fit(epochs)');
    const card = page.locator('.explanation:popover-open');
    await label.click();
    await soon(() => card.textContent()).toContain('passes over the training set');
    expect(await where()).toBe('A epochs');
    await label.click();
    await soon(() => card.count()).toBe(0);
    await label.click();
    await soon(() => card.count()).toBe(1);
    await press('Escape');
    await soon(() => card.count()).toBe(0);
    expect(await where()).toBe('A epochs');
    await cell(page, 'B', 'dataset').click();
    await soon(() => page.locator('#formula').textContent()).toContain('shared: an earlier run');
    expect(await cell(page, 'B', 'dataset').getAttribute('title')).toContain('shared: an earlier run');
    await end();
  });

  test('has no key that was not pressed in these tests but those that are tested beside what they do', () => {
    const elsewhere = new Set([
      ...['ContextMenu', 'Shift+F10'],
      ...['[', ']', 'c', 'x', 'v', 'd', 'r', 'Shift+f'].map((key) => `Control+${key}`),
    ]);
    expect(listed.length).toBeGreaterThan(40);
    expect(listed.filter((chord) => !pressed.has(chord) && !elsewhere.has(chord))).toEqual([]);
  });
});
