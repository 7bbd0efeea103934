// Texts of results beyond one figure: mean and spread over members, and the difference of a run from the baseline. Loaded once
// a run has seeds or is compared.
// Invariant: every number is given with its n; a difference within the spread is never shown as a difference.

import type { Result } from '../../core/kinds/kind';
import type { RunPlan } from '../../core/plan/plan';
import { exponential } from '../../core/text-formatting';
import type { SessionDocument } from '../session/document';
import type { LiveState } from '../session/live-states';
import { isShared, memberNodes } from '../session/members';
import type { SessionProgress } from '../session/progress';
import { factorText, formatResult } from '../text/result-text';
import { type Difference, differenceOf, pairedDifference, type Summary, summarize } from '../text/spread';
import '../text/comparing.css';

type Row = Pick<Result, 'format'>;

/**
 * Figures of a run's members by member index, undefined where there is none, and the numbers of diverged and
 * failed members.
 */
export interface Tally {
  readonly figures: readonly (number | undefined)[];
  readonly diverged: number;
  readonly failed: number;
}

const present = ({ figures }: Tally): number[] => figures.filter((figure) => figure !== undefined);

/** Figures on the scale of their statistics: the natural logarithm of a ratio, any other figure as it is. */
const scaled = ({ format }: Row, figures: readonly number[]): number[] =>
  format === 'ratio' ? figures.map(Math.log) : [...figures];

/** A spread with two significant digits, but no finer than the row's format. */
function deviationText({ format }: Row, deviation: number): string {
  const finest = format === 'loss' ? 4 : 3;
  if (!Number.isFinite(deviation)) return '–';
  if (deviation === 0) return '0';
  if (deviation < 10 ** -finest || deviation >= 1e5) return exponential(deviation, 1);
  return deviation.toFixed(Math.min(finest, Math.max(0, 1 - Math.floor(Math.log10(deviation)))));
}

/** A factor with two decimals below 1.095, where one decimal would show nearly 1 as 1. */
const finerFactor = (factor: number): string => (factor < 1.095 ? factor.toFixed(2) : factorText(factor));

/**
 * Mean and spread as one text and in two parts, and the name of the statistics; `spread` is empty for a
 * single figure.
 */
export interface SpreadTexts {
  readonly text: string;
  readonly center: string;
  readonly spread: string;
  readonly measure: string;
}

/**
 * A result over members: mean ± standard deviation (n − 1), or for a ratio, whose scale is logarithmic, the geometric
 * mean ×÷ the factor of one standard deviation; no spread for a single member.
 */
export function formatSpread(row: Row, figures: readonly number[]): SpreadTexts {
  const ratio = row.format === 'ratio';
  const { n, mean, deviation } = summarize(scaled(row, figures));
  const center = formatResult(row, ratio ? Math.exp(mean) : mean);
  const measure = ratio
    ? 'geometric mean ×÷ the factor of one standard deviation'
    : 'mean ± standard deviation';
  const width = ratio
    ? `×÷ ${Number.isFinite(deviation) ? finerFactor(Math.exp(deviation)) : '–'}`
    : `± ${deviationText(row, deviation)}`;
  const spread = n > 1 ? width : '';
  return { text: [center, spread].filter(Boolean).join(' '), center, spread, measure };
}

/** The number of figures, of members, and of diverged and failed members, in short and in words. */
export function countTexts(tally: Tally): { short: string; words: string } {
  const { figures, diverged, failed } = tally;
  const [n, of] = [present(tally).length, figures.length];
  const lost = [diverged > 0 ? `${diverged} diverged` : '', failed > 0 ? `${failed} failed` : ''];
  return {
    // Pending members are left out: the status of the training shows them.
    short: diverged + failed > 0 ? `n ${n}/${of}` : `n ${n}`,
    words: [`${n} of ${of} members`, ...lost].filter(Boolean).join(', '),
  };
}

/**
 * A difference as the cell shows it, and in words; `within` if the difference is no larger than the spread
 * over seeds.
 */
export interface DifferenceTexts {
  readonly short: string;
  readonly words: string;
  readonly within: boolean;
}

