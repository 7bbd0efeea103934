// Saves a file for the person, as a download of the browser's own.
// Knows nothing of the file's content.

/** Offers the file under that name. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file after the click; a minute is more than it takes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
