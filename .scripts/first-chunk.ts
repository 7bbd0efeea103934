// A Vite plugin that keeps in one chunk what the page loads before its first paint: cut into pieces that later chunks share,
// the same modules take more bytes and more requests. What is imported by a call stays in chunks of its own.

import type { Plugin } from 'vite';

/** The plugin, and whether a module belongs to the first chunk; known once all modules are. */
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
