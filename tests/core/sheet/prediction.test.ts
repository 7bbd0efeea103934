import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { parsePrediction, predictionText } from '../../../src/core/sheet/prediction';
import { sheetAt } from '../../sheet-at';

const sheet = sheetAt('#v1&A=a&AB=b');
const read = (text: string): string => {
  const parsed = parsePrediction(text, registry, sheet);
  return parsed.ok ? predictionText(parsed.value) : parsed.reason;
};

describe('a question about a result', () => {
  test.each(['A.loss', 'AB.testAccuracy', 'lowest.loss', 'highest.firstToLast'])('%s is one', (text) => {
    expect(read(text)).toBe(text);
  });

  test.each([
    ['', '"" names no result; choose from loss, accuracy'],
    ['A', '"A" names no result'],
    ['A.', 'names no result'],
    ['A.weights', 'names no result'],
    ['A.constructor', 'names no result'],
    ['A.loss.x', 'names no result'],
    ['Q.loss', '"Q.loss": there is no run "Q"'],
    ['least.loss', 'there is no run "least"'],
    ['A.firstToLast', 'a ratio is no number to guess'],
    [`A.${'l'.repeat(90)}`, 'names no result'],
  ])('%s is none', (text, reason) => {
    expect(read(text)).toContain(reason);
  });
});
