// The core's promise, over random sheets and random edits with cancels and undos in between: what is demanded equals
// a cold recomputation by the naive builder, and the cells that ran are exactly those whose key was new.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inlineEngine } from '../../../src/core/compute/engine';
import { createScheduler, problemOf, type SchedulerEvent } from '../../../src/core/compute/scheduler';
import { memoryStore } from '../../../src/core/compute/store';
import { digest } from '../../../src/core/kinds/digest';
import type { Node } from '../../../src/core/plan/node';
import { createPlanner, type Plan } from '../../../src/core/plan/plan';
import * as edits from '../../../src/core/sheet/sheet';
import { cases } from '../../cases';
import { buildNaively } from '../naive-builder';
import { moved } from '../random-sheets';
import { toyRegistry } from '../toy-registry';

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'source.size': ['1', '3', '8', '9', '12'],
  'source.scale': ['0.5', '1e-1', '.25', '11', ''],
  'part.every': ['1', '2', '7', '9'],
  'shape.layers': ['0', '2', '3', 'two'],
  'shape.units': ['5', '4,4', '1,2,3', '1,2,3,4,5'],
  'shape.kind': ['plain', 'fancy', 'constructor'],
  'shape.flair': ['true', 'false'],
  'shape.seed': ['0', '1', '4294967295', '-1'],
  'fold.steps': ['1', '4', '9', '10', '23', '40', '41'],
  'fold.rate': ['1', '2'],
  'fold.seed': ['0', '1', '2'],
  'fold.engine': ['auto', 'exact'],
  'report.limit': ['0', '5000', '9999'],
  seeds: ['1', '2', '3', '0'],
};

type Step =
  | { readonly do: 'set'; readonly run: number; readonly path: string; readonly text: number }
  | { readonly do: 'clear' | 'remove' | 'twin'; readonly run: number; readonly path: string }
  | { readonly do: 'base' | 'move'; readonly run: number; readonly other: number }
  | { readonly do: 'undo' };

const run = fc.nat({ max: 5 });
const path = fc.constantFrom(...Object.keys(TEXTS));
const edit: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('set' as const), run, path, text: fc.nat({ max: 6 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('clear' as const, 'remove' as const, 'twin' as const),
      run,
      path,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('base' as const, 'move' as const), run, other: run }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'undo' as const }) },
);

/** A step, and how long to wait before the next: undefined waits until everything demanded is there. */
const steps = fc.array(fc.record({ edit, wait: fc.option(fc.nat({ max: 8 }), { nil: undefined }) }), {
  minLength: 1,
  maxLength: 12,
});

function applyEdit(sheet: edits.Sheet, step: Exclude<Step, { do: 'undo' }>): edits.Sheet {
  const at = (index: number): string => sheet.runs[index % sheet.runs.length]?.id ?? '';
  const id = at(step.run);
  try {
    switch (step.do) {
      case 'set': {
        const texts = TEXTS[step.path] ?? [];
        return edits.setOverride(sheet, id, step.path, texts[step.text % texts.length] ?? '');
      }
      case 'clear':
        return edits.clearOverride(sheet, id, step.path);
      case 'remove':
        return edits.removeRun(sheet, id);
      case 'twin':
        return sheet.runs.length < 6 ? edits.addRun(sheet, { name: 'twin', base: id, after: id }) : sheet;
      case 'base':
        return edits.setBase(sheet, id, step.other % 2 ? at(step.other) : undefined);
      case 'move':
        return moved(sheet, id, step.other);
    }
  } catch (error) {
    if (error instanceof edits.SheetError) return sheet;
    throw error;
  }
}

interface Place {
  readonly run: edits.Run;
  readonly kind: string;
  readonly member: number | undefined;
  readonly cell: {
    readonly node?: Node | undefined;
    readonly problem?: { readonly cell: string } | undefined;
  };
}

function* places(plan: Plan): Generator<Place> {
  for (const runPlan of plan.runs.values()) {
    for (let index = 0; index < runPlan.seeds.count; index++) {
      const member = runPlan.seeds.count > 1 ? index : undefined;
      for (const [kind, cell] of runPlan.member(index)) yield { run: runPlan.run, kind, member, cell };
    }
  }
}

test('after random edits, cancels and undos every demanded value equals a cold recomputation, and only new keys ran', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const plan = createPlanner(toyRegistry);
      const scheduler = createScheduler({ store: memoryStore(), engine: inlineEngine(toyRegistry) });
      const events: SchedulerEvent[] = [];
      scheduler.subscribe((event) => events.push(event));
      const demandSet = scheduler.demandSet();
      const everComputed = new Set<string>();
      const asked = new Set<string>();
      const showAll = (planned: Plan): void => {
        const nodes = [...places(planned)].flatMap(({ cell }) => cell.node ?? []);
        for (const { key } of nodes) asked.add(key);
        demandSet.show(nodes);
      };
      let history = [edits.addRun({ runs: [], rows: [] }, { name: 'first' })];

      for (const { edit: step, wait } of script) {
        const sheet = history[0] ?? { runs: [], rows: [] };
        if (step.do === 'undo') history = history.length > 1 ? history.slice(1) : history;
        else history = [applyEdit(sheet, step), ...history];
        const planned = plan(history[0] ?? sheet);
        showAll(planned);
        if (wait !== undefined) {
          for (let tick = 0; tick < wait; tick++) await new Promise((resolve) => setTimeout(resolve));
          continue;
        }
        await settle(planned);
      }
      const last = plan(history[0] ?? { runs: [], rows: [] });
      showAll(last);
      await settle(last);

      async function settle(planned: Plan): Promise<void> {
        const startable = new Set<string>();
        for (const { run: at, kind, member, cell } of places(planned)) {
          const built = await buildNaively(toyRegistry, planned.sheet, at, kind, member);
          if (!cell.node) {
            expect('blames' in built && built.blames).toContain(cell.problem?.cell);
            continue;
          }
          const demand = scheduler.demand(cell.node);
          const { result, failure } = await demand.outcome;
          demand.release();
          if (result) {
            expect('value' in built && digest(built.value)).toBe(digest(result.value));
            startable.add(cell.node.key);
          } else {
            const { cell: blamed } = problemOf(failure, kind, at.id, member);
            expect('blames' in built && built.blames).toContain(blamed.replace(/\[\d+\]/, ''));
            if (failure.node === cell.node) startable.add(cell.node.key);
          }
        }
        const ran = events.flatMap((event) => (event.type === 'started' ? [event.node.key] : []));
        const aborted = new Set(
          events.flatMap((event) => (event.type === 'aborted' ? [event.node.key] : [])),
        );
        const finished = events.flatMap((event) =>
          event.type === 'finished' || (event.type === 'failed' && event.failure.node === event.node)
            ? [event.node.key]
            : [],
        );
        const fresh = new Set([...startable].filter((key) => !everComputed.has(key)));
        const current = new Set([...places(planned)].map(({ cell }) => cell.node?.key));
        // Every new key ran; what else ran was asked for by a sheet that has been superseded since.
        expect(new Set(ran.filter((key) => fresh.has(key)))).toEqual(fresh);
        const extra = ran.filter((key) => !fresh.has(key));
        expect(extra.filter((key) => everComputed.has(key) || current.has(key) || !asked.has(key))).toEqual(
          [],
        );
        asked.clear();
        for (const key of finished) everComputed.add(key);
        expect(ran.filter((key, index) => ran.indexOf(key) !== index && !aborted.has(key))).toEqual([]);
        events.length = 0;
      }
    }),
    { numRuns: cases(75) },
  );
});
