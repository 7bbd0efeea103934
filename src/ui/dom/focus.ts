// Returns the focus to the grid when the focused element is removed.

/** The active cell of the grid. The active run's menu button also is a tab stop, but no cell, and is skipped. */
export const activeCell = (): HTMLElement | null =>
  document.querySelector<HTMLElement>('.grid :is(td, th)[tabindex="0"]');

/** Focuses the active cell of the grid. */
export const focusActiveCell = (options?: FocusOptions): void => activeCell()?.focus(options);
