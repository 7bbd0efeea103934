// The tables of kinds, params and results on the page of src/cells: the tables are those of the registry.

import { test } from 'vitest';
import { registry } from '../../src/cells';
import type { Kind } from '../../src/core/kinds/kind';
import type { Param } from '../../src/core/kinds/param';
import { expectParts, tableRow } from '../markdown-parts';

const PAGE = 'src/cells/README.md';
const code = (text: string): string => `\`${text}\``;

/** What a param accepts. A choice lists its default first. */
const accepted = ({ accepts, choices, type }: Param): string =>
  choices && type !== 'bool' ? accepts.replace(choices.join(', '), choices.map(code).join(', ')) : accepts;

/** The kinds that a kind reads, in the order of its slots. */
const inputsOf = (kind: Kind): string =>
  Object.values(kind.inputs)
    .map(({ name }) => name)
    .join(', ');

test('the page lists every kind, every param with its default and bounds, and every result', async () => {
  const kinds = registry.kinds.map((kind) =>
    tableRow(
      code(kind.name),
      inputsOf(kind),
      String(kind.version),
      kind.extent ? code(kind.extent.param) : '',
    ),
  );
  const params = registry.kinds.flatMap((kind) =>
    Object.entries(kind.params).map(([name, param]) =>
      tableRow(code(`${kind.name}.${name}`), code(param.format(param.default)), accepted(param)),
    ),
  );
  const results = registry.results.map(({ name, label, kind }) => tableRow(code(name), label, code(kind)));
  await expectParts(PAGE, [
    ['| kind | reads | version | extent |\n| --- | --- | --- | --- |', kinds],
    ['| param | default | accepts |\n| --- | --- | --- |', params],
    ['| result | label | read from |\n| --- | --- | --- |', results],
  ]);
});
