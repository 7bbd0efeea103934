// What every registered question keeps to. A new question is tested by being registered.

import { describe, expect, test } from 'vitest';
import { questions } from '../../src/cells/questions';
import { boundary } from '../../src/cells/questions/boundary';
import { createGate, type Rank } from '../../src/core/compute/engine';
import { answerQuestion } from '../../src/core/compute/question-answering';
import { createQuestions, defineQuestion, type Questions } from '../../src/core/kinds/question';
import { number, type Plain, parseValue } from '../../src/core/kinds/value';

const rank: Rank = { urgency: 'selected', watch: () => () => {} };

const ask = (asked: Questions, question: string, version: number, input: Plain, signal?: AbortSignal) =>
  answerQuestion(asked, { question, version, input }, createGate(), {
    signal: signal ?? new AbortController().signal,
    rank,
    progress() {},
  });

describe.each(questions.questions)('the question $name', (question) => {
  test('has a name, a version and a place in the registry', () => {
    expect(question.name).toMatch(/^[a-z][A-Za-z0-9]*$/);
    expect(question.version).toBeGreaterThan(0);
    expect(questions.get(question.name)).toBe(question);
  });

  test('refuses an input that is none, and says why', async () => {
    for (const input of [null, 7, 'layers', [], {}, { layers: [{}] }])
      await expect(ask(questions, question.name, question.version, input)).rejects.toThrow(
        new RegExp(`^invalid input of ${question.name}: .`),
      );
  });

  test('refuses another version of itself', async () => {
    await expect(ask(questions, question.name, question.version + 1, {})).rejects.toThrow(/has version/);
  });

  test('has an answer that cannot be anything', () => {
    for (const answer of [undefined, null, 'yes', {}, []])
      expect(parseValue(question.value, answer).ok).toBe(false);
  });
});

describe('questions', () => {
  const half = defineQuestion({
    name: 'half',
    version: 1,
    input: number(),
    value: number(),
    async answer(whole, { yieldThread, progress }) {
      progress(0.5);
      await yieldThread();
      return whole / 2;
    },
  });

  test('are answered by name, whatever they are about', async () => {
    expect(await ask(createQuestions([half]), 'half', 1, 7)).toBe(3.5);
    await expect(ask(questions, 'half', 1, 7)).rejects.toThrow('unknown question half');
  });

  test('end with the signal', async () => {
    await expect(ask(createQuestions([half]), 'half', 1, 7, AbortSignal.abort())).rejects.toThrow(/abort/);
  });

  test('have names of their own', () => {
    expect(() => createQuestions([half, boundary, half])).toThrow('two questions are called half');
  });
});
