// What one core of this machine can do: the C program beside the project, compiled here and given the same networks.
// Skipped with a word where there is no compiler, or no program.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RandomState } from '../../src/nn/random/random-state';
import type { TrainingSetup } from '../../src/nn/training/training';

const SOURCE = fileURLToPath(new URL('../../../shared/limit/fused.c', import.meta.url));

const bytesOf = (values: Int32Array | Float32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** A task in the program's format: shapes, initial weights, rows, classes and the orders of all epochs. */
function caseOf({ layers, x, y, train, epochs, seed }: TrainingSetup): Buffer {
  const inputs = x.shape[1];
  const random = new RandomState(seed);
  const classes = new Float32Array(train.length);
  const points = new Float32Array(train.length * inputs);
  for (const [to, from] of train.entries()) {
    points.set(x.data.subarray(from * inputs, (from + 1) * inputs), to * inputs);
    classes[to] = y[from] ?? 0;
  }
  return Buffer.concat([
    bytesOf(
      Int32Array.of(layers.length, layers[0]?.activation === 'sigmoid' ? 0 : 1, train.length, epochs, inputs),
    ),
    bytesOf(Int32Array.from(layers, ({ units }) => units)),
    ...layers.flatMap(({ kernel, bias }) => [bytesOf(kernel.data), bytesOf(bias)]),
    bytesOf(points),
    bytesOf(classes),
    ...Array.from({ length: epochs }, () => bytesOf(Int32Array.from(random.permutation(train.length)))),
  ]);
}

/** The program's median milliseconds for each task, or why there are none. */
export function limit(
  tasks: readonly TrainingSetup[],
): { readonly ms: number[] } | { readonly reason: string } {
  if (!existsSync(SOURCE)) return { reason: 'the program is not beside the project' };
  const folder = mkdtempSync(join(tmpdir(), 'gradsheet-limit-'));
  try {
    const program = join(folder, 'fused');
    try {
      execFileSync('gcc', ['-O3', '-march=native', SOURCE, '-o', program, '-lm'], { stdio: 'pipe' });
    } catch {
      return { reason: 'there is no C compiler that takes it' };
    }
    const files = tasks.map((task, index) => {
      const file = join(folder, `${index}.bin`);
      writeFileSync(file, caseOf(task));
      return file;
    });
    const out = execFileSync(program, files, { encoding: 'utf8' });
    const ms = files.map((file) => {
      const lines = out.split('\n').filter((line) => line.startsWith(file));
      return Math.min(...lines.map((line) => Number(line.match(/med ([\d.]+) ms/)?.[1])));
    });
    return { ms };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
