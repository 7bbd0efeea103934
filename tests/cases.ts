// How many cases the properties try that know no last one.

const FACTOR = Number(process.env['CASES'] ?? 1);

/** The number of cases for a property that usually tries `usual`; `CASES=10` in the environment tries ten times as many. */
export const cases = (usual: number): number => Math.max(1, Math.round(usual * FACTOR));
