// Measures the examples in a real browser: from the navigation to an example's address to its last result, in a profile
// that holds nothing, and from the choice in the menu of a page that stands.

import type { Page } from 'playwright-core';
import { EXAMPLES } from '../../src/ui/examples/examples';
import { startApp } from '../browser/support/app';
import { median } from './measure';
import { loading, observe } from './page';

const ROUNDS = 3;

/** A new profile's browser still starts itself when its first page stands: the person who follows a link has it running. */
const SETTLED_MS = 2500;

/** From the choice of an example to the receipt of all that it computes, in milliseconds. */
async function choosing(page: Page, title: string): Promise<number> {
  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  await page.getByRole('navigation', { name: 'Examples' }).waitFor();
  return page.evaluate(
    (wanted) =>
      new Promise<number>((done, fail) => {
        const link = [...document.querySelectorAll<HTMLAnchorElement>('.examples-menu a')].find(
          ({ textContent }) => textContent?.startsWith(wanted),
        );
        if (!link) return fail(new Error(`there is no example ${wanted}`));
        const start = performance.now();
        // The receipt of before is taken away first.
        let fresh = false;
        new MutationObserver((_, observer) => {
          const text = document.querySelector('.receipt')?.textContent ?? '';
          fresh ||= /^computing/.test(text);
          if (!fresh || !/ of [A-Z]|nothing to/.test(text)) return;
          observer.disconnect();
          done(performance.now() - start);
        }).observe(document, { childList: true, characterData: true, subtree: true });
        link.click();
      }),
    title,
  );
}

/** Measures each example and prints a row for it. */
export async function benchExamples(
  print: (label: string, ms: number, note?: string) => void,
): Promise<void> {
  const app = await startApp();
  try {
    for (const { title, address } of EXAMPLES) {
      const cold: number[] = [];
      const chosen: number[] = [];
      const tasks: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const linked = await app.openPage({ address: null });
        await linked.page.addInitScript(observe);
        await linked.page.waitForTimeout(SETTLED_MS);
        await linked.page.goto(`${app.origin}/${address}`);
        const { results, tasks: long } = await loading(linked.page, 1);
        cold.push(results);
        tasks.push(Math.max(0, ...long));
        await linked.context.close();
        const opened = await app.openPage();
        await opened.page.getByText(/recomputed/).waitFor();
        chosen.push(await choosing(opened.page, title));
        await opened.context.close();
      }
      print(
        title,
        median(cold),
        `chosen in the menu ${median(chosen).toFixed(0)} ms, longest task ${Math.max(...tasks)} ms`,
      );
    }
  } finally {
    await app.close();
  }
}
