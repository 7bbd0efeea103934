// The optimizer kind: a name and the numbers that the named optimizer uses, in Keras' terms.

import { defineKind } from '../core/kinds/kind';
import { bool, choice, real } from '../core/kinds/param';
import { boolean, literal, number, strictObject, variant } from '../core/kinds/value';
import { perItem } from './cost';

const BOUND = 1e30;

const common = { learningRate: number(), globalClipNorm: number() };

/** Schema of the value: the params that the named optimizer uses, and no others. */
const optimizerValue = variant('name', [
  strictObject({
    name: literal('adam'),
    ...common,
    beta1: number(),
    beta2: number(),
    epsilon: number(),
  }),
  strictObject({
    name: literal('sgd'),
    ...common,
    momentum: number(),
    nesterov: boolean(),
  }),
  strictObject({
    name: literal('rmsprop'),
    ...common,
    rho: number(),
    epsilon: number(),
    momentum: number(),
  }),
]);

/**
 * Yields the params of the named optimizer; params of other optimizers have no effect. `globalClipNorm` 0
 * means off.
 */
export const optimizer = defineKind({
  name: 'optimizer',
  about: 'the rule that turns a gradient into a step of the weights',
  version: 1,
  tab: 'Network',
  params: {
    name: choice(['adam', 'sgd', 'rmsprop'], {
      about: 'which rule',
      keras: 'Adam, SGD, RMSprop',
      tfjs: 'train.adam, train.sgd, train.rmsprop',
      sklearn: 'MLPClassifier(solver)',
    }),
    learningRate: real({
      default: 0.001,
      min: 0,
      max: BOUND,
      open: 'min',
      about: 'factor of every step',
      keras: 'Adam(learning_rate)',
      sklearn: 'MLPClassifier(learning_rate_init)',
    }),
    beta1: real({
      default: 0.9,
      min: 0,
      max: 1,
      open: 'max',
      about: 'adam: how much of the mean gradient each step keeps',
      keras: 'Adam(beta_1)',
      sklearn: 'MLPClassifier(beta_1)',
    }),
    beta2: real({
      default: 0.999,
      min: 0,
      max: 1,
      open: 'max',
      about: 'adam: how much of the mean squared gradient each step keeps',
      keras: 'Adam(beta_2)',
      sklearn: 'MLPClassifier(beta_2)',
    }),
    rho: real({
      default: 0.9,
      min: 0,
      max: 1,
      open: 'max',
      about: 'rmsprop: how much of the mean squared gradient each step keeps',
      keras: 'RMSprop(rho)',
      tfjs: 'train.rmsprop(decay)',
    }),
    epsilon: real({
      default: 1e-7,
      min: 0,
      max: 1,
      open: 'min',
      about: 'adam, rmsprop: added to what a step is divided by, so that it is never 0',
      keras: 'Adam(epsilon)',
      sklearn: 'MLPClassifier(epsilon)',
    }),
    momentum: real({
      default: 0,
      min: 0,
      max: 1,
      about: 'sgd, rmsprop: share of the last step that is added to the next',
      keras: 'SGD(momentum)',
      sklearn: 'MLPClassifier(momentum)',
    }),
    nesterov: bool({
      default: false,
      about: 'sgd: whether momentum is applied before the gradient’s step too',
      keras: 'SGD(nesterov)',
      tfjs: 'train.momentum(useNesterov)',
      sklearn: 'MLPClassifier(nesterovs_momentum)',
    }),
    globalClipNorm: real({
      default: 0,
      min: 0,
      max: BOUND,
      about: 'longest gradient over all weights; longer ones are scaled down to it; 0 is off',
      keras: 'Adam(global_clipnorm)',
    }),
  },
  applies(param, { name }) {
    switch (param) {
      case 'beta1':
      case 'beta2':
        return name === 'adam';
      case 'rho':
        return name === 'rmsprop';
      case 'epsilon':
        return name !== 'sgd';
      case 'momentum':
        return name !== 'adam';
      case 'nesterov':
        return name === 'sgd';
      default:
        return true;
    }
  },
  inputs: {},
  value: optimizerValue,
  estimate: () => perItem(1, 100, 1_000, 'settings'),
  compute({ name, learningRate, beta1, beta2, rho, epsilon, momentum, nesterov, globalClipNorm }) {
    switch (name) {
      case 'adam':
        return { name, learningRate, beta1, beta2, epsilon, globalClipNorm };
      case 'sgd':
        return { name, learningRate, momentum, nesterov, globalClipNorm };
      case 'rmsprop':
        return { name, learningRate, rho, epsilon, momentum, globalClipNorm };
    }
  },
});
