// Draws the icon into src/assets, as SVG and as the bitmaps that the manifest names: three columns of a sheet whose fill
// fades downward, one fast, one slowly, one hardly, as gradients do. Run by hand after a change:
//   node -e "import('vite').then((vite) => vite.runnerImport('./tests/browser/pictures/make-icons.ts'))"

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { launchBrowser } from '../support/chromium';

const assets = resolve(import.meta.dirname, '../../../src/assets');
const SIZE = 512;
const BLUE = '#0072B2';

/** How much of the fill is left in each next row, by column. */
const FADING = [0.38, 0.62, 0.88];
const ROWS = 4;

/** The icon; `margin` is free on all sides, `corner` rounds the ground. */
function icon(margin: number, corner: number): string {
  const gap = 16;
  const inner = SIZE - 2 * margin;
  const width = (inner - gap * (FADING.length - 1)) / FADING.length;
  const height = (inner - gap * (ROWS - 1)) / ROWS;
  const cells = FADING.flatMap((share, column) =>
    Array.from({ length: ROWS }, (_, row) => {
      const x = margin + column * (width + gap);
      const y = margin + row * (height + gap);
      const box = [`x="${x.toFixed(1)}"`, `y="${y.toFixed(1)}"`, `width="${width.toFixed(1)}"`];
      const fill = `fill="${BLUE}" fill-opacity="${(share ** row).toFixed(3)}"`;
      return `  <rect ${box.join(' ')} height="${height.toFixed(1)}" rx="10" ${fill}/>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}">`,
    `  <rect width="${SIZE}" height="${SIZE}" rx="${corner}" fill="#ffffff"/>`,
    ...cells,
    '</svg>',
    '',
  ].join('\n');
}

const plainIcon = icon(64, 96);
writeFileSync(resolve(assets, 'icon.svg'), plainIcon);

const browser = await launchBrowser();
try {
  // A maskable icon may lose all beyond a circle of four fifths of its width.
  for (const [name, svg, size] of [
    ['icon-192.png', plainIcon, 192],
    ['icon-512.png', plainIcon, 512],
    ['icon-maskable-512.png', icon(124, 0), 512],
  ] as const) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const source = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await page.setContent(`<body style="margin:0"><img src="${source}" width="${size}" height="${size}">`);
    await page.locator('img').evaluate((image) => (image as HTMLImageElement).decode());
    await page.screenshot({ path: resolve(assets, name), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
