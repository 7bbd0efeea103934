// All that moves a number by hand, in one chunk that is loaded once there is a number to be moved.

export { scrubbable } from './scrub';
export { followPress } from './scrub-drag';
export { ScrubSlider } from './scrub-slider';
