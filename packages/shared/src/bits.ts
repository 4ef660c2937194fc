// A stream of bits over bytes: what the heads of hot messages and inputs are made of. Least significant bit first, no padding between values.
//
// Invariant: what we write is asserted (a value that does not fit its width throws, that is our fault); what we read is checked
// (a read past the end gives 0 and sets `failed`, and never throws, since the bytes are the peer's).
// Units: bits, 0 to 32 a call. Both classes are made once and reset; no call allocates.

/** What values are written to: a bit stream, or a list of symbols. */
export interface BitSink {
  /** Writes the low `bits` bits of an unsigned integer below 2^bits. */
  write(value: number, bits: number): void;
  /** Writes an unsigned integer below 2^32, small ones in few bits. */
  writeVar(value: number): void;
}

/** What values are read from. */
export interface BitSource {
  /** A read went past the end, or a caller found a value that cannot be. */
  failed: boolean;
  /** At most so many bits are still there. */
  readonly bitsLeft: number;
  read(bits: number): number;
  readVar(): number;
}

/** Writes bits into a buffer that it owns. */
export class BitWriter implements BitSink {
  readonly bytes: Uint8Array;
  #length = 0;
  #held = 0;
  #heldBits = 0;

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  reset(): void {
    this.#length = 0;
    this.#held = 0;
    this.#heldBits = 0;
  }

  /** Writes an unsigned integer below 2^bits. */
  write(value: number, bits: number): void {
    if (value >>> 0 !== value || (bits < 32 && value >>> bits !== 0)) throw new RangeError(`${value} does not fit ${bits} bits`);
    if (bits > 16) {
      this.#push(value & 0xffff, 16);
      this.#push(value >>> 16, bits - 16);
    } else {
      this.#push(value, bits);
    }
  }

  /** Writes an unsigned integer below 2^32 in groups of 4 bits, each behind a bit that says another follows: 5 bits for 0 to 15, 10 to 255. */
  writeVar(value: number): void {
    if (value >>> 0 !== value) throw new RangeError(`${value} is no whole number from 0 to 2^32 - 1`);
    let rest = value;
    while (rest > 15) {
      this.#push((rest & 15) * 2 + 1, 5);
      rest >>>= 4;
    }
    this.#push(rest * 2, 5);
  }

  /** Bits written so far. */
  get bitLength(): number {
    return this.#length * 8 + this.#heldBits;
  }

  /** Bytes that `finish` would give now. */
  get byteLength(): number {
    return this.#length + (this.#heldBits > 0 ? 1 : 0);
  }

  /** Ends the stream: the last byte is filled with zeros. @returns how many of `bytes` are written, until the next write or reset. */
  end(): number {
    if (this.#heldBits > 0) {
      if (this.#length === this.bytes.length) throw this.#full();
      this.bytes[this.#length++] = this.#held;
      this.#held = 0;
      this.#heldBits = 0;
    }
    return this.#length;
  }

  /** Ends the stream and gives a view of the bytes, valid until the next write or reset. Each view is an object of its own. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.end());
  }

  /** @param bits at most 16, so that what is held and the value together fit 32 bits. */
  #push(value: number, bits: number): void {
    let held = this.#held | (value << this.#heldBits);
    let heldBits = this.#heldBits + bits;
    while (heldBits >= 8) {
      if (this.#length === this.bytes.length) throw this.#full();
      this.bytes[this.#length++] = held & 0xff;
      held >>>= 8;
      heldBits -= 8;
    }
    this.#held = held;
    this.#heldBits = heldBits;
  }

  #full(): RangeError {
    return new RangeError(`the bit buffer of ${this.bytes.length} bytes is full`);
  }
}

/** Reads what BitWriter wrote, from bytes that may be anything. */
export class BitReader implements BitSource {
  /** A read went past the end, or a caller found a value that cannot be. Stays set until `reset`. */
  failed = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  /** Starts on the bytes from `from` up to `to`. */
  reset(bytes: Uint8Array, from = 0, to: number = bytes.length): void {
    this.#bytes = bytes;
    this.#at = from * 8;
    this.#end = to * 8;
    this.failed = false;
  }

  /** Where the next whole byte begins, as an index into the bytes. */
  get nextByte(): number {
    return (this.#at + 7) >>> 3;
  }

  /** Bits not read yet, the filling of the last byte included. */
  get bitsLeft(): number {
    return this.#end - this.#at;
  }

  read(bits: number): number {
    if (this.#at + bits > this.#end) {
      this.failed = true;
      this.#at = this.#end;
      return 0;
    }
    let value = 0;
    let got = 0;
    while (got < bits) {
      const shift = this.#at & 7;
      const take = Math.min(8 - shift, bits - got);
      const part = ((this.#bytes[this.#at >>> 3] as number) >>> shift) & ((1 << take) - 1);
      value |= part << got;
      got += take;
      this.#at += take;
    }
    return value >>> 0;
  }

  readVar(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 4) {
      if (this.bitsLeft < 5) return this.read(5); // past the end: 0, not the part that is here
      const group = this.read(5);
      value |= (group >>> 1) << shift;
      if ((group & 1) === 0) return value >>> 0;
    }
    this.failed = true;
    return 0;
  }
}
