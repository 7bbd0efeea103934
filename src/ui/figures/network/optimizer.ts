// The optimizer figure: the distance that one weight moves under a constant gradient, in the first steps and in the long run.
// Invariant: the formulas are the update steps of Keras, as Keras writes them; this file trains and measures nothing.

import type { optimizer } from '../../../cells/optimizer';
import type { ValueOf } from '../../../core/kinds/kind';
import { rounded } from '../../../core/text-formatting';
import { axisBelow, axisLeft, chartOf, linePath } from '../draw/axes';
import type { Figure, Shown } from '../draw/figure';
import { fitText, formatNumber, listed } from '../draw/format';
import { follow } from '../draw/frame-following';
import { type Group, groupRuns, idsOf } from '../draw/panels';
import { addRunLegend } from '../draw/run-legend';
import { label, nothing, root, svg } from '../draw/svg';
import { logTicks, spread, tickText } from '../draw/ticks';

/** Params of an optimizer, as Keras names them. */
export type Optimizer = ValueOf<typeof optimizer>;

/** Absolute steps of a single weight; each step has the opposite sign of the gradient. */
interface Steps {
  /** The first step, from Keras' initial state of zeros. */
  readonly first: number;
  /** Limit of the steps under a constant gradient; infinite if the steps grow without bound. */
  readonly lasting: number;
}

/**
 * The steps for a constant gradient g, from Keras' update steps with every past gradient equal to g.
 *
 *     adam     m = (1−β₁ᵗ)g, v = (1−β₂ᵗ)g²; step lr·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v+ε)
 *              first lr·√(1−β₂)·g / (√(1−β₂)·g + ε); lasting lr·g / (g + ε)
 *     sgd      velocity ← μ·velocity − lr·g; first lr·g, with nesterov (1+μ)·lr·g; lasting lr·g / (1−μ)
 *     rmsprop  v ← ρv + (1−ρ)g²; first lr·g / √((1−ρ)g² + ε); lasting lr·g / √(g² + ε) / (1−μ)
 *
 * A `globalClipNorm` above 0 first limits g to it: the norm of a single weight’s gradient is |g|.
 */
export function stepsAt(value: Optimizer, gradient: number): Steps {
  const { learningRate: rate, globalClipNorm: clip } = value;
  const g = clip > 0 ? Math.min(Math.abs(gradient), clip) : Math.abs(gradient);
  switch (value.name) {
    case 'adam': {
      const root2 = Math.sqrt(1 - value.beta2);
      return {
        first: (rate * root2 * g) / (root2 * g + value.epsilon),
        lasting: (rate * g) / (g + value.epsilon),
      };
    }
    case 'sgd': {
      const ahead = value.nesterov ? 1 + value.momentum : 1;
      return { first: ahead * rate * g, lasting: (rate * g) / (1 - value.momentum) };
    }
    case 'rmsprop':
      return {
        first: (rate * g) / Math.sqrt((1 - value.rho) * g * g + value.epsilon),
        lasting: (rate * g) / Math.sqrt(g * g + value.epsilon) / (1 - value.momentum),
      };
  }
}

const LOW = 1e-8;
const HIGH = 1e2;
const GRADIENTS = Array.from({ length: 81 }, (_, index) => LOW * (HIGH / LOW) ** (index / 80));

const same = (a: Optimizer, b: Optimizer): boolean => {
  const [one, other]: Record<string, unknown>[] = [{ ...a }, { ...b }];
  return Object.keys({ ...one, ...other }).every((name) => one?.[name] === other?.[name]);
};

const groupsOf = (runs: readonly Shown<Optimizer>[]): Group<Optimizer>[] => groupRuns(runs, same);

/** The step size of one optimizer in words. */
function gist(value: Optimizer): string {
  const { lasting } = stepsAt(value, 1);
  const size = formatNumber(rounded(lasting, 6), 3);
  const clip = value.globalClipNorm > 0 ? `, clipped at ${formatNumber(value.globalClipNorm, 3)}` : '';
  if (value.name !== 'sgd') {
    return `${value.name} steps about ${size} at any size of the gradient${clip}`;
  }
  return lasting === Number.POSITIVE_INFINITY
    ? `sgd with momentum 1 takes ever larger steps${clip}`
    : `sgd steps ${size} times the gradient${value.momentum > 0 ? ' in the long run' : ''}${clip}`;
}

