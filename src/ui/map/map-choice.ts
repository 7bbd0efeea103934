// The choice of the map: two params, the form of the values of each, and the resulting values for a base.
// Invariant: the param checks the typed text; while the text is invalid, the crossing before remains.
// Remembered for the whole session, so that leaving the map loses nothing.

import { type Accessor, batch, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Param, Parsed } from '../../core/kinds/param';
import { isFormula, paramAt } from '../../core/plan/param-values';
import type { RunId } from '../../core/sheet/sheet';
import { words } from '../../core/text-formatting';
import {
  type Axis,
  FORM_TEXTS,
  formOfTexts,
  formTexts,
  suggestedForm,
  textsOf,
  type ValuesForm,
} from '../fill/sweep';
import type { SessionDocument } from '../session/document';
import { formMemory } from '../session/kept-form';
import { readParam } from '../text/param-reading';

import type { Crossing } from './crossed-sheet';

/** Rows down or columns across. */
export type Side = 'rows' | 'columns';

type Paths = Readonly<Record<Side, string>>;
type Forms = Readonly<Record<string, ValuesForm>>;

const DEPTH = 'architecture.hiddenLayers';
const FIRST: Paths = { rows: DEPTH, columns: 'architecture.activation' };

/**
 * Delay in ms between the last change and a new crossing, so that typing does not plan a map for every
 * character.
 */
const REST_MS = 250;

/** The choice of a session as signals, which outlive the map: it may be recalled before or after the map opens. */
function makeRemembered() {
  const [paths, setPaths] = createSignal<Paths>(FIRST);
  const [forms, setForms] = createSignal<Forms>({});
  return { paths, setPaths, forms, setForms };
}

const remembered = new WeakMap<SessionDocument, ReturnType<typeof makeRemembered>>();

function rememberedIn(session: SessionDocument): ReturnType<typeof makeRemembered> {
  const known = remembered.get(session) ?? makeRemembered();
  remembered.set(session, known);
  return known;
}

/**
 * The chosen params, and the values that the person typed for params, as a list of texts that recallChoice
 * reads.
 */
const choiceTexts = (paths: Paths, forms: Forms): readonly string[] => [
  paths.rows,
  paths.columns,
  ...Object.entries(forms).flatMap(([path, form]) => [path, ...formTexts(form)]),
];

/** Restores a choice that choiceTexts wrote before a reload. Returns whether typed values were restored. */
export function recallChoice(
  session: SessionDocument,
  [rows = '', columns = '', ...rest]: readonly string[],
): boolean {
  if (!paramAt(session.registry, rows) || !paramAt(session.registry, columns)) return false;
  const forms: Record<string, ValuesForm> = {};
  for (let at = 0; at < rest.length; at += FORM_TEXTS + 1) {
    const [path = '', ...texts] = rest.slice(at, at + FORM_TEXTS + 1);
    const form = formOfTexts(texts);
    if (form && paramAt(session.registry, path)) forms[path] = form;
  }
  const { setPaths, setForms } = rememberedIn(session);
  batch(() => {
    setPaths({ rows, columns });
    setForms(forms);
  });
  return Object.keys(forms).length > 0;
}

/** Whether the person typed values; if so, the chooser shows them. */
export const hasTyped = (session: SessionDocument): boolean =>
  Object.keys(rememberedIn(session).forms()).length > 0;

/**
 * First values of a param: one to ten hidden layers; for a positive real param a logarithmic series; else the
 * values that a sweep suggests.
 */
export function firstForm(param: Param, path: string, text: string): ValuesForm {
  const form = suggestedForm(param, text);
  if (path === DEPTH) return { ...form, how: 'linear', first: '1', last: '10', count: '10' };
  const isSize = param.type === 'real' && Number(text) > 0 && form.first !== form.last;
  return isSize ? { ...form, how: 'logarithmic' } : form;
}

