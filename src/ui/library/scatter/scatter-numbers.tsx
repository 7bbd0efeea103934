// The numbers of a scatter: least, median and greatest by value or by ranges of values; folded at first.

import { For, Show } from 'solid-js';
import { grouped } from '../../../core/text-formatting';
import type { Scatter } from './scatter-model';

/** A table of the groups; nothing without a group. */
export function ScatterNumbers(props: { scatter: Scatter }) {
  return (
    <Show when={props.scatter.groups.length > 0}>
      <details>
        <summary>
          {props.scatter.y.label} by {props.scatter.x.label}, in numbers
        </summary>
        <section class="scatter-numbers" tabindex={0} aria-label="Numbers">
          <table>
            <thead>
              <tr>
                <th scope="col">{props.scatter.x.label}</th>
                <th scope="col">trainings</th>
                <th scope="col">least</th>
                <th scope="col">median</th>
                <th scope="col">greatest</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.scatter.groups}>
                {(group) => (
                  <tr>
                    <th scope="row">{group.words}</th>
                    <td>{grouped(group.n)}</td>
                    <td>{props.scatter.y.text(group.least)}</td>
                    <td>{props.scatter.y.text(group.median)}</td>
                    <td>{props.scatter.y.text(group.greatest)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
      </details>
    </Show>
  );
}
