// The panel of findings of the shown runs, above the figures of training: one line per finding, with a link to its figure and its
// remedies.
// Invariant: the panel is present even where no figure can be drawn, since a diverged run has a finding and no figure.
// Loaded with the figures.

import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { speakOf } from '../dom/announcer';
import { listed } from '../figures/draw/format';
import type { SessionCursor } from '../session/cursor';
import type { Session } from '../session/session';
import { runColor } from '../text/palette';
import { createDiagnosis, type Diagnosis, tryRemedy } from './diagnosis';
import type { Finding } from './findings';
import type { Remedy } from './remedies';
import type { Sight } from './rule';
import { RULES } from './rules';
import './diagnosis.css';

/** Largest number of lines before the panel is unfolded: more lines would push the figures out of view. */
const MOST_LINES = 3;

/** Opens a figure and focuses it, which also scrolls it into view. */
function goTo(session: SessionCursor, { kind, figure }: Sight): void {
  session.inspect(kind);
  const element = document.querySelector<HTMLElement>(`#figure-${figure}`);
  if (!element) return;
  element.querySelector<HTMLElement>('figcaption .fold[aria-expanded="false"]')?.click();
  element.tabIndex = -1;
  element.focus();
}

/** Findings of the shown runs; at most MOST_LINES ailments until unfolded, then all ailments and notes. */
export function DiagnosisPanel(props: { session: Session }): JSX.Element {
  const diagnosis = createDiagnosis(props.session);
  const [isUnfolded, setUnfolded] = createSignal(false);
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set());
  const ailments = createMemo(() => diagnosis.findings().filter(({ rule }) => !rule.isNote));
  const folded = createMemo(() => Math.min(MOST_LINES, ailments().length));
  const lines = () => (isUnfolded() ? diagnosis.findings() : diagnosis.findings().slice(0, folded()));
  const rest = () => diagnosis.findings().length - folded();
  const restText = (): string => {
    const [more, notes] = [ailments().length - folded(), diagnosis.findings().length - ailments().length];
    if (isUnfolded()) return 'fewer';
    if (more > 0) return `${more + notes} more`;
    return notes === 1 ? '1 note' : `${notes} notes`;
  };
  const toggle = (id: string): void => {
    const next = new Set(opened());
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  };

  return (
    <section
      class="diagnosis"
      classList={{ old: diagnosis.old() && props.session.stale() }}
      aria-label="Diagnosis"
    >
      <Show when={diagnosis.runs().length > 0 && ailments().length === 0}>
        <p class="quiet">
          {RULES.length} rules find no problem in {listed(diagnosis.runs())}.
        </p>
      </Show>
      <Show when={lines().length > 0}>
        <ul>
          <For each={lines()}>
            {(finding) => {
              const id = `${finding.run}-${finding.rule.name}`;
              return (
                <FindingLine
                  session={props.session}
                  diagnosis={diagnosis}
                  finding={finding}
                  isOpen={opened().has(id)}
                  onToggle={() => toggle(id)}
                />
              );
            }}
          </For>
        </ul>
      </Show>
      <Show when={rest() > 0}>
        <button
          type="button"
          class="rest"
          aria-expanded={isUnfolded()}
          onClick={() => setUnfolded(!isUnfolded())}
        >
          {restText()}
        </button>
      </Show>
    </section>
  );
}

function FindingLine(props: {
  session: Session;
  diagnosis: Diagnosis;
  finding: Finding;
  isOpen: boolean;
  onToggle: () => void;
}): JSX.Element {
  const { run, rule, sentence, remedies } = props.finding;
  const effects = () => props.diagnosis.effects(props.finding);
  /** The runs that had an effect before a remedy was tried here; undefined until one is. */
  const [before, setBefore] = createSignal<ReadonlySet<string>>();
  speakOf('remedy', () => {
    const known = before();
    const fresh = known ? effects().filter((effect) => !known.has(effect.run)) : [];
    return fresh.map((effect) => `${effect.run}: ${effect.text}`).join('. ');
  });
  const addsText = (remedy: Remedy): string => `Adds and computes a run based on ${run} with ${remedy.words}`;
  function attempt(remedy: Remedy): void {
    setBefore(new Set(effects().map((effect) => effect.run)));
    tryRemedy(props.session, props.finding, remedy);
  }
  const hasMore = () => remedies.length > 0 || effects().length > 0;
  return (
    <li style={{ '--run': runColor(props.session, run).color }}>
      <p class="finding">
        <span class="said" title={sentence}>
          <strong>{run}</strong> <strong>{rule.word}</strong>
          <Show when={props.diagnosis.extent(props.finding)}>
            {(words) => <span class="quiet"> {words()}</span>}
          </Show>
          : {sentence}
        </span>{' '}
        <button
          type="button"
          class="sight"
          aria-label={`see ${rule.sight.words} of ${run}`}
          onClick={() => goTo(props.session, rule.sight)}
        >
          see {rule.sight.word}
        </button>
        <Show when={remedies[0]}>
          {(remedy) => (
            <button
              type="button"
              class="try"
              aria-label={`Try ${remedy().words} for ${run}`}
              title={addsText(remedy())}
              onClick={() => attempt(remedy())}
            >
              Try {remedy().words}
            </button>
          )}
        </Show>
        <Show when={hasMore()}>
          <button
            type="button"
            aria-expanded={props.isOpen}
            aria-label={`more: ${remedies.length > 0 ? 'remedies' : 'effects'} for ${run}: ${rule.word}`}
            onClick={() => props.onToggle()}
          >
            more
          </button>
        </Show>
      </p>
      <Show when={props.isOpen && hasMore()}>
        <Show when={remedies.length > 0}>
          <p class="remedies">
            <span class="quiet">Try {run} with</span>
            <For each={remedies}>
              {(remedy) => (
                <button type="button" title={addsText(remedy)} onClick={() => attempt(remedy)}>
                  {remedy.words}
                </button>
              )}
            </For>
          </p>
        </Show>
        <p class="effects">
          <For each={effects()}>
            {(effect) => (
              <span>
                <strong>{effect.run}</strong> {props.session.plan().runs.get(effect.run)?.run.name}:{' '}
                {effect.text}.{' '}
              </span>
            )}
          </For>
        </p>
      </Show>
    </li>
  );
}
