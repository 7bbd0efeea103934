// The examples: sheets with a lesson each, as addresses, and three sentences that point out what to see.
// Invariant: every number in a sentence is computed from the sheet by a test, or is a number that the notebook printed; the
// claim of a sentence holds for exactly the shown values. Knows neither elements nor the session.

import type { PublishedValue } from '../figures/curves/published-figures';

/** Values that the notebook printed: three sigmoid layers after 100 epochs, two ReLU layers at epoch 91. */
export const NOTEBOOK = {
  sigmoid: { loss: 0.4164, accuracy: 0.81, epoch: 100 },
  relu: { loss: 0.0048, accuracy: 1, epoch: 91 },
} as const;

/** A sheet with a lesson. */
export interface Example {
  /** Unique, in kebab-case. */
  readonly name: string;
  readonly title: string;
  /** One line for the menu of examples. */
  readonly lesson: string;
  /** Address of the sheet in the form that the page writes; a sheet with this address is the example. */
  readonly address: string;
  /** What to look at, and what the sheet does not show. */
  readonly sentences: readonly [string, string, string];
  /** The kind whose figures the example opens at. */
  readonly inspect: 'train' | 'diff';
  /** The run that the example activates, if that is not the last run. Figures show the runs around it. */
  readonly run?: string;
  /** The question that the lesson of all examples asks before it shows the results. */
  readonly predict?: string;
  readonly published?: readonly PublishedValue[];
}

const { sigmoid, relu } = NOTEBOOK;

const PRINTED_SIGMOID: readonly PublishedValue[] = [
  { measure: 'loss', value: sigmoid.loss, epoch: sigmoid.epoch, label: 'notebook, sigmoid' },
  { measure: 'accuracy', value: sigmoid.accuracy, epoch: sigmoid.epoch, label: 'notebook, sigmoid' },
];

const PRINTED_RELU: readonly PublishedValue[] = [
  { measure: 'loss', value: relu.loss, epoch: relu.epoch, label: 'notebook, ReLU' },
  { measure: 'accuracy', value: relu.accuracy, epoch: relu.epoch, label: 'notebook, ReLU' },
];

/** Part of an address with one run per depth; the first run is the base of the others. */
function byDepth(
  depths: readonly number[],
  [seeds, activation]: readonly [seeds: number, activation?: string],
): string {
  return depths
    .map((depth, index) => {
      const id = String.fromCharCode(65 + index);
      const name = encodeURIComponent(depth === 1 ? '1 layer' : `${depth} layers`);
      return index === 0
        ? `&A=${name}&A.seeds=${seeds}&A.architecture.hiddenLayers=${depth}${activation ? `&A.architecture.activation=${activation}` : ''}`
        : `&${id}=${name}&${id}.base=A&${id}.architecture.hiddenLayers=${depth}`;
    })
    .join('');
}

