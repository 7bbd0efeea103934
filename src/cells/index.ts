// Lists the kinds, in the order of the sheet. A new kind is one line here and one file.

import { createRegistry } from '../core/kinds/kind';
import { architecture } from './architecture';
import { dataset } from './dataset';
import { diff } from './diff';
import { optimizer } from './optimizer';
import { split } from './split';
import { train } from './train';

/** All kinds, in the order of the sheet. */
export const registry = createRegistry([dataset, split, architecture, optimizer, train, diff]);
