// The words and signs of the page that no declaration explains.
// Invariant: an entry is one sentence in plain words; every state of saving has one (the types demand it).

import type { OpenSheet } from '../session/open-sheets';
import type { MarkText } from '../text/mark-text';
import { type Saving, savingText } from '../text/saving-text';
import type { HelpGroup } from './help-entry';

const group = (title: string, entries: Readonly<Record<string, string>>): HelpGroup => ({
  title,
  entries: Object.entries(entries).map(([name, about]) => ({ name, about })),
});

/** Words by subject. */
export const TERMS: readonly HelpGroup[] = [
  group('The sheet', {
    run: 'a column: one network, its data and its training',
    param: 'a value that you set; it decides results',
    result: 'a number that is computed and cannot be typed',
    cell: 'one run’s value in one row; a computed cell is one run’s dataset, split, network, optimizer, training or diff',
    kind: 'a group of rows under one name: its params, and the results that it computes',
    base: 'the run that a run is based on and inherits from',
    twin: 'a run that inherits everything from its base and differs in nothing yet',
    'A but activation': 'a run based on A that sets activation itself; +2 counts further params',
    '(brackets)': 'a param that has no effect here, such as momentum with adam',
    'hatched edge': 'stale: from before this edit, until the new number is there',
    '+2': 'the number of hidden params: at default in every run or, with “Only differences”, alike in all; press to show them',
    'Only differences': 'hides the params that are alike in all runs',
    'bar at the left, dotted bar at the right':
      'the cells that the active cell reads (precedents), and those that read it (dependents)',
    'dashed outline with a number': 'a cell that the formula being typed refers to',
    'reads, read by': 'the precedents and the dependents of the active cell',
    blocked: 'without a value because a cell before it has a problem; the line names that cell',
    'new row':
      'a row of your own: one formula for every run, such as =loss - A.loss; it joins the sheet with your first edit',
    'fill, series': 'writes a copied value or equal steps into the selected cells',
    sweep: 'makes a run for each value of a param, or for each pair of two',
    map: 'two params crossed, a tile for each pair, coloured by a result',
    receipt: 'the line under the sheet: what the last edit computed, and how long it took',
    cache: 'results of this and earlier visits; what is there is not computed again',
    key: 'the fingerprint of a cell’s recipe; equal keys have equal results',
    recipe: 'everything that decides a cell’s value: its kind, params and inputs',
    checkpoint: 'a state of a training from which more epochs go on',
  }),
  group('Members and comparisons', {
    seeds: 'the number of members of a run',
    member: 'one training of a run with seeds; member i adds i to each seed',
    '0.44 ± 0.02, n 20': 'mean and standard deviation (n − 1) over n members',
    '×÷': 'the factor of one standard deviation, for ratios, around their geometric mean',
    'n 18/20': '18 of 20 members have a number; the others diverged, failed or are still to come',
    baseline: 'the run that the other runs’ results are compared with, in their cells',
    '+0.05, −0.05': 'the difference from the baseline',
    '≈': 'a difference from the baseline that is within the spread over seeds',
    'fair pair': 'two runs that differ in one param, so that this param explains the difference',
    bridge: 'runs between two runs that change one param at a time',
    'cross-check': 'the same training by TensorFlow.js, compared epoch by epoch',
  }),
  group('Training', {
    epoch: 'one pass over the training set',
    batch: 'the points of one step',
    step: 'one change of all weights by the optimizer',
    loss: 'how wrong the network is: binary cross-entropy, 0 at best, 0.69 by guessing',
    gradient: 'how the loss changes with each weight',
    'gradient RMS': 'the root mean square of a layer’s gradient over an epoch',
    'first : last': 'the gradient of the first layer against that of the last; 1 : 125 has nearly vanished',
    'vanishing gradient': 'first layers that get so little gradient that they hardly learn',
    'saturated, saturation':
      'share of outputs where the activation’s slope f′ is below a tenth of its maximum',
    'dead unit': 'a unit that is saturated for every training point; for relu, never active',
    'z, f(z)': 'the input and the output of an activation',
    'f′': 'the slope of an activation, by which it multiplies the gradient',
    'W₀, W₁': 'the weights before and after training',
    update: 'W₁ − W₀: how far training moved the weights',
    'notebook’s figure': '(W₀ − W₁) / learning rate, which the notebook called the gradient',
    'percent change': 'the update in percent of |W₀|; none where |W₀| is below the floor',
    ledger: 'the chain rule in numbers: what each layer does to the gradient on its way back',
    'decision boundary': 'where the network’s answer changes from one class to the other',
    confusion: 'how many points of each class the network puts into each class',
    ROC: 'hits against false alarms as the threshold moves; AUC is the area below',
    'train, test': 'solid lines are of the training set, dashed ones of the test set',
    finding: 'what is wrong with a run, by rules with thresholds',
    remedy: 'a run that changes one thing against a finding; the run itself stays as it is',
  }),
  group('Keeping and teaching', {
    library: 'every finished training of this browser',
    training: 'one finished train cell with all its params',
    '⇣ imported': 'from a file or a link, and not yet computed in this browser',
    storage: 'what this browser keeps, and the budget above which old results give way',
    'Keep a copy': 'adds a linked sheet to your own sheets',
    note: 'the author’s comment on a sheet, part of its address',
    example: 'a sheet with sentences on what to look at',
    lesson: 'an ordered list of sheets with Back and Next',
    'predict first': 'a question of a lesson; the results stay hidden until you guess',
    'Compute all': 'allows a costly sheet as a whole; until then only the runs in the figures are computed',
    'compute, cancel, resume': 'start a costly cell, stop a running one, go on with a stopped one',
    'offline ready': 'the page works without its server from now on',
  }),
];

const saving = (open: Saving, about: string): MarkText => ({ shown: savingText(open), about });
const own = { id: 'own', linked: false };
const linked = { id: undefined, linked: true };

/** The states of saving at the top of the page, in the page's own words. */
export const SAVING: Readonly<
  Record<OpenSheet['saving']['state'] | 'linked' | 'edited' | 'first', MarkText>
> = {
  saved: saving({ ...own, saving: { state: 'saved' } }, 'this browser has stored the sheet'),
  edited: saving({ ...linked, saving: { state: 'saved' } }, 'the edits of a linked sheet are stored'),
  saving: saving({ ...own, saving: { state: 'saving' } }, 'the last edit is being stored'),
  'not saved': saving(
    { ...own, saving: { state: 'not saved', reason: '…' } },
    'storing failed and is tried again; the text gives the reason',
  ),
  unanswered: saving(
    { ...own, saving: { state: 'unanswered' } },
    'this browser’s storage is slow; an edit waits until it answers',
  ),
  linked: saving(
    { ...linked, saving: { state: 'unwritten' } },
    'a linked sheet is not stored; the first edit or “Keep a copy” stores it',
  ),
  first: saving(
    { id: undefined, linked: false, saving: { state: 'unwritten' } },
    'the opening sheet of a first visit; the first edit stores it',
  ),
  unwritten: saving(
    { ...own, saving: { state: 'unwritten' } },
    'the sheet is no longer stored; an edit stores it',
  ),
};
