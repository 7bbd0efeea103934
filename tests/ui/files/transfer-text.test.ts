import { expect, test } from 'vitest';
import { remarkLines, summaryText, type TransferReport } from '../../../src/ui/files/transfer-text';

const report = (change: Partial<TransferReport>): TransferReport => ({
  file: 'a.zip',
  sheets: { added: 0, skipped: 0 },
  trainings: { added: 0, known: 0 },
  damaged: [],
  notes: [],
  ...change,
});

test('what came of a file is said in one or two sentences', () => {
  expect(summaryText(report({ sheets: { added: 1, skipped: 0 } }))).toBe('Added 1 sheet.');
  expect(
    summaryText(report({ sheets: { added: 2, skipped: 1 }, trainings: { added: 1_200, known: 0 } })),
  ).toBe('Added 2 sheets and 1,200 trainings. 1 sheet was here already.');
  expect(summaryText(report({ sheets: { added: 0, skipped: 2 }, trainings: { added: 0, known: 1 } }))).toBe(
    '2 sheets and 1 training were here already.',
  );
  expect(summaryText(report({}))).toBe('The file has no content.');
  expect(summaryText(report({ damaged: [{ place: 'the file', reason: 'empty' }] }))).toBe(
    'Nothing could be added.',
  );
});

test('of many remarks the first are shown and the others are counted', () => {
  const remarks = Array.from({ length: 25 }, (_, at) => ({ place: `part ${at}`, reason: 'damaged' }));
  const lines = remarkLines(remarks);
  expect(lines[0]).toBe('part 0: damaged');
  expect([lines.length, lines.at(-1)]).toEqual([21, 'and 5 more']);
  expect(remarkLines(remarks.slice(0, 20)).length).toBe(20);
});
