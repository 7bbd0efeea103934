// Places a popover: under its button, within the window. The browser does everything else.

const GAP = 4;
const MARGIN = 8;

/** Puts an open popover under its button. */
export function placeBelow(popover: HTMLElement | undefined, button: HTMLElement | undefined): void {
  const box = button?.getBoundingClientRect();
  if (!popover || !box) return;
  const within = (place: number, size: number, room: number): number =>
    Math.max(MARGIN, Math.min(place, room - size - MARGIN));
  popover.style.left = `${within(box.left, popover.offsetWidth, innerWidth)}px`;
  popover.style.top = `${within(box.bottom + GAP, popover.offsetHeight, innerHeight)}px`;
}
