// A result's cell: a figure with its small curve, or the mean over members with its spread.
// Invariant: a number on the screen belongs to the cell's key; one that does not is marked as old within a blink.

import { createMemo, Show } from 'solid-js';
import type { RunPlan } from '../core/plan';
import type { CellProps } from './cell-input';
import { memberNodes } from './members';
import { formatResult, formatSpread } from './result-text';
import type { ResultRow } from './rows';
import type { Session } from './session';
import { SmallCurve } from './small-curve';

/** What a result cell shows: a figure, or the mean over members, with what it belongs to. */
interface Standing {
  /** The keys that it was read from; where they are not the plan's any more, it is old. */
  readonly keys: string;
  readonly text: string;
  readonly note: string;
  readonly curve?: Float64Array | undefined;
}

/** The mean over the members that are there so far; nothing before the first is. */
function meanOf(session: Session, run: RunPlan, result: ResultRow, keys: string): Standing | undefined {
  const states = session.members.states(run.run.id, memberNodes(run, result.kind));
  const figures = states.flatMap(({ outcome }) => {
    const known = outcome?.result;
    return known ? (result.read(known.value) ?? []) : [];
  });
  if (figures.length === 0) return undefined;
  const { text, measure } = formatSpread(result, figures);
  return { keys, text, note: `${measure} of ${figures.length} of ${run.seeds.count} members` };
}

/** The figure of a run without seeds: of its value, or of a running training as far as it is known. */
function figureOf(session: Session, _: RunPlan, result: ResultRow, keys: string): Standing | undefined {
  const state = session.live.state(keys);
  const value = state.outcome?.result?.value ?? state.partial;
  const figure = value === undefined ? undefined : result.read(value);
  if (value === undefined || figure === undefined) return undefined;
  const note = state.outcome ? String(figure) : 'so far';
  return { keys, text: formatResult(result, figure), note, curve: result.curve?.(value) };
}

/** A result of a run: the newest figure that is there, with its small curve. */
export function ResultCell(props: { session: Session; run: RunPlan; result: ResultRow; cell: CellProps }) {
  const { session, result, cell } = props;
  // While a hand moves only the first member is computed, and stands for all.
  const alone = () => props.run.seeds.count === 1 || session.isMoving();
  const keys = createMemo(() => {
    const first = props.run.cells.get(result.kind)?.node?.key ?? '';
    if (alone() || first === '') return first;
    return memberNodes(props.run, result.kind)
      .map(({ key }) => key)
      .join(' ');
  });
  /** What is there now, else what was last there: a number is kept on the screen, visibly old, until the next is known. */
  const standing = createMemo<Standing | undefined>((before) => {
    if (keys() === '') return undefined;
    const read = alone() ? figureOf : meanOf;
    const present = read(session, props.run, result, keys());
    if (present) return present;
    const failed = alone() && session.live.state(keys()).outcome?.failure;
    return failed ? undefined : before;
  });
  const stale = () => standing() !== undefined && standing()?.keys !== keys() && session.lagging();
  const note = () => (stale() ? 'of the sheet before this edit' : (standing()?.note ?? ''));
  return (
    <td
      ref={cell.ref}
      tabindex={cell.tabindex()}
      aria-selected={cell.selected()}
      aria-label={[props.run.run.id, result.label, standing()?.text ?? 'none', note()]
        .filter(Boolean)
        .join(', ')}
      title={note()}
      class="result"
      classList={{ stale: stale() }}
      onMouseDown={cell.pick}
    >
      <span class="text">{standing()?.text}</span>
      <Show when={standing()?.curve}>
        {(curve) => <SmallCurve values={curve()} log={result.format === 'loss'} />}
      </Show>
    </td>
  );
}