export const optimizerFigure: Figure<Optimizer> = {
  name: 'optimizer',
  title(runs) {
    const groups = groupsOf(runs);
    if (groups.length === 0) return 'No optimizer to show';
    if (groups.length === 1) {
      const [only] = groups;
      const text = only ? gist(only.value) : '';
      return runs.length > 1
        ? `In ${listed(idsOf(runs))}, ${text}`
        : text.replace(/^./, (letter) => letter.toUpperCase());
    }
    const parts = groups.map(({ runs: own, value }) => `in ${listed(idsOf(own))} ${gist(value)}`);
    const shown = parts.length > 3 ? [...parts.slice(0, 2), `${parts.length - 2} more differ`] : parts;
    return shown.join('; ').replace(/^./, (letter) => letter.toUpperCase());
  },
  headlines(runs) {
    const groups = groupsOf(runs);
    const [first] = groups;
    if (!first) return ['No optimizer to show'];
    const brief = ({ value }: Group<Optimizer>): string =>
      `${value.name}, learning rate ${tickText(value.learningRate)}`;
    if (groups.length === 1) {
      const words = gist(first.value);
      const capital = words.replace(/^./, (letter) => letter.toUpperCase());
      return [...(runs.length > 1 ? [`In ${runs.length} runs, ${words}`] : []), capital, brief(first)];
    }
    return [
      `${groups.length} optimizers; in ${first.runs[0]?.id} ${gist(first.value)}`,
      `${groups.length} optimizers; in ${first.runs[0]?.id} ${brief(first)}`,
      `${groups.length} optimizers in ${runs.length} runs`,
      `${groups.length} optimizers`,
    ];
  },
  describe(runs) {
    if (runs.length === 0) return 'There is no optimizer yet.';
    const parts = groupsOf(runs).map(({ runs: own, value }) => {
      const at = (g: number): string => {
        const { first, lasting } = stepsAt(value, g);
        return `for a gradient of ${g}, ${formatNumber(first, 3)} first and ${formatNumber(lasting, 3)} in the long run`;
      };
      return `${listed(idsOf(own))} (${value.name}, learning rate ${value.learningRate}): ${at(1e-6)}; ${at(0.01)}; ${at(1)}.`;
    });
    return `The step of one weight by the size of a constant gradient, both on log scales; the first step dashed, the long run solid. ${parts.join(' ')}`;
  },
  table: (runs) => [
    ['runs', 'gradient', 'first step', 'lasting step'],
    ...groupsOf(runs).flatMap(({ runs: own, value }) =>
      GRADIENTS.map((g) => {
        const { first, lasting } = stepsAt(value, g);
        return [idsOf(own).join(' '), g, first, Number.isFinite(lasting) ? lasting : ''];
      }),
    ),
  ],
  draw(runs, frame) {
    const groups = groupsOf(runs);
    if (groups.length === 0) return nothing('No optimizer to show yet.');
    const { width } = frame;
    const height = Math.round(Math.min(Math.max(width * 0.5, 190), 260));
    const curves = groups.map((group) => {
      const points = GRADIENTS.map((g) => ({ g, ...stepsAt(group.value, g) }));
      return {
        group,
        points,
        color: group.runs[0]?.color ?? 'currentColor',
      };
    });
    const steps = curves.flatMap(({ points }) => points.flatMap(({ first, lasting }) => [first, lasting]));
    const finite = steps.filter((step) => step > 0 && Number.isFinite(step));
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const domain: [number, number] = [Math.max(low, high * 1e-10) / 2, high * 2];
    const names = groups.map(({ runs: own }) => {
      const ids = idsOf(own);
      return ids.length > 4 ? `${ids[0]} + ${ids.length - 1} more` : fitText(listed(ids), 98, 7);
    });
    const right = Math.min(110, 16 + 7 * Math.max(...names.map((name) => name.length), 4));
    const [acrossTicks, upTicks] = [[1e-8, 1e-6, 1e-4, 1e-2, 1, 100], logTicks(...domain, 6)];
    const drawn = chartOf({
      width,
      height,
      margin: [26, right, 36, 46],
      x: { type: 'log', domain: [LOW, HIGH] },
      y: { type: 'log', domain },
    });
    const ticks = { text: tickText, lines: 'grid' } as const;
    const drawing = root(
      width,
      height,
      axisLeft(drawn, { ...ticks, at: upTicks }),
      axisBelow(drawn, { ...ticks, at: acrossTicks }, '|g|, size of the gradient (log)'),
      ...curves.flatMap(({ group, points, color }) =>
        (['first', 'lasting'] as const).map((step) => {
          const line = points.flatMap(({ g, [step]: size }) =>
            size >= domain[0] && Number.isFinite(size) ? [[g, size] as const] : [],
          );
          return svg(
            'g',
            { class: step === 'first' ? 'test' : 'train', 'data-runs': idsOf(group.runs).join(' ') },
            svg('path', { d: linePath(line, drawn), class: 'curve', stroke: color }),
          );
        }),
      ),
      label('size of one weight’s step (log)', 0, 12, { class: 'quiet' }),
    );
    const ends = curves.map(({ points }) => {
      const last = points.at(-1);
      return drawn.y(last && Number.isFinite(last.lasting) ? last.lasting : (last?.first ?? low));
    });
    const places = spread(ends, 13, 30, height - 40) ?? [];
    curves.forEach(({ group }, index) => {
      const y = places[index];
      if (y === undefined) return;
      drawing.append(
        svg(
          'g',
          { 'data-runs': idsOf(group.runs).join(' ') },
          label(names[index] ?? '', width - right + 6, y + 4, { class: 'strong' }),
        ),
      );
    });
    const key = svg('g', { class: 'key', transform: `translate(${width - 172} 0)` });
    key.append(svg('path', { d: 'M0 9h18', class: 'key-test' }), label('first step', 22, 13));
    key.append(svg('path', { d: 'M86 9h18', class: 'key-train' }), label('long run', 108, 13));
    drawing.append(key);
    addRunLegend(
      drawing,
      groups.flatMap(({ runs: own }) => own.slice(0, 1)),
    );
    return follow(drawing, frame, () => {});
  },
};
