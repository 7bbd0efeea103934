// The host's side of the fused kernel: the module, compiled once; instances, each with its own memory; and
// the numbers by which both sides name activations, optimizers and fields.
// Invariant: an instance has one training at a time. Each preparation makes new views of the memory, because
// growing the memory leaves older views empty.

import base64 from '../../kernel/index?assemblyscript';
import type { Activation, Layer } from '../network/network';
import type { Optimizer } from '../network/optimizers';

/** Name and version of the kernel; raised whenever any result changes in any bit. */
export const FUSED_VERSION = 'fused 1';

/** Exports of the module, as src/kernel/index.ts lists them. */
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
  prepareLosses(rows: number): void;
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

/** Results of `advance` and `finishBatch`. */
export const STATUS = {
  running: 0,
  reached: 1,
  lossDiverged: 2,
  weightDiverged: 3,
  testLossDiverged: 4,
} as const;

/** Arguments of `address`. */
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
  losses: 11,
  logits: 12,
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

/**
 * An instance of the kernel with its own memory. A view of the memory is valid until the next preparation.
 */
export class FusedKernel {
  readonly calls: Exports;

  constructor(module: WebAssembly.Module) {
    // The module imports nothing, and `Exports` repeats the signatures of its source.
    this.calls = new WebAssembly.Instance(module).exports as unknown as Exports;
  }

  /** Size of the instance's memory. */
  get bytes(): number {
    return this.calls.memory.buffer.byteLength;
  }

  /** View of `length` numbers at a place of `PLACE`; `float64` and `uint32` do the same. */
  float32(place: number, length: number): Float32Array {
    return new Float32Array(this.calls.memory.buffer, this.calls.address(place), length);
  }

  float64(place: number, length: number): Float64Array {
    return new Float64Array(this.calls.memory.buffer, this.calls.address(place), length);
  }

  uint32(place: number, length: number): Uint32Array {
    return new Uint32Array(this.calls.memory.buffer, this.calls.address(place), length);
  }

  /** Discards the present network and defines the shapes of these layers. */
  begin(layers: readonly Layer[]): void {
    this.calls.begin(layers.length);
    for (const [index, { units, activation, kernel }] of layers.entries()) {
      this.calls.defineLayer(index, kernel.shape[0], units, ACTIVATION[activation]);
    }
  }

  /** Sets the optimizer; must come before `prepareTraining`. */
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

  /** Copies the weights of the layers to the prepared computation. */
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
 * Lends an instance to `use`. Instances are reused, because each reserves gigabytes of address space; an
 * instance whose memory has grown large is dropped. Rejects if WebAssembly or its SIMD is missing, and with
 * RangeError if the memory does not suffice.
 */
export async function withKernel<T>(use: (kernel: FusedKernel) => Promise<T>): Promise<T> {
  compiled ??= WebAssembly.compile(bytesOf(base64));
  const module = await compiled;
  const kernel = idle.pop() ?? new FusedKernel(module);
  try {
    return await use(kernel);
  } catch (error) {
    // The kernel reaches `unreachable` only if a request for memory fails.
    if (!(error instanceof WebAssembly.RuntimeError && /unreachable/i.test(error.message))) throw error;
    throw new RangeError('this device has too little memory: use fewer units, layers or rows');
  } finally {
    if (idle.length < MAX_IDLE && kernel.bytes <= MAX_IDLE_BYTES) idle.push(kernel);
  }
}
