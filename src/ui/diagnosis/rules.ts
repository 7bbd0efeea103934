// The rules of diagnosis, one table, in the order of their weight.
// Invariant: a finding that another rule explains is not found twice: a rule names the rules that explain it. README.md has the
// same table.

import { diverged, rateLarge, rateSmall, stillFalling, stuck, testRising, unsteady } from './course-rules';
import { dead, exploding, saturated, vanishing } from './flow-rules';
import type { Rule } from './rule';
import { bottleneck, constantInput, oneClass, symmetric } from './start-rules';

/** All rules, in order of weight: findings of earlier rules are shown first. */
export const RULES: readonly Rule[] = [
  oneClass,
  constantInput,
  diverged,
  symmetric,
  exploding,
  vanishing,
  dead,
  rateLarge,
  saturated,
  rateSmall,
  bottleneck,
  unsteady,
  stuck,
  testRising,
  stillFalling,
];
