// `npm start` as people call it: the port of its own, the former one, and what it says where one of them is taken.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FORMER_PORT, movedTo, PORT } from '../src/platform/page/former-address';

const root = resolve(import.meta.dirname, '..');

/** Takes a port; undefined where something has it. */
async function take(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen(port);
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}

const release = (server: Server | undefined): Promise<unknown> =>
  new Promise((released) => (server ? server.close(released) : released(undefined)));

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function hold(port: number): Promise<void> {
  const server = await take(port);
  ends.push(() => release(server));
}

/** Starts, and yields what it has said once it has said that many lines. */
async function start(lines: number): Promise<string> {
  const child = spawn(process.execPath, ['.scripts/run.mjs', 'start'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  ends.push(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk;
    if (output.split('\n').length > lines) break;
  }
  return output;
}

const pageAt = async (port: number | string): Promise<string> =>
  (await fetch(`http://localhost:${port}/`)).text();
const MARK = '<meta name="application-name" content="Gradsheet" />';

const isFree = async (port: number): Promise<boolean> => {
  const server = await take(port);
  await release(server);
  return server !== undefined;
};
const free = { own: await isFree(PORT), former: await isFree(FORMER_PORT) };

beforeAll(async () => {
  // The first call builds; only what comes after it is measured.
  const build = spawn(process.execPath, ['.scripts/run.mjs', 'build'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  await once(build, 'exit');
}, 600_000);

test('the page and `start` mean the same ports', () => {
  const script = readFileSync(resolve(root, '.scripts/run.mjs'), 'utf8');
  expect(script).toContain(`const PORT = ${PORT};`);
  expect(script).toContain(`const FORMER_PORT = ${FORMER_PORT};`);
  const moved = (url: string): string | undefined => movedTo(new URL(url));
  expect(moved(`http://localhost:${FORMER_PORT}/#v1`)).toBe(`http://localhost:${PORT}`);
  expect(moved(`http://127.0.0.1:${FORMER_PORT}/`)).toBe(`http://127.0.0.1:${PORT}`);
  expect(moved(`http://localhost:${PORT}/`)).toBeUndefined();
  expect(moved(`https://example.org:${FORMER_PORT}/`)).toBeUndefined();
  expect(moved(`http://localhost:${FORMER_PORT}/course/gradsheet/`)).toBeUndefined();
});

describe('start', () => {
  test('goes to the next port where its own is taken, says so, and leaves the former port alone', async () => {
    await hold(PORT);
    const output = await start(2);
    const [, port = ''] = output.match(/^Gradsheet is at http:\/\/localhost:(\d+)$/m) ?? [];
    expect(Number(port)).toBeGreaterThan(PORT);
    expect(output).toContain(`Port ${PORT} is taken.`);
    expect(output).not.toContain(String(FORMER_PORT));
    expect(await pageAt(port)).toContain(MARK);
  });

  test.skipIf(!free.own)('says in one line that the former port is taken', async () => {
    await hold(FORMER_PORT);
    const output = await start(2);
    expect(output).toBe(
      `Gradsheet is at http://localhost:${PORT}\n` +
        `Port ${FORMER_PORT}, where Gradsheet was before, is taken: what was saved there is out of reach meanwhile.\n`,
    );
    expect(await pageAt(PORT)).toContain(MARK);
  });

  test.skipIf(!free.own || !free.former)('answers with the page at both ports', async () => {
    const output = await start(2);
    expect(output).toContain(`What was saved at http://localhost:${FORMER_PORT} is there`);
    expect(await pageAt(PORT)).toContain(MARK);
    expect(await pageAt(FORMER_PORT)).toBe(await pageAt(PORT));
  });
});
