// What went one way over one link, unreliably: the largest packet, and the most bytes in any second.
//
// Invariant: a second is any 1,000 ms, its end counted and its beginning not. Units: bytes of payload for packets; on the wire, with headers, for seconds;
// milliseconds of the caller's clock.

/** What IP, UDP, DTLS and SCTP put around a packet. */
export const overheadBytes = 93;

export class Traffic {
  packets = 0;
  largestPacket = 0;
  largestSecondBytes = 0;
  /** All of it, with headers. */
  bytes = 0;
  /** Set to a list to have every packet, copied. */
  recorded: Uint8Array[] | undefined;
  readonly #recent: { readonly at: number; readonly bytes: number }[] = [];
  #inSecond = 0;

  note(packet: Uint8Array, now: number): void {
    this.packets++;
    this.recorded?.push(packet.slice());
    this.largestPacket = Math.max(this.largestPacket, packet.length);
    const bytes = packet.length + overheadBytes;
    this.#recent.push({ at: now, bytes });
    this.#inSecond += bytes;
    this.bytes += bytes;
    let gone = 0;
    for (const { at, bytes: old } of this.#recent) {
      if (at > now - 1000) break;
      this.#inSecond -= old;
      gone++;
    }
    this.#recent.splice(0, gone);
    this.largestSecondBytes = Math.max(this.largestSecondBytes, this.#inSecond);
  }
}
