// The composition root of the page: reads the address and says what the sheet holds.
// Invariant: an address that is refused changes nothing but the notice above the sheet that was there.

import { createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import { render } from 'solid-js/web';
import { registry } from './cells';
import { createPlanner, type RunPlan } from './core/plan';
import { parseAddress } from './platform/address';
import './ui/page.css';

const planOf = createPlanner(registry);

/** What a column shows for a param: its text and whether it is the run's own, inherited or the default. */
function setting(
  run: RunPlan,
  kind: string,
  name: string,
): { text: string; from: 'own' | 'inherited' | 'default' } {
  const set = run.settings.get(kind)?.texts.get(name);
  const param = registry.get(kind)?.params[name];
  if (!set) return { text: param ? param.format(param.default) : '', from: 'default' };
  return { text: set.text, from: set.from === run.run.id ? 'own' : 'inherited' };
}

function App() {
  const [address, setAddress] = createSignal(location.hash || '#v1');
  const follow = () => setAddress(location.hash || '#v1');
  addEventListener('hashchange', follow);
  onCleanup(() => removeEventListener('hashchange', follow));

  const parsed = createMemo(() => parseAddress(address(), registry));
  const refusal = () => {
    const result = parsed();
    return result.ok ? undefined : result.message;
  };
  const runs = createMemo<readonly RunPlan[]>((previous) => {
    const result = parsed();
    return result.ok ? [...planOf(result.sheet).runs.values()] : previous;
  }, []);

  return (
    <main>
      <h1>Gradsheet</h1>
      <Show when={refusal()}>{(message) => <p role="alert">{message()}</p>}</Show>
      <p>
        This sheet holds {runs().length} {runs().length === 1 ? 'run' : 'runs'}. Its numbers come from the
        command line: <code>npm run --silent sheet -- '{address()}'</code>
      </p>
      <section class="scroll" aria-label="The sheet">
        <table>
          <thead>
            <tr>
              <th scope="col">param</th>
              <For each={runs()}>
                {({ run }) => (
                  <th scope="col">
                    {run.id} {run.name}
                    <Show when={run.base}>{(base) => <small>based on {base()}</small>}</Show>
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <For each={registry.kinds}>
            {(kind) => (
              <tbody>
                <tr>
                  <th scope="rowgroup" colspan={runs().length + 1}>
                    {kind.name}
                  </th>
                </tr>
                <For each={Object.keys(kind.params)}>
                  {(name) => (
                    <tr>
                      <th scope="row">{name}</th>
                      <For each={runs()}>
                        {(run) => (
                          <td class={setting(run, kind.name, name).from}>
                            {setting(run, kind.name, name).text}
                          </td>
                        )}
                      </For>
                    </tr>
                  )}
                </For>
              </tbody>
            )}
          </For>
        </table>
      </section>
    </main>
  );
}

const app = document.getElementById('app');
if (app) render(() => <App />, app);