/** Creates the choice for a base run; call inside a Solid root. */
export function createMapChoice(session: SessionDocument, base: Accessor<RunId>) {
  const { registry } = session;
  const { paths, setPaths, forms, setForms } = rememberedIn(session);
  const memory = formMemory(session, 'map');
  const typed = (about: string) =>
    Object.keys(forms()).length > 0 ? { about, texts: choiceTexts(paths(), forms()) } : undefined;
  // A map that opens before its choice is recalled forgets nothing of what a reload left.
  let wasTyped = false;
  const keep = (about: string): void => {
    const now = typed(about);
    if (now || wasTyped) memory.keep(now);
    wasTyped = now !== undefined;
  };
  createEffect(() => keep(base()));
  // The texts stay without their base, so that the map keeps its choice, but a reload does not open the map
  // again.
  onCleanup(() => keep(''));

  const begun = new Map<string, ValuesForm>();

  const paramOf = (side: Side): Param | undefined => paramAt(registry, paths()[side]);

  /** The form of the values of a side; the initial form if the person has changed nothing. */
  function formOf(side: Side): ValuesForm | undefined {
    const path = paths()[side];
    const param = paramOf(side);
    const plan = session.plan().runs.get(base());
    const [kind = '', name = ''] = path.split('.');
    const reading = plan && readParam(registry, plan, { type: 'param', id: path, kind, param: name });
    const typed = forms()[path];
    if (typed || !param) return typed;
    // The initial form stays as it was when the map opened: values that followed an edit of the base would
    // make another map.
    const place = `${base()} ${path}`;
    const form = begun.get(place) ?? firstForm(param, path, reading?.shown ?? '');
    begun.set(place, form);
    return form;
  }
  function axisOf(side: Side): Parsed<Axis> {
    const [param, form] = [paramOf(side), formOf(side)];
    if (!param || !form) return { ok: false, reason: `there is no param ${paths()[side]}` };
    const texts = textsOf(param, form);
    if (!texts.ok) return { ok: false, reason: `${nameOf(side)}: ${texts.reason}` };
    const written = texts.value.map((text) =>
      isFormula(text) ? (session.language()?.writeOut(text) ?? text) : text,
    );
    return { ok: true, value: { path: paths()[side], texts: [...new Set(written)] } };
  }
  const nameOf = (side: Side): string => words(paths()[side].split('.').at(-1) ?? '');

  const axes = createMemo(() => ({ rows: axisOf('rows'), columns: axisOf('columns') }));
  const asked = createMemo<Crossing | undefined>(
    () => {
      const { rows, columns } = axes();
      return rows.ok && columns.ok ? { base: base(), rows: rows.value, columns: columns.value } : undefined;
    },
    undefined,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const [crossing, setCrossing] = createSignal(asked());
  createEffect(
    on(
      asked,
      (next) => {
        const due = setTimeout(() => next && setCrossing(next), REST_MS);
        onCleanup(() => clearTimeout(due));
      },
      { defer: true },
    ),
  );

  return {
    paths,
    paramOf,
    formOf,
    nameOf,
    crossing,
    /** Why the typed values are invalid; undefined if both sides are valid. */
    reason(): string | undefined {
      const { rows, columns } = axes();
      return rows.ok ? (columns.ok ? undefined : columns.reason) : rows.reason;
    },
    /** Chooses the param of a side; if it is the param of the other side, the sides swap their params. */
    choose(side: Side, path: string) {
      const other = side === 'rows' ? 'columns' : 'rows';
      const { [side]: own, [other]: opposite } = paths();
      const rest = opposite === path ? own : opposite;
      setPaths(side === 'rows' ? { rows: path, columns: rest } : { rows: rest, columns: path });
    },
    update(side: Side, change: Partial<ValuesForm>) {
      const form = formOf(side);
      if (form) setForms((all) => ({ ...all, [paths()[side]]: { ...form, ...change } }));
    },
  };
}

/** The chosen params, their forms of values, and the resulting crossing, as signals. */
export type MapChoice = ReturnType<typeof createMapChoice>;
