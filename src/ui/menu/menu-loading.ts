// Loads the menus of the grid with the first of them.

import { late } from '../../core/late-loading';

/** The part that opens the menus. */
export const menuPart = late(() => import('./open-menu'));
