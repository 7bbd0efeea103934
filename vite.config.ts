// Builds the page (default) and the command line (`--mode cli`), serves the page, and runs the tests.
// Everything is bundled into the command line too, so that browser and Node run the same code.
import { VitePWA } from 'vite-plugin-pwa';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';
import { assemblyScript } from './.scripts/assemblyscript.ts';
import { firstChunk } from './.scripts/first-chunk.ts';
import { folderAddress, hosting } from './.scripts/hosting.ts';
import { PLOT_STYLES } from './.scripts/plot-styles.ts';
import { cacheName, SERVING_WORKER, servingWorker } from './.scripts/serving-worker.ts';
import manifest from './package.json' with { type: 'json' };

const offline = VitePWA({
  registerType: 'prompt',
  injectRegister: false,
  includeManifestIcons: false,
  workbox: {
    // Everything the page may ever need, tfjs included: nothing is fetched later, and nothing from other
    // origins. The plugin adds the manifest itself.
    globPatterns: ['**/*.{js,css,html,svg,png,woff2}'],
    // Left out: the README's pictures, and the page's own copies of tfjs and the kernel, since only workers
    // compute and use their copies in worker/.
    // Nor what only a host or another program reads.
    globIgnores: [
      'screenshots/**',
      'preview.png',
      '404.html',
      'assets/{tfjs-gradient,fused-training}-*.js',
      SERVING_WORKER,
    ],
    // Gradsheet's part comes first, so that it sees a navigation before the generated part answers it.
    importScripts: [SERVING_WORKER],
    // Other projects at the same origin use workbox's default cache names.
    cacheId: 'gradsheet',
    maximumFileSizeToCacheInBytes: 8 * 2 ** 20,
    // The clean-up of a worker deletes the caches of every project in a folder below its own.
    cleanupOutdatedCaches: false,
    // Only the folder itself is the page, with any query: another path below the folder may be another project's.
    navigateFallback: null,
    ignoreURLParametersMatching: [/./],
    // The worker controls the first visit's page too, so that "ready for offline" is true without a reload.
    clientsClaim: true,
    inlineWorkboxRuntime: true,
    sourcemap: false,
  },
  manifest: {
    // No id: a relative id would belong to the origin and not to the folder. By default the start is the id.
    name: 'Gradsheet',
    short_name: 'Gradsheet',
    description: 'A reactive spreadsheet for small neural-network experiments',
    start_url: './',
    scope: './',
    display: 'standalone',
    theme_color: '#ffffff',
    background_color: '#ffffff',
    icons: [
      { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
});

/**
 * Gradsheet's own origin only; no inline script, no eval. WebAssembly is allowed for the kernel. A sandboxed
 * frame may start workers from blobs only. Any page may embed Gradsheet: a framed page shows the embedded
 * sheet, which has nothing of the person's.
 */
const contentSecurityPolicy = Object.entries({
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': `'self' ${PLOT_STYLES}`,
  'img-src': "'self' data: blob:",
  'connect-src': "'self'",
  'worker-src': "'self' blob:",
  'manifest-src': "'self'",
  'font-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  // Local files too.
  'frame-ancestors': '* file:',
});

/** The headers of every answer; `.scripts/hosting.ts` writes them for other hosts. */
export const headers = {
  'Content-Security-Policy': contentSecurityPolicy.map((directive) => directive.join(' ')).join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  // A sandboxed frame has an origin of its own and reads the page's own scripts as another origin's.
  'Access-Control-Allow-Origin': '*',
};

/** Chunks that a kind imports in order to compute. */
const MATHEMATICS =
  /^assets\/(datasets|split|initializers|rows|(fused-|batch-)?training|tfjs-gradient|diff)-/;

const first = firstChunk();

export default defineConfig(({ mode }) => ({
  // The built folder works at any path.
  base: './',
  // A path without a file is no page.
  appType: 'mpa',
  define: { __VERSION__: JSON.stringify(manifest.version) },
  plugins: [
    assemblyScript(),
    ...(mode === 'test'
      ? []
      : mode === 'cli'
        ? [solid()]
        : [
            solid(),
            first.plugin,
            hosting(headers, folderAddress(process.env['GRADSHEET_URL'])),
            servingWorker(),
            offline,
            cacheName(),
          ]),
  ],
  publicDir: 'src/assets',
  build: {
    // Compiling the kernel takes seconds, so Vite's warning about plugin time is of no use.
    rolldownOptions: {
      checks: { pluginTimings: false },
      ...(mode !== 'cli' && {
        output: {
          codeSplitting: { groups: [{ name: 'first', test: first.holds }] },
          // 42 bits: the first chunk names all others, and half a hash does not compress.
          entryFileNames: 'assets/[name]-[hash:7].js',
          chunkFileNames: 'assets/[name]-[hash:7].js',
          assetFileNames: 'assets/[name]-[hash:7][extname]',
        },
      }),
    },
    modulePreload: {
      // All target browsers preload modules themselves.
      polyfill: false,
      // The page has copies of the mathematics and never loads them: only workers compute. Their names would be a part of the
      // first chunk.
      resolveDependencies: (file, names) => (MATHEMATICS.test(file) ? [] : names),
    },
    ...(mode === 'cli'
      ? { outDir: 'dist/cli', ssr: 'src/cli.ts', target: 'node20', copyPublicDir: false }
      : // tfjs alone is larger than the default limit; it loads when the first training needs it.
        { outDir: 'dist/page', target: 'es2023', chunkSizeWarningLimit: 1_000 }),
  },
  // As in the page's own chunks, where Vite leaves out licence comments itself: they are half of tfjs.
  worker: {
    format: 'es',
    plugins: () => [assemblyScript()],
    rolldownOptions: {
      output: {
        comments: false,
        entryFileNames: 'worker/[name]-[hash].js',
        chunkFileNames: 'worker/[name]-[hash].js',
      },
    },
  },
  ssr: { noExternal: mode === 'cli' ? true : [] },
  preview: { headers },
  test: {
    testTimeout: 60_000,
    // The default leaves one core free, which is half of a machine with two cores.
    maxWorkers: '100%',
    pool: 'threads',
    reporters: ['default', './tests/closing-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/**/*.long.test.ts'],
        },
      },
      {
        extends: true,
        // Tests that need no browser but take seconds or minutes per file.
        test: { name: 'long', include: ['tests/**/*.long.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          // A file waits for its page part of the time. No file changes a module that another imports.
          maxWorkers: 3,
          isolate: false,
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: 'tests/browser/support/global-setup.ts',
          // These tests build the page as people get it.
          env: { NODE_ENV: 'production' },
          // A browser may have to be installed first.
          hookTimeout: 600_000,
          expect: { poll: { timeout: 10_000 } },
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
}));
