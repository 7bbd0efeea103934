// The cells of the grid: a param with its text, a result with its small curve, a kind with its status.
// Invariant: a number on the screen belongs to the cell's key, or is marked as old.

import { createMemo, Show } from 'solid-js';
import type { Kind } from '../core/kind';
import type { RunPlan } from '../core/plan';
import type { Plain } from '../core/value';
import type { Editing } from './editing';
import { CellInput, type CellProps } from './grid';
import { readParam, readStatus } from './reading';
import { formatResult } from './result-text';
import type { ResultRow, Row } from './rows';
import { words } from './rows';
import type { Session } from './session';
import { SmallCurve } from './small-curve';

/** Reads one kind's cell of a run: the plan's node and the live state of its key. */
function useState(session: Session, run: () => RunPlan, kind: Kind['name']) {
  return () => {
    const node = run().cells.get(kind)?.node;
    return node && session.live.state(node.key);
  };
}

export function ParamCell(props: {
  session: Session;
  editing: Editing;
  run: RunPlan;
  row: Row & { type: 'param' };
  cell: CellProps;
}) {
  const { session, editing, row, cell } = props;
  const reading = createMemo(() => readParam(session.registry, props.run, row));
  const id = () => props.run.run.id;
  const draft = () => {
    const current = editing.draft();
    return current?.place === 'cell' && current.run === id() && current.row === row.id ? current : undefined;
  };
  const counts = () => {
    const kind = session.registry.get(row.kind);
    const params = props.run.settings.get(row.kind)?.params;
    return !kind?.applies || !params || kind.applies(row.param, params);
  };
  const spoken = () => {
    const known = reading();
    const origin =
      known?.from === 'inherited' ? `, from ${known.source}` : known?.from === 'default' ? ', default' : '';
    return `${id()}, ${words(row.param)}, ${known?.text ?? ''}${origin}${known?.problem ? `, ${known.problem}` : ''}`;
  };
  return (
    <td
      ref={cell.ref}
      tabindex={cell.tabindex()}
      aria-selected={cell.selected()}
      aria-invalid={reading()?.problem ? true : undefined}
      aria-label={draft() ? undefined : spoken()}
      title={
        (reading()?.problem ?? (reading()?.text.length ?? 0) > 12)
          ? (reading()?.problem ?? reading()?.text)
          : undefined
      }
      class={reading()?.from}
      classList={{ idle: !counts(), editing: draft() !== undefined }}
      onMouseDown={cell.pick}
      onDblClick={cell.edit}
    >
      <Show when={draft()} fallback={<span class="text">{reading()?.text}</span>}>
        {(current) => (
          <CellInput
            label={`${words(row.param)} of ${id()}`}
            text={current().text}
            editing={editing}
            done={cell.done}
            choices={reading()?.param.choices}
          />
        )}
      </Show>
    </td>
  );
}

/** What the cell last had, kept on the screen while the next is computed: visibly old. */
function createLasting(session: Session, run: () => RunPlan, kind: string) {
  return createMemo<{ key: string; value: Plain } | undefined>((before) => {
    const node = run().cells.get(kind)?.node;
    const outcome = node && session.live.state(node.key).outcome;
    if (outcome?.result) return { key: outcome.result.key, value: outcome.result.value };
    return outcome?.failure ? undefined : node ? before : undefined;
  });
}

export function ResultCell(props: { session: Session; run: RunPlan; result: ResultRow; cell: CellProps }) {
  const { session, result, cell } = props;
  const run = () => props.run;
  const lasting = createLasting(session, run, result.kind);
  const stale = () =>
    lasting() !== undefined && lasting()?.key !== props.run.cells.get(result.kind)?.node?.key;
  const partial = () => useState(session, run, result.kind)()?.partial;
  const value = () => partial() ?? lasting()?.value;
  const members = createMemo(() => memberFigures(session, props.run, result));
  const figure = () => {
    const known = value();
    return known === undefined ? undefined : result.read(known);
  };
  const text = () => {
    const spread = members();
    if (spread)
      return `${formatResult(result, spread.mean)} ± ${formatResult({ ...result, format: 'loss' }, spread.deviation)}`;
    const known = figure();
    return known === undefined ? '' : formatResult(result, known);
  };
  const note = () => {
    const spread = members();
    if (spread) return `mean ± standard deviation of ${spread.n} of ${props.run.seeds.count} members`;
    if (partial() !== undefined) return 'so far';
    return stale() ? 'of the sheet before this edit' : '';
  };
  return (
    <td
      ref={cell.ref}
      tabindex={cell.tabindex()}
      aria-selected={cell.selected()}
      aria-label={`${props.run.run.id}, ${result.label}, ${text() || 'none'}${note() ? `, ${note()}` : ''}`}
      title={note() || (figure() === undefined ? undefined : String(figure()))}
      class="result"
      classList={{ stale: stale() && partial() === undefined }}
      onMouseDown={cell.pick}
    >
      <span class="text">{text()}</span>
      <Show when={result.curve && value()}>
        {(known) => (
          <SmallCurve values={result.curve?.(known()) ?? new Float64Array()} log={result.format === 'loss'} />
        )}
      </Show>
    </td>
  );
}

/** Mean and standard deviation (n − 1) over the members that are there; undefined for a run without seeds. */
function memberFigures(session: Session, run: RunPlan, result: ResultRow) {
  if (run.seeds.count === 1) return undefined;
  const figures: number[] = [];
  for (let index = 0; index < run.seeds.count; index++) {
    const node = run.member(index).get(result.kind)?.node;
    const known = node && session.live.state(node.key).outcome?.result;
    const figure = known && result.read(known.value);
    if (figure !== undefined) figures.push(figure);
  }
  const n = figures.length;
  if (n === 0) return undefined;
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / n;
  const squares = figures.reduce((sum, figure) => sum + (figure - mean) * (figure - mean), 0);
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n };
}

export function StatusCell(props: { session: Session; run: RunPlan; kind: string; cell: CellProps }) {
  const { session, kind, cell } = props;
  const state = useState(session, () => props.run, kind);
  const holder = () => {
    const key = props.run.cells.get(kind)?.node?.key;
    return key === undefined ? undefined : session.holderOf(key);
  };
  const status = createMemo(() => readStatus(props.run, kind, state(), holder()));
  return (
    <td
      ref={cell.ref}
      tabindex={cell.tabindex()}
      aria-selected={cell.selected()}
      aria-label={`${props.run.run.id}, ${kind}, ${status().word}`}
      title={status().problem?.message}
      class="status"
      classList={{ problem: status().problem !== undefined }}
      onMouseDown={cell.pick}
    >
      <span aria-hidden="true" class="sign">
        {status().sign}
      </span>{' '}
      {status().word}
    </td>
  );
}
