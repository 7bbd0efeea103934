// The kernel's module as it is shipped: what it may ask of its surroundings is nothing, and it stays small.

import { expect, it } from 'vitest';
import base64 from '../../../src/kernel/index?assemblyscript';

const bytes = Buffer.from(base64, 'base64');

it('takes nothing from outside: no function, no memory that others share', async () => {
  const { module, instance } = await WebAssembly.instantiate(bytes);
  expect(WebAssembly.Module.imports(module)).toEqual([]);
  const { memory } = instance.exports;
  expect(memory instanceof WebAssembly.Memory && memory.buffer instanceof ArrayBuffer).toBe(true);
});

it('is a small module', () => {
  expect(bytes.length).toBeGreaterThan(1_000);
  expect(bytes.length).toBeLessThan(64 * 1_024);
});
