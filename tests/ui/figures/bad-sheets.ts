// Sheets of what nobody hopes for, and what figures are given of them: computed by the real cells, and of a training that
// fails what the page has. Invariant: nothing is made up; the unit tests and the gallery draw the same.

import type { Shown } from '../../../src/ui/figures/draw/figure';
import type { MapView } from '../../../src/ui/figures/map/map-values';
import type { ProbeView } from '../../../src/ui/sources/probes';
import { mapOf } from '../../browser/gallery/gallery-maps';
import { probeView, type Values, valuesOf } from '../../browser/gallery/gallery-values';

const FAR = 'optimizer.learningRate=1e%2B30';
const RELU = 'architecture.activation=relu';
const REMEDIES = 'architecture.batchNorm=true&C.architecture.residual=true';

/** By what is the matter with them. */
export const BAD_SHEETS = {
  'fifty layers': `#v1&A=fifty&A.architecture.hiddenLayers=50&A.architecture.units=4&A.train.epochs=2&B=relus&B.base=A&B.${RELU}&C=remedies&C.base=B&C.${REMEDIES}&D=seeds&D.base=A&D.seeds=3`,
  'a single unit': `#v1&A=one&A.architecture.hiddenLayers=1&A.architecture.units=1&A.train.epochs=1&B=fifty&B.base=A&B.architecture.hiddenLayers=50&B.${RELU}&C=remedies&C.base=B&C.${REMEDIES}`,
  'no hidden layer': '#v1&A=none&A.architecture.hiddenLayers=0&A.train.epochs=2&B=seeds&B.base=A&B.seeds=3',
  'points without variance':
    '#v1&A=two%20places&A.dataset.generator=blobs&A.dataset.noise=0&A.dataset.nSamples=8&A.train.epochs=2&B=one%20coordinate&B.dataset.generator=circles&B.dataset.noise=0&B.dataset.nSamples=2&B.train.epochs=2&C=rounding&C.base=B&C.dataset.nSamples=4',
  'nothing but one coordinate':
    '#v1&A=one%20coordinate&A.dataset.generator=circles&A.dataset.noise=0&A.dataset.nSamples=2&A.train.epochs=2',
  'one class':
    '#v1&A=one%20class&A.dataset.nSamples=2&A.split.testSize=0.5&A.train.epochs=3&B=normalized&B.base=A&B.architecture.batchNorm=true',
  'no gradient': `#v1&A=zeros&A.architecture.kernelInitializer=zeros&A.${RELU}&A.train.epochs=2&B=residual&B.base=A&B.architecture.activation=tanh&B.architecture.residual=true`,
  'NaN from the first step': `#v1&A=adam&A.${RELU}&A.${FAR}&A.train.epochs=2&B=sgd&B.base=A&B.optimizer.name=sgd`,
  'NaN beside a training': `#v1&A=fine&A.train.epochs=2&B=far&B.base=A&B.${FAR}&B.${RELU}`,
  'NaN in some members': `#v1&A=seeds&A.${RELU}&A.architecture.units=3&A.architecture.hiddenLayers=2&A.architecture.seed=3&A.optimizer.learningRate=1e%2B12&A.train.epochs=3&A.seeds=5`,
  'numbers of thirty digits': `#v1&A=sigmoid&A.${FAR}&A.train.epochs=3&B=tanh&B.base=A&B.architecture.activation=tanh&C=sgd&C.base=B&C.optimizer.name=sgd&D=none&D.base=A&D.architecture.hiddenLayers=0&E=seeds&E.base=A&E.seeds=3&F=fifty&F.base=B&F.architecture.hiddenLayers=50&F.architecture.units=2`,
} as const;

/** Values before training is probed, the probes after it, and why trainings failed, by run. */
export interface BadValues {
  readonly values: Values;
  readonly after: readonly Shown<ProbeView>[];
  readonly failures: ReadonlyMap<string, string>;
}

const map = (address: string): Promise<Shown<MapView>[]> =>
  mapOf(
    address,
    { path: 'optimizer.learningRate', texts: ['0.001', '1e+30'] },
    { path: 'architecture.activation', texts: ['sigmoid', 'relu'] },
  );

/** All that figures are given of a sheet, of a map over its first run too. */
export async function badValuesOf(address: string): Promise<BadValues> {
  const failures = new Map<string, string>();
  const values = await valuesOf(address, (run, message) => void failures.set(run, message));
  const after = await Promise.all(
    values.split.map(async ({ value, ...run }): Promise<Shown<ProbeView>> => {
      const train = values.train.find(({ id }) => id === run.id)?.value;
      const trouble = failures.get(run.id) ?? '';
      return {
        ...run,
        value: train ? await probeView(train, value, train.loss.length) : { epoch: 1, trouble },
      };
    }),
  );
  return { values: { ...values, map: await map(address) }, after, failures };
}
