// Builds the sheet of a first visit, which equals the sheet of the bare address #v1: the notebook's two networks, and the fair
// twin that the notebook lacked. Built here without reading the address, since reading would load a module before the first
// paint.
// Invariant: the sheet equals the sheet that is read from #v1; a test checks this.

import { addRun, type Sheet, setOverride } from '../../core/sheet/sheet';

/** Returns the sheet of a first visit, a new object at each call. */
export function startSheet(): Sheet {
  const sigmoid = addRun({ runs: [], rows: [] }, { name: 'sigmoid' });
  const relu = addRun(sigmoid, { name: 'relu', base: 'A' });
  const twin = addRun(relu, { name: 'twin', base: 'A' });
  const overrides = [
    ['B', 'architecture.hiddenLayers', '2'],
    ['B', 'architecture.activation', 'relu'],
    ['C', 'architecture.activation', 'relu'],
  ] as const;
  return overrides.reduce((sheet, [run, path, text]) => setOverride(sheet, run, path, text), twin);
}
