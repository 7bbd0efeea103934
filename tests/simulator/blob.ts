// Blobs and files whose content is available at once: a runtime's own blobs are read outside the schedule.
// Invariant: a read takes microtasks only. Does not know the content.

type Part = string | ArrayBuffer | ArrayBufferView;

function bytesOf(part: Part): Uint8Array {
  if (typeof part === 'string') return new TextEncoder().encode(part);
  return ArrayBuffer.isView(part)
    ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
    : new Uint8Array(part);
}

/** The part of `Blob` that the page uses. */
export class SimulatedBlob {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;

  constructor(parts: readonly Part[] = [], { type = '' }: BlobPropertyBag = {}) {
    const held = parts.map(bytesOf);
    this.bytes = new Uint8Array(held.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of held) {
      this.bytes.set(piece, at);
      at += piece.length;
    }
    this.type = type;
  }
  get size(): number {
    return this.bytes.length;
  }
  slice(from = 0, to = this.size): SimulatedBlob {
    return new SimulatedBlob([this.bytes.slice(from, to)]);
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.bytes.slice().buffer;
  }
}

/** A file that a person chooses. */
export const fileOf = (name: string, bytes: Uint8Array): File =>
  Object.assign(new SimulatedBlob([bytes]), { name, lastModified: 0 }) as unknown as File;
