// Files dragged over the page: a hint while they are over it, and their way to whoever opens them.
// Invariant: a file that is dropped on the page never takes the page's place in the tab. What is dragged within the page is
// not touched. Knows no format.

import './transfer.css';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Watches the page from now on; `hint` is shown while files are over it. Returns the way to stop. */
export function watchDrops(hint: string, onDrop: (files: readonly File[]) => void): () => void {
  // A popover, so that it is above an open dialog too.
  const notice = document.createElement('div');
  notice.popover = 'manual';
  notice.className = 'drop-hint';
  notice.textContent = hint;
  document.body.append(notice);
  const stopping = new AbortController();
  const { signal } = stopping;

  addEventListener(
    'dragover',
    (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      notice.togglePopover(true);
    },
    { signal },
  );
  addEventListener(
    'dragleave',
    (event) => {
      if (event.relatedTarget === null) notice.togglePopover(false);
    },
    { signal },
  );
  addEventListener(
    'drop',
    (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      notice.togglePopover(false);
      onDrop([...(event.dataTransfer?.files ?? [])]);
    },
    { signal },
  );
  return () => {
    stopping.abort();
    notice.remove();
  };
}
