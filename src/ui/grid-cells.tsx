// The cells of the grid: a param with its text, a result with its small curve, a kind with its status.
// Invariant: a number on the screen belongs to the cell's key, or is marked as old.

import { createMemo, Show } from 'solid-js';
import type { Kind } from '../core/kind';
import type { Node } from '../core/node';
import type { RunPlan } from '../core/plan';
import { CellInput, type CellProps } from './cell-input';
import type { Editing } from './editing';
import { readParam, readStatus, type Status } from './reading';
import { formatResult, formatSpread } from './result-text';
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

/** What a result cell shows: a figure, or the mean over members, with what it belongs to. */
interface Standing {
  /** The keys that it was read from; where they are not the plan's any more, it is old. */
  readonly keys: string;
  readonly text: string;
  readonly note: string;
  readonly curve?: Float64Array | undefined;
}

/** The keys of all members' cells of a kind, or nothing where one of them has a problem. */
function memberNodes(run: RunPlan, kind: string): Node[] {
  return Array.from(
    { length: run.seeds.count },
    (_, index) => run.member(index).get(kind)?.node ?? [],
  ).flat();
}

/** The mean over the members that are there so far; nothing before the first is. */
function meanOf(session: Session, run: RunPlan, result: ResultRow, keys: string): Standing | undefined {
  const figures = memberNodes(run, result.kind).flatMap(({ key }) => {
    const known = session.live.state(key).outcome?.result;
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

export function ResultCell(props: { session: Session; run: RunPlan; result: ResultRow; cell: CellProps }) {
  const { session, result, cell } = props;
  const keys = createMemo(() =>
    memberNodes(props.run, result.kind)
      .map(({ key }) => key)
      .join(' '),
  );
  /** What is there now, else what was last there: a number is kept on the screen, visibly old, until the next is known. */
  const standing = createMemo<Standing | undefined>((before) => {
    if (keys() === '') return undefined;
    const read = props.run.seeds.count > 1 ? meanOf : figureOf;
    const present = read(session, props.run, result, keys());
    if (present) return present;
    const failed = props.run.seeds.count === 1 && session.live.state(keys()).outcome?.failure;
    return failed ? undefined : before;
  });
  const stale = () => standing() !== undefined && standing()?.keys !== keys();
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

export function StatusCell(props: { session: Session; run: RunPlan; kind: string; cell: CellProps }) {
  const { session, kind, cell } = props;
  const state = useState(session, () => props.run, kind);
  const holder = () => {
    const key = props.run.cells.get(kind)?.node?.key;
    return key === undefined ? undefined : session.holderOf(key);
  };
  const status = createMemo((): Status => {
    const own = readStatus(props.run, kind, state(), holder());
    const nodes = memberNodes(props.run, kind);
    if (own.problem || nodes.length < 2 || nodes[0] === nodes[1]) return own;
    const ready = nodes.filter(({ key }) => session.live.state(key).outcome).length;
    return ready < nodes.length
      ? { sign: '◔', word: `${ready} of ${nodes.length}` }
      : { sign: '●', word: `${nodes.length} members` };
  });
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
