// Runs every command of package.json. First installs what package-lock.json lists and builds what is out of
// date, so that a machine needs only Node and npm. If everything is up to date, this takes some milliseconds.
// Invariant: only the command itself writes to standard output, so that `sheet` prints JSON alone.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const here = (...parts) => join(root, ...parts);
const [command, ...args] = process.argv.slice(2);

/**
 * The port of the page. A browser keeps saved sheets by origin, so the port must not change. No common server
 * of pages, notebooks, figures or data takes this port by default (those of Vite, Node, Python and Ruby are
 * 3000 to 5500 and 8000 to 9000, Jupyter's 8888, TensorBoard's 6006, databases' 3306, 5432, 6379, 7474, 7687,
 * 9042): on a shared port, the service worker of one project shows its page in place of the other's.
 */
const PORT = 7465;

/**
 * The port up to version 0.1, which is also the default of Vite's preview. `start` serves it for one more
 * release.
 */
const FORMER_PORT = 4173;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const modifiedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const bin = (name, path) => here('node_modules', name, path);

/**
 * Runs a program to its end and forwards the signals that this process receives. Rejects with ExitStatus
 * unless the exit status is 0.
 */
function run(program, programArgs, { stdio = 'inherit', shell = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArgs, { cwd: root, stdio, shell, env });
    const hand = (signal) => child.kill(signal);
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, hand);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.off(name, hand);
      if (code === 0) resolve();
      else reject(new ExitStatus(code ?? 128 + (constants.signals[signal] ?? 1)));
    });
  });
}

class ExitStatus extends Error {
  constructor(code) {
    super(`exit status ${code}`);
    this.code = code;
  }
}

const MAX_LOCK_MS = 15 * 60_000;

/**
 * Runs one set-up step at a time over all processes of this checkout. Takes over a lock whose owner is gone.
 */
async function locked(step) {
  const lock = here('.setup-lock');
  const owner = join(lock, `${process.pid}`);
  let said = false;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (abandoned(lock)) {
      // Renaming is atomic: of several processes that find the lock abandoned, only one moves it away.
      const aside = `${lock}-${process.pid}`;
      try {
        renameSync(lock, aside);
        rmSync(aside, { recursive: true, force: true });
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
      continue;
    }
    if (!said) process.stderr.write('Another command is setting up; waiting for it …\n');
    said = true;
    await wait(100);
  }
  writeFileSync(owner, '');
  try {
    await step();
  } finally {
    if (existsSync(owner)) rmSync(lock, { recursive: true, force: true });
  }
}

