// Drawings as text, for snapshots that people can read: elements, and under a canvas what is painted there.

import type { Mark } from '../../../src/ui/figures/draw/mark';
import { paintingText } from './painting-text';

/** A drawing as text, an element a line, numbers to a hundredth; spans of a text in brackets, and of the legend's steps the first stands for all. */
export function textOf(mark: Mark, indent = ''): string {
  const rounded = (value: string): string =>
    value.replace(/\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(2))));
  const attributes = [...mark.attributes].map(([name, value]) => ` ${name}="${rounded(value)}"`).join('');
  const isWords = mark.name === 'text';
  const texts = mark.children
    .map((child) => (typeof child === 'string' ? child : isWords ? `[${child.children.join('')}]` : ''))
    .join('');
  const isRamp = mark.attributes.get('class') === 'ramp';
  const inner = mark.children
    .filter((child) => typeof child !== 'string')
    .filter(() => !isWords)
    .filter((child, index) => !isRamp || child.name !== 'rect' || index === 1)
    .map((child) => textOf(child, `${indent}  `));
  const painting = paintingText(mark).map((line) => `${indent}  ${line}`);
  return [`${indent}<${mark.name}${attributes}>${texts}`, ...painting, ...inner].join('\n');
}
