// The headline of a map: the range of its values, or the number of tiles where the gradient vanishes.
// Invariant: as in the title, only tiles with a value are counted, and the number of the others follows. Knows no drawing.

import type { Shown } from '../draw/figure';
import { capital, extremes, MEASURES, medianText, titleOf, valueText, whenText } from './map-text';
import { figuresOf, type MapView } from './map-values';
import { VANISHED } from './map-vanishing';

/** Forms of the headline, longest first. */
export function mapHeadlines([run]: readonly Shown<MapView>[]): readonly string[] {
  if (!run) return ['There is no map yet'];
  const { value: view } = run;
  const values = figuresOf(view);
  const { least, greatest } = extremes(values);
  const [low = Number.NaN, high = Number.NaN] = [values[least], values[greatest]];
  if (least < 0) return [titleOf(view), 'No tile has a value'];
  const known = values.filter((value) => !Number.isNaN(value));
  const missing = values.length - known.length;
  const some = missing > 0 ? `, ${missing} missing` : '';
  const end = medianText(view);
  const brief = end.replace('medians of ', 'n ').replace(' members', '');
  const when = whenText(view);
  if (view.measure === 'ratio' && low < VANISHED) {
    const below = `${known.filter((value) => value < VANISHED).length} of ${known.length}`;
    return [
      `${capital(when)}, first : last is below 1/100 in ${below} tiles${some}${end}`,
      `First : last is below 1/100 in ${below} tiles${some}${end}`,
      `Below 1/100 in ${below} tiles${some}${end}`,
      `Below 1/100: ${below}${some}${brief}`,
    ];
  }
  const [from, to] = [low, high].map((value) => valueText(value, view.measure));
  const range = low === high ? `is ${from} everywhere` : `from ${from} to ${to}`;
  const name = capital(MEASURES[view.measure]);
  return [
    `${name} ${when} ${range}, ${known.length} tiles${some}${end}`,
    `${name} ${when} ${range}${some}${end}`,
    `${name} ${range}${some}${end}`,
    `${capital(range)}${some}${brief}`,
  ];
}
