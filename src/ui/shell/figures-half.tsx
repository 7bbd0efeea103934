// The page's half beside the sheet: the inspector with its figures, and a sentence in their place if they cannot be drawn.
// Invariant: an error in a figure leaves the sheet usable. Loaded after the frame of the page.

import { type ComponentProps, ErrorBoundary } from 'solid-js';
import * as figures from '../figures';
import { Inspector } from '../inspector/inspector';

/** The inspector, behind a boundary for errors. */
export function FiguresHalf(props: Omit<ComponentProps<typeof Inspector>, 'figures'>) {
  return (
    <ErrorBoundary
      fallback={(error: unknown) => (
        <p role="alert">
          The figures could not be drawn: {error instanceof Error ? error.message : String(error)}
        </p>
      )}
    >
      <Inspector {...props} figures={figures} />
    </ErrorBoundary>
  );
}
