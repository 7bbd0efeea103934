// Shows a figure on the page: its headline in one line, its drawing, its words for people who cannot see the drawing, and the
// menu that saves the figure. A closed figure has its headline and its words only.
// Invariant: a figure is drawn again only for new values or another width, and reuses the present nodes; the cursor moves in the
// present drawing. Everything out of sight, words and figures out of view, is updated when the values rest, with exactly the
// last values.

import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from 'solid-js';
import type { RunId } from '../../../core/sheet/sheet';
import { FormChoice } from '../../dom/form-choice';
import type * as FiguresModule from '..';
import type { Figure, Frame, Shown } from '../draw/figure';
import { fittingHeadline } from '../draw/headline';
import { createCalculation, type EpochTermsOf } from './figure-calculation';
import { FigureMenu, type Saving } from './figure-menu';
import { createWalk, walkHint } from './figure-walk';
import { createHeadlineRoom } from './headline-room';
import type { OpenFigures } from './open-figures';
import { cancelPaint, finishPaint, paint } from './paint';

/** The module of all figures, which loads after the sheet is on the screen. */
export type Figures = typeof FiguresModule;

/** The cursor and the marked run, which all figures share. */
export interface Pointer {
  /** The epoch to show, counted from 1: the hovered epoch, else the chosen one. */
  epoch(): number;
  marked(): RunId | undefined;
  onEpoch(epoch: number | undefined): void;
  onRun(run: RunId | undefined): void;
  /** Called with the run of a pressed entry of a legend. */
  onLegend(run: RunId, event: MouseEvent): void;
  /** Numbers behind the curves of a training, for calculations. */
  readonly epochTerms?: EpochTermsOf;
}

/**
 * Time in ms without new values, after which figures out of view are drawn and text alternatives are written.
 */
const REST_MS = 200;

type Drawing = ReturnType<Figure<never>['draw']>;

