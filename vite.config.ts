// Builds the page (default) and the command line (`--mode cli`), and runs the tests.
// Everything is bundled into the command line too, so that browser and Node run the same code.
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  plugins: mode === 'test' ? [] : [solid()],
  publicDir: 'src/assets',
  build:
    mode === 'cli'
      ? { outDir: 'dist/cli', ssr: 'src/cli.ts', target: 'node20', copyPublicDir: false }
      : // tfjs alone is larger than the default limit; it is loaded when the first training needs it.
        { outDir: 'dist/page', target: 'es2023', chunkSizeWarningLimit: 1_000 },
  ssr: { noExternal: mode === 'cli' ? true : [] },
  server: { port: 4173 },
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    reporters: ['default', './tests/closing-line.ts'],
  },
}));
