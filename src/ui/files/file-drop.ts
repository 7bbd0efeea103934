// Receives files that are dragged over the page: shows a hint while the files are over the page, and passes them to the caller
// that opens them.
// Invariant: a dropped file never replaces the page in the tab. Drags within the page are not touched. Knows no format.

import './transfer.css';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/**
 * Watches the page for dragged files and shows `hint` while files are over the page. `onDrop` receives
 * the dropped files. Returns a function that stops watching.
 */
export function watchDrops(hint: string, onDrop: (files: readonly File[]) => void): () => void {
  // A popover, because only a popover is above an open dialog.
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
