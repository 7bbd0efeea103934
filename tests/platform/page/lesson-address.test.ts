// The address of a lesson: what is written is read back, and what is hostile is refused with its place or left to the step.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import type { Lesson } from '../../../src/core/sheet/lesson';
import { parsePrediction } from '../../../src/core/sheet/prediction';
import { parseLesson, writeLesson } from '../../../src/platform/page/lesson-address';
import { EXAMPLES, EXAMPLES_LESSON } from '../../../src/ui/examples/examples';
import { sheetAt } from '../../sheet-at';

const messageOf = (address: string): string => {
  const parsed = parseLesson(address);
  return parsed.ok ? `accepted as ${writeLesson(parsed.lesson, parsed.at)}` : parsed.message;
};

describe('the address of a lesson', () => {
  test('reads as the sheets that it is made of', () => {
    const address = '#lesson1&title=Two%20nets&predict.2=lowest.loss&step=2/v1&A=a/v1&A=a&B=b&B.base=A';
    expect(parseLesson(address)).toEqual({
      ok: true,
      at: 2,
      lesson: {
        title: 'Two nets',
        steps: [{ address: '#v1&A=a' }, { address: '#v1&A=a&B=b&B.base=A', predict: 'lowest.loss' }],
      },
    });
    expect(messageOf(address)).toBe(`accepted as ${address}`);
  });

  test.each([
    ['#lesson1&step=1&title=%20a%20/v1', '#lesson1&title=a/v1'],
    ['lesson1&predict.2=A.loss&predict.1=B.loss/v1/v1', '#lesson1&predict.1=B.loss&predict.2=A.loss/v1/v1'],
    ['#lesson1/v1/', '#lesson1/v1/'],
    ["#lesson1&title=it's/v1", '#lesson1&title=it%27s/v1'],
  ])('%s is written %s', (given, written) => {
    expect(messageOf(given)).toBe(`accepted as ${written}`);
  });

  test.each([
    ['', 'unknown version'],
    ['#lesson2/v1', '"lesson2"'],
    ['#lesson1', 'the lesson has no step'],
    ['#lesson1&title=a', 'the lesson has no step'],
    [`#lesson1${'/v1'.repeat(51)}`, 'at most 50 steps'],
    ['#lesson1&/v1', 'part 1'],
    ['#lesson1&title/v1', 'part 1: "title" should be name=value'],
    ['#lesson1&title=a&title=b/v1', '"title" is given twice'],
    ['#lesson1&title=%/v1', 'bad escape'],
    ['#lesson1&title=a%0Ab/v1', 'title: "a\\nb" has a control character'],
    [`#lesson1&title=${'t'.repeat(201)}/v1`, 'title: longer than 200 characters'],
    ['#lesson1&step=0/v1', 'step: "0" is not a step from 1 to 1'],
    ['#lesson1&step=2/v1', 'step: "2" is not a step from 1 to 1'],
    ['#lesson1&step=1.0/v1', 'step: "1.0" is not a step'],
    ['#lesson1&step=9999999/v1', 'is not a step'],
    ['#lesson1&predict.0=A.loss/v1', '"predict.0" has no meaning'],
    ['#lesson1&predict.2=A.loss/v1', '"predict.2" has no meaning in a lesson of 1 steps'],
    ['#lesson1&predict.1=/v1', 'predict.1: "" is no question'],
    [`#lesson1&predict.1=${'a'.repeat(61)}/v1`, 'is no question'],
    ['#lesson1&__proto__=a/v1', '"__proto__" has no meaning'],
    ['#lesson1&note=a/v1', '"note" has no meaning'],
    [`#lesson1/v1&A=${'a'.repeat(500_000)}`, '500,014 characters; the limit is 500,000'],
  ])('%.50s is refused', (address, reason) => {
    const message = messageOf(address);
    expect(message).toContain('the address of the lesson is invalid: ');
    expect(message).toContain(reason);
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(400);
  });

  const text = (maxLength: number) =>
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength })
      .map((given) => given.replace(/\p{Cc}/gu, '').trim())
      .filter((given) => given !== '');
  const lessons: fc.Arbitrary<Lesson> = fc.record(
    {
      title: text(20),
      steps: fc.array(
        fc.record(
          {
            address: fc
              .string({ unit: 'grapheme' })
              .map((name) => `#v1&A=${encodeURIComponent(name.toWellFormed())}`),
            predict: text(8),
          },
          { requiredKeys: ['address'] },
        ),
        { minLength: 1, maxLength: 6 },
      ),
    },
    { requiredKeys: ['steps'] },
  );

  test('gives the lesson back, at any step', () => {
    fc.assert(
      fc.property(lessons, fc.nat(), (lesson, seed) => {
        const at = 1 + (seed % lesson.steps.length);
        expect(parseLesson(writeLesson(lesson, at))).toEqual({ ok: true, lesson, at });
      }),
    );
  });

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (rest) => {
        const parsed = parseLesson(`#lesson1${rest}`);
        if (parsed.ok) expect(parseLesson(writeLesson(parsed.lesson, parsed.at))).toEqual(parsed);
      }),
    );
  });
});

test('the lesson of all examples has each example as a step, in the form that the page writes', () => {
  const parsed = parseLesson(EXAMPLES_LESSON);
  if (!parsed.ok) throw new Error(parsed.message);
  expect(parsed.lesson.steps.map(({ address }) => address)).toEqual(EXAMPLES.map(({ address }) => address));
  expect(parsed.lesson.steps.map(({ predict }) => predict)).toEqual(EXAMPLES.map(({ predict }) => predict));
  expect(writeLesson(parsed.lesson)).toBe(EXAMPLES_LESSON);
  for (const { address, predict } of EXAMPLES)
    if (predict) expect(parsePrediction(predict, registry, sheetAt(address))).toMatchObject({ ok: true });
});
