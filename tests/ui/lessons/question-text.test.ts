import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { parsePrediction } from '../../../src/core/sheet/prediction';
import {
  answerText,
  guessTrouble,
  questionChoices,
  questionText,
} from '../../../src/ui/lessons/question-text';
import { sheetAt } from '../../sheet-at';

const sheet = sheetAt('#v1&A=sigmoid&B=&C=twin');
function asked(text: string) {
  const parsed = parsePrediction(text, registry, sheet);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}
const result = (run: string, number?: number, members = 1) => ({
  ...{ run, members, isPending: false },
  ...(number !== undefined && { number }),
});

describe('the texts of a question', () => {
  test('name the run and the result', () => {
    expect(questionText(asked('A.loss'), sheet)).toBe('Predict first: what will be the loss of A (sigmoid)?');
    expect(questionText(asked('highest.testAccuracy'), sheet)).toBe(
      'Predict first: in which run will test accuracy be highest?',
    );
  });

  test.each([
    ['', 'Type a number.'],
    [' 0,3', 'Write a point in place of the comma: 0.3'],
    ['a third', 'This is not a number. Write one such as 0.3.'],
    ['−0,5', 'Write a point in place of the comma: −0.5'],
    ['−0.5', undefined],
    ['+.5', undefined],
    ['0x10', 'This is not a number. Write one such as 0.3.'],
    ['Infinity', 'This is not a number. Write one such as 0.3.'],
    [' 3e-1 ', undefined],
  ])('%j is answered with %j', (text, trouble) => {
    expect(guessTrouble(text)).toBe(trouble);
  });
});

describe('a guess beside the result', () => {
  test('a number is shown as it was typed', () => {
    expect(answerText(asked('A.loss'), '.30', sheet, [result('A', 0.44484)])).toBe(
      'Your guess: .30. A’s loss: 0.4448.',
    );
    expect(answerText(asked('A.loss'), '1', sheet, [result('A', 0.5, 20)])).toBe(
      'Your guess: 1. A’s mean loss: 0.5000.',
    );
  });

  test('a run is shown beside the one that it is, or with its own number', () => {
    const all = [result('A', 0.4), result('B', 0.2), result('C')];
    expect(answerText(asked('lowest.loss'), 'B', sheet, all)).toBe('Your guess: B. Lowest loss: B, 0.2000.');
    expect(answerText(asked('highest.loss'), 'B', sheet, all)).toBe(
      'Your guess: B. Highest loss: A (sigmoid), 0.4000. B has 0.2000.',
    );
    expect(answerText(asked('lowest.loss'), 'C', sheet, all)).toContain('C has no number.');
    expect(answerText(asked('lowest.loss'), 'A', sheet, [result('A', 0.2), result('B', 0.2)])).toBe(
      'Your guess: A (sigmoid). Lowest loss: A (sigmoid) and B, 0.2000.',
    );
  });

  test('nothing is shown of a result that is not there yet, or of another sheet', () => {
    const pending = [result('A', 0.4), { ...result('B'), isPending: true }];
    for (const text of [
      answerText(asked('lowest.loss'), 'A', sheet, pending),
      answerText(asked('lowest.loss'), 'A', sheet, 'changed'),
      answerText(asked('lowest.loss'), 'A', sheet, [result('A'), result('B')]),
    ])
      expect(text).not.toMatch(/\d/);
  });
});

test('every question that is offered for a sheet can be asked of it', () => {
  const choices = questionChoices(registry.results, sheet);
  expect(choices.length).toBeGreaterThan(10);
  for (const [text] of choices)
    if (text !== '') expect(parsePrediction(text, registry, sheet)).toMatchObject({ ok: true });
  expect(questionChoices(registry.results, sheetAt('#v1&A=a')).map(([text]) => text)).not.toContain(
    'lowest.loss',
  );
});
