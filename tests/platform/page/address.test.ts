import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registry } from '../../../src/cells';
import type { Run, Sheet } from '../../../src/core/sheet/sheet';
import { findAddress, parseAddress, writeAddress } from '../../../src/platform/page/address';
import { formerSpelling, writeFullAddress } from '../../../src/platform/page/address-writing';
import { cases } from '../../cases';
import frozen from '../../fixtures/addresses.json';
import { validSheets } from './valid-sheets';

const OPENING =
  '#v1&A=sigmoid&B=relu&B.base=A&B.architecture.hiddenLayers=2&B.architecture.activation=relu' +
  '&C=twin&C.base=A&C.architecture.activation=relu';

function sheetOf(address: string): Sheet {
  const parsed = parseAddress(address, registry);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.sheet;
}

const messageOf = (address: string): string => {
  const parsed = parseAddress(address, registry);
  return parsed.ok ? `accepted as ${writeAddress(parsed.sheet, registry)}` : parsed.message;
};

describe('reading', () => {
  test('#v1 alone means the notebook and its fair twin', () => {
    expect(sheetOf('#v1')).toEqual(sheetOf(OPENING));
    expect(writeAddress(sheetOf(OPENING), registry)).toBe('#v1');
  });

  test('names and values are decoded, and a plus is a plus', () => {
    const [run] = sheetOf('#v1&%41=a%20b%3Dc+d%26&A.train.epochs=%32%30').runs;
    expect(run).toEqual({ id: 'A', name: 'a b=c+d&', overrides: new Map([['train.epochs', '20']]) });
  });

  test('a base may be declared later, and a run may come before its letters', () => {
    expect(sheetOf('#v1&B=&B.base=AA&AA=x').runs.map(({ id, base }) => [id, base])).toEqual([
      ['B', 'AA'],
      ['AA', undefined],
    ]);
  });

  test('text that begins with = is kept as a formula', () => {
    expect(sheetOf('#v1&A=&A.train.epochs==2*3').runs[0]?.overrides.get('train.epochs')).toBe('=2*3');
  });

  test('rows come in their order, with their equals sign or without', () => {
    const address = '#v1&row.gap==loss - A.loss&A=a&row.best=min(train.testLoss)';
    expect(sheetOf(address).rows).toEqual([
      { name: 'gap', formula: '=loss - A.loss' },
      { name: 'best', formula: '=min(train.testLoss)' },
    ]);
    expect(messageOf(address)).toBe(
      'accepted as #v1&A=a&row.gap=%3Dloss%20-%20A.loss&row.best=%3Dmin%28train.testLoss%29',
    );
  });

  test.each([
    ['#v1&A=a&row.=1', 'row.: "" is not a row name'],
    ['#v1&A=a&row.Gap=1', 'row.Gap: "Gap" is not a row name'],
    ['#v1&A=a&row.a.b=1', 'row.a.b: "a.b" is not a row name'],
    ['#v1&A=a&row.loss=1', 'row.loss: "loss" already has a meaning'],
    ['#v1&A=a&row.units=1', 'row.units: "units" already has a meaning'],
    ['#v1&A=a&row.train=1', 'row.train: "train" already has a meaning'],
    ['#v1&A=a&row.seeds=1', 'row.seeds: "seeds" already has a meaning'],
    ['#v1&A=a&row.gap=1&row.gap=2', 'row.gap is given twice'],
    [`#v1&A=a&row.gap=${'1'.repeat(2_001)}`, 'row.gap: the formula is longer than 2000 characters'],
    [
      `#v1&A=a${Array.from({ length: 101 }, (_, i) => `&row.r${i}=1`).join('')}`,
      'row.r100: a sheet holds at most 100 rows',
    ],
  ])('%.40s is refused at its row', (address, message) => {
    expect(messageOf(address)).toContain(message);
  });

  test('the address is found in a whole URL', () => {
    expect(findAddress(' https://example.org/x?y=1#v1&A=a \n')).toBe('#v1&A=a');
    expect(findAddress('# A heading\nsee https://example.org/#v1&A=a for it')).toBe('#v1&A=a');
    expect(findAddress('#v1&A=two words')).toBe('#v1&A=two words');
    expect(findAddress('https://example.org/')).toBeUndefined();
  });
});

