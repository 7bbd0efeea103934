// How many cases the properties of the tests get.
// Invariant: with CASES=1, or without the variable, each property gets its usual number.

const FACTOR = Number(process.env['CASES'] ?? 1);

/** The number of cases of a property: `usual` times the environment variable CASES, and at least one. */
export const cases = (usual: number): number => Math.max(1, Math.round(usual * FACTOR));
