// Decides which sheet the page shows first, and which sheet replaces it when storage answers: a state machine without effects.
//
//              answered
//   asking ──────────────────────────────▶ open       shows what storage found, or the sheet of the start
//     │ late, or failed                     ▲
//     ▼                  answered           │
//   provisional ────────────────────────────┘         shows the address's sheet, or that of the start
//     │ edited
//     ▼                  answered
//   parted ──────────────────────────────▶ open       the edited sheet stays, what was found is offered
//
// Invariants: a failure is no answer: only storage itself can say "there is none"; an edited sheet is never taken away.
// Knows neither storage nor the screen.

/** The kinds of request for the first sheet. */
export type Wanted =
  /** No address, or a refused one: the sheet that was edited last. */
  | 'the last'
  /** An address that a page of Gradsheet wrote for a stored sheet: that sheet. */
  | 'this one'
  /** An address from elsewhere: its sheet, or the person's own sheet if it is equal. */
  | 'a link';

/** The states of the diagram above. */
export type OpeningState = 'asking' | 'provisional' | 'parted' | 'open';

/** Storage has answered, is late or has failed, or the person has edited the sheet on the screen. */
export type OpeningEvent =
  | { readonly type: 'answered'; readonly found: boolean }
  | { readonly type: 'late' | 'failed' | 'edited' };

/** The page's next actions. */
type OpeningAction =
  /** Shows the sheet that storage found. */
  | 'show found'
  /** Shows the address's sheet if there is one, otherwise the start sheet. */
  | 'show own'
  /** Says that the sheet that storage found is in the list. */
  | 'offer found'
  /** Asks storage again after a pause. */
  | 'ask again';

const NOTHING: readonly OpeningAction[] = [];

/** Returns the next state, and the actions of the transition. */
export function nextOpening(
  state: OpeningState,
  event: OpeningEvent,
  wanted: Wanted,
): readonly [OpeningState, readonly OpeningAction[]] {
  switch (event.type) {
    case 'answered':
      if (state === 'asking') return ['open', [event.found ? 'show found' : 'show own']];
      if (state === 'provisional') return ['open', event.found ? ['show found'] : NOTHING];
      // An edited link lies beside the person's sheets anyway.
      return ['open', state === 'parted' && event.found && wanted !== 'a link' ? ['offer found'] : NOTHING];
    case 'late':
      return state === 'asking' ? ['provisional', ['show own']] : [state, NOTHING];
    case 'failed':
      if (state === 'asking') return ['provisional', ['show own', 'ask again']];
      return [state, state === 'open' ? NOTHING : ['ask again']];
    case 'edited':
      return state === 'provisional' ? ['parted', NOTHING] : [state, NOTHING];
  }
}
