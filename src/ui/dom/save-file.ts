// Saves a file for the person, as a download by the browser.
// Knows nothing of the file's content.

/** Starts a download of the blob under the file name `name`. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click; one minute is longer than a read takes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
