// Shows a figure on the page: its title, its drawing, its words for people who cannot see the drawing, and the menu that saves
// the figure.
// Invariant: a figure is drawn anew only for new values or another width, in the present nodes; the cursor moves in the present
// drawing. Everything out of sight, words and figures out of view, is updated when the values rest, with exactly the last
// values.

import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, onMount, Show } from 'solid-js';
import type { RunId } from '../../../core/sheet/sheet';
import { FormChoice } from '../../dom/form-choice';
import type * as FiguresModule from '..';
import type { Figure, Frame, Shown } from '../draw/figure';
import { FigureMenu, type Saving } from './figure-menu';
import { cancelPaint, finishPaint, paint } from './paint';

/** The module of all figures, which is loaded once the sheet stands. */
export type Figures = typeof FiguresModule;

/** What all figures follow: one cursor, one marked run. */
export interface Pointer {
  /** The epoch to show: hovered, else chosen. */
  epoch(): number;
  marked(): RunId | undefined;
  onEpoch(epoch: number | undefined): void;
  onRun(run: RunId | undefined): void;
}

/** How long values must have rested before what is out of view is drawn and the words are written. */
const REST_MS = 200;

type Drawing = ReturnType<Figure<never>['draw']>;

export function FigureView<V>(props: {
  figures: Figures;
  figure: Figure<V>;
  runs: readonly Shown<V>[];
  pointer: Pointer;
  /** Whether what is shown belongs to the sheet as it was before, while the new values are still awaited. */
  old?: boolean;
  /** What lies over the drawing, at its width, for hands. */
  over?: (width: number) => JSX.Element;
}) {
  const { followFrame, putting, repaint, saveCsv, savePng, saveSvg } = props.figures;
  const [width, setWidth] = createSignal(0);
  const [title, setTitle] = createSignal('');
  const [description, setDescription] = createSignal('');
  const [note, setNote] = createSignal<string>();
  const [word, setWord] = createSignal<string>();
  /** The same list as long as nothing is new in it: it is drawn anew for each other one. */
  const runs = createMemo(() => props.runs);
  const forms = createMemo(() => props.figure.forms?.of(runs()) ?? []);
  const form = createMemo(() => forms().find((one) => one.word === word()) ?? forms()[0]);
  /** The figure that is drawn: the chosen form of the one that stands here. */
  const figure = createMemo(() => form()?.figure ?? props.figure);
  let container: HTMLDivElement | undefined;
  let drawing: Drawing | undefined;
  let seen = true;
  const owner = { isSeen: () => seen };
  let rest: ReturnType<typeof setTimeout> | undefined;

  const frame = (): Frame => {
    const marked = props.pointer.marked();
    return {
      width: width(),
      epoch: props.pointer.epoch(),
      ...(marked !== undefined && { marked }),
      onEpoch: props.pointer.onEpoch,
      onRun: props.pointer.onRun,
    };
  };

  /** Draws in steps, and says last what is seen: a title never speaks of what is not drawn yet. */
  function* draw(): Generator<void> {
    if (!container) return;
    const [chosen, { runs }, before] = [figure(), props, drawing];
    const next = chosen.draw(runs, frame());
    drawing = next;
    yield;
    yield* putting(container, before, next);
    const [words, remark] = [chosen.title(runs), chosen.note?.(runs)];
    setTitle(words);
    setNote(remark);
  }
  function settle(): void {
    rest = undefined;
    setDescription(figure().describe(props.runs));
    if (!seen) paint(owner, draw);
  }

  onMount(() => {
    const sized = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    const met = new IntersectionObserver((entries) => {
      const now = entries.at(-1)?.isIntersecting ?? true;
      // Drawn at once where it comes into view in the middle of a move.
      if (now && !seen && width() > 0) paint(owner, draw);
      seen = now;
    });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const onScheme = (): void => {
      finishPaint(owner);
      if (drawing) repaint(drawing);
    };
    scheme.addEventListener('change', onScheme);
    if (container) {
      sized.observe(container);
      met.observe(container);
    }
    onCleanup(() => {
      sized.disconnect();
      met.disconnect();
      scheme.removeEventListener('change', onScheme);
    });
  });
  createEffect(
    on([runs, figure, width], () => {
      if (width() === 0) return;
      if (seen || !drawing) paint(owner, draw);
      clearTimeout(rest);
      // The first words are there with the drawing.
      rest = setTimeout(settle, description() ? REST_MS : 0);
    }),
  );
  createEffect(() => {
    const next = frame();
    if (drawing && next.width > 0) followFrame(drawing, next);
  });
  onCleanup(() => {
    cancelPaint(owner);
    clearTimeout(rest);
  });

  const words = () => ({ title: title(), description: figure().describe(props.runs) });
  const save = (as: typeof saveSvg | typeof savePng) => {
    finishPaint(owner);
    const element = drawing?.element;
    return element && as(element, words());
  };
  const pictures: readonly Saving[] = [
    { name: 'SVG', make: () => save(saveSvg) },
    { name: 'PNG', make: () => save(savePng) },
  ];
  const asCsv: Saving = { name: 'CSV', make: () => saveCsv(figure().table(props.runs)) };

  return (
    <figure id={`figure-${props.figure.name}`} class="figure-view" classList={{ old: props.old === true }}>
      <figcaption>
        {/* A heading only once it says something: the first drawing may be frames away. */}
        <Show when={title()}>
          <h3>{title()}</h3>
        </Show>
        <Show when={forms().length > 1 && props.figure.forms?.label}>
          {(label) => (
            <FormChoice
              label={`${label()}: ${props.figure.name}`}
              words={forms().map((one) => one.word)}
              chosen={form()?.word ?? ''}
              onChoose={setWord}
            />
          )}
        </Show>
        <FigureMenu
          title={title()}
          file={figure().name}
          savings={[...(figure().isTable ? [] : pictures), asCsv]}
        />
      </figcaption>
      {props.over?.(width())}
      <div
        ref={(element) => {
          container = element;
        }}
        class="drawing"
      />
      <Show when={note()}>{(words) => <p class="figure-note">{words()}</p>}</Show>
      <p class="unseen">{description()}</p>
    </figure>
  );
}
