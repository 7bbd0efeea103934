// Decides whether the address still serves Gradsheet, and so what the service worker answers to a navigation.
// Invariant: a silent network removes nothing. An answer that could be temporary counts only at the second time.
// Does not know workers, caches or the network (all of them are ports), and cannot reach a person's data.

/** What the root of the address answers: `foreign` is another page, `doubtful` may pass, `silent` is no answer at all. */
export type Answer = 'gradsheet' | 'foreign' | 'doubtful' | 'silent';

/** What the decision needs of the worker. */
export interface Address {
  /** Asks the root over the network; never rejects, and settles within ASK_MS. */
  ask(): Promise<Answer>;
  /** On this machine: no network in between has pages of its own to show. */
  readonly local: boolean;
  now(): number;
  /** Since when something else has answered, as noted at earlier navigations. */
  readonly note: {
    read(): Promise<number | undefined>;
    write(since: number): Promise<void>;
    clear(): Promise<void>;
  };
  /** Removes the worker and what it keeps; the answer to the navigation that finds the address another's. */
  leave(): Promise<Response>;
}

/** An answer that takes longer is none. */
export const ASK_MS = 5_000;

/** A navigation waits for the network so long on this machine, where it answers in some milliseconds unless it is busy. */
const LOCAL_WAIT_MS = 50;

/** Longer than a server takes to start or a page to build. */
const PASSING_MS = 2 * 60_000;

const MARK = /<meta\s+name="application-name"\s+content="Gradsheet"/;
const MAX_CHARS = 65_536;

/** The beginning of a text, as a foreign answer may have no end. */
async function beginning(body: ReadableStream<Uint8Array>): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < MAX_CHARS) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** What an answer to a request for the root is; the request must not follow redirections, of which Gradsheet has none. */
export async function recognise({ type, ok, body }: Response): Promise<Answer> {
  if (type === 'opaqueredirect') return 'foreign';
  // No page where there was one: a server that is not up yet, or one without pages.
  if (!ok || !body) return 'doubtful';
  const text = await beginning(body);
  if (MARK.test(text)) return 'gradsheet';
  return text.trim() ? 'foreign' : 'doubtful';
}

/**
 * The answer to a navigation for which `kept` is there. `settled` resolves once the network has answered and what it
 * answered is noted.
 */
export function answerNavigation(
  address: Address,
  kept: Promise<Response>,
): { readonly response: Promise<Response>; readonly settled: Promise<void> } {
  const asked = address.ask();
  const since = address.note.read().catch(() => undefined);
  const note = async (): Promise<void> => {
    const [answer, noted] = await Promise.all([asked, since]);
    if (answer === 'gradsheet' && noted !== undefined) await address.note.clear();
    if ((answer === 'foreign' || answer === 'doubtful') && noted === undefined)
      await address.note.write(address.now());
  };
  const settled = note().catch(() => {});
  const decide = async (): Promise<Response> => {
    const noted = await since;
    // Who had to be doubted once is waited for; else the page opens as fast as it is read.
    const wait = noted !== undefined ? ASK_MS : address.local ? LOCAL_WAIT_MS : 0;
    const late = new Promise<Answer>((resolve) => setTimeout(resolve, wait, 'silent'));
    const answer = await Promise.race([asked, late]);
    const certain = answer === 'foreign' && address.local;
    const lasting =
      (answer === 'foreign' || answer === 'doubtful') &&
      noted !== undefined &&
      address.now() - noted >= PASSING_MS;
    if (!certain && !lasting) return kept;
    // What is noted late would outlast the removal.
    await settled;
    return address.leave().catch(() => kept);
  };
  return { response: decide(), settled };
}
