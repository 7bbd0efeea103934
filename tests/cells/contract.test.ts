// What every registered kind keeps to. A new kind is tested by being registered.

import { registry } from '../../src/cells';
import { testContract } from './contract';

testContract(registry, registry.kinds);
