// Drawings as text, for snapshots that people can read.

import type { Mark } from '../../src/ui/views/mark';

/** A drawing as text, an element a line, numbers to a hundredth; of the legend's steps the first stands for all. */
export function textOf(mark: Mark, indent = ''): string {
  const rounded = (value: string): string =>
    value.replace(/\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(2))));
  const attributes = [...mark.attributes].map(([name, value]) => ` ${name}="${rounded(value)}"`).join('');
  const texts = mark.children.filter((child) => typeof child === 'string').join('');
  const isRamp = mark.attributes.get('class') === 'ramp';
  const inner = mark.children
    .filter((child) => typeof child !== 'string')
    .filter((child, index) => !isRamp || child.name !== 'rect' || index === 1)
    .map((child) => textOf(child, `${indent}  `));
  return [`${indent}<${mark.name}${attributes}>${texts}`, ...inner].join('\n');
}
