// The panel's form for sweeps: one param over values, or two crossed, as new runs after the active one.
// Invariant: the form applies no edit itself; the form describes the edit while a person types.

import { createEffect, createMemo, createSignal, For, Show } from 'solid-js';
import type { Registry } from '../../core/kinds/kind';
import type { Param } from '../../core/kinds/param';
import { isFormula, paramAt } from '../../core/plan/param-values';
import { SEEDS_PATH } from '../../core/sheet/sheet';
import { counted, words } from '../../core/text-formatting';
import { formMemory, type Kept, keepForm } from '../session/kept-form';
import { readParam } from '../text/param-reading';
import { cellsText } from '../workspace/kept-selection';

import type { Outcome } from './fill-form';
import type { FillWorkspace } from './fill-workspace';
import {
  FORM_TEXTS,
  formOfTexts,
  formTexts,
  suggestedForm,
  sweepRuns,
  textsOf,
  type ValuesForm,
} from './sweep';
import { ValuesEditor } from './values-editor';

const nameOf = (path: string): string => words(path.split('.').at(-1) ?? path);

/** The params and their values forms, restored from the texts of a form that was open before a reload. */
function leftForms(registry: Registry, texts: readonly string[]): [string, ValuesForm][] {
  return [0, 1].flatMap((index): [string, ValuesForm][] => {
    const [path = '', ...rest] = texts.slice(index * (FORM_TEXTS + 1), (index + 1) * (FORM_TEXTS + 1));
    const form = formOfTexts(rest);
    return form && paramAt(registry, path) ? [[path, form]] : [];
  });
}

/**
 * The form for sweeps. `left` holds the texts that were typed before a reload; `tell` receives each new
 * outcome.
 */
export function SweepForm(props: { workspace: FillWorkspace; left?: Kept; tell(outcome: Outcome): void }) {
  const { session } = props.workspace;
  const { registry } = session;
  const active = session.active();
  const base = session.sheet().runs.find(({ id }) => id === active.run);

  /** The initial values form of a param, suggested around the value of the active run. */
  function begin(path: string): ValuesForm | undefined {
    const param = paramAt(registry, path);
    const plan = session.plan().runs.get(active.run);
    const [kind = '', name = ''] = path === SEEDS_PATH ? ['', path] : path.split('.');
    const reading = plan && readParam(registry, plan, { type: 'param', id: path, kind, param: name });
    return param && suggestedForm(param, reading?.shown ?? '');
  }

  const start = paramAt(registry, active.row) ? active.row : 'optimizer.learningRate';
  const left = leftForms(registry, props.left?.texts ?? []);
  const [paths, setPaths] = createSignal<readonly string[]>(
    left.length > 0 ? left.map(([path]) => path) : [start],
  );
  const [forms, setForms] = createSignal<Readonly<Record<string, ValuesForm>>>(Object.fromEntries(left));
  const formOf = (path: string): ValuesForm | undefined => forms()[path] ?? begin(path);
  keepForm(formMemory(session, 'sweep'), () => ({
    about: cellsText(session),
    texts: paths().flatMap((path) => {
      const form = formOf(path);
      return form ? [path, ...formTexts(form)] : [];
    }),
  }));

  const outcome = createMemo<Outcome>(() => {
    const axes: { path: string; texts: readonly string[] }[] = [];
    for (const path of paths()) {
      const [param, form] = [paramAt(registry, path), formOf(path)];
      if (!param || !form) continue;
      const texts = textsOf(param, form);
      if (!texts.ok)
        return { reason: `${nameOf(path)}: ${texts.reason}`, shownInForm: true, action: 'Sweep' };
      const written = (text: string): string =>
        isFormula(text) ? (session.language()?.writeOut(text) ?? text) : text;
      axes.push({ path, texts: texts.value.map(written) });
    }
    const sweep = sweepRuns(session.sheet(), active.run, axes);
    if (!sweep.ok) return { reason: sweep.reason, action: 'Sweep' };
    const { names } = sweep.value;
    return {
      edit: {
        ...sweep.value,
        corners(made) {
          const first = made.runs.findIndex(({ id }) => id === active.run) + 1;
          const [from, to] = [made.runs[first], made.runs[first + names.length - 1]];
          const row = paths()[0] ?? start;
          return from && to && { from: { run: from.id, row }, to: { run: to.id, row } };
        },
      },
      action: `Add ${counted(names.length, 'run')}`,
    };
  });
  createEffect(() => props.tell(outcome()));

  const choose = (index: number, path: string): void => {
    const others = paths().filter((_, at) => at !== index);
    if (path === '') setPaths(others);
    else
      setPaths(
        index === 0 ? [path, ...others.filter((other) => other !== path)] : [paths()[0] ?? start, path],
      );
  };

  return (
    <>
      <p class="about">{`New runs after ${active.run}${base?.name ? `, ${base.name}` : ''}: twins of ${active.run} except for the values below`}</p>
      <Axis index={0} />
      <Axis index={1} />
    </>
  );

  function Axis(own: { index: number }) {
    const path = () => paths()[own.index];
    const param = (): Param | undefined => paramAt(registry, path() ?? '');
    return (
      <section class="axis">
        <label>
          {own.index === 0 ? 'Sweep' : 'Crossed with'}
          <select onChange={(event) => choose(own.index, event.currentTarget.value)}>
            <Show when={own.index > 0}>
              <option value="" selected={!path()}>
                nothing
              </option>
            </Show>
            <For each={registry.kinds}>
              {(kind) => (
                <optgroup label={kind.name}>
                  <For each={Object.keys(kind.params)}>
                    {(name) => {
                      const value = `${kind.name}.${name}`;
                      return (
                        <Show when={own.index === 0 || paths()[0] !== value}>
                          <option value={value} selected={path() === value}>
                            {words(name)}
                          </option>
                        </Show>
                      );
                    }}
                  </For>
                </optgroup>
              )}
            </For>
            <Show when={own.index === 0 || paths()[0] !== SEEDS_PATH}>
              <option value={SEEDS_PATH} selected={path() === SEEDS_PATH}>
                {SEEDS_PATH}
              </option>
            </Show>
          </select>
        </label>
        <Show when={path()} keyed>
          {(chosen) => (
            <Show when={param()}>
              {(known) => (
                <Show when={formOf(chosen)}>
                  {(form) => (
                    <ValuesEditor
                      param={known()}
                      name={nameOf(chosen)}
                      form={form()}
                      kept="sweep"
                      update={(change) => setForms({ ...forms(), [chosen]: { ...form(), ...change } })}
                    />
                  )}
                </Show>
              )}
            </Show>
          )}
        </Show>
      </section>
    );
  }
}
