// What the marks of cells mean, in words: for the tooltip of a cell, the formula bar and Help.
// Invariant: every mark of a status, every origin of a text and every tab has an entry; the types demand it. Loads with the grid.

import type { Tab } from '../../core/kinds/kind';
import type { Reading } from './param-reading';
import type { StatusMark } from './status';

/** A mark as the sheet shows it, and its meaning without a full stop. */
export interface MarkText {
  readonly shown: string;
  readonly about: string;
}

/** The marks of computed cells, in the order of Help. */
export const STATUS_TEXTS: Readonly<Record<StatusMark, MarkText>> = {
  computed: { shown: '4 ms', about: 'computed in this browser, in this time' },
  cached: { shown: 'cached', about: 'kept from an earlier computation, so nothing was computed' },
  shared: { shown: 'shared', about: 'an earlier run of the sheet has the same cell, computed once for both' },
  members: { shown: '20 members', about: 'a run with seeds; all its members have ended' },
  counting: { shown: '3 of 20', about: 'members that are computed so far' },
  running: { shown: '62 %', about: 'being computed; the finished share' },
  queued: { shown: 'queued', about: 'waits for a free processor core' },
  waiting: { shown: 'waits for split', about: 'waits for a cell that it reads' },
  asking: { shown: 'about 40 s', about: 'costly, so it waits until you press “compute”' },
  stopped: { shown: 'stopped', about: 'you stopped it; “resume” goes on from there' },
  'not started': { shown: 'not started', about: 'waits until you press “Compute all” above the sheet' },
  hidden: { shown: 'hidden', about: 'the lesson asks for your guess before it shows this result' },
  blocked: {
    shown: 'blocked by B.optimizer.learningRate',
    about: 'no value, because the named cell has a problem',
  },
  missing: { shown: 'missing', about: 'the run has no such cell' },
  'not valid': {
    shown: 'not valid',
    about: 'a param of this cell is not accepted, or two contradict each other',
  },
  'too large': {
    shown: 'too large',
    about: 'beyond what any browser can compute; the message says what to lower',
  },
  diverged: { shown: 'diverged', about: 'the loss or a weight became infinite or NaN' },
  failed: { shown: 'failed', about: 'the computation ended with an error' },
};

/** How the text of a param looks by its origin, and what that means. */
export const ORIGIN_TEXTS: Readonly<Record<Reading['from'], MarkText>> = {
  own: { shown: 'bold', about: 'set in this run; Delete takes it back' },
  inherited: {
    shown: 'pale',
    about: 'inherited from the run that this one is based on; type to override it',
  },
  default: {
    shown: 'grey',
    about: 'the default, since neither this run nor a base of it sets it; type to set it',
  },
};

/** What the line under a run's name means. */
export const BASED_TEXT = 'inherits every param from the named run, except those listed after “but”';

/** The questions that the tabs of the figures answer. */
export const TAB_TEXTS: Readonly<Record<Tab, MarkText>> = {
  Data: { shown: 'Data', about: 'what the network learns from: the points and their split' },
  Network: {
    shown: 'Network',
    about: 'what the network is: layers, weights, optimizer, and what training changed',
  },
  Learning: { shown: 'Learning', about: 'how it learns: loss, accuracy, gradients, boundaries by epoch' },
  Sweep: { shown: 'Sweep', about: 'where in the space of two params it learns: the map' },
};

/** The question that a tab answers; undefined for a tab that a kind has alone. */
export const tabMeaning = (tab: string): string | undefined =>
  Object.values(TAB_TEXTS).find(({ shown }) => shown === tab)?.about;
