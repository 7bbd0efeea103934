// What the page speaks and warns with, as one part that loads right after the first paint: each part of its own would cost the
// page some bytes before it.

export { ConsentLine } from './consent-line';
export { NoticeLines } from './notice-lines';
export { speakFor } from './spoken';
