// What every kind of cell keeps to, as tests that a test file registers for the kinds of a registry.
// Invariant: the tests read the declaration of the kind and know no kind by name.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Computation, type Computed, createGate, inlineEngine } from '../../src/core/compute/engine';
import { digest } from '../../src/core/kinds/digest';
import type { Checkpoint, Kind, Registry } from '../../src/core/kinds/kind';
import { jsonText, type Plain, parseValue } from '../../src/core/kinds/value';
import type { Node } from '../../src/core/plan/node';
import { createPlanner } from '../../src/core/plan/plan';
import * as edits from '../../src/core/sheet/sheet';
import { cases } from '../cases';

const first = edits.addRun({ runs: [], rows: [] }, { name: 'first' });

/** A small sheet, so that each kind computes in a moment; every param can still be overridden. */
const SMALL: readonly [string, string][] = [
  ['dataset.nSamples', '40'],
  ['architecture.hiddenLayers', '2'],
  ['architecture.units', '4'],
  ['train.epochs', '7'],
];

/** Registers the tests of the contract for the named kinds of the registry. */
export function testContract(registry: Registry, kinds: readonly Kind[]): void {
  const engine = inlineEngine(registry, createGate(), true);

  function nodeOf(kind: Kind, overrides: readonly [string, string][] = []): Node {
    const sheet = overrides.reduce((s, [path, text]) => edits.setOverride(s, 'A', path, text), first);
    const cell = createPlanner(registry)(sheet).runs.get('A')?.cells.get(kind.name);
    if (!cell?.node) throw new Error(cell?.problem?.message ?? `no ${kind.name}`);
    return cell.node;
  }

  async function computationOf(node: Node, checkpoint?: Checkpoint): Promise<Computation> {
    const inputs: Record<string, Plain> = {};
    for (const [slot, input] of Object.entries(node.inputs))
      inputs[slot] = (await executed(await computationOf(input))).value;
    return { kind: node.kind.name, params: node.params, inputs, ...(checkpoint && { checkpoint }) };
  }

  function executed(
    computation: Computation,
    options: { signal?: AbortSignal; save?: (checkpoint: Checkpoint) => void } = {},
  ): Promise<Computed> {
    const { signal = new AbortController().signal, save = () => {} } = options;
    return engine.execute(computation, { signal, progress: () => {}, save });
  }

  describe.each(kinds.map((kind) => ({ name: kind.name, kind })))('$name', ({ kind }) => {
    test('its defaults are valid texts', () => {
      for (const param of Object.values(kind.params)) {
        expect(param.parse(param.format(param.default))).toEqual({ ok: true, value: param.default });
      }
      expect(nodeOf(kind).recipe).toMatch(new RegExp(`^${kind.name}@${kind.version}( \\||$)`));
    });

    test('its params go through text and back, and their bounds are kept', () => {
      for (const param of Object.values(kind.params)) {
        for (const text of [
          ...(param.choices ?? []),
          ...(param.range ? [String(param.range.min), String(param.range.max)] : []),
        ]) {
          const parsed = param.parse(text);
          if (parsed.ok) expect(param.parse(param.format(parsed.value))).toEqual(parsed);
        }
        if (param.range) {
          expect(param.parse(String(param.range.min - 1)).ok).toBe(false);
          expect(param.parse(String(param.range.max * 2 + 1)).ok).toBe(false);
        }
        expect(param.parse('constructor').ok).toBe(false);
        expect(param.accepts).not.toBe('');
      }
    });

    test('the key of its defaults is frozen', () => {
      expect(nodeOf(kind).key).toMatchSnapshot();
    });

    test('its value matches its schema, survives structuredClone and can be written as JSON', async () => {
      const computed = await executed(await computationOf(nodeOf(kind, SMALL)));
      const { value } = computed;
      const cloned = structuredClone(value);
      expect(parseValue(kind.value, cloned)).toMatchObject({ ok: true });
      expect(digest(cloned)).toBe(computed.digest);
      expect([...jsonText(value)].join('')).not.toContain('undefined');
      for (const hostile of [null, 0, 'text', [], {}, { ...(value as object), extra: 1 }]) {
        expect(parseValue(kind.value, hostile).ok).toBe(false);
      }
    });

    test('two runs of it are the same to the byte, and its inputs are left as they were', async () => {
      const computation = await computationOf(nodeOf(kind, SMALL));
      const before = digest(structuredClone(computation.inputs));
      expect((await executed(computation)).digest).toBe((await executed(computation)).digest);
      expect(digest(computation.inputs)).toBe(before);
    });

    test('an abort is honoured, before and in between', async () => {
      const computation = await computationOf(nodeOf(kind, SMALL));
      await expect(executed(computation, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
      const abort = new AbortController();
      const running = executed(computation, { signal: abort.signal });
      abort.abort();
      await expect(running).rejects.toThrow(/abort/i);
    });

    if (kind.extent)
      test('resumed from any checkpoint it equals one that was not interrupted', async () => {
        const saved: Checkpoint[] = [];
        const node = nodeOf(kind, SMALL);
        const whole = await executed(await computationOf(node), {
          save: (checkpoint) => saved.push(structuredClone(checkpoint)),
        });
        expect(saved.length).toBeGreaterThan(2);
        const computation = await computationOf(node);
        await fc.assert(
          fc.asyncProperty(fc.constantFrom(...saved), async (checkpoint) => {
            const state = parseValue(kind.extent?.state ?? kind.value, checkpoint.state);
            if (!state.ok) throw new Error(state.reason);
            const resumed = await executed({
              ...computation,
              checkpoint: { at: checkpoint.at, state: state.value },
            });
            expect(resumed.digest).toBe(whole.digest);
          }),
          { numRuns: cases(8) },
        );
      });
  });
}
