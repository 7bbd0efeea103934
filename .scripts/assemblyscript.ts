// A Vite plugin: `import bytes from './module?assemblyscript'` compiles the AssemblyScript module of that name and gives
// its WebAssembly as base64 text, in build, dev and tests alike. Text in the bundle itself needs no request of its own,
// so Node, workers and the offline cache all have it.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const QUERY = '?assemblyscript';

/**
 * Level 2, since level 3 folds the copies of inlined code that a constant argument was to make different. No run-time
 * library, no relaxed SIMD, no threads: the module's bits are the same in every browser.
 */
const OPTIONS = ['-O2', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--use', 'abort='];

/** The module of that entry file as base64 text; throws with the compiler's words where it does not compile. */
async function compile(entry: string): Promise<string> {
  const { default: asc } = await import('assemblyscript/asc');
  const base = dirname(entry);
  const messages: string[] = [];
  let wasm: Uint8Array | undefined;
  const { error } = await asc.main([entry.slice(base.length + 1), ...OPTIONS, '--outFile', 'module.wasm'], {
    stdout: { write: () => {} },
    stderr: { write: (chunk) => void messages.push(chunk.toString()) },
    readFile: (name) => {
      const path = join(base, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    writeFile: (name, contents) => {
      if (name === 'module.wasm' && typeof contents !== 'string') wasm = contents;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`${entry} does not compile: ${error?.message}\n${messages.join('')}`);
  return Buffer.from(wasm).toString('base64');
}

/** Compiled once for all who ask at the same sources. */
const compiled = new Map<string, { readonly text: string; readonly base64: Promise<string> }>();

function compileOnce(entry: string): Promise<string> {
  const sources = readdirSync(dirname(entry)).filter((name) => name.endsWith('.ts'));
  const text = sources.map((name) => readFileSync(join(dirname(entry), name), 'utf8')).join('\0');
  const known = compiled.get(entry);
  if (known?.text === text) return known.base64;
  const base64 = compile(entry);
  compiled.set(entry, { text, base64 });
  return base64;
}

/** The plugin; a worker's build needs one of its own. */
export function assemblyScript(): Plugin {
  return {
    name: 'assemblyscript',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(QUERY)) return undefined;
      const entry = id.slice(0, -QUERY.length);
      for (const name of readdirSync(dirname(entry))) this.addWatchFile(join(dirname(entry), name));
      return { code: `export default ${JSON.stringify(await compileOnce(entry))};`, moduleType: 'js' };
    },
  };
}
