// Decides whether the address still serves Gradsheet, and so what the service worker answers to a navigation.
// Invariant: a silent network removes nothing. An answer that could be temporary counts only at the second time.
// Does not know workers, caches or the network (all of them are ports), and cannot reach a person's data.

/**
 * The kind of page at the root of the address: `foreign` is another project's page, `doubtful` may be
 * temporary, `silent` is no answer.
 */
export type Answer = 'gradsheet' | 'foreign' | 'doubtful' | 'silent';

/** The ports through which the decision reaches the worker. */
export interface Address {
  /** Asks the root over the network; never rejects, and settles within ASK_MS. */
  ask(): Promise<Answer>;
  /** Whether the address is on this machine, where no network in between can show pages of its own. */
  readonly local: boolean;
  now(): number;
  /** When an answer was first foreign or doubtful, in milliseconds since 1970, as stored by the worker. */
  readonly note: {
    read(): Promise<number | undefined>;
    write(since: number): Promise<void>;
    clear(): Promise<void>;
  };
  /** Removes the worker and its caches. Returns the response to the present navigation. */
  leave(): Promise<Response>;
}

/** An answer that takes longer, in milliseconds, counts as silence. */
export const ASK_MS = 5_000;

/** How long a navigation on this machine waits; the server answers in a few milliseconds unless busy. */
const LOCAL_WAIT_MS = 50;

/** An uncertain answer counts only if it lasts this long: longer than a server's start or a page's build. */
const PASSING_MS = 2 * 60_000;

const MARK = /<meta\s+name="application-name"\s+content="Gradsheet"/;
const MAX_CHARS = 65_536;

/** Returns the first MAX_CHARS characters of a text: a foreign answer may have no end. */
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

/** Classifies the response to a request for the root. The request must not follow redirections. */
export async function recognise({ type, ok, body }: Response): Promise<Answer> {
  if (type === 'opaqueredirect') return 'foreign';
  // An error status, or no body: a server that is still starting, or a server without pages.
  if (!ok || !body) return 'doubtful';
  const text = await beginning(body);
  if (MARK.test(text)) return 'gradsheet';
  return text.trim() ? 'foreign' : 'doubtful';
}

/**
 * Answers a navigation for which the worker has a cached page, `kept`. `settled` resolves when the server has
 * answered and the note is written.
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
    // After a doubtful answer the navigation waits for the server; otherwise the cached page opens at once.
    const wait = noted !== undefined ? ASK_MS : address.local ? LOCAL_WAIT_MS : 0;
    const late = new Promise<Answer>((resolve) => setTimeout(resolve, wait, 'silent'));
    const answer = await Promise.race([asked, late]);
    const certain = answer === 'foreign' && address.local;
    const lasting =
      (answer === 'foreign' || answer === 'doubtful') &&
      noted !== undefined &&
      address.now() - noted >= PASSING_MS;
    if (!certain && !lasting) return kept;
    // A note written after the removal would survive the removal.
    await settled;
    return address.leave().catch(() => kept);
  };
  return { response: decide(), settled };
}
