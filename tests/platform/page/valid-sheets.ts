// Random sheets whose texts are valid, for properties of addresses.
// Invariant: each sheet is one that its own address gives back. Knows the real kinds.

import fc from 'fast-check';
import { registry } from '../../../src/cells';
import type { Param, ParamValue } from '../../../src/core/kinds/param';
import type { Run, Sheet } from '../../../src/core/sheet/sheet';

/** Texts of valid values of a param, in canonical form. */
function literal(param: Param): fc.Arbitrary<string> {
  const written = (values: fc.Arbitrary<ParamValue>) =>
    values.map((value) => param.format(value)).filter((text) => param.parse(text).ok);
  if (param.type === 'bool') return written(fc.boolean());
  const item: fc.Arbitrary<number | string> = param.choices
    ? fc.constantFrom(...param.choices)
    : param.type === 'real'
      ? fc.double({ min: param.range?.min ?? 0, max: param.range?.max ?? 1, noNaN: true })
      : fc.integer({ min: param.range?.min ?? 0, max: param.range?.max ?? 1 });
  return written(
    param.type === 'list' ? fc.oneof(item, fc.array(item, { minLength: 2, maxLength: 50 })) : item,
  );
}

const PATHS = registry.kinds.flatMap((kind) =>
  Object.entries(kind.params).map(([name, param]) => ({
    path: `${kind.name}.${name}`,
    texts: literal(param),
  })),
);

const override = (text: fc.Arbitrary<string>) =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constantFrom(...PATHS).chain(({ path, texts }) => fc.tuple(fc.constant(path), texts)),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.constantFrom(...PATHS.map(({ path }) => path), 'seeds'),
        text.map((given) => `=${given}`),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constant('seeds'), fc.integer({ min: 1, max: 1_000 }).map(String)) },
  );
const isLine = (text: string): boolean => !/\p{Cc}/u.test(text);

/**
 * Sheets of one to eight runs in any order, each with a name, overrides and perhaps a base, with up to four rows and perhaps a
 * title and a note. `text` makes the names, titles, notes and formulas.
 */
export function validSheets(
  text: fc.Arbitrary<string> = fc.string({ unit: 'grapheme', maxLength: 20 }),
): fc.Arbitrary<Sheet> {
  const name = text.filter(isLine);
  const title = name.map((given) => given.trim()).filter((given) => given !== '');
  const rows = fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}Row$/),
      formula: text.map((given) => `=${given}`.trim()),
    }),
    { selector: (row) => row.name, maxLength: 4 },
  );
  return fc
    .uniqueArray(fc.stringMatching(/^[A-Z]{1,3}$/), { minLength: 1, maxLength: 8 })
    .chain((ids) =>
      fc.tuple(
        ...ids.map((id, index) =>
          fc.record({
            id: fc.constant(id),
            name,
            base:
              index === 0
                ? fc.constant(undefined)
                : fc.option(fc.constantFrom(...ids.slice(0, index)), { nil: undefined }),
            overrides: fc.array(override(text), { maxLength: 6 }),
          }),
        ),
      ),
    )
    .chain((runs) =>
      fc.tuple(
        fc.shuffledSubarray(runs, { minLength: runs.length }),
        rows,
        fc.option(title, { nil: undefined }),
        fc.option(title, { nil: undefined }),
      ),
    )
    .map(
      ([runs, own, heading, note]): Sheet => ({
        runs: runs.map(
          ({ base, overrides, ...run }): Run => ({
            ...run,
            ...(base && { base }),
            overrides: new Map(overrides),
          }),
        ),
        rows: own,
        ...(heading !== undefined && { title: heading }),
        ...(note !== undefined && { note }),
      }),
    );
}