function abandoned(lock) {
  const age = Date.now() - modifiedAt(lock);
  let owners;
  try {
    owners = readdirSync(lock).map(Number);
  } catch {
    return false;
  }
  // A lock without an owner is either being made right now or was left by a process that died between the two
  // steps.
  if (owners.length === 0) return age > 5_000;
  return age > MAX_LOCK_MS || owners.every((pid) => pid === process.pid || !alive(pid));
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const installed = () =>
  modifiedAt(here('node_modules', '.package-lock.json')) >= modifiedAt(here('package-lock.json'));

/** Installs what package-lock.json lists if node_modules is absent or older. */
async function install() {
  // A linked node_modules belongs to another checkout; `npm ci` would empty it.
  if (installed() || lstatSync(here('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  await locked(async () => {
    if (installed()) return;
    process.stderr.write('Installing what package-lock.json lists …\n');
    // npm's output goes to standard error; on Windows npm is a script that needs a shell.
    const quiet = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', quiet, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  });
}

function* filesBelow(path) {
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(child);
    else yield child;
  }
}

/** Hash over all that a build reads: files, the version of Node, and the address of the folder on its host. */
function sourceHash() {
  const hash = createHash('sha256')
    .update(process.version)
    .update(process.env.GRADSHEET_URL ?? '');
  const single = [
    'index.html',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'vite.config.ts',
    '.scripts/assemblyscript.ts',
    '.scripts/first-chunk.ts',
    '.scripts/hosting.ts',
    '.scripts/plot-styles.ts',
    '.scripts/serving-worker.ts',
  ].map((name) => here(name));
  for (const file of [...single, ...filesBelow(here('src'))])
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

/** Builds `page` or `cli` into dist if a source has changed since the last build. */
async function build(target) {
  const stamp = here('dist', target, '.source-hash');
  const upToDate = (hash) => {
    try {
      return readFileSync(stamp, 'utf8') === hash;
    } catch {
      return false;
    }
  };
  if (upToDate(sourceHash())) return;
  await locked(async () => {
    const hash = sourceHash();
    if (upToDate(hash)) return;
    const mode = target === 'cli' ? ['--mode', 'cli'] : [];
    await run(process.execPath, [bin('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn', ...mode], {
      stdio: ['ignore', 2, 2],
      // The environment of a caller, such as a test runner, must not turn this into a development build.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    writeFileSync(stamp, hash);
  });
}

async function serve() {
  if (args.length > 0) throw new Error(`start takes no arguments, and ${args.join(' ')} would do nothing`);
  const { preview } = await import('vite');
  const open = async (port) => {
    const server = await preview({ root, preview: { port }, logLevel: 'warn' });
    return { server, port: server.httpServer.address().port };
  };
  const { port } = await open(PORT);
  process.stdout.write(`Gradsheet is at http://localhost:${port}\n`);
  if (port !== PORT) {
    process.stdout.write(
      `Port ${PORT} is taken. What is saved belongs to http://localhost:${PORT}: a browser keeps it by origin, so this page has its own.\n`,
    );
    // The page at the former port points to PORT, where another program answers now.
    return;
  }
  const former = await open(FORMER_PORT);
  if (former.port !== FORMER_PORT) await former.server.close();
  process.stdout.write(
    former.port === FORMER_PORT
      ? `What was saved at http://localhost:${FORMER_PORT} is there; the page there says how to bring it here.\n`
      : `Port ${FORMER_PORT}, where Gradsheet was before, is taken: what was saved there is out of reach meanwhile.\n`,
  );
}

const node = (path, ...nodeArgs) => run(process.execPath, [path, ...nodeArgs]);

/** Runs a TypeScript script through Vite, with the plugins of the tests. */
async function runScript(...path) {
  const { loadConfigFromFile, runnerImport } = await import('vite');
  const loaded = await loadConfigFromFile({ command: 'serve', mode: 'test' }, undefined, root);
  await runnerImport(here(...path), { plugins: loaded.config.plugins });
}

const commands = {
  async start() {
    await build('page');
    await serve();
  },
  dev: () => node(bin('vite', 'bin/vite.js'), ...args),
  async build() {
    await build('page');
    await build('cli');
  },
  async sheet() {
    await build('cli');
    await node(here('dist', 'cli', 'cli.js'), ...args);
  },
  test: () => node(bin('vitest', 'vitest.mjs'), 'run', ...args),
  async check() {
    const tsc = bin('typescript', 'bin/tsc');
    await node(tsc, '--noEmit', '--pretty', 'false');
    // AssemblyScript is TypeScript with other globals, so the kernel has its own tsconfig.
    await node(tsc, '--project', here('src', 'kernel'), '--pretty', 'false');
    await node(bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', ...args);
    // knip refuses files, exports and types that nothing imports.
    await node(bin('knip', 'bin/knip.js'), '--include', 'files,exports,types', '--no-progress');
  },
  async bench() {
    await build('page');
    await runScript('tests', 'bench', 'index.ts');
  },
  soak: () => runScript('tests', 'simulator', 'soak.ts'),
  async pictures() {
    await build('page');
    await runScript('tests', 'browser', 'pictures', 'make-screenshots.ts');
  },
};

try {
  await install();
  await commands[command]();
} catch (error) {
  if (!(error instanceof ExitStatus)) process.stderr.write(`${error.stack}\n`);
  process.exitCode = error.code > 0 ? error.code : 1;
}
