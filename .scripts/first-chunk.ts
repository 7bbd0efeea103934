// A Vite plugin that keeps all modules that the page loads before first paint in one chunk. If the modules
// are split into pieces that later chunks share, they take more bytes and more requests. Modules behind
// `import()` stay in separate chunks.

import type { Plugin } from 'vite';

/**
 * Returns the plugin, and `holds`: whether a module belongs to the first chunk, known after the plugin's
 * `buildEnd`.
 */
export function firstChunk(): { readonly plugin: Plugin; readonly holds: (id: string) => boolean } {
  const held = new Set<string>();
  return {
    plugin: {
      name: 'first-chunk',
      apply: 'build',
      buildEnd() {
        held.clear();
        for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isEntry) held.add(id);
        for (const id of held)
          for (const imported of this.getModuleInfo(id)?.importedIds ?? []) held.add(imported);
      },
    },
    holds: (id) => held.has(id),
  };
}
