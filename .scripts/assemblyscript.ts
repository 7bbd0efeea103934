// A Vite plugin: `import bytes from './module?assemblyscript'` compiles the AssemblyScript module of that
// name and yields its WebAssembly as base64 text, in build, dev and tests alike.
// Invariant: the text is part of the bundle, so Node, workers and the offline cache need no further request
// for it.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'vite';

const QUERY = '?assemblyscript';

/**
 * Options of the compiler. Level 2, because level 3 merges inlined copies of code that constant arguments are
 * meant to specialize. No run-time library, no relaxed SIMD, no threads, so the module gives the same bits in
 * every browser.
 */
const OPTIONS = ['-O2', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--use', 'abort='];

/**
 * Returns the compiled module of an entry file as base64 text. Throws an Error with the compiler's messages
 * if the module does not compile.
 */
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

/**
 * Compiled modules by entry file, with the text of the sources. Plugins share an entry while the sources are
 * unchanged.
 */
const compiled = new Map<string, { readonly text: string; readonly base64: Promise<string> }>();

/** Where modules are kept between processes: compiling takes seconds, and every build and test needs the module. */
const CACHE = resolve(import.meta.dirname, '../node_modules/.cache/gradsheet');

/** Returns the module of an entry from the cache; compiles it if its sources, the options or the compiler are others. */
async function cached(entry: string, text: string): Promise<string> {
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  const recipe = [readFileSync(compiler, 'utf8'), ...OPTIONS, entry.slice(dirname(entry).length), text];
  const file = join(CACHE, `${createHash('sha256').update(recipe.join('\0')).digest('hex')}.base64`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const base64 = await compile(entry);
  mkdirSync(CACHE, { recursive: true });
  // Renaming is atomic, so no process reads half a module.
  writeFileSync(`${file}.${process.pid}`, base64);
  renameSync(`${file}.${process.pid}`, file);
  return base64;
}

function compileOnce(entry: string): Promise<string> {
  const sources = readdirSync(dirname(entry)).filter((name) => name.endsWith('.ts'));
  const text = sources.map((name) => readFileSync(join(dirname(entry), name), 'utf8')).join('\0');
  const known = compiled.get(entry);
  if (known?.text === text) return known.base64;
  const base64 = cached(entry, text);
  compiled.set(entry, { text, base64 });
  return base64;
}

/** Returns a new plugin. Vite needs a separate instance for the build of workers. */
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
