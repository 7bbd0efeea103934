// Returns the focus to the grid when the focused element is removed.

/**
 * Focuses the active cell of the grid. The active run's menu button also is a tab stop, but no cell, and is
 * skipped.
 */
export function focusActiveCell(options?: FocusOptions): void {
  document.querySelector<HTMLElement>('.grid :is(td, th)[tabindex="0"]')?.focus(options);
}
