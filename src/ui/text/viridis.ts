// Viridis, the colours of magnitudes: readable for colour-blind eyes and in greyscale prints (Smith and van der Walt 2015).
// Invariant: beside tokens.css and the QR code's black and white, the one place that holds colours; they are data, the same in light and dark.

/**
 * Viridis, dark for small and light for large values. The colours are Observable Plot's; its module is too
 * large to load for them.
 */
export const RAMP_COLORS: readonly string[] = [
  '#440154 #460a5d #481467 #481c6e #482576 #472d7b #453581 #433d84 #404588 #3d4d8a',
  '#3a538b #375b8d #34618d #31688e #2e6e8e #2b748e #297b8e #26818e #24878e #228d8d',
  '#20938c #1f998a #1fa088 #21a585 #25ac82 #2db27d #35b779 #40bd72 #4cc26c #5ac864',
  '#67cc5c #77d153 #89d548 #98d83e #aadc32 #bade28 #cde11d #dde318 #efe51c #fde725',
].flatMap((colors) => colors.split(' '));

/** Number of steps of the colour scale; each step is drawn as one path. */
export const STEPS = RAMP_COLORS.length;

/** The parts of viridis with a contrast of at least 3 : 1 to a light and to a dark page. */
export const READABLE = { light: [0, 0.6], dark: [0.36, 1] } as const;

/** Decades that a logarithmic scale of colours spans at least. */
const LEAST_DECADES = 2;

/**
 * The domain of a logarithmic scale of colours for positive numbers from `low` to `high`: at least two
 * decades up to `high`, so that 1 : 2 never looks like 1 : 125.
 */
export const colorDomain = (low: number, high: number): [number, number] => [
  Math.min(low, high / 10 ** LEAST_DECADES),
  high,
];
