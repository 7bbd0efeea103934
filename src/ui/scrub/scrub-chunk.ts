// Collects all parts that scrub numbers, in one chunk that loads once there is a number to scrub.

export { scrubbable } from './scrub';
export { followPress } from './scrub-drag';
