// What a page's workers are told to train, written down where it is said to them: how far, from where on, and by which.
// Invariant: nothing of the page is changed by it.

import type { Page } from 'playwright-core';

/** A training that a worker was told to do; `from` is the checkpoint's place in epochs, 0 for the beginning. */
export interface Order {
  readonly worker: number;
  readonly epochs: number;
  readonly from: number;
}

interface Log {
  readonly orders: Order[];
  /** The most workers that had a training to do at one time. */
  busiest: number;
}

/** Writes them down from the page's first moment; returns the way to read what there is by now. */
export async function keepOrders(page: Page): Promise<() => Promise<Log>> {
  await page.addInitScript(() => {
    const log: Log = { orders: [], busiest: 0 };
    const workers: Worker[] = [];
    const underWay = new Map<string, number>();
    const post = Worker.prototype.postMessage as (message: unknown, ...rest: unknown[]) => void;
    const hear = (worker: number, id: unknown): void => {
      underWay.delete(`${worker} ${id}`);
    };
    Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: unknown[]): void {
      if (!workers.includes(this)) {
        const worker = workers.push(this) - 1;
        this.addEventListener('message', ({ data }) => {
          if (['computed', 'failed', 'aborted'].includes(data.type)) hear(worker, data.id);
        });
      }
      const sent = message as {
        type: string;
        kind?: string;
        id?: number;
        params?: { epochs: number };
        checkpoint?: { at: number };
      };
      if (sent.type === 'compute' && sent.kind === 'train') {
        const worker = workers.indexOf(this);
        log.orders.push({ worker, epochs: sent.params?.epochs ?? 0, from: sent.checkpoint?.at ?? 0 });
        underWay.set(`${worker} ${sent.id}`, worker);
        log.busiest = Math.max(log.busiest, new Set(underWay.values()).size);
      }
      post.call(this, message, ...rest);
    };
    Object.assign(window, { orderLog: log });
  });
  return () => page.evaluate(() => (window as unknown as { orderLog: Log }).orderLog);
}
