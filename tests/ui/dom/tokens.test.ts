// The colours of the page: LOOK's table holds by WCAG's formula, and no other file names a colour.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RAMP_COLORS, READABLE } from '../../../src/ui/text/viridis';

const root = resolve(import.meta.dirname, '../../..');
const src = join(root, 'src');
const TOKENS = 'ui/dom/tokens.css';

const without = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
const read = (file: string): string => without(readFileSync(join(src, file), 'utf8'));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /^(ui|page|main|embedded).*\.(tsx?|css)$/.test(file));
const sheets = files.filter((file) => file.endsWith('.css'));

type Tones = Readonly<Record<string, string>>;
const tonesOf = (rules: string): Tones =>
  Object.fromEntries(
    [...rules.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
  );
const [lightRules = '', darkRules = ''] = read(TOKENS).split(
  '@media screen and (prefers-color-scheme: dark)',
);
const light = tonesOf(lightRules);
const dark = { ...light, ...tonesOf(darkRules) };

/** The relative luminance of "#rrggbb" (WCAG 2.2). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

const at = (tones: Tones, name: string): string => {
  const value = tones[name];
  if (!value) throw new Error(`there is no ${name}`);
  return value;
};

/** The lowest contrast of a colour over the grounds that text may lie on. */
const lowest = (tones: Tones, name: string): number =>
  Math.min(
    ...['--page', '--sunken', '--band', '--tint'].map((ground) =>
      contrast(at(tones, name), at(tones, ground)),
    ),
  );

const NAMED =
  /(?<![\w-])(?:white|black|red|green|blue|gray|grey|silver|yellow|orange|purple|pink|navy|teal)(?![\w-])/;
const COLOR = /#[\da-f]{3,8}\b(?!-)|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(/i;

/** The lines of a style sheet that name a colour. */
const colorsIn = (rules: string): string[] =>
  rules
    .split('\n')
    .filter(
      (line) =>
        /^\s*[\w-]+:/.test(line) && (COLOR.test(line) || NAMED.test(line.replace(/var\([^)]*\)/g, ''))),
    );

/** The quoted texts of a source that name a colour. */
const colorTexts = (source: string): string[] =>
  source
    .split('\n')
    .filter((line) =>
      /(['"`])[^'"`]*(?:#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})\b|\b(?:rgba?|hsla?|oklch)\()/i.test(line),
    );

describe('the colours of the page', () => {
  test('have the contrasts of the table, as text and as borders, in light and in dark', () => {
    const table = {
      '--ink': [15.4, 12.1],
      '--ink-2': [6.9, 7.0],
      '--ink-3': [5.0, 5.4],
      '--accent': [5.4, 6.8],
      '--bad': [5.7, 7.3],
      '--warn': [5.1, 8.5],
      '--control': [3.3, 3.8],
    } as const;
    for (const [name, [inLight, inDark]] of Object.entries(table)) {
      expect(Math.abs(lowest(light, name) - inLight), `${name} in light`).toBeLessThan(0.06);
      expect(Math.abs(lowest(dark, name) - inDark), `${name} in dark`).toBeLessThan(0.06);
    }
    expect(contrast(at(light, '--on-accent'), at(light, '--accent'))).toBeGreaterThan(6.1);
    expect(contrast(at(dark, '--on-accent'), at(dark, '--accent'))).toBeGreaterThan(8.8);
  });

  test.each([
    ['light', light],
    ['dark', dark],
  ] as const)('suffice for text and marks: %s', (_, tones) => {
    for (const name of Object.keys(tones)) {
      if (/^--(ink|ink-[23]|accent|bad|warn|ref-\d)$/.test(name))
        expect(lowest(tones, name), name).toBeGreaterThan(4.5);
      if (/^--(control|run-\d|figure-(class-\d|negative|positive|misplaced))$/.test(name))
        expect(contrast(at(tones, name), at(tones, '--page')), name).toBeGreaterThan(3);
    }
    const runs = Object.entries(tones).filter(([name]) => /^--run-\d$/.test(name));
    expect(new Set(runs.map(([, color]) => color)).size).toBe(6);
    const [start, end] = READABLE[tones === light ? 'light' : 'dark'].map(
      (share) => share * (RAMP_COLORS.length - 1),
    );
    for (const color of RAMP_COLORS.slice(Math.round(start ?? 0), Math.round(end ?? 0) + 1))
      expect(contrast(color, at(tones, '--page')), `${color} of viridis`).toBeGreaterThan(2.95);
    // 60 %, as two hexadecimal digits.
    expect(tones['--rest']).toBe(`${tones['--control']}99`);
  });

  test('are in no other style sheet and in no drawing', () => {
    expect(sheets.length).toBeGreaterThan(20);
    const inSheets = sheets
      .filter((file) => file !== TOKENS)
      .flatMap((file) => colorsIn(read(file)).map((line) => `${file}: ${line.trim()}`));
    expect(inSheets).toEqual([]);
    // Viridis is data. A file of a QR code is read by a camera, on no page.
    const data = ['ui/text/viridis.ts', 'ui/shell/qr-code.ts'];
    const inSources = files
      .filter((file) => !file.endsWith('.css') && !data.includes(file))
      .flatMap((file) => colorTexts(read(file)).map((line) => `${file}: ${line.trim()}`));
    expect(inSources).toEqual([]);
    expect(
      colorsIn('a {\n  color: red;\n  background: rgb(0 0 0);\n  border: 1px solid #fff;\n}'),
    ).toHaveLength(3);
    expect(colorTexts("svg('g', { fill: '#ffffff' })\n`rgb(1, 2, 3)`")).toHaveLength(2);
  });

  test('every property that a style sheet or a source reads is given a value somewhere', () => {
    const texts = files.map(read).join('\n');
    // By a style sheet, or by a source as a property of an element's style.
    const given = new Set([...texts.matchAll(/(--[\w-]+)'?:/g)].map(([, name = '']) => name));
    const wanted = [...texts.matchAll(/(?:var\(|')(--[\w-]*\w)(?=[,)'])/g)].map(([, name = '']) => name);
    expect(wanted.length).toBeGreaterThan(200);
    expect([...new Set(wanted)].filter((name) => !given.has(name))).toEqual([]);
  });
});
