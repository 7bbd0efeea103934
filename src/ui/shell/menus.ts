// The menus and the sharing of the top bar, the line of a lesson and the keeping of a linked sheet, as one part that loads on first use: each part of its own would cost
// the page some bytes before the first paint.

export { openExamples } from '../examples/example-menu';
export { LessonLine } from '../lessons/lesson-line';
export { keepCopy } from '../sheets/sheet-keeping';
export { openSheetMenu } from '../sheets/sheet-menu';
export { ShareDialog } from './share-dialog';
