// A component that is loaded when it is first shown.
// Invariant: until it is there, or where it cannot be loaded, something else stands in its place; the parts of the page around
// it are not disturbed. It is asked for again whenever it is to be shown.

import { type Component, type JSX, Show } from 'solid-js';
import type { Part } from '../../core/late';
import { later } from './later';

/** The component that `pick` finds in a part; `meanwhile` is shown until it is there. */
export function lateView<T, P extends object>(
  part: Part<T>,
  pick: (found: T) => Component<P>,
  meanwhile?: () => JSX.Element,
): Component<P> {
  const loaded = later(part);
  return (props) => (
    <Show when={loaded()} fallback={meanwhile?.()}>
      {(found) => {
        const View = pick(found());
        return <View {...props} />;
      }}
    </Show>
  );
}
