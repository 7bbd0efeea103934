// Loads and holds the part that scrubs numbers. Invariant: until the part is loaded, a number is a text like any other.

import { late } from '../../core/late-loading';
import { later } from '../dom/late-signal';

/**
 * Dragging, undefined until loaded; a computation that reads the accessor runs again when it is loaded.
 */
export const scrubbing = later(late(() => import('./scrub-chunk')));
