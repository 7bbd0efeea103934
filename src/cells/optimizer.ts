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
  version: 1,
  tab: 'Network',
  params: {
    name: choice(['adam', 'sgd', 'rmsprop']),
    learningRate: real({ default: 0.001, min: 0, max: BOUND, open: 'min' }),
    beta1: real({ default: 0.9, min: 0, max: 1, open: 'max' }),
    beta2: real({ default: 0.999, min: 0, max: 1, open: 'max' }),
    rho: real({ default: 0.9, min: 0, max: 1, open: 'max' }),
    epsilon: real({ default: 1e-7, min: 0, max: 1, open: 'min' }),
    momentum: real({ default: 0, min: 0, max: 1 }),
    nesterov: bool({ default: false }),
    globalClipNorm: real({ default: 0, min: 0, max: BOUND }),
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
