// What the benchmarks share: medians of alternated rounds, and how lines are printed. Times are never asserted.

/** The middle of the values; NaN where there are none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

export const print = (line: string): void => console.log(line);

/** One line of a table: a name, milliseconds, a remark. */
export const row = (name: string, ms: number, note = ''): void =>
  print(`${name.padEnd(58)} ${ms.toFixed(3).padStart(10)} ms  ${note}`);

/** The median time of one call over `rounds` of them, in milliseconds. */
export function time(rounds: number, call: (round: number) => unknown): number {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    call(round);
    times.push(performance.now() - start);
  }
  return median(times);
}

/** What takes part in a comparison: each round it is called `times` times and its median counts. */
export interface Contender {
  readonly name: string;
  readonly times: number;
  call(): Promise<unknown>;
}

/** Median milliseconds of each contender over alternated rounds, after one call of each to warm up. */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<number[]> {
  for (const { call } of contenders) await call();
  const medians = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { call, times }] of contenders.entries()) {
      const taken: number[] = [];
      for (let i = 0; i < times; i++) {
        const start = performance.now();
        await call();
        taken.push(performance.now() - start);
      }
      medians[index]?.push(median(taken));
    }
  }
  return medians.map(median);
}
