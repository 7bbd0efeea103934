// Loads and holds the part that scrubs numbers. Invariant: until the part is loaded, a number is a text like any other.

import { late } from '../../core/late';
import { later } from '../dom/later';

/** Dragging and the slider; reading it in a computation waits for them. */
export const scrubbing = later(late(() => import('./scrubbing')));
