// Values as `pack` of gallery-values wrote them, made back: what pages that fetch values read them with.
// Invariant: what was a typed array is one again, NaN included. Knows no figure.

const TYPED = { Float32Array, Float64Array, Uint8Array, Uint32Array, Int32Array };

/** For JSON.parse: what `pack` made of typed arrays, made back. */
export function unpack(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('typed' in value) || !('data' in value)) return value;
  const { typed, data } = value as { typed: keyof typeof TYPED; data: (number | null)[] };
  return TYPED[typed].from(data.map((number) => number ?? Number.NaN));
}
