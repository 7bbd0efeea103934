// Going on from a saved state, by each trainer: the outcome is to the byte that of a training which never stopped,
// wherever it was cut, between epochs or within one, once or many times over.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Optimizer } from '../../../src/nn/network/optimizers';
import type {
  Trainer,
  TrainingContext,
  TrainingResult,
  TrainingSetup,
  TrainingState,
} from '../../../src/nn/training/training';
import { cases } from '../../cases';
import {
  ADAM,
  type Hidden,
  OPTIMIZERS,
  quiet,
  RMSPROP,
  SGD,
  setupOf,
  stateAfter,
  statesOf,
  TRAINERS,
  TWO_LAYERS,
} from '../setups';

/** Ends a training where a test wants it to. */
class Cut extends Error {}

/** Says yes after as many questions as `gaps` says, and again and again. */
function every(gaps: readonly number[]): () => boolean {
  let asked = 0;
  let at = 0;
  return () => {
    if (++asked < (gaps[at % gaps.length] as number)) return false;
    asked = 0;
    at++;
    return true;
  };
}

const chosenOptimizer = fc
  .tuple(fc.constantFrom(...OPTIMIZERS), fc.constantFrom(0, 0.5))
  .map(([optimizer, globalClipNorm]): Optimizer => ({ ...optimizer, globalClipNorm }));

describe.each(TRAINERS)('a training resumed by $name', ({ make, long }) => {
  let trainer: Trainer;
  beforeAll(async () => {
    trainer = await make();
  });
  const trained = (setup: TrainingSetup, changes: Partial<TrainingContext> = {}): Promise<TrainingResult> =>
    trainer.train(setup, { ...quiet, ...changes });

  it('after any epoch ends to the byte as one that never stopped', async () => {
    const hidden = fc.constantFrom<Hidden>([], [['sigmoid', 3]], TWO_LAYERS);
    await fc.assert(
      fc.asyncProperty(
        hidden,
        chosenOptimizer,
        fc.integer({ min: 1, max: 7 }),
        fc.nat(7),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(0xffffffff),
        async (shape, optimizer, epochs, cut, batchSize, seed) => {
          const setup = setupOf(shape, { optimizer, epochs, batchSize, seed });
          const straight = await trained(setup);
          const resume = cut % epochs === 0 ? undefined : await stateAfter(trainer, setup, cut % epochs);
          let last: TrainingState | undefined;
          const resumed = await trained(setup, {
            resume,
            save: (state) => {
              last = state();
            },
          });
          expect(resumed).toEqual(straight);
          expect(last).toEqual(await stateAfter(trainer, setup, epochs));
        },
      ),
      { numRuns: cases(20), seed: 1 },
    );
  });

  it('from within an epoch, whenever a state was due, ends to the byte as one that never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(
        chosenOptimizer,
        fc.constantFrom(7, 23),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        async (optimizer, batchSize, gaps) => {
          const setup = long({ batchSize, optimizer });
          const straight = await trained(setup);
          const states = await statesOf(trainer, setup, { due: every(gaps) });
          expect([...states.keys()].some((at) => !Number.isInteger(at))).toBe(true);
          for (const [at, resume] of states) {
            const perEpoch = Math.ceil(setup.train.length / setup.batchSize);
            expect(at).toBe(resume.epoch + resume.batches / perEpoch);
            expect(resume.curves.loss.length).toBe(resume.epoch);
            expect(await trained(setup, { resume })).toEqual(straight);
          }
        },
      ),
      { numRuns: cases(5), seed: 2 },
    );
  });

  it('again and again, each time a little later, ends to the byte as one that never stopped', async () => {
    for (const optimizer of [{ ...ADAM, globalClipNorm: 0.1 }, { ...SGD, momentum: 0.9 }, RMSPROP]) {
      const setup = long({ batchSize: 11, epochs: 5, optimizer });
      let resume: TrainingState | undefined;
      let cuts = 0;
      let result: TrainingResult | undefined;
      while (!result) {
        let saved: TrainingState | undefined;
        result = await trained(setup, {
          resume,
          due: every([1 + (cuts % 3)]),
          save: (state, at) => {
            if (at < setup.epochs) saved = structuredClone(state());
          },
          yieldThread: async () => {
            if (saved) throw new Cut();
          },
        }).catch((reason: unknown) => {
          if (!(reason instanceof Cut)) throw reason;
          return undefined;
        });
        if (saved) resume = saved;
        cuts++;
      }
      expect(cuts).toBeGreaterThan(5);
      expect(result).toEqual(await trained(setup));
    }
  });

  it('from a state of its own is no other than from one that never was due', async () => {
    const setup = long({ batchSize: 9 });
    const [asked, quietly] = [
      await statesOf(trainer, setup, { due: () => true }),
      await statesOf(trainer, setup),
    ];
    for (const [at, state] of quietly) expect(asked.get(at)).toEqual(state);
    expect(asked.size).toBeGreaterThan(quietly.size);
  });

  it('does not touch the state that it resumes from', async () => {
    const setup = setupOf(TWO_LAYERS);
    const resume = await stateAfter(trainer, setup, 4);
    const before = structuredClone(resume);
    await trained(setup, { resume });
    expect(resume).toEqual(before);
  });

  it('at its last epoch just gives the result', async () => {
    const setup = setupOf(TWO_LAYERS);
    const resume = await stateAfter(trainer, setup, setup.epochs);
    const never = () => expect.unreachable();
    expect(await trained(setup, { resume, yieldThread: never, progress: never, save: never })).toEqual(
      await trained(setup),
    );
  });

  it('is refused from a state that is not one of its own', async () => {
    const setup = setupOf(TWO_LAYERS);
    const resume = await stateAfter(trainer, setup, 4);
    for (const other of [
      { ...setup, epochs: 3 },
      { ...setup, optimizer: SGD },
      { ...setup, optimizer: RMSPROP },
      { ...setup, layers: setupOf([['tanh', 4]]).layers },
      // As many weights, but in one layer more.
      {
        ...setup,
        layers: setupOf([
          ['tanh', 4],
          ['relu', 1],
          ['relu', 4],
        ]).layers,
      },
    ]) {
      await expect(trained(other, { resume })).rejects.toThrow(RangeError);
    }
    for (const changes of [
      { epoch: 5 },
      { epoch: -1 },
      { epoch: 3.5 },
      { batches: 3 },
      { batches: -1 },
      { batches: 0.5 },
      { sums: new Float64Array(1) },
      { weights: new Float32Array(1) },
      { optimizer: { ...resume.optimizer, step: -1 } },
      { random: { ...resume.random, pos: 625 } },
      { random: { ...resume.random, key: new Uint32Array(7) } },
    ]) {
      await expect(trained(setup, { resume: { ...resume, ...changes } })).rejects.toThrow(RangeError);
    }
    const atEnd = await stateAfter(trainer, setup, setup.epochs);
    await expect(trained(setup, { resume: { ...atEnd, batches: 1 } })).rejects.toThrow(RangeError);
  });
});
