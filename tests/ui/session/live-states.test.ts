// The states of keys as signals: whoever reads a state follows it, also through a drop of what nothing demands.

import { createMemo, createRoot } from 'solid-js';
import { describe, expect, test, vi } from 'vitest';
import type { KeyState, Scheduler, SchedulerEvent } from '../../../src/core/compute/scheduler';
import { createNode, recipeOf } from '../../../src/core/plan/node';
import { createLive } from '../../../src/ui/session/live-states';
import { source } from '../../core/toy-registry';

// In Node the package stands for its server, where nothing is reactive.
vi.mock('solid-js', () => vi.importActual('../../../node_modules/solid-js/dist/solid.js'));

const params = { size: 3, scale: 1 };
const node = createNode(source, params, {}, recipeOf(source, params, {}));

/** A scheduler of which one key's state is set by hand. */
function hand() {
  let state: KeyState = { activity: 'idle' };
  let hear = (_: SchedulerEvent): void => {};
  const scheduler = {
    state: () => state,
    subscribe(listener: typeof hear) {
      hear = listener;
      return () => {};
    },
  } as unknown as Scheduler;
  return {
    scheduler,
    become(next: KeyState) {
      state = next;
      hear({ type: 'queued', node } as SchedulerEvent);
    },
  };
}

describe('a state', () => {
  test.each([0, 1, 3])('is followed by its reader after %d drops of its key', (drops) => {
    createRoot((dispose) => {
      const { scheduler, become } = hand();
      const live = createLive(scheduler);
      const activity = createMemo(() => live.state(node.key).activity);
      const hasEnded = createMemo(() => live.outcome(node.key) !== undefined);
      expect(activity()).toBe('idle');
      for (let drop = 0; drop < drops; drop++) live.retain(new Set());
      become({ activity: 'queued' });
      expect([activity(), hasEnded()]).toEqual(['queued', false]);
      live.retain(new Set());
      const outcome = { type: 'value' } as unknown as NonNullable<KeyState['outcome']>;
      become({ activity: 'idle', outcome });
      expect([activity(), hasEnded()]).toEqual(['idle', true]);
      dispose();
    });
  });

  test('is not read again by whoever reads a key that is retained', () => {
    createRoot((dispose) => {
      const { scheduler } = hand();
      const live = createLive(scheduler);
      let reads = 0;
      const read = createMemo(() => {
        reads++;
        return live.state(node.key).activity;
      });
      live.retain(new Set([node.key]));
      expect([read(), reads]).toEqual(['idle', 1]);
      dispose();
    });
  });
});
