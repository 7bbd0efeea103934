// The layout of activations and of kernels in linear memory, and the tables that describe a network there.
//
// Rows go through the network in chunks of up to 64. A chunk is cut into panels of 16 rows; a panel holds, unit after
// unit, that unit's values for its 16 rows: four vectors of four float32, one row a lane.
//
//     panel 0: [unit 0: rows 0 … 15][unit 1: rows 0 … 15] …   panel 1: [unit 0: rows 16 … 31] …
//
// A kernel of I inputs and O units is stored pair of units by pair of units: [i][2] for units 0 and 1, then [i][2] for
// units 2 and 3, …, and [i] for a last odd unit. So the forward pass reads kernels from front to back, and the backward
// pass reads contiguous pieces. Gradients and the optimizer's slots have the same layout as the weights.

/** Rows of a panel. */
export const PANEL_ROWS: i32 = 16;
/** Bytes from one unit of a panel to the next. */
export const UNIT: usize = 64;
/** Bytes of a vector: four float32. */
export const VECTOR: usize = 16;
/** Rows that go through the network at once. */
export const CHUNK_ROWS: i32 = 64;

/** A layer's entry in the table: shape, offsets and addresses. */
@unmanaged
export class Layer {
  inputs: i32;
  units: i32;
  activation: i32;
  /** Vectors that the kernel occupies; the padding of the last vector stays 0. */
  vectors: i32;
  /**
   * Offsets of kernel and bias in the weights, and in every array with the layout of the weights, in bytes.
   */
  kernel: usize;
  bias: usize;
  /**
   * Addresses of the panels of outputs, first used for pre-activations, and of f′(z) for swish, whose output
   * does not determine the slope; 0 for other activations.
   */
  output: usize;
  slope: usize;
}

/** Address of the next free byte of the arena, which grows from the end of the module's own data. */
let top: usize = __heap_base;

/** Frees the whole arena. */
export function clearArena(): void {
  top = __heap_base;
}

/**
 * Takes `bytes` zeroed bytes, aligned to a vector, and returns their address. Traps if the memory does not
 * suffice.
 */
export function take(bytes: usize): usize {
  const address = (top + 15) & ~(<usize>15);
  top = address + bytes;
  const pages = <i32>((top + 0xffff) >>> 16);
  const held = memory.size();
  if (pages > held && memory.grow(pages - held) < 0) unreachable();
  memory.fill(address, 0, bytes);
  return address;
}

/** Number of panels of a chunk of `rows` rows. */
// @ts-ignore: decorator
@inline
export function panelsOf(rows: i32): i32 {
  return (rows + PANEL_ROWS - 1) / PANEL_ROWS;
}

/** Number of vectors of panel `panel` that hold any of `rows` rows, 1 … 4. */
// @ts-ignore: decorator
@inline
export function vectorsOf(panel: i32, rows: i32): i32 {
  return min(4, (rows - panel * PANEL_ROWS + 3) >> 2);
}

/** Address of the first unit of row `row` in a panelled matrix with `units` columns. */
// @ts-ignore: decorator
@inline
export function rowAddress(panels: usize, units: i32, row: i32): usize {
  return panels + <usize>(row >> 4) * <usize>units * UNIT + (<usize>(row & 15) << 2);
}

/** All ones in the lanes of vector `vector` of panel `panel` that hold any of `rows` rows. */
// @ts-ignore: decorator
@inline
export function rowMask(panel: i32, vector: i32, rows: i32): v128 {
  const first = panel * PANEL_ROWS + vector * 4;
  return i32x4.lt_s(i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3)), i32x4.splat(rows));
}
