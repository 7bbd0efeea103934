// The language of formulas: a table of texts with what they come to, or how they fail and where; and what is done to texts.

import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import { createLanguage } from '../../../src/core/formulas/formula-language';
import {
  type FormulaValue,
  literalText,
  type Reference,
  type Referred,
} from '../../../src/core/plan/language';

const language = createLanguage(registry);
const SCOPE = { rows: ['gap', 'ratio'] };

const matrix = (rows: readonly (readonly number[])[]) => ({
  shape: [rows.length, rows[0]?.length ?? 0] as const,
  data: Float64Array.from(rows.flat()),
});

/** What stands in the run that the formulas of the table stand in. */
const VALUES: Readonly<Record<string, FormulaValue>> = {
  seeds: 5,
  'dataset.noise': 0.05,
  'dataset.nSamples': 250,
  'architecture.units': 10,
  'architecture.hiddenLayers': 3,
  'architecture.activation': 'sigmoid',
  'architecture.kernelInitializer': 'glorotUniform',
  'optimizer.learningRate': 0.001,
  'optimizer.nesterov': false,
  'train.epochs': 100,
  'train.seed': 7,
  loss: 0.45,
  testLoss: 0.5,
  accuracy: 0.8,
  firstToLast: 0.008,
  'train.loss': Float64Array.of(0.7, 0.5, 0.4, 0.45),
  'train.testLoss': Float64Array.of(0.8, 0.6, 0.45, 0.5),
  'train.gradientRms': matrix([
    [0.01, 0.02, 0.04],
    [0.02, 0.03, 0.05],
  ]),
  'train.saturated': { shape: [4, 0] as const, data: new Float64Array() },
  'dataset.y': Uint8Array.of(0, 1, 1),
  gap: 0.1,
};

/** What stands in other runs. */
const OTHERS: Readonly<Record<string, FormulaValue>> = {
  'A.optimizer.learningRate': 0.01,
  'A.architecture.units': [4, 8, 16],
  'A.architecture.activation': ['relu', 'tanh'],
  'A.loss': 0.3,
  'A.train.loss': Float64Array.of(0.6, 0.3),
  'AA.train.epochs': 50,
};

function read({ run, name }: Reference): Referred {
  const value = run === undefined ? VALUES[name] : OTHERS[`${run}.${name}`];
  if (run === 'D') return { problem: { kind: 'diverged', cell: 'D.train', message: 'it diverged' } };
  if (run === 'P') return { pending: true };
  return value === undefined
    ? { error: { code: '#REF!', message: `there is no ${run ?? name}` } }
    : { value };
}

/** The outcome of a formula in a row: its value, or its error's code. */
function outcomeOf(text: string): unknown {
  const { formula, error } = language.parse(text, SCOPE);
  const outcome = formula ? formula.evaluate(read) : { error };
  if ('error' in outcome && outcome.error) return outcome.error.code;
  if (!('value' in outcome)) return Object.keys(outcome)[0];
  const { value } = outcome;
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}

