// Adam, SGD and RMSprop as Keras 3 writes them, each operation rounded to float32, in Keras's order of operations.
// Invariant: a step depends on the weights, the gradient and the state alone, so a training resumes to the byte.
// Works in place on flat vectors of all weights. Does not know layers, or where gradients come from.

interface Common {
  readonly learningRate: number;
  /** Euclidean norm to which the gradient of all weights together is scaled down; 0 means off. */
  readonly globalClipNorm: number;
}

/** An optimizer by its Keras name, with its hyperparameters. */
export type Optimizer =
  | ({
      readonly name: 'adam';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    } & Common)
  | ({ readonly name: 'sgd'; readonly momentum: number; readonly nesterov: boolean } & Common)
  | ({
      readonly name: 'rmsprop';
      readonly rho: number;
      readonly epsilon: number;
      readonly momentum: number;
    } & Common);

/** State of an optimizer: the number of steps taken, and vectors as long as the weights. */
export interface OptimizerState {
  step: number;
  /**
   * adam: momentum, velocity; sgd: momentum, unless momentum is 0; rmsprop: velocity, then momentum, unless
   * momentum is 0.
   */
  readonly slots: readonly Float32Array[];
}

/** The state before the first step on `size` weights: all zero. */
export function initialState(optimizer: Optimizer, size: number): OptimizerState {
  // A momentum that rounds to 0 in float32 counts as no momentum.
  const count =
    optimizer.name === 'adam'
      ? 2
      : (optimizer.name === 'sgd' ? 0 : 1) + (fround(optimizer.momentum) > 0 ? 1 : 0);
  return { step: 0, slots: Array.from({ length: count }, () => new Float32Array(size)) };
}

/**
 * Takes one step: overwrites `weights` and `state`, reads `gradient`; weights and gradient have the same
 * length. Throws RangeError if the state belongs to another optimizer or to another number of weights.
 */
export function applyGradient(
  optimizer: Optimizer,
  state: OptimizerState,
  weights: Float32Array,
  gradient: Float32Array,
): void {
  const scale = clipScale(gradient, optimizer.globalClipNorm);
  state.step++;
  if (optimizer.name === 'adam') adam(optimizer, state, weights, gradient, scale);
  else if (optimizer.name === 'sgd') sgd(optimizer, state, weights, gradient, scale);
  else rmsprop(optimizer, state, weights, gradient, scale);
}

const { fround, sqrt } = Math;

/**
 * Epsilon as a float32, at least float32's smallest positive number: with epsilon 0, a weight whose gradient
 * is 0 would become NaN.
 */
const atLeastTiny = (epsilon: number): number => Math.max(fround(epsilon), 1.401298464324817e-45);

function slot(state: OptimizerState, index: number, size: number): Float32Array {
  const values = state.slots[index];
  if (values?.length !== size)
    throw new RangeError('the optimizer state belongs to another optimizer or network');
  return values;
}

/**
 * Factor by which `clip_by_global_norm` of keras/src/optimizers/base_optimizer.py multiplies gradients: 1
 * without clipping, NaN for a gradient that is not finite. The squares are summed in float64, so that the
 * order of summation does not matter at float32's precision.
 */
function clipScale(gradient: Float32Array, clipNorm: number): number {
  if (clipNorm === 0) return 1;
  let squares = 0;
  for (const slope of gradient) squares += slope * slope;
  const norm = fround(sqrt(fround(squares)));
  const scale = fround(fround(clipNorm) * Math.min(fround(1 / norm), fround(1 / clipNorm)));
  return fround(scale + (norm - norm));
}

/**
 * Returns base^exponent, rounded to float32, for an integer exponent ≥ 0. Uses multiplications only, because
 * browsers may differ in `Math.pow`.
 */
function power(base: number, exponent: number): number {
  let product = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product *= square;
    square *= square;
  }
  return fround(product);
}

/** `Adam.update_step` of keras/src/optimizers/adam.py (Kingma and Ba 2014, with ε as in the text before section 2.1). */
function adam(
  { learningRate, beta1, beta2, epsilon }: Extract<Optimizer, { name: 'adam' }>,
  state: OptimizerState,
  weights: Float32Array,
  gradient: Float32Array,
  scale: number,
): void {
  const momentum = slot(state, 0, weights.length);
  const velocity = slot(state, 1, weights.length);
  const correction1 = fround(1 - power(fround(beta1), state.step));
  const correction2 = fround(1 - power(fround(beta2), state.step));
  const alpha = fround(fround(fround(learningRate) * fround(sqrt(correction2))) / correction1);
  const rate1 = fround(1 - beta1);
  const rate2 = fround(1 - beta2);
  const eps = atLeastTiny(epsilon);
  for (let i = 0; i < weights.length; i++) {
    const g = fround((gradient[i] as number) * scale);
    const oldM = momentum[i] as number;
    const oldV = velocity[i] as number;
    const m = fround(oldM + fround(fround(g - oldM) * rate1));
    const v = fround(oldV + fround(fround(fround(g * g) - oldV) * rate2));
    momentum[i] = m;
    velocity[i] = v;
    const step = fround(fround(m * alpha) / fround(fround(sqrt(v)) + eps));
    weights[i] = fround((weights[i] as number) - step);
  }
}

/** `SGD.update_step` of keras/src/optimizers/sgd.py. */
function sgd(
  { learningRate, momentum, nesterov }: Extract<Optimizer, { name: 'sgd' }>,
  state: OptimizerState,
  weights: Float32Array,
  gradient: Float32Array,
  scale: number,
): void {
  const rate = fround(learningRate);
  const decay = fround(momentum);
  if (decay === 0) {
    for (let i = 0; i < weights.length; i++) {
      const g = fround((gradient[i] as number) * scale);
      weights[i] = fround((weights[i] as number) - fround(g * rate));
    }
    return;
  }
  const moving = slot(state, 0, weights.length);
  for (let i = 0; i < weights.length; i++) {
    const pull = fround(fround((gradient[i] as number) * scale) * rate);
    const m = fround(fround((moving[i] as number) * decay) - pull);
    moving[i] = m;
    const step = nesterov ? fround(fround(m * decay) - pull) : m;
    weights[i] = fround((weights[i] as number) + step);
  }
}

/** `RMSprop.update_step` of keras/src/optimizers/rmsprop.py (Hinton 2012), not centered, with ε inside the root. */
function rmsprop(
  { learningRate, rho, epsilon, momentum }: Extract<Optimizer, { name: 'rmsprop' }>,
  state: OptimizerState,
  weights: Float32Array,
  gradient: Float32Array,
  scale: number,
): void {
  const velocity = slot(state, 0, weights.length);
  const drag = fround(momentum);
  const moving = drag > 0 ? slot(state, 1, weights.length) : undefined;
  const rate = fround(learningRate);
  const decay = fround(rho);
  const gain = fround(1 - rho);
  const eps = atLeastTiny(epsilon);
  for (let i = 0; i < weights.length; i++) {
    const g = fround((gradient[i] as number) * scale);
    const v = fround(fround(decay * (velocity[i] as number)) + fround(gain * fround(g * g)));
    velocity[i] = v;
    let step = fround(fround(rate * g) / fround(sqrt(fround(v + eps))));
    if (moving) {
      step = fround(fround(drag * (moving[i] as number)) + step);
      moving[i] = step;
    }
    weights[i] = fround((weights[i] as number) - step);
  }
}
