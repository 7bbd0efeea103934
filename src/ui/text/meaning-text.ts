// What a row of the sheet means, in words: the same for the label's tooltip, the formula bar and Help.
// Invariant: pure; every word comes from the declaration of the kind, the param or the result. Knows no kind by name.

import type { Registry } from '../../core/kinds/kind';
import type { Described, Param } from '../../core/kinds/param';
import { paramAt } from '../../core/plan/param-values';
import type { Row } from './sheet-rows';

/** A text without the signs in which spellings of a name differ: "batch size", "batchSize" and "batch_size" are the same. */
export const squeezed = (text: string): string => text.toLowerCase().replace(/[_\s-]+/g, '');

/** What a param takes if nothing is set: "default 0.05". */
export const defaultText = (param: Param): string => `default ${param.format(param.default)}`;

/** The names of a param or a result elsewhere: "Keras: Dense(units)"; empty without any. */
export const namesElsewhere = ({ keras, tfjs, sklearn }: Described): string =>
  [keras && `Keras: ${keras}`, tfjs && `TensorFlow.js: ${tfjs}`, sklearn && `scikit-learn: ${sklearn}`]
    .filter(Boolean)
    .join(' · ');

/** The meaning of a row in lines, the first of which is enough; undefined for rows that only the person can explain. */
export function rowMeaning(registry: Registry, row: Row): readonly string[] | undefined {
  const lines = (...texts: readonly (string | undefined)[]) =>
    texts.filter((text) => text !== undefined && text !== '') as string[];
  switch (row.type) {
    case 'kind':
      return lines(registry.get(row.kind)?.about);
    case 'param': {
      const param = paramAt(registry, row.id);
      return param && lines(param.about, `takes ${param.accepts}`, defaultText(param), namesElsewhere(param));
    }
    case 'result': {
      const { result } = row;
      return lines(
        result.about,
        result.unit && `in ${result.unit}`,
        result.formula && `=${result.formula}`,
        namesElsewhere(result),
      );
    }
    case 'run':
      return lines('what belongs to a run as a whole and to no kind');
    case 'own':
      return row.proposed === undefined
        ? undefined
        : lines(
            'a row of your own: one formula that every run evaluates; it joins the sheet with your first edit',
          );
  }
}
