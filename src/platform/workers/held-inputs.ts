// The inputs that a worker holds: values that the worker received or computed, so that a large data set is sent once instead of
// once per worker, and the cells after a training find the training in the worker.
// Invariant: the page's account equals the worker's own. The worker forgets exactly the inputs that the page names, and holds
// at most 64 MB.

import type { Computation } from '../../core/compute/engine';
import { byteSize, type Plain } from '../../core/kinds/value';

const MAX_BYTES = 64 * 2 ** 20;

/** An input of a message: without its value if the worker holds that value. */
interface SentInput {
  key?: string;
  value?: Plain;
}

/** The page's account of the inputs that one worker holds. */
export class HeldInputs {
  #held = new Map<string, number>();
  #bytes = 0;

  /** The number of the computation's inputs that the worker holds. */
  known({ inputKeys = {} }: Computation): number {
    return Object.values(inputKeys).filter((key) => this.#held.has(key)).length;
  }

  /** Records that the worker keeps a value that it computed. */
  add(key: string, value: Plain): void {
    this.#note(key, byteSize(value));
  }

  #note(key: string, bytes: number): void {
    this.#bytes += bytes - (this.#held.get(key) ?? 0);
    this.#held.delete(key);
    this.#held.set(key, bytes);
  }

  /** Returns the computation's inputs as a message has them, and the keys that the worker forgets first. */
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
