// Returns the focus to the grid when the focused element is removed.

/** Focuses the grid's active cell; the active run's menu button, a tab stop too, is no cell. */
export function focusActiveCell(options?: FocusOptions): void {
  document.querySelector<HTMLElement>('.grid :is(td, th)[tabindex="0"]')?.focus(options);
}