const TABLE: readonly (readonly [string, unknown])[] = [
  // Numbers and words.
  ['=1', 1],
  ['=0.5', 0.5],
  ['=.5', 0.5],
  ['=5.', 5],
  ['=1e-3', 0.001],
  ['=1E3', 1000],
  ['=2.5e+2', 250],
  ['= 1 ', 1],
  ['=\n1', 1],
  ['="relu"', 'relu'],
  ["='relu'", 'relu'],
  ['="say \\"so\\""', 'say "so"'],
  ['="ünï 🙂"', 'ünï 🙂'],
  ['=""', ''],
  ['=true', true],
  ['=false', false],
  ['=-1', -1],
  ['=--1', 1],
  ['=+1', 1],
  ['=-0', 0],
  ['=1e308*10', '#VALUE!'],
  ['=1e999', '#VALUE!'],
  // Arithmetic.
  ['=1+2', 3],
  ['=1 - 2 - 3', -4],
  ['=2*3+4', 10],
  ['=2+3*4', 14],
  ['=(2+3)*4', 20],
  ['=7/2', 3.5],
  ['=12/2/3', 2],
  ['=1/3', 1 / 3],
  ['=2^10', 1024],
  ['=2^3^2', 512],
  ['=-2^2', 4],
  ['=2^-2', 0.25],
  ['=10^-3', 0.001],
  ['=10^22', 1e22],
  ['=0^0', 1],
  ['=9^0.5', 3],
  ['=2*3^2', 18],
  ['=2^0.3', '#VALUE!'],
  ['=2^5000', '#VALUE!'],
  ['=2^1001', '#VALUE!'],
  ['=(-1)^0.5', '#VALUE!'],
  ['=0^-1', '#DIV/0!'],
  ['=1/0', '#DIV/0!'],
  ['=0/0', '#DIV/0!'],
  ['=1/(loss-loss)', '#DIV/0!'],
  ['=1+"a"', '#VALUE!'],
  ['="a"+"b"', '#VALUE!'],
  ['=-"a"', '#VALUE!'],
  ['=true+1', '#VALUE!'],
  ['=1*true', '#VALUE!'],
  // Comparison and conditions.
  ['=1==1', true],
  ['=1!=1', false],
  ['=1<2', true],
  ['=2<=2', true],
  ['=2>2', false],
  ['=2>=3', false],
  ['="a"=="a"', true],
  ['="a"!="b"', true],
  ['=1=="1"', '#VALUE!'],
  ['="a"<"b"', '#VALUE!'],
  ['=true==true', true],
  ['=true<1', '#VALUE!'],
  ['=train.loss==1', '#VALUE!'],
  ['=1+1==2', true],
  ['=1<2==true', true],
  ['=!true', false],
  ['=!0', true],
  ['=!"a"', '#VALUE!'],
  ['=not(1==2)', true],
  ['=true&&false', false],
  ['=true||false', true],
  ['=false&&1/0', false],
  ['=true||1/0', true],
  ['=1&&2', true],
  ['="a"&&true', '#VALUE!'],
  ['=1==1&&2==2', true],
  ['=and(true, 1, 2>1)', true],
  ['=and(true, false, 1/0)', false],
  ['=or(false, 0, 2>1, 1/0)', true],
  ['=or(false, 0)', false],
  ['=and()', '#VALUE!'],
  ['=if(true, 1, 2)', 1],
  ['=if(0, 1, 2)', 2],
  ['=if(1>2, 1/0, 5)', 5],
  ['=if(2>1, 5, nothing)', '#NAME?'],
  ['=if("a", 1, 2)', '#VALUE!'],
  ['=if(true, 1)', '#VALUE!'],
  ['=if(true, 1, 2, 3)', '#VALUE!'],
  ['=IF(true, 1, 2)', 1],
  ['=If(architecture.hiddenLayers > 4, "heNormal", "glorotUniform")', 'glorotUniform'],
  ['=if(hiddenLayers == 3, "heNormal", "glorotUniform")', 'heNormal'],
  ['=if(activation == "sigmoid", 0.01, 0.001)', 0.01],
  // References.
  ['=units', 10],
  ['=architecture.units', 10],
  ['=architecture . units', 10],
  ['=units * 2', 20],
  ['=A.optimizer.learningRate * 10', 0.1],
  ['=A.learningRate * 10', 0.1],
  ['=AA.train.epochs', 50],
  ['=AA.epochs', 50],
  ['=learningRate', 0.001],
  ['=noise', 0.05],
  ['=seeds', 5],
  ['=1/seeds', 0.2],
  ['=optimizer.nesterov', false],
  ['=nesterov', false],
  ['=loss', 0.45],
  ['=A.loss', 0.3],
  ['=loss - A.loss', 0.45 - 0.3],
  ['=loss-A.loss', 0.45 - 0.3],
  ['=gap', 0.1],
  ['=gap * 2', 0.2],
  ['=A.gap', '#REF!'],
  ['=B.loss', '#REF!'],
  ['=ZZZ.train.epochs', '#REF!'],
  ['=1 + B.loss', '#REF!'],
  ['=if(true, 1, B.loss)', 1],
  ['=if(B.loss > 1, 1, 2)', '#REF!'],
  ['=D.loss', 'problem'],
  ['=1 + D.loss', 'problem'],
  ['=if(true, 1, D.loss)', 1],
  ['=P.loss', 'pending'],
  ['=if(false, P.loss, 2)', 2],
  ['=P.loss / 0', 'pending'],
  // Names that mean nothing, or two things.
  ['=seed', '#NAME?'],
  ['=A.seed', '#NAME?'],
  ['=randomState', '#NAME?'],
  ['=train.seed', 7],
  ['=relu', '#NAME?'],
  ['=unit', '#NAME?'],
  ['=nothing', '#NAME?'],
  ['=A', '#NAME?'],
  ['=A.nothing', '#NAME?'],
  ['=A.train', '#NAME?'],
  ['=a.loss', '#NAME?'],
  ['=train', '#NAME?'],
  ['=train.nothing', '#NAME?'],
  ['=architecture.units.length', '#NAME?'],
  ['=constructor', '#NAME?'],
  ['=__proto__', '#NAME?'],
  ['=train.constructor', '#NAME?'],
  ['=A.B.loss', '#NAME?'],
  ['=AAAA.loss', '#NAME?'],
  ['=min', '#NAME?'],
  ['=this', '#NAME?'],
  ['=null', '#NAME?'],
  ['=undefined', '#NAME?'],
  ['=NaN', '#NAME?'],
  ['=Infinity', '#NAME?'],
  ['=globalThis', '#NAME?'],
  // Lists and tables.
  ['=train.loss', [0.7, 0.5, 0.4, 0.45]],
  ['=train.loss[0]', 0.7],
  ['=train.loss[3]', 0.45],
  ['=train.loss[1+1]', 0.4],
  ['=train.loss[4]', '#REF!'],
  ['=train.loss[-1]', '#REF!'],
  ['=train.loss[0.5]', '#REF!'],
  ['=train.loss["a"]', '#VALUE!'],
  ['=train.loss[argmin(train.loss)]', 0.4],
  ['=train.gradientRms[0][0]', 0.01],
  ['=train.gradientRms[1]', [0.02, 0.03, 0.05]],
  ['=train.gradientRms[1][2]', 0.05],
  ['=train.gradientRms[2]', '#REF!'],
  ['=train.gradientRms[0][3]', '#REF!'],
  ['=train.gradientRms[0][0] / last(train.gradientRms[0])', 0.25],
  ['=train.gradientRms + 1', '#VALUE!'],
  ['=max(train.gradientRms)', '#VALUE!'],
  ['=loss[0]', '#VALUE!'],
  ['="abc"[0]', '#VALUE!'],
  ['=A.architecture.units', [4, 8, 16]],
  ['=A.units[1]', 8],
  ['=first(A.activation)', 'relu'],
  ['=A.activation[1] == "tanh"', true],
  ['=[1, 2, 3]', [1, 2, 3]],
  ['=[units, 2*units]', [10, 20]],
  ['=["relu", "tanh"]', ['relu', 'tanh']],
  ['=[1, 2][1]', 2],
  ['=[]', '#VALUE!'],
  ['=[1, , 2]', '#NAME?'],
  ['=[[1], [2]]', '#VALUE!'],
  ['=[true]', '#VALUE!'],
  ['=train.testLoss - train.loss', [0.8 - 0.7, 0.6 - 0.5, 0.45 - 0.4, 0.5 - 0.45]],
  ['=train.loss * 2', [1.4, 1, 0.8, 0.9]],
  ['=2 * train.loss', [1.4, 1, 0.8, 0.9]],
  ['=-train.loss', [-0.7, -0.5, -0.4, -0.45]],
  ['=[1, 2] ^ 2', [1, 4]],
  ['=1 / [1, 0]', '#DIV/0!'],
  ['=train.loss - A.train.loss', '#VALUE!'],
  ['=["a", "b"] + 1', '#VALUE!'],
  ['=dataset.y', [0, 1, 1]],
  ['=mean(dataset.y)', 2 / 3],
  // Functions.
  ['=min(3, 1, 2)', 1],
  ['=MIN(3, 1, 2)', 1],
  ['=max(3, 1, 2)', 3],
  ['=min(train.testLoss)', 0.45],
  ['=max(train.testLoss, 2)', 2],
  ['=max(train.testLoss - train.loss)', 0.8 - 0.7],
  ['=min()', '#VALUE!'],
  ['=min("a")', '#VALUE!'],
  ['=min(train.saturated[0])', '#VALUE!'],
  ['=sum(1, 2, 3)', 6],
  ['=sum(A.units)', 28],
  ['=mean(1, 2)', 1.5],
  ['=mean(train.loss)', (0.7 + 0.5 + 0.4 + 0.45) / 4],
  ['=std(1, 2, 3, 4)', Math.sqrt(5 / 3)],
  ['=std(1)', '#DIV/0!'],
  ['=argmin(train.testLoss)', 2],
  ['=argmax(train.testLoss)', 0],
  ['=argmin([2, 1, 1])', 1],
  ['=argmax(1, 5, 5)', 1],
  ['=abs(-2)', 2],
  ['=abs(train.loss)', '#VALUE!'],
  ['=floor(2.7)', 2],
  ['=floor(-2.1)', -3],
  ['=ceil(2.1)', 3],
  ['=round(2.5)', 3],
  ['=round(-2.5)', -3],
  ['=round(2.4)', 2],
  ['=round(3.14159, 2)', 3.14],
  ['=round(1234, -2)', 1200],
  ['=round(1, 0.5)', '#VALUE!'],
  ['=round(1, 99)', '#VALUE!'],
  ['=round("a")', '#VALUE!'],
  ['=round(1e20)', 1e20],
  ['=round(1.005, 2)', 1.01],
  ['=round(-1.005, 2)', -1.01],
  ['=round(0.49999999999999994)', 0],
  ['=round(4503599627370497)', 4_503_599_627_370_497],
  ['=round(1e-7, 7)', 1e-7],
  ['=10^-309', '#VALUE!'],
  ['=10^-20', 1e-20],
  ['=sqrt(16)', 4],
  ['=sqrt(2)', Math.SQRT2],
  ['=sqrt(-1)', '#VALUE!'],
  ['=first(train.loss)', 0.7],
  ['=last(train.loss)', 0.45],
  ['=last(3)', '#VALUE!'],
  ['=last(train.saturated[0])', '#VALUE!'],
  ['=count(train.loss)', 4],
  ['=count(train.gradientRms)', 2],
  ['=count(train.saturated[0])', 0],
  ['=count(5)', '#VALUE!'],
  ['=abs(1, 2)', '#VALUE!'],
  ['=median(1)', '#NAME?'],
  ['=exp(1)', '#NAME?'],
  ['=units(1)', '#NAME?'],
  ['=A.min(1)', '#NAME?'],
  ['=min(1)(2)', '#NAME?'],
  ['=round(min(2.25, 3), 1)', 2.3],
  // Texts that are no formulas.
  ['=', '#NAME?'],
  ['=   ', '#NAME?'],
  ['=1+', '#NAME?'],
  ['=*2', '#NAME?'],
  ['=(1', '#NAME?'],
  ['=1)', '#NAME?'],
  ['=min(1', '#NAME?'],
  ['=min(1,)', '#NAME?'],
  ['=[1', '#NAME?'],
  ['="a', '#NAME?'],
  ['=1 2', '#NAME?'],
  ['=1, 2', '#NAME?'],
  ['=1; 2', '#NAME?'],
  ['=(1, 2)', '#NAME?'],
  ['=units units', '#NAME?'],
  ['=2units', '#NAME?'],
  ['=units.', '#NAME?'],
  ['=.units', '#NAME?'],
  ['=units = 3', '#NAME?'],
  ['=1 === 1', '#NAME?'],
  ['=1 <> 2', '#NAME?'],
  ['=5 % 2', '#NAME?'],
  ['=1 & 2', '#NAME?'],
  ['=1 | 2', '#NAME?'],
  ['=~1', '#NAME?'],
  ['=1 << 2', '#NAME?'],
  ['=true ? 1 : 2', '#NAME?'],
  ['=train?.loss', '#NAME?'],
  ['=train["loss"]', '#NAME?'],
  ['=train.loss[0].x', '#NAME?'],
  ['=(train).loss', '#NAME?'],
  ['="a".length', '#NAME?'],
  ['=x => x', '#NAME?'],
  ['=`a`', '#NAME?'],
  ['=“relu”', '#NAME?'],
  ['=1 # comment', '#NAME?'],
  ['=#REF!', '#NAME?'],
  ['=@units', '#NAME?'],
  ['=$A', '#NAME?'],
  [`=${'('.repeat(65)}1${')'.repeat(65)}`, '#NAME?'],
  [`=${'('.repeat(60)}1${')'.repeat(60)}`, 1],
  [`=${'-'.repeat(65)}1`, '#NAME?'],
  [`=${'abs('.repeat(65)}1${')'.repeat(65)}`, '#NAME?'],
  [`=1${'+1'.repeat(300)}`, 301],
  [`=1${'+1'.repeat(999)}`, 1_000],
  [`=1${'+1'.repeat(1_000)}`, '#NAME?'],
  [`=${' '.repeat(2_000)}1`, '#NAME?'],
  [`=train.loss${'[0]'.repeat(500)}`, '#VALUE!'],
];

