// Places a popover: under its button, within the window; and makes it its button's. The browser does everything else.

const GAP = 4;
const MARGIN = 8;

/**
 * Places an open popover below its button, and moves it into the window where it would reach beyond an edge. A
 * button that is hidden by now, as in the closed menu of a phone, is represented by the bar around it.
 */
export function placeBelow(popover: HTMLElement | undefined, button: HTMLElement | undefined): void {
  const anchor = button?.checkVisibility() ? button : (button?.closest('header') ?? button);
  const box = anchor?.getBoundingClientRect();
  if (!popover || !box) return;
  const within = (place: number, size: number, room: number): number =>
    Math.max(MARGIN, Math.min(place, room - size - MARGIN));
  popover.style.left = `${within(box.left, popover.offsetWidth, innerWidth)}px`;
  popover.style.top = `${within(box.bottom + GAP, popover.offsetHeight, innerHeight)}px`;
}

/** Opens a popover, and lets the button open and close it from then on. */
export function openOwn(popover: HTMLElement, button: HTMLButtonElement): void {
  popover.showPopover();
  // In a later task: the press that opened the menu would otherwise close the menu as its own popover.
  setTimeout(() => {
    button.popoverTargetElement = popover;
  });
}
