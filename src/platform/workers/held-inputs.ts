// The inputs that a worker holds: values that the worker received or computed, so that a large data set is sent once instead of
// once per worker, and the cells after a training find the training in the worker.
// Invariant: the page's account equals the worker's own. The worker forgets exactly the inputs that the page names, and holds
// at most 64 MB.

import type { Computation } from '../../core/compute/engine';
import { byteSize, type Plain } from '../../core/kinds/value';

const MAX_BYTES = 64 * 2 ** 20;

/** An input as it is sent: with its value where the worker has none. */
interface SentInput {
  key?: string;
  value?: Plain;
}

/** The account of one worker. */
export class HeldInputs {
  #held = new Map<string, number>();
  #bytes = 0;

  /** How many of the computation's inputs the worker has. */
  known({ inputKeys = {} }: Computation): number {
    return Object.values(inputKeys).filter((key) => this.#held.has(key)).length;
  }

  /** Takes down that the worker has kept what it computed. */
  add(key: string, value: Plain): void {
    this.#note(key, byteSize(value));
  }

  #note(key: string, bytes: number): void {
    this.#bytes += bytes - (this.#held.get(key) ?? 0);
    this.#held.delete(key);
    this.#held.set(key, bytes);
  }

  /** The computation's inputs as they are to be sent now, and what the worker is to forget before. */
  send({ inputs, inputKeys = {} }: Computation): { inputs: Record<string, SentInput>; forget: string[] } {
    const sent: Record<string, SentInput> = {};
    for (const [slot, value] of Object.entries(inputs)) {
      const key = inputKeys[slot];
      const bytes = key === undefined ? 0 : (this.#held.get(key) ?? byteSize(value));
      if (key === undefined || bytes > MAX_BYTES) {
        sent[slot] = { value };
        continue;
      }
      sent[slot] = this.#held.has(key) ? { key } : { key, value };
      this.#note(key, bytes);
    }
    const forget: string[] = [];
    const needed = new Set(Object.values(inputKeys));
    for (const [key, bytes] of this.#held) {
      if (this.#bytes <= MAX_BYTES) break;
      if (needed.has(key)) continue;
      this.#held.delete(key);
      this.#bytes -= bytes;
      forget.push(key);
    }
    return { inputs: sent, forget };
  }
}
