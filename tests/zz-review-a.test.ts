import { expect, test } from 'vitest';
import { registry as reg } from '../src/cells';
import * as cells from '../src/cells';
import { createLanguage } from '../src/core/formula-language';
import { createPlanner } from '../src/core/plan';
import { evaluateRow } from '../src/core/row-values';
import { parseAddress, writeAddress } from '../src/platform/address';
import { parseSheet, sheetData } from '../src/platform/own-sheet';
import { removalOf, removeRuns } from '../src/core/removal';
import { setOverride } from '../src/core/sheet';
import { readClipboard, writePayload } from '../src/ui/clipboard';
const registry: any = reg ?? (cells as any).registry;
const language = createLanguage(registry);
const value = () => ({ pending: true }) as const;
const val = (t: string) => (language.parse(t).formula?.evaluate(() => ({ value: 2 })) ?? language.parse(t).error);
const attempt = (name: string, run: () => void) => test(name, { timeout: 60000 }, () => { try { run(); } catch (e) { console.log(name, 'THROWS', String(e).slice(0, 300)); } });

attempt('rows exponential', () => {
  for (const n of [10, 14, 16, 18]) {
    const rows = Array.from({ length: n }, (_, i) => ({ name: `r${i}`, formula: i === 0 ? '=train.epochs' : `=r${i - 1}+r${i - 1}` }));
    const sheet = { runs: [{ id: 'A', name: '', overrides: new Map() }], rows };
    const plan = createPlanner(registry, () => language)(sheet);
    const t = performance.now();
    const out = evaluateRow({ registry, language, plan, value } as any, rows.at(-1)!, plan.runs.get('A')!, 0);
    console.log('doubling rows', n, JSON.stringify(out), (performance.now() - t).toFixed(0), 'ms');
  }
});
attempt('rows chain', () => {
  for (const n of [25, 50, 100]) {
    const rows = Array.from({ length: n }, (_, i) => ({ name: `r${i}`, formula: i === 0 ? '=train.epochs' : `=r${i - 1}+1` }));
    const sheet = { runs: [{ id: 'A', name: '', overrides: new Map() }], rows };
    const plan = createPlanner(registry, () => language)(sheet);
    const t = performance.now();
    for (const r of rows) evaluateRow({ registry, language, plan, value } as any, r, plan.runs.get('A')!, 0);
    console.log('chain rows, one run', n, (performance.now() - t).toFixed(0), 'ms');
  }
});
attempt('many distinct formulas', () => {
  const runs = Array.from({ length: 700 }, (_, i) => ({ id: String.fromCharCode(65 + Math.floor(i / 26 / 26)) + String.fromCharCode(65 + Math.floor(i / 26) % 26) + String.fromCharCode(65 + i % 26), name: '', overrides: new Map([['train.epochs', `=architecture.hiddenLayers+${i}`], ['optimizer.learningRate', `=architecture.hiddenLayers/${1000 + i}`], ['architecture.units', `=architecture.hiddenLayers+${i % 900 + 1}`]]) }));
  for (const count of [600, 700]) {
    const plan = createPlanner(registry, () => createLanguageOnce)({ runs: runs.slice(0, count), rows: [] } as any);
    const problems = [...plan.runs.values()].flatMap((r) => [...r.cells.values()].flatMap((c) => c.problem ?? []));
    console.log('runs', count, 'problems', problems.length, JSON.stringify(problems[0]));
  }
});
const createLanguageOnce = createLanguage(registry);
attempt('cache clear in a long session', () => {
  const language = createLanguage(registry);
  const plan = createPlanner(registry, () => language);
  let sheet: any = { runs: [{ id: 'A', name: '', overrides: new Map([['train.epochs', '=architecture.hiddenLayers*2']]) }], rows: [] };
  plan(sheet);
  for (let i = 0; i < 2001; i++) language.parse(`=${i}`);
  const before = plan({ runs: [...sheet.runs, { id: 'B', name: '', overrides: new Map([['architecture.hiddenLayers', '4']]) }, { id: 'C', name: '', base: 'B', overrides: new Map([['train.epochs', '=architecture.hiddenLayers*2']]) }], rows: [] } as any);
  console.log('fresh ok', before.runs.get('C')!.cells.get('train')!.problem);
  // A formula that reads another run: the reader's outline stays the same when the other run changes.
  const language2 = createLanguage(registry);
  const plan2 = createPlanner(registry, () => language2);
  sheet = { runs: [{ id: 'A', name: '', overrides: new Map([['train.epochs', '5']]) }, { id: 'B', name: '', overrides: new Map([['train.epochs', '=A.train.epochs*2']]) }], rows: [] };
  console.log('1', plan2(sheet).runs.get('B')!.settings.get('train')!.params?.['epochs']);
  for (let i = 0; i < 2001; i++) language2.parse(`=${i}`);
  const next = plan2(setOverride(sheet, 'A', 'train.epochs', '6'));
  console.log('2', next.runs.get('B')!.settings.get('train')!.params?.['epochs'], JSON.stringify(next.runs.get('B')!.cells.get('train')!.problem));
});
attempt('row of 2000 without equals', () => {
  const a = `#v1&A=a&row.x=${'1'.repeat(2000)}`;
  const p = parseAddress(a, registry);
  console.log(p.ok, p.ok && JSON.stringify(parseAddress(writeAddress(p.sheet, registry), registry)).slice(0, 200));
});
attempt('long text in own sheet', () => {
  const s: any = { runs: [{ id: 'A', name: '', overrides: new Map([['dataset.noise', 'x'.repeat(100001)]]) }, { id: 'B', name: 'precious', overrides: new Map() }], rows: [] };
  console.log('stored comes back:', parseSheet(structuredClone(sheetData(s))));
  const r: any = { runs: [{ id: 'A', name: '', overrides: new Map() }], rows: [{ name: 'loss', formula: '=loss' }, { name: 'a b.c&', formula: '=1' }] };
  const back = parseSheet(sheetData(r))!;
  console.log('row names stored:', back?.rows, JSON.stringify(parseAddress(writeAddress(back, registry), registry)).slice(0, 150));
});
attempt('clipboard long value', () => {
  const block: any = [[{ value: '2', raw: '=A.train.epochs*2' }], [{ value: Array.from({ length: 600 }, (_, i) => 1 / (i + 3)).join(', ') }]];
  const written = writePayload(block);
  const got = readClipboard({ getData: (t: string) => (t === 'text/plain' ? '2\n0.1' : written) });
  console.log('clipboard', JSON.stringify(got).slice(0, 100));
});
attempt('round etc', () => {
  for (const t of ['=round(1.005,2)', '=round(2.675,2)', '=round(0.49999999999999994)', '=round(4503599627370497)', '=10^-309', '=-2^2', '=2^-1', '=1..2', '=this', '=constructor', '=__proto__', '=toString()', '=`a`', '=0x10', '=1e5', '=a?.b', '="a"[0]', '=[1,2][0]', '=[]', '=min()', '=1e400', '=\u00e4', '=train.__proto__', '=hasOwnProperty.x', '=valueOf(1)', '=A.constructor', '=[[1]]', '=1 2', '=(1)(2)', '=min(1)(2)', '=train.loss', '=units.x', '=1.', '=.5', '=1.e3', '="\\u0041"', "='a", '=a b', '=0.1+0.2', '=min([1,2],3)', '=5%', '=1=1', '=a<>b', '=-"x"', '=- - -3', '=!0', '=std(1,1)', '=std(1)', '=mean([1,2,4])', '=sqrt(-1)', '=0/0', '=1/0*0', '=(-8)^0.5','=2^0.5', '=2^1001', '=round(1e300,15)', '=round(-0.4)', '=round(12345,-2)', '=round(5e-1)','=round(-2.5)'])
    console.log(t, JSON.stringify(val(t))?.slice(0, 160));
});
attempt('deep', () => {
  for (const t of ['=' + '('.repeat(999) + '1' + ')'.repeat(999), '=' + '-'.repeat(1999), '=' + '- '.repeat(900) + '1', '=' + '1+'.repeat(990) + '1', '=' + '1^'.repeat(990) + '1', '=' + '1?'.repeat(990), '=' + 'a.'.repeat(900) + 'a', '=' + '['.repeat(1000), '=' + '-('.repeat(60) + '1' + ')'.repeat(60), '=' + '!-'.repeat(31) + '1', '=' + 'a['.repeat(500), '=' + '"'.repeat(1999), '=' + '1,'.repeat(900), '="' + '('.repeat(100) + '"', '=' + 'min(1)+'.repeat(200) + '1']) {
    const s = performance.now();
    console.log(t.slice(0, 12), t.length, JSON.stringify(val(t))?.slice(0, 120), (performance.now() - s).toFixed(1));
  }
});
attempt('removal', () => {
  const p = parseAddress('#v1&A=a&A.train.epochs=5&X=x&X.train.epochs=%3DA.train.epochs&C=c&C.base=A', registry);
  if (!p.ok) throw new Error(p.message);
  const plan = createPlanner(registry, () => language)(p.sheet);
  console.log('removal of A and X', JSON.stringify(removalOf({ registry, language, plan } as any, new Set(['A', 'X']), () => undefined)));
  const q = parseAddress(`#v1&A=a&A.seeds=3&A.architecture.seed=7&C=c&C.seeds=3&row.gap=${encodeURIComponent('=architecture.seed - A.architecture.seed')}`, registry);
  if (!q.ok) throw new Error(q.message);
  const planner = createPlanner(registry, () => language);
  const plan2 = planner(q.sheet);
  const ev = (pl: any) => [0, 1, 2].map((m) => evaluateRow({ registry, language, plan: pl, value } as any, pl.sheet.rows[0], pl.runs.get('C')!, m));
  console.log('before', JSON.stringify(ev(plan2)), JSON.stringify(removalOf({ registry, language, plan: plan2 } as any, new Set(['A']), () => undefined)));
  const kept = removeRuns({ registry, language, plan: plan2 } as any, new Set(['A']), true, () => undefined);
  console.log('after keep', kept.rows, JSON.stringify(ev(planner(kept))));
});
