// Puts the children of an element in order without touching the children that stay.
// Invariant: an element that keeps its place among those that stay is never taken out, and so keeps the focus and its text.

/** Gives `parent` exactly these children in this order. */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const staying = new Set(wanted);
  for (const child of [...parent.children]) if (!staying.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const element of wanted) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  // A moved element loses the focus.
  if (focused instanceof HTMLElement && focused.isConnected && document.activeElement !== focused)
    focused.focus({ preventScroll: true });
}
