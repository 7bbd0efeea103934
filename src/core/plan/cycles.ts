// Orders a graph of reads so that every node follows its precedents, and finds its cycles (Tarjan, "Depth-First Search and
// Linear Graph Algorithms", SIAM J. Comput. 1, 1972).
// Invariant: one pass in a loop, without recursion: a chain may be as long as the sheet.

/**
 * Tarjan's algorithm over the visited nodes. `sourcesOf` gives a node's precedents
 * and must not change between visits.
 */
export class Cycles<T> {
  readonly #sourcesOf: (node: T) => readonly T[];
  readonly #states = new Map<T, { index: number; low: number; open: boolean }>();
  readonly #open: T[] = [];
  readonly #members = new Set<T>();
  /** Visited nodes; each follows its precedents, except those in its own cycle. */
  readonly ordered: T[] = [];

  constructor(sourcesOf: (node: T) => readonly T[]) {
    this.#sourcesOf = sourcesOf;
  }

  /** Whether a node is in a cycle. Visits the node and its precedents first, if needed. */
  has(node: T): boolean {
    this.visit(node);
    return this.#members.has(node);
  }

  visit(root: T): void {
    if (this.#states.has(root)) return;
    const path: { node: T; sources: readonly T[]; next: number }[] = [];
    const enter = (node: T): void => {
      this.#states.set(node, { index: this.#states.size, low: this.#states.size, open: true });
      this.#open.push(node);
      path.push({ node, sources: this.#sourcesOf(node), next: 0 });
    };
    enter(root);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const own = this.#states.get(step.node);
      if (!own) break;
      if (step.next < step.sources.length) {
        const source = step.sources[step.next++] as T;
        const other = this.#states.get(source);
        if (!other) enter(source);
        else if (other.open) own.low = Math.min(own.low, other.index);
        continue;
      }
      path.pop();
      const last = path.at(-1);
      const parent = last && this.#states.get(last.node);
      if (parent) parent.low = Math.min(parent.low, own.low);
      if (own.low === own.index) this.#close(step.node, step.sources);
    }
  }

  #close(node: T, sources: readonly T[]): void {
    const cycle = this.#open.splice(this.#open.lastIndexOf(node));
    for (const member of cycle) {
      const state = this.#states.get(member);
      if (state) state.open = false;
      if (cycle.length > 1 || sources.includes(node)) this.#members.add(member);
      this.ordered.push(member);
    }
  }
}