describe('writing', () => {
  test.each([
    ['#v1&A=a&A.optimizer.learningRate=1e-3', '#v1&A=a&A.optimizer.learningRate=0.001'],
    [
      '#v1&A=a&A.train.epochs=300&A.seeds=05&A.dataset.noise=.1',
      '#v1&A=a&A.seeds=5&A.dataset.noise=0.1&A.train.epochs=300',
    ],
    ['#v1&B.base=A&A=a&B=b', '#v1&A=a&B=b&B.base=A'],
    ['#v1&A=a&A.architecture.units=10, 5,3', '#v1&A=a&A.architecture.units=10%2C5%2C3'],
    ['v1&A=%F0%9F%A6%94', '#v1&A=%F0%9F%A6%94'],
    ["#v1&A=it's", '#v1&A=it%27s'],
    ['#v1&A=0.05%20v1.2.&A.optimizer.epsilon=1e-7', '#v1&A=0.05%20v1.2%2E&A.optimizer.epsilon=1e-7'],
    ['#v1&A=a-b%20-%20c-&title=!(*_~)', '#v1&A=a-b%20-%20c%2D&title=%21%28%2A%5F%7E%29'],
    ['#v1&note= Look%20at%20A &A=a&title=t', '#v1&A=a&title=t&note=Look%20at%20A'],
    ['#v1&A=a&note=%20', '#v1&A=a'],
    [`#v1&A=a&note=${'n'.repeat(500)}`, `#v1&A=a&note=${'n'.repeat(500)}`],
  ])('%s is written %s', (given, written) => {
    expect(messageOf(given)).toBe(`accepted as ${written}`);
  });

  test.each(frozen)('$address is for ever what it was', ({ address, canonical }) => {
    expect(writeAddress(sheetOf(address), registry)).toBe(canonical);
  });
});

const sheets = validSheets();

describe('over random sheets', () => {
  test('writing and then parsing gives the sheet back', () => {
    fc.assert(
      fc.property(sheets, (sheet) => {
        expect(sheetOf(writeAddress(sheet, registry))).toEqual(sheet);
      }),
    );
  });

  test('equal sheets have equal addresses, in whatever order their overrides were made', () => {
    fc.assert(
      fc.property(sheets, (sheet) => {
        const reversed = {
          ...sheet,
          runs: sheet.runs.map((run) => ({ ...run, overrides: new Map([...run.overrides].reverse()) })),
        };
        expect(writeAddress(reversed, registry)).toBe(writeAddress(sheet, registry));
      }),
    );
  });

  test('parsing and then writing gives the canonical address of any order of its parts', () => {
    fc.assert(
      fc.property(sheets, fc.infiniteStream(fc.nat()), (sheet, random) => {
        const address = writeAddress(sheet, registry);
        if (address === '#v1') return;
        const parts = address.slice(1).split('&').slice(1);
        // Runs and rows each stand in the order in which they are declared.
        const isDeclared = (part: string) => /^([A-Z]+=|row\.)/.test(part);
        const declared = parts.filter(isDeclared);
        const others = parts.filter((part) => !declared.includes(part));
        for (const part of others)
          declared.splice((random.next().value ?? 0) % (declared.length + 1), 0, part);
        const order = (text: string) => text.split('&').filter(isDeclared).join('&');
        if (order(declared.join('&')) !== order(parts.join('&'))) return;
        expect(writeAddress(sheetOf(`#v1&${declared.join('&')}`), registry)).toBe(address);
      }),
    );
  });
});

describe('the former spelling', () => {
  const TEXT = 'a-b.c. v1.2 (x) !*_~ %2A%252A -';
  const sheet: Sheet = {
    runs: [{ id: 'A', name: TEXT, overrides: new Map([['train.epochs', '=min(2, 3)']]) }],
    rows: [{ name: 'gap', formula: '=max(train.loss) * 2.' }],
    title: `${TEXT}!`,
  };
  const former =
    '#v1&A=a-b.c.%20v1.2%20(x)%20!*_~%20%252A%25252A%20-&A.train.epochs=%3Dmin(2%2C%203)' +
    '&row.gap=%3Dmax(train.loss)%20*%202.&title=a-b.c.%20v1.2%20(x)%20!*_~%20%252A%25252A%20-!';

  test('is what earlier versions wrote, and is read as the same sheet', () => {
    expect(formerSpelling(writeAddress(sheet, registry))).toBe(former);
    expect(sheetOf(former)).toEqual(sheet);
  });

  test('differs only in escapes, over random sheets', () => {
    const formerPair = (text: string) => encodeURIComponent(text).replaceAll("'", '%27');
    fc.assert(
      fc.property(sheets, (random) => {
        const address = writeAddress(random, registry);
        expect(formerSpelling(address)).toBe(
          address.replace(
            /(=)([^&]*)/g,
            (_, equals, value) => equals + formerPair(decodeURIComponent(value)),
          ),
        );
        expect(sheetOf(formerSpelling(address))).toEqual(random);
      }),
    );
  });
});