const factorOf = (log: number): string => finerFactor(Math.exp(Math.abs(log)));

function shortOf(row: Row, { mean, isWithin }: Difference): string {
  if (!Number.isFinite(mean)) return '–';
  if (mean === 0) return '=';
  const sign = isWithin ? '≈ ' : '';
  if (row.format === 'ratio') return `${sign}${mean < 0 ? '÷' : '×'} ${factorOf(mean)}`;
  return `${sign}${mean < 0 ? '−' : '+'}${formatResult(row, Math.abs(mean))}`;
}

function sizeOf(row: Row, mean: number, than: string): string {
  if (!Number.isFinite(mean)) return `not comparable with ${than}`;
  if (mean === 0) return `the same as ${than}`;
  if (row.format === 'ratio') {
    const factor = factorOf(mean);
    if (factor === '1.00') return `about the same as ${than}`;
    return mean < 0 ? `1/${factor} of ${than}’s` : `${factor} times ${than}’s`;
  }
  return `${formatResult(row, Math.abs(mean))} ${mean < 0 ? 'lower' : 'higher'} than ${than}`;
}

const spreadOf = (row: Row, value: number): string =>
  row.format === 'ratio' ? `a factor of ${finerFactor(Math.exp(value))}` : deviationText(row, value);

const sideOf = (row: Row, figures: readonly number[]): string =>
  `${formatSpread(row, figures).text}, n ${figures.length}`;

/**
 * The difference of a run's figures `own` from the figures `other` of `than`: member by member if `paired`
 * and there are at least two pairs, else by the means; undefined if a side has no figures.
 */
export function differenceTexts(
  row: Row,
  own: Tally,
  other: Tally,
  than: string,
  paired: boolean,
): DifferenceTexts | undefined {
  const [mine, theirs] = [present(own), present(other)];
  if (mine.length === 0 || theirs.length === 0) return undefined;
  const pairs = paired
    ? own.figures.flatMap((figure, index) => {
        const opposite = other.figures[index];
        return figure === undefined || opposite === undefined ? [] : [[figure, opposite] as const];
      })
    : [];
  const isPaired = pairs.length > 1;
  const side = (at: 0 | 1): number[] =>
    scaled(
      row,
      pairs.map((pair) => pair[at]),
    );
  const summary = (figures: readonly number[]): Summary => summarize(scaled(row, figures));
  const found = isPaired ? pairedDifference(side(0), side(1)) : differenceOf(summary(mine), summary(theirs));
  const hasSpread = !Number.isNaN(found.deviation);
  const numbers = [
    isPaired ? `mean of ${found.pairs} pairs of members with the same seeds` : '',
    hasSpread
      ? isPaired
        ? `standard deviation of the differences ${spreadOf(row, found.deviation)}`
        : `spread ${spreadOf(row, found.deviation)}, the root of the sum of both variances`
      : '',
    Number.isNaN(found.error) ? '' : `standard error ${spreadOf(row, found.error)}`,
    `${than} ${hasSpread ? sideOf(row, theirs) : formatResult(row, theirs[0] ?? Number.NaN)}`,
  ];
  const words = [
    `${found.isWithin && found.mean !== 0 ? 'within the spread over seeds: ' : ''}${sizeOf(row, found.mean, than)}`,
    ...numbers.filter(Boolean),
  ].join('; ');
  return { short: shortOf(row, found), words, within: found.isWithin };
}

/**
 * Tallies by run and result; valid for version `at` of the run's member states, so that all readers share
 * one.
 */
const tallies = new WeakMap<RunPlan, Map<string, { readonly at: number; readonly tally: Tally }>>();

/**
 * The tally of a run's result over all members; over the first member's cell alone without members and during
 * a drag.
 */
