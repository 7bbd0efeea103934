// Places a popover: under its button, within the window; and makes it its button's. The browser does everything else.

const GAP = 4;
/** The least distance of a popover from the edges of the window, in px. */
export const MARGIN = 8;

/**
 * Places an open popover below its button, and moves it into the window where it would reach beyond an edge. A
 * button that is hidden by now, as in the closed menu of a phone, is represented by the bar around it.
 */
export function placeBelow(popover: HTMLElement | undefined, button: HTMLElement | undefined): void {
  const anchor = button?.checkVisibility() ? button : (button?.closest('header') ?? button);
  const box = anchor?.getBoundingClientRect();
  if (!popover || !box) return;
  placeAt(popover, box.left, box.bottom + GAP);
}

/** Places an open popover at a point of the window in px, or nearer where it would reach beyond an edge. */
export function placeAt(popover: HTMLElement, left: number, top: number): void {
  const within = (place: number, size: number, room: number): number =>
    Math.max(MARGIN, Math.min(place, room - size - MARGIN));
  popover.style.left = `${within(left, popover.offsetWidth, innerWidth)}px`;
  popover.style.top = `${within(top, popover.offsetHeight, innerHeight)}px`;
}

/** Opens a popover, and lets the button open and close it from then on. */
export function openOwn(popover: HTMLElement, button: HTMLButtonElement): void {
  popover.showPopover();
  // In a later task: the press that opened the menu would otherwise close the menu as its own popover.
  setTimeout(() => {
    button.popoverTargetElement = popover;
  });
}