/** Figure of some runs, as wide as its container; redraws when runs, width or chosen form change. */
export function FigureView<V>(props: {
  figures: Figures;
  figure: Figure<V>;
  runs: readonly Shown<V>[];
  pointer: Pointer;
  /** Whether the values are of the sheet before the last edit, while the new values are computed. */
  old?: boolean;
  /** What opens and closes the figure; without it, the figure is always open. */
  open?: OpenFigures;
  /** Input layer over the drawing, made once, so that it keeps the focus; `width` is the drawing's, in pixels. */
  over?: (width: () => number) => JSX.Element;
}) {
  const { followFrame, legendRun, onScheme, placeOf, putting, repaint, saveCsv, savePng, saveSvg } =
    props.figures;
  const [width, setWidth] = createSignal(0);
  const [title, setTitle] = createSignal('');
  const [headlines, setHeadlines] = createSignal<readonly string[]>([]);
  const { measure, room, widthOf } = createHeadlineRoom();
  const headline = () => fittingHeadline(headlines(), room(), widthOf);
  const [description, setDescription] = createSignal('');
  /** Whether the drawing has elements that take the focus. */
  const [hasControls, setHasControls] = createSignal(false);
  const [note, setNote] = createSignal<string>();
  const [word, setWord] = createSignal<string>();
  /** A memo, so that the figure is not drawn again for the same list. */
  const runs = createMemo(() => props.runs);
  const forms = createMemo(() => props.figure.forms?.of(runs()) ?? []);
  const form = createMemo(() => forms().find((one) => one.word === word()) ?? forms()[0]);
  /** The figure that is drawn: the chosen form of `props.figure`. */
  const figure = createMemo(() => form()?.figure ?? props.figure);
  const heading = createUniqueId();
  const isOpen = createMemo(() => props.open?.isOpen(props.figure.name) ?? true);
  /** Whether the values of the figure are still asked for, or are not asked for while it is closed. */
  const isAwaited = createMemo(
    () => props.figure.subject !== undefined && (runs().length === 0 || !isOpen()),
  );
  let container: HTMLDivElement | undefined;
  let captioned: HTMLDivElement | undefined;
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

  /**
   * Draws in steps and sets the title last, so that the title never describes values that are not drawn yet.
   */
  function* draw(): Generator<void> {
    // In the hidden half of a phone there is no width to draw for.
    if (!container || width() === 0) return;
    const [chosen, { runs }, before] = [figure(), props, drawing];
    const next = chosen.draw(runs, frame());
    drawing = next;
    yield;
    yield* putting(container, before, next);
    const remark = chosen.note?.(runs);
    entitle();
    setHasControls(container.querySelector('summary, button, a, input, [tabindex]') !== null);
    setNote(remark);
  }
  /** Sets title and headline, which need no drawing. */
  function entitle(): void {
    const [chosen, { runs }, { subject }] = [figure(), props, props.figure];
    const isBrief = isAwaited() && subject !== undefined;
    setTitle(isBrief ? subject : chosen.title(runs));
    setHeadlines(isBrief ? [subject] : chosen.headlines(runs));
  }
  function settle(): void {
    rest = undefined;
    setDescription(isAwaited() ? '' : figure().describe(props.runs));
    if (!isOpen()) entitle();
    else if (!seen && !isAwaited()) paint(owner, draw);
  }
  /** Empties the drawing of a figure that is closed, or whose values are gone. */
  function clear(): void {
    cancelPaint(owner);
    container?.replaceChildren();
    drawing = undefined;
    setNote(undefined);
    entitle();
  }

  onMount(() => {
    const sized = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries)
        if (target === container) setWidth(Math.floor(contentRect.width));
      if (captioned) measure(captioned);
    });
    const met = new IntersectionObserver((entries) => {
      const now = entries.at(-1)?.isIntersecting ?? true;
      // A figure that enters the view while values change is drawn at once.
      if (now && !seen && width() > 0 && isOpen() && !isAwaited()) paint(owner, draw);
      seen = now;
    });
    const stop = onScheme(() => {
      finishPaint(owner);
      if (drawing) repaint(drawing);
    });
    if (container) {
      // The runs' chips do the same by keys.
      container.addEventListener('click', (event) => {
        const run = legendRun(event.target);
        if (run !== undefined) props.pointer.onLegend(run, event);
        else calculation.press(event, placeOf);
      });
      sized.observe(container);
      if (captioned) sized.observe(captioned);
      met.observe(container);
    }
    onCleanup(() => {
      sized.disconnect();
      met.disconnect();
      stop();
    });
  });
  createEffect(
    on([runs, figure, width, isOpen], () => {
      if (width() === 0) return;
      if (!isOpen() || isAwaited()) {
        if (drawing || !title()) clear();
      } else if (seen || !drawing) paint(owner, draw);
      clearTimeout(rest);
      // The first text alternative is written with the first drawing.
      rest = setTimeout(settle, description() ? REST_MS : 0);
    }),
  );
  // A closed figure has smaller letters.
  createEffect(on(isOpen, () => captioned && measure(captioned), { defer: true }));
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

  const walk = createWalk<V>({
    figure,
    runs,
    epoch: () => props.pointer.epoch(),
    onEpoch: (epoch) => props.pointer.onEpoch(epoch),
  });
  /** The values at the epoch of the cursor, once the cursor rests. */
  const [now, setNow] = createSignal('');
  createEffect(
    on([runs, figure, () => props.pointer.epoch()], () => {
      if (!figure().byEpoch) return;
      const due = setTimeout(
        () => setNow(figure().byEpoch?.words(props.runs, props.pointer.epoch()) ?? ''),
        REST_MS,
      );
      onCleanup(() => clearTimeout(due));
    }),
  );
  const calculation = createCalculation<V>(
    { figure, runs, title, walk, pointer: props.pointer },
    () => container,
  );
  const [isFocused, setFocused] = createSignal(false);
  /** A table of text, a drawing with controls in it or with a layer of its own keys over it, are no slider. */
  const walking = (): JSX.HTMLAttributes<HTMLDivElement> =>
    figure().isTable || props.over || hasControls() || !isOpen()
      ? figure().calculation && isOpen()
        ? { tabindex: -1 }
        : {}
      : {
          role: 'slider',
          tabindex: 0,
          'aria-label': `Points: ${title()}`,
          'aria-valuemin': 1,
          'aria-valuemax': walk.count(),
          'aria-valuenow': walk.at(),
          // Words at every epoch of a hover or of Play are made for the focused drawing alone.
          'aria-valuetext': isFocused() ? walk.text() : now() || walkHint(figure()),
          onFocus: () => setFocused(true),
          onKeyDown: (event) => void (calculation.onKeyDown(event) || walk.onKeyDown(event)),
          onBlur() {
            setFocused(false);
            walk.leave();
          },
        };
  return (
    <figure
      id={`figure-${props.figure.name}`}
      aria-labelledby={title() ? heading : undefined}
      class="figure-view"
      classList={{ old: props.old === true, closed: !isOpen() }}
    >
      <figcaption>
        <Show when={props.open}>
          {(open) => (
            <button
              type="button"
              class="fold"
              aria-expanded={isOpen()}
              aria-label={`Drawing: ${props.figure.name}`}
              onClick={() => open().toggle(props.figure.name)}
            >
              {isOpen() ? '▾' : '▸'}
            </button>
          )}
        </Show>
        <div
          ref={(element) => {
            captioned = element;
            // The button does the same by keys.
            element.addEventListener('click', () => isOpen() || props.open?.toggle(props.figure.name));
          }}
          class="headline"
        >
          {/* No empty heading: the first drawing may take several frames. */}
          <Show when={title()}>
            <h3 id={heading} {...(headline() !== title() && { 'aria-label': title(), title: title() })}>
              {headline()}
            </h3>
          </Show>
        </div>
        <Show when={isOpen() && forms().length > 1 && props.figure.forms?.label}>
          {(label) => (
            <FormChoice
              label={`${label()}: ${props.figure.name}`}
              words={forms().map((one) => one.word)}
              chosen={form()?.word ?? ''}
              onChoose={setWord}
            />
          )}
        </Show>
        <Show when={isOpen()}>
          <FigureMenu
            title={title()}
            file={figure().name}
            table={() => figure().table(props.runs)}
            calculate={figure().calculation && calculation.openNow}
            savings={[...(figure().isTable ? [] : pictures), asCsv]}
          />
        </Show>
      </figcaption>
      {props.over?.(width)}
      <div
        ref={(element) => {
          container = element;
        }}
        class="drawing"
        {...walking()}
      />
      <Show when={note()}>{(words) => <p class="figure-note">{words()}</p>}</Show>
      <p class="unseen">{[description(), now()].filter(Boolean).join(' ')}</p>
    </figure>
  );
}