describe('a formula', () => {
  test('the table has at least 200 of them, each once', () => {
    expect(TABLE.length).toBeGreaterThanOrEqual(200);
    expect(new Set(TABLE.map(([text]) => text)).size).toBe(TABLE.length);
  });

  test.each(TABLE)('%s', (text, expected) => {
    expect(outcomeOf(text)).toEqual(expected);
  });
});

describe('what a formula reads', () => {
  const errorOf = (text: string, scope?: { rows: string[] }) => language.parse(text, scope).error;

  test('in a param is params only: results never decide what is computed', () => {
    expect(language.parse('=units * 2').formula).toBeDefined();
    for (const text of ['=loss', '=train.loss[0]', '=A.testLoss', '=gap', '=dataset.x'])
      expect(errorOf(text)?.code).toBe('#NAME?');
  });

  test('is told with its places in the text', () => {
    const { formula } = language.parse('  =min(units , A.train.epochs) + "units" + loss', SCOPE);
    expect(formula?.references).toEqual([
      { what: 'param', name: 'architecture.units', from: 5, to: 10 },
      { what: 'param', run: 'A', name: 'train.epochs', from: 13, to: 27 },
      { what: 'result', name: 'loss', from: 41, to: 45 },
    ]);
  });

  test('that could be two things names both', () => {
    expect(errorOf('=seed + 1')?.message).toBe('"seed" could be architecture.seed or train.seed');
    expect(errorOf('=A.randomState')?.message).toContain('dataset.randomState or split.randomState');
  });

  test.each([
    ['=relu', 'write text in quotes: "relu"', [1, 5]],
    ['=2 * unit', 'unknown name "unit"; did you mean architecture.units?', [5, 9]],
    ['=units = 3', 'write == to compare', [7, 8]],
    ['=units <> 3', 'write != for “is not”', undefined],
    ['=5 % 2', '% is not supported; write 0.1 for 10 %', [3, 4]],
    ['=A', 'A is a run; name one of its values: A.train.epochs', [1, 2]],
    ['=true ? 1 : 2', '? : is not supported; write if(condition, then, else)', undefined],
    ['=min', 'min is a function: min(…)', [1, 4]],
    ['=A.', 'a name is missing after the dot', undefined],
    ['=A.loss', 'loss is a result; a param reads only params', [1, 7]],
    ['=A.train', 'train is a kind; name one of its params: train.…', [1, 8]],
    ['=0.1;', 'commas separate arguments, and only arguments', [4, 5]],
    ['=1,', 'commas separate arguments, and only arguments', [2, 3]],
    ['=epochs + foo(1)', undefined, [10, 16]],
    ['=epochs + round(1, 2, 3)', 'round takes 1 to 2 arguments, not 3', [10, 24]],
  ])('%s says what is wrong, and where', (text, message, span) => {
    const error = errorOf(text);
    if (message !== undefined) expect(error?.message).toBe(message);
    else expect(error?.message).toContain('unknown function "foo"; the functions are if, and, or, min');
    if (span) expect([error?.span?.from, error?.span?.to]).toEqual(span);
  });

  test('tells the place of what fails while it is computed', () => {
    const spanOf = (text: string): string | undefined => {
      const outcome = language.parse(text, SCOPE).formula?.evaluate(read);
      const span = outcome && 'error' in outcome ? outcome.error.span : undefined;
      return span && text.slice(span.from, span.to);
    };
    expect(spanOf('=1 + units / (units - 10)')).toBe('units / (units - 10');
    expect(spanOf('=1 + train.loss[9] * 2')).toBe('train.loss[9]');
    expect(spanOf('=1 + B.loss * 2')).toBe('B.loss');
    expect(spanOf('=1 + sqrt(0 - 4)')).toBe('sqrt(0 - 4)');
  });

  test('ends: a formula over long curves is stopped by its steps', () => {
    const long = new Float64Array(100_000).fill(0.5);
    const many = (text: string) => language.parse(text, SCOPE).formula?.evaluate(() => ({ value: long }));
    expect(many('=min(train.loss)')).toEqual({ value: 0.5 });
    const sum = `=sum(${Array.from({ length: 20 }, () => 'train.loss').join(', ')})`;
    expect(many(sum)).toMatchObject({
      error: { code: '#VALUE!', message: 'the formula takes more than 1,000,000 steps' },
    });
  });
});

