// What is drawn of probed networks, to the mark: ledger and activations of the opening sheet's first two runs,
// narrow ones too, and ridges.

import { describe, expect, test } from 'vitest';
import type { Shown } from '../../../src/ui/figures/draw/figure';
import { activationsFigure } from '../../../src/ui/figures/probe/activations';
import { ledgerFigure } from '../../../src/ui/figures/probe/ledger';
import type { ProbeView } from '../../../src/ui/sources/probes';
import { textOf } from './drawing-text';
import { probeRun } from './probing';

async function probedRuns(address: string, ids: string): Promise<Shown<ProbeView>[]> {
  const all = [...ids].map(async (id) => ({
    id,
    name: `run ${id}`,
    color: '#000000',
    value: { epoch: 0, ledger: await probeRun(address, id, 'architecture') },
  }));
  return Promise.all(all);
}

const FEW = '&A.dataset.nSamples=40&A.architecture.units=3';

describe('the drawing', () => {
  test('of a ledger has a bar, a diamond and a step in words for each layer, on one scale for both runs', async () => {
    const runs = await probedRuns('#v1', 'AB');
    expect(textOf(ledgerFigure.draw(runs, { width: 560, epoch: 1 }))).toMatchSnapshot();
  });

  test('of activations has curve, slope, ground and two areas for each layer, on one axis of z', async () => {
    const runs = await probedRuns(
      `#v1&A=a${FEW}&A.architecture.hiddenLayers=1&B=b&B.base=A&B.architecture.activation=relu`,
      'AB',
    );
    expect(textOf(activationsFigure.draw(runs, { width: 560, epoch: 1 }))).toMatchSnapshot();
  });

  test('of the activations of many layers has each curve once and a ridge a layer', async () => {
    const runs = await probedRuns(
      `#v1&A=a${FEW}&A.architecture.hiddenLayers=7&A.architecture.activation=tanh`,
      'A',
    );
    expect(textOf(activationsFigure.draw(runs, { width: 358, epoch: 1 }))).toMatchSnapshot();
  });
});
