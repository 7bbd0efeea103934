// The host's side of the fused kernel: the module, compiled once; instances with memory of their own; the numbers by which both
// sides name activations, optimizers and fields.
// Invariant: an instance has one training at a time. Each preparation makes new views of the memory, because growing the memory
// leaves older views empty.

import base64 from '../../kernel/index?assemblyscript';
import type { Activation, Layer } from '../network/network';
import type { Optimizer } from '../network/optimizers';

/** The kernel's version: raised whenever any of its bits would come out another way. */
export const FUSED_VERSION = 'fused 1';

/** What the module exports, as src/kernel/index.ts documents it. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  begin(layers: number): void;
  defineLayer(index: number, inputs: number, units: number, activation: number): void;
  configureOptimizer(
    name: number,
    rate: number,
    first: number,
    second: number,
    epsilon: number,
    momentum: number,
    nesterov: boolean,
    clipNorm: number,
  ): void;
  slotCount(): number;
  prepareTraining(trainRows: number, testRows: number, batchSize: number, epochs: number): void;
  prepareGradient(rows: number): void;
  prepareProbabilities(rows: number): void;
  address(place: number): number;
  figuresWidth(): number;
  sumsWidth(): number;
  loadPacked(which: number): void;
  storePlain(which: number): void;
  storeGradients(): void;
  resume(epochs: number, rowsDone: number, steps: number, position: number): void;
  advance(operations: number, epochs: number): number;
  finishBatch(operations: number): number;
  epochsDone(): number;
  rowsOfEpochDone(): number;
  stepsTaken(): number;
  figuresHeld(): number;
  clearFiguresHeld(): void;
  divergedTo(): number;
  randomPosition(): number;
  positionAtEpochStart(): number;
}

/** How `advance` and `finishBatch` end. */
export const STATUS = {
  running: 0,
  reached: 1,
  lossDiverged: 2,
  weightDiverged: 3,
  testLossDiverged: 4,
} as const;

/** What `address` is asked for. */
export const PLACE = {
  plain: 0,
  rows: 1,
  classes: 2,
  testRows: 3,
  testClasses: 4,
  random: 5,
  randomAtEpoch: 6,
  figures: 7,
  sums: 8,
  gradients: 9,
  probabilities: 10,
} as const;

const ACTIVATION: Readonly<Record<Activation, number>> = {
  sigmoid: 0,
  linear: 1,
  tanh: 2,
  relu: 3,
  leakyRelu: 4,
  elu: 5,
  selu: 6,
  swish: 7,
};

const OPTIMIZER: Readonly<Record<Optimizer['name'], number>> = { adam: 0, sgd: 1, rmsprop: 2 };

/** An instance of the kernel. */
export class FusedKernel {
  readonly calls: Exports;

  constructor(module: WebAssembly.Module) {
    // The module imports nothing, and exports what its source says.
    this.calls = new WebAssembly.Instance(module).exports as unknown as Exports;
  }

  get bytes(): number {
    return this.calls.memory.buffer.byteLength;
  }

  float32(place: number, length: number): Float32Array {
    return new Float32Array(this.calls.memory.buffer, this.calls.address(place), length);
  }

  float64(place: number, length: number): Float64Array {
    return new Float64Array(this.calls.memory.buffer, this.calls.address(place), length);
  }

  uint32(place: number, length: number): Uint32Array {
    return new Uint32Array(this.calls.memory.buffer, this.calls.address(place), length);
  }

  /** Forgets all and takes in the shapes of these layers. */
  begin(layers: readonly Layer[]): void {
    this.calls.begin(layers.length);
    for (const [index, { units, activation, kernel }] of layers.entries()) {
      this.calls.defineLayer(index, kernel.shape[0], units, ACTIVATION[activation]);
    }
  }

  configure(optimizer: Optimizer): void {
    const { name, learningRate, globalClipNorm } = optimizer;
    const first = name === 'adam' ? optimizer.beta1 : name === 'rmsprop' ? optimizer.rho : 0;
    this.calls.configureOptimizer(
      OPTIMIZER[name],
      learningRate,
      first,
      name === 'adam' ? optimizer.beta2 : 0,
      name === 'sgd' ? 0 : optimizer.epsilon,
      name === 'adam' ? 0 : optimizer.momentum,
      name === 'sgd' && optimizer.nesterov,
      globalClipNorm,
    );
  }

  /** Takes in the weights of a prepared training. */
  setWeights(layers: readonly Layer[]): void {
    let at = 0;
    const size = layers.reduce((sum, { kernel, bias }) => sum + kernel.data.length + bias.length, 0);
    const plain = this.float32(PLACE.plain, size);
    for (const { kernel, bias } of layers) {
      plain.set(kernel.data, at);
      at += kernel.data.length;
      plain.set(bias, at);
      at += bias.length;
    }
    this.calls.loadPacked(0);
  }
}

const MAX_IDLE = 2;
const MAX_IDLE_BYTES = 2 ** 26;

let compiled: Promise<WebAssembly.Module> | undefined;
const idle: FusedKernel[] = [];

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

/**
 * Lends an instance to `use`. Instances are used again, since each reserves gigabytes of addresses; one whose memory has
 * grown large is given up. Rejects where WebAssembly or its SIMD is missing.
 */
export async function withKernel<T>(use: (kernel: FusedKernel) => Promise<T>): Promise<T> {
  compiled ??= WebAssembly.compile(bytesOf(base64));
  const module = await compiled;
  const kernel = idle.pop() ?? new FusedKernel(module);
  try {
    return await use(kernel);
  } catch (error) {
    // The one place that is not to be reached is where memory was asked for and not given.
    if (!(error instanceof WebAssembly.RuntimeError && /unreachable/i.test(error.message))) throw error;
    throw new RangeError('this machine does not have the memory that it needs: fewer units, layers or rows');
  } finally {
    if (idle.length < MAX_IDLE && kernel.bytes <= MAX_IDLE_BYTES) idle.push(kernel);
  }
}