describe('a text', () => {
  test.each([
    ['=units * 2', '=architecture.units * 2'],
    ['=A.units*A.epochs', '=A.architecture.units*A.train.epochs'],
    ['=if( units>4 , "units", noise )', '=if( architecture.units>4 , "units", dataset.noise )'],
    ['=train.epochs + seeds', '=train.epochs + seeds'],
    ['=units +', '=units +'],
    ['=seed', '=seed'],
  ])('%s is written out as %s', (text, expected) => {
    expect(language.writeOut(text)).toBe(expected);
    expect(language.writeOut(expected)).toBe(expected);
  });

  test('has a result of the sheet and a curve left as they are', () => {
    expect(language.writeOut('=loss - A.loss + train.loss[0] + units', SCOPE)).toBe(
      '=loss - A.loss + train.loss[0] + architecture.units',
    );
  });

  test('keeps what is not replaced', () => {
    const text = ' =A.loss - loss * A.noise ';
    const replaced = language.rewrite(text, SCOPE, ({ run, name }) =>
      run === 'A' && name === 'loss' ? '0.3' : undefined,
    );
    expect(replaced).toBe('=0.3 - loss * A.noise');
  });

  test.each([
    [0.001, '0.001'],
    ['relu', '"relu"'],
    [true, 'true'],
    [[1, 2], '[1, 2]'],
    [['relu', 'say "so"'], '["relu", "say \\"so\\""]'],
    [Float64Array.of(1), undefined],
  ])('of the value %j is %s', (value, text) => {
    expect(literalText(value)).toBe(text);
    if (text !== undefined) expect(outcomeOf(`=${text}`)).toEqual(value);
  });
});

describe('what could be typed next', () => {
  const offered = (text: string, scope?: { rows: string[] }, at = text.length): string[] =>
    language.complete(text, at, scope).map((completion) => completion.text);

  test('begins with the letters typed, then has a part that does', () => {
    expect(offered('=un')).toEqual(['architecture.units']);
    expect(offered('=2*tr').slice(0, 2)).toEqual(['train.epochs', 'train.batchSize']);
    expect(offered('=A.le')).toEqual(['A.optimizer.learningRate']);
    expect(offered('=2 * A.').slice(0, 2)).toEqual(['A.dataset.generator', 'A.dataset.nSamples']);
    expect(offered('=mi')).toEqual(['min(']);
    expect(offered('=lo', SCOPE)[0]).toBe('loss');
    expect(offered('=ga', SCOPE)).toContain('gap');
    expect(offered('=lo')).toEqual([]);
  });

  test('is nothing in a number, in a word in quotes, or where nothing is begun', () => {
    for (const text of ['=', '=1', '=units + ', '="un']) expect(offered(text)).toEqual([]);
  });

  test('takes the place of the whole name', () => {
    expect(language.complete('=1 + uni * 2', 8)).toMatchObject([{ from: 5, to: 8 }]);
  });
});
