// The search of Help finds a thing by every name that a person may know it by.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { helpSections, nothingText } from '../../../src/ui/help/help-entries';
import { countEntries, searchHelp } from '../../../src/ui/help/help-search';

const sections = helpSections(registry);
const found = (query: string): string[] =>
  searchHelp(sections, query).flatMap(({ groups }) =>
    groups.flatMap(({ entries }) => entries.map(({ name, code = name }) => code)),
  );

describe('the search of Help', () => {
  test.each([
    ['the name in Keras', 'batch_size', 'train.batchSize'],
    ['the name in the code', 'batchSize', 'train.batchSize'],
    ['the label', 'batch size', 'train.batchSize'],
    ['a Keras optimizer', 'RMSprop(rho', 'optimizer.rho'],
    ['another spelling', 'global_clipnorm', 'optimizer.globalClipNorm'],
    ['a name in scikit-learn', 'n_samples', 'dataset.nSamples'],
    ['a name in TensorFlow.js', 'useNesterov', 'optimizer.nesterov'],
    ['a metric of Keras', 'val_loss', 'testLoss'],
    ['a choice', 'leaky relu', 'architecture.activation'],
    ['a word of the meaning', 'standard deviation coordinate', 'dataset.noise'],
    ['a sign', 'first:last', 'firstToLast'],
    ['a mark', '±', '0.44 ± 0.02, n 20'],
    ['a key', 'ctrl shift f', 'Ctrl Shift F'],
  ])('finds a thing by %s: %s', (_, query, name) => {
    expect(found(query)).toContain(name);
  });

  test('finds a term by its meaning, and little besides', () => {
    expect(found('slope')).toEqual(['saturated, saturation', 'f′']);
    expect(found('momentum')).toEqual(['optimizer.momentum', 'optimizer.nesterov', '(brackets)']);
  });

  test('keeps a kind whole if its title or its meaning matches', () => {
    expect(found('dataset')).toEqual(expect.arrayContaining(['dataset.noise', 'dataset.randomState']));
    expect(found('optimizer.name')).toEqual(['optimizer.name']);
  });

  test('needs every word, and says so if nothing matches', () => {
    expect(found('momentum boundary')).toEqual([]);
    expect(found('batch_sizes')).toEqual([]);
    expect(searchHelp(sections, 'qqq')).toEqual([]);
    expect(nothingText(' qqq ')).toMatch(/^Nothing matches "qqq"\./);
  });

  test('keeps everything without a query, and for signs alone only what has them', () => {
    expect(searchHelp(sections, '  ')).toBe(sections);
    expect(countEntries(searchHelp(sections, ''))).toBe(countEntries(sections));
    expect(found('^')).toEqual(['^']);
    expect(found('^^^')).toEqual([]);
  });
});
