// All that is said of whole sheets, line by line: the opening sheet, and input that nobody means well with.

import { expect, test } from 'vitest';
import { findingsOf } from '../../../src/ui/diagnosis/findings';
import { evidenceIn } from './diagnosis-evidence';

/** "A Vanishing gradient: first : last 1 : 125 …", of all runs. */
async function wordsOf(address: string): Promise<string[]> {
  return [...(await evidenceIn(address)).values()].flatMap((evidence) =>
    findingsOf(evidence).map(({ run, rule, sentence }) => `${run} ${rule.word}: ${sentence}`),
  );
}

test('the opening sheet', async () => {
  expect(await wordsOf('#v1')).toMatchInlineSnapshot(`
    [
      "A Vanishing gradient: first : last 1 : 125 in epoch 1, 1 : 6.5 in epoch 100",
      "A Still falling: the loss fell by 9 % over the last 10 epochs",
      "C Still falling: the loss fell by 21 % over the last 10 epochs",
    ]
  `);
});

test('fifty layers of sigmoid, of relu and of tanh, one unit each too', async () => {
  expect(
    await wordsOf(
      '#v1&A=sigmoid&A.architecture.hiddenLayers=50&A.architecture.units=4&A.train.epochs=30&B=relu&B.base=A&B.architecture.activation=relu' +
        '&C=tanh&C.base=A&C.architecture.activation=tanh&D=thin&D.base=A&D.architecture.units=1',
    ),
  ).toMatchInlineSnapshot(`
    [
      "A Vanishing gradient: first : last 1 : 8.5e33 in epoch 1, 1 : 8.9e32 in epoch 30",
      "B Dead layer: no unit of layers 9, 10, 11 and 39 more is active for any training point, so nothing before layer 50 learns",
      "D Vanishing gradient: first : last 1 : 2.2e42 in epoch 1, 1 : 2e42 in epoch 30",
      "D Bottleneck: layers 1, 2, 3 and 47 more have a single unit, so only one number passes through",
    ]
  `);
});

test('one class, no variance, weights of zero, no hidden layer, one epoch', async () => {
  expect(
    await wordsOf(
      '#v1&A=class&A.dataset.nSamples=2&A.split.testSize=0.5&A.train.epochs=20' +
        '&B=variance&B.dataset.generator=blobs&B.dataset.noise=0&B.dataset.nSamples=20&B.train.epochs=20' +
        '&C=zeros&C.architecture.kernelInitializer=zeros&C.architecture.activation=relu&C.train.epochs=20' +
        '&D=none&D.architecture.hiddenLayers=0&D.train.epochs=20&E=one&E.train.epochs=1',
    ),
  ).toMatchInlineSnapshot(`
    [
      "A One class only: the only training point is of class 1, so there is nothing to separate",
      "A Constant input: x₀ and x₁ are the same in all training points, so they say nothing about the classes",
      "A Vanishing gradient: first : last 1 : 268 in epoch 1, 1 : 247 in epoch 20",
      "B Vanishing gradient: first : last 1 : 21 in epoch 1, 1 : 15 in epoch 20",
      "C Symmetric start: all units of layers 1, 2 and 3 start equal, get the same gradient and stay equal",
      "D No better than chance: the loss ends at 0.7316; predicting the class shares gives 0.6929",
      "E Vanishing gradient: first : last 1 : 125 in epoch 1",
    ]
  `);
});

test('a loss that is NaN from the first step, and one that becomes it', async () => {
  expect(
    await wordsOf(
      '#v1&A=first&A.architecture.hiddenLayers=20&A.architecture.units=32&A.architecture.activation=linear&A.architecture.kernelInitializer=heNormal&A.optimizer.name=sgd&A.optimizer.learningRate=1' +
        '&B=later&B.base=A&B.architecture.hiddenLayers=12&B.architecture.units=10&B.optimizer.learningRate=0.01',
    ),
  ).toMatchInlineSnapshot(`
    [
      "A Diverged: the loss became NaN in epoch 1",
      "B Diverged: the loss became NaN in epoch 2",
    ]
  `);
});
