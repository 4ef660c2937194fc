// The first bytes of a buffer as views, each made once: what a packet that was written into a reused buffer is sent as.
//
// Invariant: the view of a length is the same object always, and shows what the buffer holds now; whoever was given one uses it before the buffer is
// written again. Units: bytes. A view is about 100 bytes of memory, and there are as many as there were lengths.

export class Prefixes {
  readonly #bytes: Uint8Array;
  readonly #views: (Uint8Array | undefined)[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The first `length` bytes. */
  of(length: number): Uint8Array {
    let view = this.#views[length];
    if (!view) {
      view = this.#bytes.subarray(0, length);
      this.#views[length] = view;
    }
    return view;
  }
}