describe('the address in full', () => {
  test('is the canonical address, except for the opening sheet', () => {
    expect(writeFullAddress(sheetOf('#v1'), registry)).toBe(OPENING);
    fc.assert(
      fc.property(sheets, (sheet) => {
        const full = writeFullAddress(sheet, registry);
        expect(sheetOf(full)).toEqual(sheet);
        const pairs = new Map(
          full
            .split('&')
            .slice(1)
            .map((part): [string, string] => {
              const [name = '', value = ''] = part.split('=');
              return [name, decodeURIComponent(value)];
            }),
        );
        for (const { id, name, overrides } of sheet.runs) {
          expect(pairs.get(id)).toBe(name);
          for (const [path, text] of overrides) expect(pairs.get(`${id}.${path}`)).toBe(text);
        }
      }),
    );
  });
});

describe('refusing', () => {
  test.each([
    ['', 'version'],
    ['#', 'version'],
    ['#v2&A=a', '"v2"'],
    ['#v1&', 'part 1'],
    ['#v1&A', '"A" should be name=value'],
    ['#v1&A=a&&B=b', 'part 2'],
    ['#v1&a=x', 'a is not a run'],
    ['#v1&ABCD=x', 'ABCD is not a run'],
    ['#v1&=x', '"" is not a run'],
    ['#v1&A.train.epochs=3', 'declares no run'],
    ['#v1&A=a&A=b', 'A is given twice'],
    ['#v1&A=a&A.train.epochs=3&A.train.epochs=4', 'A.train.epochs is given twice'],
    ['#v1&A=a&A.train.epochs=3&A.train.%65pochs=4', 'A.train.epochs is given twice'],
    ['#v1&A=%', 'A: "%" has a bad escape'],
    ['#v1&A=%C3%28', 'A: "%C3%28" has a bad escape'],
    ['#v1&%zz=a', 'part 1: "%zz" has a bad escape'],
    ['#v1&A=a&B.train.epochs=3', 'B.train.epochs: there is no run B'],
    ['#v1&A=a&A.base=Q', 'A.base: there is no run Q'],
    ['#v1&A=a&A.base=A', 'A.base: A is its own ancestor'],
    ['#v1&A=a&A.base=B&B=b&B.base=C&C=c&C.base=A', 'is its own ancestor'],
    ['#v1&A=a&A.nothing.epochs=3', 'A.nothing.epochs: there is no kind nothing'],
    ['#v1&A=a&A.train.nothing=3', 'A.train.nothing: train has no param nothing'],
    ['#v1&A=a&A.train=3', 'A.train: train has no param'],
    ['#v1&A=a&A.train.epochs.x=3', 'A.train.epochs.x: train has no param epochs.x'],
    ['#v1&A=a&A.base.x=3', 'A.base.x: there is no kind base'],
    ['#v1&A=a&A.train.epochs=', 'A.train.epochs: the text is empty; write a whole number from 1 to 100,000'],
    ['#v1&A=a&A.train.epochs=0', 'A.train.epochs: "0" is not a whole number from 1 to 100,000'],
    ['#v1&A=a&A.train.epochs=1.5', 'A.train.epochs: "1.5" is not a whole number'],
    ['#v1&A=a&A.dataset.noise=NaN', 'A.dataset.noise: "NaN" is not a number from 0 to 10'],
    ['#v1&A=a&A.dataset.noise=1e999', 'A.dataset.noise: "1e999" is not a number'],
    ['#v1&A=a&A.split.testSize=1', 'A.split.testSize: "1" is not a number above 0 and below 1'],
    [
      '#v1&A=a&A.architecture.activation=gelu',
      'A.architecture.activation: "gelu" is not one of sigmoid, linear',
    ],
    ['#v1&A=a&A.seeds=1001', 'A.seeds: "1001" is not a whole number from 1 to 1,000'],
    ['#v1&A=a&A.optimizer.nesterov=yes', 'A.optimizer.nesterov: "yes" is not true or false'],
    ['#v1&A=a%0Ab', 'control character'],
    ['#v1&note=x', 'declares no run'],
    ['#v1&A=a&note=a&note=b', 'note is given twice'],
    ['#v1&A=a&note=a%0Ab', 'note: "a\\nb" has a control character'],
    [`#v1&A=a&note=${'n'.repeat(501)}`, 'note: longer than 500 characters'],
    ['#v1&A=a&A.note=x', 'there is no kind note'],
    [`#v1&A=${'x'.repeat(201)}`, 'A: the name is longer than 200 characters'],
    ['#v1&A=a&A.__proto__.epochs=3', 'there is no kind __proto__'],
    ['#v1&A=a&A.train.__proto__=3', 'train has no param __proto__'],
    ['#v1&A=a&A.train.constructor=3', 'train has no param constructor'],
    ['#v1&A=a&A.toString=3', 'there is no kind toString'],
    ['#v1&__proto__=a', '__proto__ is not a run'],
    ['#v1&constructor=a', 'constructor is not a run'],
    ['#v1&A=a&__proto__.train.epochs=1', 'there is no run __proto__'],
    ['#v1&A=a&A.base=toString', 'there is no run toString'],
    [
      '#v1&A=a&A.dataset.generator=constructor',
      '"constructor" is not one of moons, circles, blobs, xor, spirals',
    ],
    [`#v1&A=${'a'.repeat(5_000_000)}`, '5,000,006 characters; the limit is 4,000,000'],
    [`#v1&${'&'.repeat(400_000)}`, 'part 1'],
    [`#v1&A=a&A.train.epochs=${'9'.repeat(400_000)}`, 'A.train.epochs'],
    [`#v1&A=a&A.train.epochs==${'9'.repeat(400_000)}`, 'A.train.epochs: the formula is longer'],
  ])('%.60s', (address, reason) => {
    const message = messageOf(address);
    expect(message).toContain('the address is invalid: ');
    expect(message).toContain(reason);
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(400);
  });

  test('the largest sheet that there can be is written and read', () => {
    const list = Array(50).fill('1024').join(',');
    const words = Array(50).fill('leakyRelu').join(',');
    const overrides = new Map([
      ['architecture.units', list],
      ['architecture.activation', words],
    ]);
    const runs = Array.from(
      { length: 1_000 },
      (_, i): Run => ({
        id: String.fromCharCode(65 + Math.floor(i / 676), 65 + (Math.floor(i / 26) % 26), 65 + (i % 26)),
        name: '\u00e9'.repeat(200),
        overrides,
      }),
    );
    expect(sheetOf(writeAddress({ runs, rows: [] }, registry)).runs).toHaveLength(1_000);
  });

  test('a thousand runs are read and one more is refused', () => {
    const ids = Array.from({ length: 1_001 }, (_, i) =>
      String.fromCharCode(65 + Math.floor(i / 676), 65 + (Math.floor(i / 26) % 26), 65 + (i % 26)),
    );
    const address = (count: number) =>
      `#v1${ids
        .slice(0, count)
        .map((id) => `&${id}=`)
        .join('')}`;
    expect(sheetOf(address(1_000)).runs).toHaveLength(1_000);
    expect(messageOf(address(1_001))).toContain('a sheet holds at most 1000 runs');
  });

  test('garbage and damaged addresses are read or refused, never thrown', () => {
    const damaged = fc
      .tuple(sheets, fc.nat(), fc.nat({ max: 5 }), fc.string({ maxLength: 5 }))
      .map(([sheet, at, cut, junk]) => {
        const address = writeAddress(sheet, registry);
        const place = at % (address.length + 1);
        return address.slice(0, place) + junk + address.slice(place + cut);
      });
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.string().map((text) => `#v1&${text}`),
      damaged,
    );
    fc.assert(
      fc.property(garbage, (address) => {
        const parsed = parseAddress(address, registry);
        if (parsed.ok) expect(sheetOf(writeAddress(parsed.sheet, registry))).toEqual(parsed.sheet);
        else expect(parsed.message).toMatch(/^the address is invalid: [^\n]+$/);
      }),
      { numRuns: cases(1_000) },
    );
  });
});