const written: readonly Example[] = [
  {
    name: 'notebook',
    title: 'The notebook',
    lesson: 'Three sigmoid layers beside two ReLU layers: two things differ at once.',
    address: '#v1&A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu',
    sentences: [
      'Depth and activation both differ here, so neither alone explains why A ends at a loss of 0.4448 and B at 0.2200.',
      'A is near the notebook’s result, loss 0.4164 and accuracy 0.81; B is at 0.2291 at epoch 91, where the notebook has 0.0048, the marked point.',
      'Open Network; there, under diff, the figure that the notebook calls the gradient is 3.2 times as large in A’s first layer as in B’s, the opposite of the notebook’s lesson; the true gradient there, before training, is 1/40 of B’s.',
    ],
    predict: 'lowest.loss',
    inspect: 'train',
    published: [...PRINTED_SIGMOID, ...PRINTED_RELU],
  },
  {
    name: 'fair-twin',
    title: 'The fair twin',
    lesson: 'Only the activation differs: the initial weights and the order of the batches are the same.',
    address: '#v1&A=sigmoid&B=twin&B.base=A&B.architecture.activation=relu',
    sentences: [
      'B is A with only the activation changed: the data, the initial weights and the order of the batches are the same.',
      'In the gradient by layer and epoch, A’s first layer starts with 1/125 of its last layer’s gradient, B’s with 1.5 times; A ends at a loss of 0.4448, B at 0.0611.',
      'Open Network: under diff, A’s first layer still moved 3.4 times as far as B’s, with 1/23 of the gradient before training, because Adam divides each step by the gradient’s own size.',
    ],
    predict: 'B.loss',
    inspect: 'train',
  },
  {
    name: 'depth',
    title: 'Depth kills sigmoid',
    lesson: 'One to ten sigmoid layers over 5 seeds: each layer divides the gradient again.',
    address: `#v1${byDepth([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5])}`,
    sentences: [
      'Each column has one more sigmoid layer, and the row first : last shows the first layer’s share of the gradient: over 5 seeds, the geometric mean falls from 1 : 3.5 with one hidden layer to 1 : 2e6 with ten.',
      'The loss does not follow at once: up to six layers, Adam brings the median to 0.5488 or lower; with ten layers, every member stays at 0.693, the loss of a coin toss.',
      'One seed would not show this: in member 0, five layers end lower than three, at 0.4294 against 0.4448.',
    ],
    inspect: 'train',
  },
  {
    name: 'adam',
    title: 'Adam hides it',
    lesson: 'SGD beside Adam: the movement of the weights shows the gradient under SGD, but not under Adam.',
    address:
      '#v1&A=adam&B=sgd&B.base=A&B.optimizer.name=sgd&C=sgd%2C%20large%20steps&C.base=B&C.optimizer.learningRate=1',
    sentences: [
      'All three runs start from the same weights, so with the same true gradient: in the first layer, 1/129 of the gradient in the last.',
      'B’s updates keep this ratio: its first layer moves 1/99 as far as its last; A’s first layer moves 5.3 times as far as its last, because Adam divides each step by the gradient’s own size.',
      'So under Adam, the movement of a weight says nothing about its gradient; the loss does not separate Adam from depth either: A ends at 0.4448 and B at 0.7267, but C, plain SGD with a rate of 1, ends at 0.2885.',
    ],
    predict: 'lowest.loss',
    inspect: 'diff',
  },
  {
    name: 'he',
    title: 'He initialisation',
    lesson: 'Thirty ReLU layers under three scales of initial weights.',
    address:
      '#v1&A=small&A.seeds=5&A.architecture.hiddenLayers=30&A.architecture.units=16&A.architecture.activation=relu&A.architecture.kernelInitializer=randomNormal&A.train.epochs=40' +
      '&B=glorot&B.base=A&B.architecture.kernelInitializer=glorotUniform&C=he&C.base=A&C.architecture.kernelInitializer=heNormal',
    sentences: [
      'The three runs differ only in the scale of their initial weights; in the first epoch, the first layer’s gradient, median of 5 seeds, is 5.6e−29 in A, 2.1e−7 in B and 0.0030 in C.',
      'No member of A leaves a loss of 0.693, the loss of a coin toss, and B’s median is 0.693 too; the worst member of C ends at 0.03.',
      'The effect needs such depth: with 10 hidden layers instead of 30, Glorot’s median is 0.0119 and He’s 0.0078; He’s scale fits ReLU, which passes half of the squared signal.',
    ],
    inspect: 'train',
  },
  {
    name: 'batch-norm',
    title: 'Batch normalisation',
    lesson: 'Ten sigmoid layers, with and without sums normalised to mean 0 and variance 1 in each layer.',
    address:
      '#v1&A=sigmoid&A.architecture.hiddenLayers=10&B=batch%20norm&B.base=A&B.architecture.batchNorm=true',
    sentences: [
      'B has A’s initial weights, and normalises each layer’s sums to mean 0 and variance 1 over the batch: first : last in epoch 1 is 1 : 1.8e7 in A and 1.2 : 1 in B.',
      'A stays at a loss of 0.693, the loss of a coin toss; B ends at 0.1395, and in the ledger the factor “batch norm” shows what the normalisation gives back at each layer.',
      'On test points, B uses moving averages of the batches’ means and variances, and so acts as another network: its test loss rises in 57 of 99 epochs and ends at 0.2345.',
    ],
    predict: 'lowest.testLoss',
    inspect: 'train',
  },
  {
    name: 'residual',
    title: 'Residual connections',
    lesson:
      'Ten sigmoid layers that add their inputs to their outputs, and ten ReLU layers that seldom need this.',
    address:
      '#v1&A=sigmoid&A.architecture.hiddenLayers=10&B=residual&B.base=A&B.architecture.residual=true&C=relu&C.base=A&C.architecture.activation=relu&D=relu%2C%20residual&D.base=C&D.architecture.residual=true',
    sentences: [
      'Each layer of B except the first adds its inputs to its outputs, so the signal has a way back past f′, the factor “skip” in the ledger: first : last in epoch 1 is 1 : 1.8e7 in A and 1 : 88 in B.',
      'A stays at a loss of 0.693, the loss of a coin toss; B ends at 0.2906.',
      'ReLU needs residual connections less, and one seed proves little: C ends at 0.0001 without them and D at 0.0011 with them, but if both seeds are 5, C ends at 0.2026 and D at 0.0019.',
    ],
    predict: 'lowest.loss',
    inspect: 'train',
  },
  {
    name: 'exploding',
    title: 'Exploding gradients',
    lesson: 'Twenty linear layers whose weights are too large: the loss is NaN in the first epoch.',
    address:
      '#v1&A=linear%2C%20he&A.architecture.hiddenLayers=20&A.architecture.units=32&A.architecture.activation=linear&A.architecture.kernelInitializer=heNormal&A.optimizer.name=sgd&A.optimizer.learningRate=0.01' +
      '&B=clipped&B.base=A&B.optimizer.globalClipNorm=1&C=lecun&C.base=A&C.architecture.kernelInitializer=leCunNormal&D=relu&D.base=A&D.architecture.activation=relu',
    sentences: [
      'He’s scale fits ReLU, which passes half of the squared signal; each of these 20 linear layers doubles the squared signal, and A has no curve, because its loss is NaN in epoch 1.',
      'Clipping keeps B finite, but no more: the loss is 155.9 in the first epoch and 1.580 in the last; in the first epoch, the first layer’s gradient is 2354 times that of C, whose weights have LeCun’s scale.',
      'D has the same initial weights as A, with ReLU, and ends at 0.0037; C levels off at 0.2702, because any number of linear layers draws one straight line.',
    ],
    inspect: 'train',
  },
  {
    name: 'dead-relu',
    title: 'Dead ReLUs',
    lesson: 'Steps that are too long switch off a whole layer, and no gradient brings the layer back.',
    address:
      '#v1&A=small%20steps&A.architecture.activation=relu&A.optimizer.name=sgd&A.optimizer.learningRate=0.1&B=long%20steps&B.base=A&B.optimizer.learningRate=2&C=leaky&C.base=B&C.architecture.activation=leakyRelu',
    sentences: [
      'B has 20 times A’s learning rate: its loss falls to 0.1094, then jumps, and from epoch 19 on its third hidden layer is inactive for every row.',
      'From then on, every kernel’s gradient is exactly 0 and B stays at a loss of 0.7025, worse than a coin toss with 0.693: nothing can bring the layer back.',
      'C, with B’s learning rate, ends at 0.0001, because leaky ReLU still passes a fifth of the gradient; and inactive is not dead: in every epoch, 36 to 50 percent of each of A’s layers is inactive, and A ends at 0.0069.',
    ],
    predict: 'B.loss',
    inspect: 'train',
  },
  {
    name: 'two-relu-layers',
    title: 'Could two ReLU layers have printed 0.0048?',
    lesson: 'Two to eight ReLU layers over 20 seeds, beside the notebook’s result at epoch 91.',
    address: `#v1${byDepth([2, 3, 4, 5, 6, 7, 8], [20, 'relu'])}`,
    sentences: [
      'Hardly: at epoch 91, the marked point, the 20 members with two layers have losses between 0.1602 and 0.2565, and no member with three layers is below 0.0669.',
      'By then, 0 of 20 members with four layers have reached 0.0048, 0 with five and 10 with six; the median with six layers is 0.0063, with seven 0.0040.',
      'These runs do not show what the notebook trained; its other figure, an accuracy of 1, is no evidence, because 9 members with four layers have this accuracy at that epoch, and 0 with three.',
    ],
    inspect: 'train',
    run: 'A',
    published: PRINTED_RELU,
  },
];

/** A sentence with ratios that no line breaks. */
const unbroken = (sentence: string): string => sentence.replace(/(\d) : (?=\d)/g, '$1\u00a0:\u00a0');

/** All examples, in the order of the menu. */
export const EXAMPLES: readonly Example[] = written.map(({ sentences: [first, second, third], ...rest }) => ({
  ...rest,
  sentences: [unbroken(first), unbroken(second), unbroken(third)],
}));

/** The address of the lesson that has all examples as its steps, in the form that the page writes. */
export const EXAMPLES_LESSON = [
  '#lesson1&title=Ten%20examples',
  ...EXAMPLES.map(({ predict }, index) => (predict ? `&predict.${index + 1}=${predict}` : '')),
  ...EXAMPLES.map(({ address }) => address.replace('#', '/')),
].join('');

/** The example with this address; undefined if there is none. */
export const exampleAt = (address: string): Example | undefined =>
  EXAMPLES.find((example) => example.address === address);
