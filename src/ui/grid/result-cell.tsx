// A result's cell: a figure with its small curve, or the mean over members with its spread, or the difference from the
// baseline.
// Invariant: a number on the screen belongs to the cell's key; any other number is marked as old within a blink.
// Knows no statistics: everything beyond a single figure loads once a run needs it.

import { createMemo, Show } from 'solid-js';
import type { Result } from '../../core/kinds/kind';
import { late } from '../../core/late-loading';
import type { RunPlan } from '../../core/plan/plan';
import { later } from '../dom/late-signal';
import { SmallCurve } from '../dom/small-curve';
import { memberNodes } from '../session/members';
import type { SessionProgress } from '../session/progress';
import { spokenNote } from '../text/cell-text';
import { singleResult } from '../text/single-result';
import type { Workspace } from '../workspace/workspace';
import type { CellProps } from './cell-input';

/** The texts that a result cell shows, and the keys that they were read from. */
interface ShownResult {
  /** Keys of the cells that were read, joined by spaces; the result is old if the plan now has others. */
  readonly keys: string;
  readonly text: string;
  readonly note: string;
  /** The spread and n of a run with members. */
  readonly spread?: string;
  readonly count?: string;
  /** The difference from the baseline, shown in place of the curve. */
  readonly difference?: string;
  readonly curve?: Float64Array | undefined;
}

/** Statistics over members, loaded by the first cell that needs them. */
const statistics = later(late(() => import('./result-spread')));

/** The result of a single cell, with the key that it was read from. */
function figureOf(session: SessionProgress, result: Result, keys: string): ShownResult | undefined {
  const single = singleResult(session, result, keys);
  return single && { keys, ...single };
}

/** A result of a run: the latest figure, with its curve, its spread or its difference from the baseline. */
export function ResultCell(props: { workspace: Workspace; run: RunPlan; result: Result; cell: CellProps }) {
  const { result, cell } = props;
  const { session, baseline } = props.workspace;
  // During a drag only the first member is computed, and represents the run.
  const alone = () => props.run.seeds.count === 1 || session.isMoving();
  const keys = createMemo(() => {
    const first = props.run.cells.get(result.kind)?.node?.key ?? '';
    if (alone() || first === '') return first;
    return memberNodes(session.members.opened(props.run), result.kind)
      .map(({ key }) => key)
      .join(' ');
  });
  function read(): ShownResult | undefined {
    const single = alone() ? figureOf(session, result, keys()) : undefined;
    if (alone() && !(single && baseline.run())) return single;
    const more = statistics()?.asideOf(session, props.run, result, baseline.run(), cell.member);
    if (!more) return single;
    const note = [single?.note, more.note].filter(Boolean).join('; ');
    return { keys: keys(), text: '', ...single, ...more, note };
  }
  /**
   * The present result, else the last one, marked as old until the next is known; nothing after a failure.
   */
  const shown = createMemo<ShownResult | undefined>((before) => {
    if (keys() === '') return undefined;
    const present = read();
    if (present) return present;
    const failed = alone() && session.live.state(keys()).outcome?.failure;
    return failed ? undefined : before;
  });
  const stale = () => shown() !== undefined && shown()?.keys !== keys() && session.stale();
  // All visible text in visible order, so that speech input can name the cell (WCAG 2.5.3, Label in Name).
  const text = () => {
    const { text, difference, spread, count } = shown() ?? {};
    return [text || 'none', difference, spread, count].filter(Boolean).join(' ');
  };
  const note = () => (stale() ? 'from before this edit' : (shown()?.note ?? ''));
  return (
    <td
      ref={cell.ref}
      aria-label={[cell.name, result.label, text(), spokenNote(note())].filter(Boolean).join(', ')}
      title={note()}
      class="result"
      classList={{ stale: stale() }}
    >
      <span class="text">{shown()?.text}</span>
      <Show
        when={shown()?.difference}
        fallback={
          <Show when={shown()?.curve}>
            {(curve) => <SmallCurve values={curve()} log={result.format === 'loss'} />}
          </Show>
        }
      >
        {(difference) => <span class="apart"> {difference()}</span>}
      </Show>
      <Show when={shown()?.count}>
        {(count) => (
          <span class="over">
            {' '}
            {shown()?.spread} <span>{count()}</span>
          </span>
        )}
      </Show>
    </td>
  );
}
