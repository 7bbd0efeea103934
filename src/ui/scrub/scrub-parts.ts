// Loads and holds the part that scrubs numbers. Invariant: until the part is loaded, a number is a text like any other.

import { late } from '../../core/late';
import { later } from '../dom/later';

/**
 * Dragging and the slider, undefined until loaded; a computation that reads the accessor runs again when they
 * are loaded.
 */
export const scrubbing = later(late(() => import('./scrubbing')));
