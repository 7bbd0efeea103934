// A component that loads when it is first shown.
// Invariant: a fallback is in the component's place until the component is loaded, or if loading fails; the parts of the page
// around it are not disturbed. The view requests the component again whenever the view is shown.

import { type Component, type JSX, Show } from 'solid-js';
import type { Part } from '../../core/late-loading';
import { later } from './late-signal';

/**
 * Component that renders what `pick` selects from the loaded part; until the part is loaded, it renders
 * `meanwhile`.
 */
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
