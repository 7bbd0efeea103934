// The label of a run of a comparison, the same in every table of the comparison.
// Invariant: number and title are beside the colour, so that nothing depends on colour alone.

import type { Track } from './lineages/lineage-curves';

/** The colour, number and title of a run. */
export function RunLabel(props: { track: Track }) {
  return (
    <span class="comparison-run" title={props.track.title}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <line x1="0" y1="8" x2="16" y2="8" stroke={props.track.color} stroke-width="3" />
      </svg>
      <span>{props.track.number}</span>
      <span class="comparison-title">{props.track.title}</span>
    </span>
  );
}