export function tallyOf(session: SessionProgress, run: RunPlan, result: Result): Tally {
  if (run.seeds.count === 1 || session.isMoving()) {
    const node = run.cells.get(result.kind)?.node;
    return tallied(result, node ? [session.live.state(node.key)] : []);
  }
  const at = session.members.version(run.run.id);
  let known = tallies.get(run);
  if (!known) {
    known = new Map();
    tallies.set(run, known);
  }
  const last = known.get(result.name);
  if (last?.at === at) return last.tally;
  const nodes = memberNodes(session.members.opened(run), result.kind);
  const tally = tallied(result, session.members.states(run.run.id, nodes), run);
  known.set(result.name, { at, tally });
  return tally;
}

function tallied(result: Result, states: readonly LiveState[], run?: RunPlan): Tally {
  const failures = states.flatMap(({ outcome }) => outcome?.failure ?? []);
  const figures = states.map(({ outcome, partial }) => {
    const value = outcome?.result?.value ?? partial;
    return value === undefined ? undefined : result.read(value);
  });
  // Members that wait for the person's consent count as pending.
  const waiting = run && !isShared(run, result.kind) ? run.seeds.count - figures.length : 0;
  return {
    figures: [...figures, ...Array<undefined>(Math.max(0, waiting)).fill(undefined)],
    diverged: failures.filter(({ kind }) => kind === 'diverged').length,
    failed: failures.filter(({ kind }) => kind !== 'diverged').length,
  };
}

/** Whether the members of two runs have the same seeds one by one, so that their figures can be paired. */
export function haveSameSeeds(
  { registry }: Pick<SessionDocument, 'registry'>,
  a: RunPlan,
  b: RunPlan,
): boolean {
  if (a.seeds.count !== b.seeds.count || a.seeds.count < 2) return false;
  return registry.kinds.every(({ name, params }) =>
    Object.entries(params).every(
      ([param, { type }]) =>
        type !== 'seed' || a.settings.get(name)?.params?.[param] === b.settings.get(name)?.params?.[param],
    ),
  );
}

/** Texts that a result cell shows and speaks beside a single figure. */
export interface Aside {
  /** The mean, its spread and n; undefined for a single figure, which the cell formats itself. */
  readonly text?: string;
  readonly spread?: string;
  readonly count?: string;
  /** The difference from the baseline. */
  readonly difference?: string;
  readonly note: string;
}

/**
 * Mean, spread and n of a run with members; undefined until the first figure, and an empty text if every
 * member failed.
 */
function spreadAside(result: Result, tally: Tally): Aside | undefined {
  const figures = present(tally);
  const { short, words } = countTexts(tally);
  if (figures.length === 0)
    return tally.diverged + tally.failed < tally.figures.length ? undefined : { text: '', note: words };
  const { center, spread, measure } = formatSpread(result, figures);
  return { text: center, spread, count: short, note: `${measure} of ${words}` };
}

/**
 * Texts beside a run's figure: mean, spread and n over members and, with a baseline, the difference from the
 * baseline. With `member`, a member of the run is compared with the same member of the baseline. Undefined if
 * there is nothing to show.
 */
export function asideOf(
  session: SessionDocument & SessionProgress,
  run: RunPlan,
  result: Result,
  baseline: RunPlan | undefined,
  member?: number,
): Aside | undefined {
  const isMany = run.seeds.count > 1 && !session.isMoving();
  const own = tallyOf(session, run, result);
  const spread = isMany ? spreadAside(result, own) : undefined;
  if (isMany && !spread) return undefined;
  if (!baseline) return spread;
  if (baseline.run.id === run.run.id)
    return member === undefined
      ? { ...spread, note: ['the baseline', spread?.note].filter(Boolean).join(', ') }
      : spread;
  const whole = tallyOf(session, baseline, result);
  const isAgainstOne = member !== undefined && whole.figures.length > 1;
  const texts = differenceTexts(
    result,
    own,
    isAgainstOne ? { ...whole, figures: whole.figures.slice(member, member + 1) } : whole,
    isAgainstOne ? `${baseline.run.id}[${member}]` : baseline.run.id,
    isMany && haveSameSeeds(session, run, baseline),
  );
  if (!texts) return spread;
  return {
    ...spread,
    difference: texts.short,
    note: [spread?.note, texts.words].filter(Boolean).join('; '),
  };
}
