// The architecture kind: the network before training, its layers with their initial weights, all from one seed.
// Two inputs and one sigmoid output; `units` and `activation` are one value for all hidden layers or a list.

import { defineKind } from '../core/kinds/kind';
import { bool, choice, int, listOf, seed } from '../core/kinds/param';
import {
  array,
  check,
  exactOptional,
  integer,
  literal,
  matrix,
  minValue,
  number,
  picklist,
  pipe,
  strictObject,
  typed,
} from '../core/kinds/value';
import { INPUTS, networkSize, perItem } from './cost';

/** Activations of hidden layers, by their Keras names in camelCase. */
const ACTIVATIONS = ['sigmoid', 'linear', 'tanh', 'relu', 'leakyRelu', 'elu', 'selu', 'swish'] as const;

/** Initializers of kernels, by their Keras names in camelCase. */
export const INITIALIZERS = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'leCunUniform',
  'leCunNormal',
  'randomNormal',
  'zeros',
] as const;

const MAX_LAYERS = 50;

const perUnit = typed('float32');

/**
 * Schema of a network: dense layers in order, the output layer last. Kernels are float32 [inputs][units];
 * `bias` and the fields of `batchNorm` are float32 [units].
 */
export const layersValue = array(
  pipe(
    strictObject({
      units: pipe(number(), integer(), minValue(1)),
      activation: picklist(ACTIVATIONS),
      kernel: matrix('float32'),
      bias: perUnit,
      batchNorm: exactOptional(
        strictObject({ gamma: perUnit, beta: perUnit, movingMean: perUnit, movingVariance: perUnit }),
      ),
      residual: exactOptional(literal(true)),
    }),
    check(
      ({ units, kernel, bias, batchNorm }) =>
        kernel.shape[1] === units &&
        [bias, ...Object.values<Float32Array>({ ...batchNorm })].every(({ length }) => length === units),
      'a layer does not fit its units',
    ),
  ),
);

/** Expands a single value to one value per hidden layer; a list stays as given. */
const perLayer = <T>(value: T | readonly T[], layers: number): readonly T[] =>
  Array.isArray(value) ? value : Array.from({ length: layers }, () => value as T);

/**
 * Yields the layers before training, with the same initial weights in every browser. A list in `units` or
 * `activation` has one item per hidden layer.
 */
export const architecture = defineKind({
  name: 'architecture',
  about: 'the network before training: its layers and initial weights',
  version: 1,
  tab: 'Network',
  params: {
    hiddenLayers: int({
      default: 3,
      min: 0,
      max: MAX_LAYERS,
      about: 'number of hidden layers',
      unit: 'layers',
      keras: 'number of Dense layers',
      sklearn: 'length of MLPClassifier(hidden_layer_sizes)',
    }),
    units: listOf(
      int({
        default: 10,
        min: 1,
        max: 1_024,
        about: 'outputs of each hidden layer; a list has one value per layer',
        keras: 'Dense(units)',
        sklearn: 'MLPClassifier(hidden_layer_sizes)',
      }),
      MAX_LAYERS,
    ),
    activation: listOf(
      choice(ACTIVATIONS, {
        about: 'function at the outputs of each hidden layer; a list has one per layer',
        keras: 'Dense(activation)',
        sklearn: 'MLPClassifier(activation)',
      }),
      MAX_LAYERS,
    ),
    kernelInitializer: choice(INITIALIZERS, {
      about: 'distribution of the initial weights',
      keras: 'Dense(kernel_initializer)',
    }),
    seed: seed({
      default: 0,
      about: 'seed of the initial weights; member i adds i',
      keras: 'GlorotUniform(seed)',
      sklearn: 'MLPClassifier(random_state)',
    }),
    batchNorm: bool({
      default: false,
      about: 'whether each hidden layer’s sums are normalised over the batch to mean 0 and variance 1',
      keras: 'BatchNormalization()',
      tfjs: 'layers.batchNormalization',
    }),
    residual: bool({
      default: false,
      about:
        'whether each hidden layer after the first adds its inputs to its outputs, where both are equally many',
      keras: 'Add()',
      tfjs: 'layers.add',
    }),
  },
  applies: (param, { hiddenLayers }) =>
    param === 'residual'
      ? hiddenLayers > 1
      : hiddenLayers > 0 || (param !== 'units' && param !== 'activation' && param !== 'batchNorm'),
  inputs: {},
  value: strictObject({ layers: layersValue }),
  check({ hiddenLayers, units, activation }) {
    for (const [param, value] of [
      ['units', units],
      ['activation', activation],
    ] as const) {
      if (Array.isArray(value) && value.length !== hiddenLayers) {
        return {
          param,
          reason: `${value.length} values for ${hiddenLayers} hidden layers`,
          isListLength: true,
        };
      }
    }
    return undefined;
  },
  estimate: (params) => perItem(networkSize(params).weights, 150, 16, 'units or layers'),
  async compute({ hiddenLayers, units, activation, kernelInitializer, seed: seedValue, ...extra }) {
    const { initialLayers } = await import('../nn/network/initializers');
    const layers = initialLayers({
      inputs: INPUTS,
      units: perLayer(units, hiddenLayers),
      activations: perLayer(activation, hiddenLayers),
      kernelInitializer,
      seed: seedValue,
      ...extra,
    });
    return { layers };
  },
});
