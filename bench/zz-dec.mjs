// packages/shared/src/limits.ts
var limits = {
  /** Largest unreliable message. One SCTP packet holds 1144 to 1160 bytes of payload in the stacks we measured; 1100 leaves room for SACK blocks. */
  packetBytes: 1100,
  /** Largest reliable message. MDN: 16 KiB is safe between all browsers. */
  reliableBytes: 16384,
  /** Packets of one snapshot to one client. 4 x 1100 B x 20 Hz is 88 kB/s, about what SCTP carries at 80 ms RTT and 3 % loss. */
  packetsPerSnapshot: 4,
  /** Entities alive in one world: a slot is 14 bits. */
  worldSlots: 16384,
  /** Ticks of the history ring: 64 at 60 Hz is about one second of baselines and rewind. */
  historyTicks: 64,
  /** Snapshots sent and not acknowledged before the server stops sending; the client keeps at least as many states for each entity. */
  snapshotsInFlight: 32,
  /** States that a client keeps for an entity: those in flight and as many again for a view that trails behind. */
  clientStates: 64,
  /** Packets that a session remembers: 32 snapshots in flight x 4 packets. */
  packetsRemembered: 128,
  /** Inputs in one packet: 16 at 60 Hz is 266 ms of loss covered. */
  inputsPerPacket: 16,
  /** Inputs that wait in the server's queue for their tick: 1 s at 64 Hz. */
  inputsQueued: 64,
  /** Reliable messages that wait for the peer's ack before the session is closed with `overflow`. */
  outboxMessages: 1024,
  /** The same in bytes. */
  outboxBytes: 1048576,
  /** Unreadable packets of one session before it is closed with `protocol-error`. */
  strikes: 20,
  /** Messages a client may send in one second on the unreliable lane (inputs 60, acks 20, and bursts). */
  unreliablePerSecond: 240,
  /** Messages a client may send in one second on the reliable lane. */
  reliablePerSecond: 60,
  /** Bytes of a room name, a session id, an option key. */
  nameBytes: 64,
  /** Bytes of join options, packed. */
  optionsBytes: 4096,
  /** Rooms of one server. */
  rooms: 1e3,
  /** Clients of one room when the game does not say. */
  clientsPerRoom: 64,
  /** Timers waiting in one room. */
  timersPerRoom: 4096,
  /** Offers answered by nobody yet, server-wide. */
  handshakesOpen: 200,
  /** Milliseconds from a seat to an open link. */
  handshakeMs: 15e3,
  /** Milliseconds without any packet after which a session is dead. */
  sessionTimeoutMs: 1e4
};

// packages/shared/src/random.ts
var Random = class _Random {
  /** The seed, mixed with the labels of the forks: what the children are made from. Draws do not touch it. */
  #key = 0;
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;
  /** @param seed any integer; its low 32 bits count. */
  constructor(seed) {
    this.reseed(seed);
  }
  /** Starts the stream of another seed in this object: what `new Random(seed)` would be, without making one. */
  reseed(seed) {
    this.#key = seed | 0;
    this.#counter = 1;
    this.#a = mix(this.#key + GOLDEN);
    this.#b = mix(this.#key + 2 * GOLDEN);
    this.#c = mix(this.#key + 3 * GOLDEN);
    for (let round = 0; round < SEED_ROUNDS; round++) this.#draw();
  }
  /** A number from 0 up to, never reaching, 1: a multiple of 1 / 2^32. */
  next() {
    return (this.#draw() >>> 0) / TWO_32;
  }
  /** A whole number from 0 to `bound - 1`. `bound` is 1 to 2^32; the unevenness is below `bound` / 2^32. */
  int(bound) {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO_32) throw new RangeError(`int(bound): ${bound} is no whole number from 1 to 2^32`);
    return Math.floor(this.next() * bound);
  }
  /** A number from `min` up to, never reaching, `max`; `min` when both are equal. */
  range(min, max) {
    const width = max - min;
    if (!(width >= 0 && width < Number.POSITIVE_INFINITY)) throw new RangeError(`range(min, max): ${min} to ${max} is no finite range`);
    const value = min + this.next() * width;
    return value < max ? value : min;
  }
  /** One item of a list that has at least one. */
  pick(items) {
    if (items.length === 0) throw new RangeError("pick(items): the list is empty");
    return items[this.int(items.length)];
  }
  /** True with probability `probability` (0 never, 1 always). Always takes one number, so a changed probability shifts no later draw. */
  chance(probability) {
    return this.next() < probability;
  }
  /** A stream of its own for one purpose. The same label gives the same stream again, whatever was drawn in between. */
  fork(label) {
    return new _Random(mix(this.#key ^ mix((label | 0) + GOLDEN)));
  }
  /** Everything, for a save: five 32-bit words. */
  state() {
    return Uint32Array.of(this.#key, this.#a, this.#b, this.#c, this.#counter);
  }
  /** The stream that `state` was taken from, at the place where it was taken. */
  static restore(state) {
    if (state.length !== STATE_WORDS) throw new RangeError(`Random.restore: ${state.length} words, not ${STATE_WORDS}`);
    const [key, a, b, c, counter] = state;
    const random = new _Random(key);
    random.#a = a | 0;
    random.#b = b | 0;
    random.#c = c | 0;
    random.#counter = counter | 0;
    return random;
  }
  /** One sfc32 step. Signed: the caller makes it unsigned. */
  #draw() {
    const drawn = this.#a + this.#b + this.#counter | 0;
    this.#counter = this.#counter + 1 | 0;
    this.#a = this.#b ^ this.#b >>> 9;
    this.#b = this.#c + (this.#c << 3) | 0;
    this.#c = (this.#c << 21 | this.#c >>> 11) + drawn | 0;
    return drawn;
  }
};
function mix(value) {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ mixed >>> 16, 569420461);
  mixed = Math.imul(mixed ^ mixed >>> 15, 1935289751);
  return mixed ^ mixed >>> 15;
}
var GOLDEN = 2654435769;
var SEED_ROUNDS = 12;
var STATE_WORDS = 5;
var TWO_32 = 4294967296;

// packages/shared/src/schema/kind.ts
function makeKind(parts) {
  const { text, words, load, store } = parts;
  const scratch = new Int32Array(words);
  const kind = {
    ownerOnly: false,
    axis: void 0,
    rotation: void 0,
    record(value, row, at) {
      store(value, row, at);
      return load(row, at, value);
    },
    same(a, aAt, b, bAt) {
      for (let word = 0; word < words; word++) if (a[aAt + word] !== b[bAt + word]) return false;
      return true;
    },
    blend: (a, aAt, b, bAt, t3, into) => t3 < 1 ? load(a, aAt, into) : load(b, bAt, into),
    pack: (value) => value,
    unpack(plain) {
      try {
        store(plain, scratch, 0);
      } catch {
        return void 0;
      }
      return load(scratch, 0);
    },
    ...parts,
    owner: () => ({ ...kind, ownerOnly: true, text: `${text} owner` })
  };
  return kind;
}
function bitsFor(max) {
  return max >= 2 ** 31 ? 32 : 32 - Math.clz32(max);
}
function wrongValue(text, value) {
  return new TypeError(`expected ${text}, got ${shown(value)}`);
}
function shown(value) {
  let whole2;
  try {
    whole2 = typeof value === "object" || typeof value === "string" ? JSON.stringify(value) : String(value);
  } catch {
    whole2 = "an object";
  }
  return whole2.length > shownMax ? `${whole2.slice(0, shownMax)}...` : whole2;
}
var shownMax = 80;

// packages/shared/src/schema/choices.ts
function bool() {
  return truth("bool");
}
function button() {
  return truth("button");
}
var pressCycle = 16;
function press() {
  const kind = makeKind({
    text: "press",
    words: 1,
    bitsMax: () => 4,
    initial: () => 0,
    store(value, row, at) {
      const count = typeof value === "boolean" ? Number(value) : value;
      if (typeof count !== "number" || !(count >= 0 && count < 2 ** 31)) throw wrongValue("press", value);
      row[at] = count % pressCycle;
    },
    load: (row, at) => row[at],
    write: (out, row, at) => out.write(row[at], 4),
    read(from, row, at) {
      row[at] = from.read(4);
    }
  });
  return { ...kind, isPress: true };
}
function enumOf(...names) {
  if (new Set(names).size !== names.length) throw new RangeError(`enumOf: a name stands twice in ${names.join(", ")}`);
  const text = `enum ${listed(names)}`;
  const bits = bitsFor(names.length - 1);
  return makeKind({
    text,
    words: 1,
    bitsMax: () => bits,
    initial: () => names[0],
    store(value, row, at) {
      const index = names.indexOf(value);
      if (index < 0) throw wrongValue(text, value);
      row[at] = index;
    },
    load: (row, at) => names[row[at]],
    write: (out, row, at) => out.write(row[at], bits),
    read(from, row, at) {
      const index = from.read(bits);
      if (index >= names.length) from.failed = true;
      row[at] = index < names.length ? index : 0;
    }
  });
}
function flags(...names) {
  if (names.length > 31) throw new RangeError("flags: at most 31 names");
  if (new Set(names).size !== names.length) throw new RangeError(`flags: a name stands twice in ${names.join(", ")}`);
  const inherited = names.find((name2) => name2 in {});
  if (inherited !== void 0) throw new RangeError(`flags: the name '${inherited}' is reserved`);
  const text = `flags ${listed(names)}`;
  const load = (row, at, into) => {
    const value = into ?? {};
    for (let bit = 0; bit < names.length; bit++) value[names[bit]] = (row[at] >>> bit & 1) === 1;
    return value;
  };
  return makeKind({
    text,
    words: 1,
    bitsMax: () => names.length,
    initial: () => load(new Int32Array(1), 0),
    store(value, row, at) {
      if (typeof value !== "object" || value === null) throw wrongValue(text, value);
      let word = 0;
      for (let bit = 0; bit < names.length; bit++) if (value[names[bit]]) word |= 1 << bit;
      row[at] = word;
    },
    load,
    write: (out, row, at) => out.write(row[at], names.length),
    read(from, row, at) {
      row[at] = from.read(names.length);
    }
  });
}
function listed(names) {
  return names.map((name2) => /^[A-Za-z0-9_-]+$/.test(name2) ? name2 : JSON.stringify(name2)).join("|");
}
function truth(text) {
  return makeKind({
    text,
    words: 1,
    bitsMax: () => 1,
    initial: () => false,
    store(value, row, at) {
      if (typeof value !== "boolean") throw wrongValue(text, value);
      row[at] = value ? 1 : 0;
    },
    load: (row, at) => row[at] === 1,
    write: (out, row, at) => out.write(row[at], 1),
    read(from, row, at) {
      row[at] = from.read(1);
    }
  });
}

// packages/shared/src/schema/containers.ts
function list(item, max) {
  const text = `list ${max} of (${item.text})`;
  if (!Number.isInteger(max) || max < 1 || max > 255) throw new RangeError(`${text}: the length must be 1 to 255`);
  refuseInside(text, item);
  const lengthBits = bitsFor(max);
  const words = 1 + max * item.words;
  const place = (at, index) => at + 1 + index * item.words;
  return makeKind({
    text,
    words,
    bitsMax: (precision) => lengthBits + max * item.bitsMax(precision),
    initial: () => [],
    store(value, row, at) {
      if (!Array.isArray(value)) throw wrongValue(text, value);
      const length = Math.min(value.length, max);
      row[at] = length;
      for (let index = 0; index < length; index++) item.store(value[index], row, place(at, index));
      row.fill(0, place(at, length), at + words);
    },
    load(row, at, into) {
      const value = into ?? [];
      const length = row[at];
      value.length = length;
      for (let index = 0; index < length; index++) value[index] = item.load(row, place(at, index), value[index]);
      return value;
    },
    same(a, aAt, b, bAt, precision) {
      if (a[aAt] !== b[bAt]) return false;
      for (let index = 0; index < a[aAt]; index++) {
        if (!item.same(a, place(aAt, index), b, place(bAt, index), precision)) return false;
      }
      return true;
    },
    write(out, row, at, precision) {
      out.write(row[at], lengthBits);
      for (let index = 0; index < row[at]; index++) item.write(out, row, place(at, index), precision);
    },
    read(from, row, at, precision) {
      const told2 = from.read(lengthBits);
      if (told2 > max) from.failed = true;
      const length = from.failed ? 0 : told2;
      row[at] = length;
      for (let index = 0; index < length; index++) item.read(from, row, place(at, index), precision);
      row.fill(0, place(at, length), at + words);
    },
    pack: (value) => value.map((one) => item.pack(one)),
    unpack(plain) {
      if (!Array.isArray(plain) || plain.length > max) return void 0;
      const value = [];
      for (const one of plain) {
        const unpacked = item.unpack(one);
        if (unpacked === void 0) return void 0;
        value.push(unpacked);
      }
      return value;
    }
  });
}
function optional(item) {
  const text = `optional (${item.text})`;
  const words = 1 + item.words;
  refuseInside(text, item);
  if (item.initial() === null) throw new TypeError(`${text}: its values may be null already`);
  return makeKind({
    text,
    words,
    bitsMax: (precision) => 1 + item.bitsMax(precision),
    initial: () => null,
    store(value, row, at) {
      row[at] = value === null ? 0 : 1;
      if (value === null) row.fill(0, at + 1, at + words);
      else item.store(value, row, at + 1);
    },
    load: (row, at, into) => row[at] === 0 ? null : item.load(row, at + 1, into ?? void 0),
    same: (a, aAt, b, bAt, precision) => a[aAt] === b[bAt] && (a[aAt] === 0 || item.same(a, aAt + 1, b, bAt + 1, precision)),
    write(out, row, at, precision) {
      out.write(row[at], 1);
      if (row[at] === 1) item.write(out, row, at + 1, precision);
    },
    read(from, row, at, precision) {
      row[at] = from.read(1);
      if (row[at] === 1) item.read(from, row, at + 1, precision);
      else row.fill(0, at + 1, at + words);
    },
    blend(a, aAt, b, bAt, t3, into) {
      if (a[aAt] === 1 && b[bAt] === 1) return item.blend(a, aAt + 1, b, bAt + 1, t3, into ?? void 0);
      const [row, at] = t3 < 1 ? [a, aAt] : [b, bAt];
      return row[at] === 0 ? null : item.load(row, at + 1, into ?? void 0);
    },
    pack: (value) => value === null ? null : item.pack(value),
    unpack: (plain) => plain === null ? null : item.unpack(plain)
  });
}
function refuseInside(text, item) {
  if (item.ownerOnly) throw new TypeError(`${text}: .owner() goes behind the whole field`);
  if (item.text === "press") throw new TypeError(`${text}: a press is counted by field, and cannot stand within another kind`);
}

// packages/shared/src/codec/symbol-coder.ts
var frequencySum = 4096;
var frequencyBits = 12;
var sizes = 12;
var numberSymbols = 1 + 2 * sizes;
var largeSymbol = numberSymbols - 2;
var largeBits = 6;
var leastSizes = Int32Array.from({ length: numberSymbols }, (_, symbol) => leastSize(symbol - 1 >> 1));
var sizeBits = Uint8Array.from({ length: numberSymbols }, (_, symbol) => Math.max(0, (symbol + 1 >> 2) - 1));
var contextPlaces = 32;
var hintBits = 7;
function makeSymbolTable(frequencies) {
  let contexts2 = 0;
  for (let index2 = 0; index2 < frequencies.length; index2++) if (frequencies[index2] === 0) contexts2++;
  const starts = new Uint16Array(contexts2 * contextPlaces).fill(frequencySum);
  const coded = new Int32Array(contexts2 * contextPlaces);
  const hints = new Uint8Array(contexts2 << hintBits);
  let index = 0;
  for (let context2 = 0; context2 < contexts2; context2++) {
    let start = 0;
    for (let symbol = 0; frequencies[index] !== 0; symbol++, index++) {
      const frequency = frequencies[index];
      starts[context2 * contextPlaces + symbol] = start;
      coded[context2 * contextPlaces + symbol] = start << frequencyBits | frequency - 1;
      const from = start + partSize - 1 >>> frequencyBits - hintBits;
      start += frequency;
      hints.fill(symbol, (context2 << hintBits) + from, (context2 << hintBits) + (start + partSize - 1 >>> frequencyBits - hintBits));
    }
    index++;
  }
  return { starts, coded, hints };
}
function leastSize(sized) {
  if (sized < 1) return 1;
  return 2 + (sized + 1 & 1) << (sized + 1 >> 1) - 1;
}
var placeBits = 5;
var partSize = 1 << frequencyBits - hintBits;
var Symbols = class {
  list = new Int32Array(256);
  length = 0;
  #coded;
  constructor(table) {
    this.#coded = table.coded;
  }
  reset() {
    this.length = 0;
  }
  /** One symbol of a context. */
  symbol(context2, symbol) {
    this.#push(this.#coded[context2 + symbol]);
  }
  /** `bits` bits about which nothing is known, the lowest 12 first. */
  write(value, bits) {
    let rest = value >>> 0;
    let left = bits;
    for (; left > frequencyBits; left -= frequencyBits) {
      this.#push((rest & frequencySum - 1) << frequencyBits);
      rest >>>= frequencyBits;
    }
    if (left === 0) return;
    const shift2 = frequencyBits - left;
    this.#push((rest & (1 << left) - 1) << shift2 << frequencyBits | (1 << shift2) - 1);
  }
  /** Groups of 4 bits, the lowest first, each under one that says that another follows. */
  writeVar(value) {
    let rest = value >>> 0;
    for (; rest > 15; rest >>>= 4) this.write((rest & 15) + 16, 5);
    this.write(rest, 5);
  }
  #push(coded) {
    if (this.length === this.list.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.length++] = coded;
  }
};
var stateMin = 2 ** 23;
var roomBits = 19;
var reciprocals = Float64Array.from({ length: frequencySum }, (_, less) => 1 / (less + 1));
var SymbolEncoder = class {
  #out = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #at = 0;
  #state = 0;
  #isFull = false;
  /** Starts to fill `out`, between `from` and `to`, from its end. */
  begin(out, from, to) {
    this.#out = out;
    this.#from = from;
    this.#to = to;
    this.#at = to;
    this.#state = 0;
    this.#isFull = false;
  }
  /** Puts in symbols `from` up to `to` of a list: these are read before everything that was put in until now. */
  put(list2, from, to) {
    const out = this.#out;
    const least = this.#from;
    let at = this.#at;
    let state = this.#state;
    for (let index = to - 1; index >= from; index--) {
      const coded = list2[index];
      const frequency = (coded & frequencySum - 1) + 1;
      while (state >>> roomBits >= frequency) {
        if (at === least) {
          this.#isFull = true;
          return;
        }
        out[--at] = state & 255;
        state >>>= 8;
      }
      const times = (state + 0.5) * reciprocals[frequency - 1] | 0;
      state = (times << frequencyBits) + (state - Math.imul(times, frequency)) + (coded >>> frequencyBits);
    }
    this.#at = at;
    this.#state = state;
  }
  /** Ends the stream and moves it to where it was to begin. @returns its length, -1 when it did not fit. */
  finish() {
    const out = this.#out;
    for (; this.#state > 0 && !this.#isFull; this.#state >>>= 8) {
      if (this.#at === this.#from) this.#isFull = true;
      else out[--this.#at] = this.#state & 255;
    }
    if (this.#isFull) return -1;
    out.copyWithin(this.#from, this.#at, this.#to);
    return this.#to - this.#at;
  }
};
var SymbolDecoder = class {
  /** A caller found a value that cannot be. Stays set until `reset`. */
  failed = false;
  #starts;
  #hints;
  #bytes = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #state = 0;
  constructor(table) {
    this.#starts = table.starts;
    this.#hints = table.hints;
  }
  /** At most so many bits about which nothing is known are still there. */
  get bitsLeft() {
    return (this.#end - this.#at) * 8 + 32 - Math.clz32(this.#state);
  }
  /** Everything was read, and it was what an encoder made. */
  get done() {
    return this.#state === 0 && this.#at === this.#end;
  }
  /** Starts on the bytes from `from` up to `to`. */
  reset(bytes2, from, to) {
    this.#bytes = bytes2;
    this.#at = from;
    this.#end = to;
    this.#state = 0;
    this.failed = false;
    this.#fill();
  }
  /** One symbol of a context. */
  symbol(context2) {
    const starts = this.#starts;
    const state = this.#state;
    const place = state & frequencySum - 1;
    let at = context2 + this.#hints[(context2 << hintBits - placeBits) + (place >>> frequencyBits - hintBits)];
    while (starts[at + 1] <= place) at++;
    const start = starts[at];
    this.#state = Math.imul(starts[at + 1] - start, state >>> frequencyBits) + place - start;
    if (this.#state < stateMin) this.#fill();
    return at - context2;
  }
  /**
   * Several numbers, one after the other, each off from a prediction. @param contexts of each one, for a number that follows none. @param larges the context
   * of its length, should it be large. @param velocities how each was changing: most numbers are off along or against it.
   */
  numbers(contexts2, larges, velocities, offs, count) {
    const starts = this.#starts;
    const hints = this.#hints;
    let neighbour = 0;
    let state = this.#state;
    for (let index = 0; index < count; index++) {
      const context2 = contexts2[index] + neighbour;
      let place = state & frequencySum - 1;
      let at = context2 + hints[(context2 << hintBits - placeBits) + (place >>> frequencyBits - hintBits)];
      while (starts[at + 1] <= place) at++;
      const start = starts[at];
      state = Math.imul(starts[at + 1] - start, state >>> frequencyBits) + place - start;
      if (state < stateMin) state = this.#filled(state);
      const symbol = at - context2;
      if (symbol === 0) {
        offs[index] = 0;
        neighbour = contextPlaces;
        continue;
      }
      let size5 = leastSizes[symbol];
      if (symbol >= largeSymbol) {
        this.#state = state;
        size5 = this.#large(larges[index]);
        state = this.#state;
      } else {
        const bits = sizeBits[symbol];
        if (bits > 0) {
          const shift2 = frequencyBits - bits;
          place = state & frequencySum - 1;
          size5 += place >>> shift2;
          state = (state >>> frequencyBits << shift2) + (place & (1 << shift2) - 1);
          if (state < stateMin) state = this.#filled(state);
        }
      }
      neighbour = size5 < 2 ? 2 * contextPlaces : size5 < 8 ? 3 * contextPlaces : 4 * contextPlaces;
      offs[index] = velocities[index] < 0 === ((symbol & 1) === 1) ? -size5 : size5;
    }
    this.#state = state;
  }
  /** The size of a large number: its length in bits, then all but the first of them. */
  #large(context2) {
    const length = Math.min(31, this.symbol(context2) + largeBits);
    return 2 ** length + this.read(length);
  }
  read(bits) {
    let value = 0;
    let done = 0;
    for (; bits - done > frequencyBits; done += frequencyBits) value += this.#readFew(frequencyBits) * 2 ** done;
    return bits === done ? value : value + this.#readFew(bits - done) * 2 ** done;
  }
  readVar() {
    let value = 0;
    for (let shift2 = 0; shift2 < 32; shift2 += 4) {
      const group = this.#readFew(5);
      value += (group & 15) * 2 ** shift2;
      if (group < 16) return value;
    }
    this.failed = true;
    return 0;
  }
  #readFew(bits) {
    const shift2 = frequencyBits - bits;
    const place = this.#state & frequencySum - 1;
    const value = place >>> shift2;
    this.#state = (this.#state >>> frequencyBits << shift2) + (place & (1 << shift2) - 1);
    if (this.#state < stateMin) this.#fill();
    return value;
  }
  #fill() {
    this.#state = this.#filled(this.#state);
  }
  #filled(low) {
    let state = low;
    while (state < stateMin && this.#at < this.#end) state = state << 8 | this.#bytes[this.#at++];
    return state;
  }
};

// packages/shared/src/codec/contexts.ts
var numberClass = { position: 0, direction: 1, count: 2, rotation: 3 };
var activities = 6;
var ages = 4;
var neighbours = 5;
var lengthsMax = 26;
var openingSymbols = 10;
var gapSymbols = 14;
var shapeSymbols = 8;
var families = {
  /** [gap before] how a record opens. */
  opening: { symbols: openingSymbols, by: [2] },
  /** [gap before] the length of a gap in bits. */
  gap: { symbols: gapSymbols, by: [2] },
  /** [activity of the entity][age][a held field changed between the bases] a change's shape. */
  shape: { symbols: shapeSymbols, by: [activities, ages, 2] },
  /** [class][activity][age][neighbour] how far a number is off. */
  off: { symbols: numberSymbols, by: [4, activities, ages, neighbours] },
  /** [class] the length in bits of a large one. */
  large: { symbols: lengthsMax, by: [4] },
  /** Which number of a rotation is the largest, counted from the one that was expected. */
  turned: { symbols: 4, by: [1] },
  /** [changed between the bases] whether this held field changed. */
  held: { symbols: 2, by: [2] },
  /** Whether a field of a new entity differs from its initial value. */
  notInitial: { symbols: 2, by: [1] },
  /** Whether a whole state rests. */
  rest: { symbols: 2, by: [1] }
};
var context = placeFamilies();
var contextCount = Object.values(families).reduce((sum, family) => sum + contextsOf(family), 0);
function contextsOf({ by }) {
  return by.reduce((product, size5) => product * size5, 1);
}
function placeFamilies() {
  const places = {};
  let next = 0;
  for (const [name2, family] of Object.entries(families)) {
    places[name2] = next;
    next += contextsOf(family) * contextPlaces;
  }
  return places;
}
function offContexts(what) {
  return context.off + what * activities * ages * neighbours * contextPlaces;
}
function offContext(first, activity, age2) {
  return first + (activity * ages + age2) * neighbours * contextPlaces;
}
function largeContext(what) {
  return context.large + what * contextPlaces;
}
function shapeContext(activity, age2, recent) {
  return context.shape + ((activity * ages + age2) * 2 + recent) * contextPlaces;
}
function activityOf(change) {
  const size5 = Math.abs(change);
  return size5 < 2 ? size5 + 1 : size5 < 4 ? 3 : size5 < 16 ? 4 : 5;
}
function neighbourOf(off) {
  const size5 = Math.abs(off);
  return size5 < 2 ? size5 + 1 : size5 < 8 ? 3 : 4;
}

// packages/shared/src/schema/grid.ts
var defaultStep = 1 / 1024;
var finestSteps = 2 ** 48;
function makeGrid(name2, min, max, options = {}) {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max)
    throw new RangeError(`${name2}: the range ${min} to ${max} is empty or not finite`);
  const step = options.step ?? Math.min(defaultStep, options.wire ?? defaultStep);
  const wire = options.wire ?? step;
  if (!(step > 0) || !(wire > 0)) throw new RangeError(`${name2}: step and wire must be above 0`);
  const ratio = Math.round(wire / step);
  if (ratio < 1 || !(Math.abs(ratio * step - wire) <= 1e-9 * wire))
    throw new RangeError(`${name2}: wire ${wire} is not a whole number of steps of ${step}`);
  if (Math.max(Math.abs(min), Math.abs(max)) / step > finestSteps)
    throw new RangeError(`${name2}: a number from ${min} to ${max} has no room for steps of ${step}; take a larger step`);
  const stepMax = Math.round((max - min) / step);
  if (stepMax >= 2 ** 31) {
    throw new RangeError(`${name2}: ${min} to ${max} in steps of ${step} needs more than 31 bits; take a larger step or a smaller range`);
  }
  const wireMax = Math.floor((stepMax + Math.floor(ratio / 2)) / ratio);
  const text = `${name2} ${min}..${max} step ${step} wire ${wire}`;
  return { text, min, max, step, ratio, stepMax, wireMax, stepBits: bitsFor(stepMax), wireBits: bitsFor(wireMax) };
}
function quantise(grid, value) {
  if (typeof value !== "number" || Number.isNaN(value)) throw wrongValue(grid.text, value);
  if (value <= grid.min) return 0;
  if (value >= grid.max) return grid.stepMax;
  return Math.round((value - grid.min) / grid.step);
}
function valueAt(grid, count) {
  return Math.min(grid.max, grid.min + count * grid.step);
}
function toWire(grid, count) {
  return grid.ratio === 1 ? count : Math.floor((count + Math.floor(grid.ratio / 2)) / grid.ratio);
}
function sameCount(grid, a, b, precision) {
  return a === b || precision === "wire" && toWire(grid, a) === toWire(grid, b);
}
function gridBits(grid, precision) {
  return precision === "step" ? grid.stepBits : grid.wireBits;
}
function writeCount(grid, out, count, precision) {
  if (precision === "step") out.write(count, grid.stepBits);
  else out.write(toWire(grid, count), grid.wireBits);
}
function readCount(grid, from, precision) {
  const max = precision === "step" ? grid.stepMax : grid.wireMax;
  const count = from.read(gridBits(grid, precision));
  if (count > max) from.failed = true;
  return precision === "step" ? Math.min(count, grid.stepMax) : Math.min(count * grid.ratio, grid.stepMax);
}
function gridAxis(grid, what, goesOn) {
  return {
    what,
    goesOn,
    turn: void 0,
    max: { step: grid.stepMax, wire: grid.wireMax },
    ratio: grid.ratio,
    units: (word, precision) => precision === "step" ? word : toWire(grid, word),
    word: (units, precision) => precision === "step" ? units : Math.min(units * grid.ratio, grid.stepMax)
  };
}

// packages/shared/src/schema/numbers.ts
function uint(max) {
  return whole(`uint ${max}`, 0, max);
}
function int(min, max) {
  return whole(`int ${min}..${max}`, min, max);
}
function fixed(min, max, options) {
  const grid = makeGrid("fixed", min, max, options);
  const initial = min > 0 ? min : max < 0 ? max : 0;
  return makeKind({
    text: grid.text,
    words: 1,
    axis: gridAxis(grid, numberClass.position, true),
    bitsMax: (precision) => gridBits(grid, precision),
    initial: () => initial,
    store(value, row, at) {
      row[at] = quantise(grid, value);
    },
    record(value, row, at) {
      const count = quantise(grid, value);
      row[at] = count;
      return valueAt(grid, count);
    },
    load: (row, at) => valueAt(grid, row[at]),
    same: (a, aAt, b, bAt, precision) => sameCount(grid, a[aAt], b[bAt], precision),
    write: (out, row, at, precision) => writeCount(grid, out, row[at], precision),
    read(from, row, at, precision) {
      row[at] = readCount(grid, from, precision);
    },
    blend(a, aAt, b, bAt, t3) {
      const from = a[aAt];
      return valueAt(grid, from + (b[bAt] - from) * t3);
    }
  });
}
var turn = 6.283185307179586;
function angle(options = {}) {
  const bits = options.step ?? Math.max(16, options.wire ?? 0);
  const wireBits = options.wire ?? bits;
  if (bits < 2 || bits > 30 || wireBits < 1 || wireBits > bits || bits % 1 !== 0 || wireBits % 1 !== 0) {
    throw new RangeError(`angle: step ${bits} must be 2 to 30 bits, and wire ${wireBits} at most that`);
  }
  const text = `angle step ${bits} wire ${wireBits} bits`;
  const steps = 2 ** bits;
  const shift2 = bits - wireBits;
  const half2 = shift2 === 0 ? 0 : 2 ** (shift2 - 1);
  const wireOf = (count) => (count + half2 >>> shift2) % 2 ** wireBits;
  const radians = (count) => (count >= steps / 2 ? count - steps : count) * turn / steps;
  return makeKind({
    text,
    words: 1,
    axis: {
      what: numberClass.direction,
      goesOn: true,
      turn: { step: steps, wire: 2 ** wireBits },
      max: { step: steps - 1, wire: 2 ** wireBits - 1 },
      ratio: 2 ** shift2,
      units: (word, precision) => precision === "step" ? word : wireOf(word),
      word: (units, precision) => precision === "step" ? units : units * 2 ** shift2
    },
    bitsMax: (precision) => precision === "step" ? bits : wireBits,
    initial: () => 0,
    store(value, row, at) {
      if (!Number.isFinite(value)) throw wrongValue(text, value);
      const turns = value / turn;
      row[at] = Math.round((turns - Math.floor(turns)) * steps) % steps;
    },
    load: (row, at) => radians(row[at]),
    same: (a, aAt, b, bAt, precision) => a[aAt] === b[bAt] || precision === "wire" && wireOf(a[aAt]) === wireOf(b[bAt]),
    write(out, row, at, precision) {
      if (precision === "step") out.write(row[at], bits);
      else out.write(wireOf(row[at]), wireBits);
    },
    read(from, row, at, precision) {
      row[at] = precision === "step" ? from.read(bits) : from.read(wireBits) * 2 ** shift2;
    },
    blend(a, aAt, b, bAt, t3) {
      const from = a[aAt];
      let ahead = (b[bAt] - from + steps) % steps;
      if (ahead > steps / 2) ahead -= steps;
      return radians((from + ahead * t3 + steps) % steps);
    }
  });
}
var float32Bits = new Float32Array(1);
var float32Words = new Int32Array(float32Bits.buffer);
function float32() {
  const at32 = (word) => {
    float32Words[0] = word;
    return float32Bits[0];
  };
  return makeKind({
    text: "float32",
    words: 1,
    bitsMax: () => 32,
    initial: () => 0,
    store(value, row, at) {
      if (!Number.isFinite(value)) throw wrongValue("float32", value);
      float32Bits[0] = value;
      if (!Number.isFinite(float32Bits[0])) throw wrongValue("float32", value);
      row[at] = float32Bits[0] === 0 ? 0 : float32Words[0];
    },
    load: (row, at) => at32(row[at]),
    write: (out, row, at) => out.write(row[at] >>> 0, 32),
    read(from, row, at) {
      const word = from.read(32);
      if ((word >>> 23 & 255) === 255 || word === 2147483648) from.failed = true;
      row[at] = from.failed ? 0 : word | 0;
    },
    blend(a, aAt, b, bAt, t3) {
      const from = at32(a[aAt]);
      const to = at32(b[bAt]);
      return t3 < 1 ? from + (to - from) * t3 : to;
    }
  });
}
function tick() {
  return whole("tick", 0, 2 ** 31 - 1);
}
function entityRef() {
  const text = "entity";
  return makeKind({
    text,
    words: 1,
    bitsMax: () => 31,
    initial: () => null,
    store(value, row, at) {
      if (value !== null && !(Number.isInteger(value) && value >= 0 && value < 2 ** 30)) throw wrongValue("entity id or null", value);
      row[at] = value === null ? 0 : value + 1;
    },
    load: (row, at) => row[at] === 0 ? null : row[at] - 1,
    write: (out, row, at) => row[at] === 0 ? out.write(0, 1) : out.write((row[at] - 1) * 2 + 1, 31),
    read(from, row, at) {
      row[at] = from.read(1) === 0 ? 0 : from.read(30) + 1;
    }
  });
}
function whole(text, min, max) {
  if (!Number.isInteger(min) || !Number.isInteger(max)) throw new RangeError(`${text}: the bounds must be whole numbers`);
  const grid = { ...makeGrid(text, min, max, { step: 1 }), text };
  return makeKind({
    text,
    words: 1,
    axis: gridAxis(grid, numberClass.count, false),
    bitsMax: () => grid.stepBits,
    initial: () => min > 0 ? min : max < 0 ? max : 0,
    store(value, row, at) {
      row[at] = quantise(grid, value);
    },
    record(value, row, at) {
      const count = quantise(grid, value);
      row[at] = count;
      return valueAt(grid, count);
    },
    load: (row, at) => valueAt(grid, row[at]),
    write: (out, row, at) => out.write(toWire(grid, row[at]), grid.stepBits),
    read(from, row, at) {
      row[at] = readCount(grid, from, "step");
    }
  });
}

// packages/shared/src/schema/rotations.ts
var axes = ["x", "y", "z", "w"];
var numbers = new Float64Array(4);
function quat(options = {}) {
  const bits = options.step ?? Math.max(16, options.wire ?? 0);
  const wireBits = options.wire ?? bits;
  if (bits < 6 || bits > 20 || wireBits < 4 || wireBits > bits || bits % 1 !== 0 || wireBits % 1 !== 0) {
    throw new RangeError(`quat: step ${bits} must be 6 to 20 bits, and wire ${wireBits} 4 or more and at most that`);
  }
  const text = `quat step ${bits} wire ${wireBits} bits`;
  const half2 = 2 ** (bits - 1);
  const one = half2 * Math.SQRT2;
  const square = 2 * half2 * half2;
  const rotation = {
    step: { one, square, shift: 0, most: half2 },
    wire: { one, square, shift: bits - wireBits, most: 2 ** (wireBits - 1) }
  };
  const store = (value, row, at) => {
    if (!takeNumbers(value, one)) throw wrongValue(text, value);
    if (!isRow(rotation.wire, row, at)) fromNumbers(rotation.step, row, at);
  };
  const load = (row, at, into) => {
    const value = into ?? { x: 0, y: 0, z: 0, w: 1 };
    for (let axis = 0; axis < 4; axis++) value[axes[axis]] = row[at + axis] / one;
    return value;
  };
  return makeKind({
    text,
    words: 4,
    rotation,
    bitsMax: (precision) => 2 + 3 * (precision === "step" ? bits : wireBits),
    initial: () => ({ x: 0, y: 0, z: 0, w: Math.round(one) / one }),
    store,
    load,
    same(a, aAt, b, bAt, precision) {
      const grid = rotation[precision];
      const largest = largestOf(a, aAt);
      if (largest !== largestOf(b, bAt)) return false;
      for (let axis = 0; axis < 4; axis++) {
        if (axis === largest) continue;
        if (unitOfCount(grid, a[aAt + axis]) !== unitOfCount(grid, b[bAt + axis])) return false;
      }
      return true;
    },
    write(out, row, at, precision) {
      const largest = largestOf(row, at);
      const width = precision === "step" ? bits : wireBits;
      const grid = rotation[precision];
      out.write(largest, 2);
      for (let axis = 0; axis < 4; axis++) if (axis !== largest) out.write(unitOfCount(grid, row[at + axis]) + grid.most, width);
    },
    read(from, row, at, precision) {
      const width = precision === "step" ? bits : wireBits;
      const grid = rotation[precision];
      const largest = from.read(2);
      for (let axis = 0; axis < 4; axis++) if (axis !== largest) row[at + axis] = from.read(width) - grid.most << grid.shift;
      if (!completeRow(grid, row, at, largest)) from.failed = true;
    },
    blend(a, aAt, b, bAt, t3, into) {
      if (t3 <= 0 || t3 >= 1) return t3 <= 0 ? load(a, aAt, into) : load(b, bAt, into);
      let dot = 0;
      for (let axis = 0; axis < 4; axis++) dot += a[aAt + axis] * b[bAt + axis];
      const bent = bentTime(t3, size(dot) / square);
      let squares = 0;
      for (let axis = 0; axis < 4; axis++) {
        const from = a[aAt + axis];
        const to = dot < 0 ? -b[bAt + axis] : b[bAt + axis];
        numbers[axis] = from + (to - from) * bent;
        squares += numbers[axis] * numbers[axis];
      }
      const value = into ?? { x: 0, y: 0, z: 0, w: 1 };
      const length = Math.sqrt(squares);
      for (let axis = 0; axis < 4; axis++) value[axes[axis]] = numbers[axis] / length;
      return value;
    },
    pack: (value) => axes.map((axis) => value[axis]),
    unpack(plain) {
      if (!Array.isArray(plain) || plain.length !== 4) return void 0;
      const [x, y, z, w] = plain;
      if (!takeNumbers({ x, y, z, w }, one)) return void 0;
      const row = new Int32Array(4);
      if (!isRow(rotation.wire, row, 0)) fromNumbers(rotation.step, row, 0);
      return load(row, 0);
    }
  });
}
function largestOf(row, at) {
  let largest = 0;
  for (let axis = 1; axis < 4; axis++) if (row[at + axis] > row[at + largest]) largest = axis;
  return largest;
}
function unitOfCount({ shift: shift2, most: most2 }, count) {
  const unit = count + (1 << shift2 >> 1) >> shift2;
  return unit < most2 ? unit : most2 - 1;
}
function completeRow({ one, square, shift: shift2 }, row, at, largest) {
  let rest = square;
  let most2 = 0;
  for (let axis = 0; axis < 4; axis++) {
    if (axis === largest) continue;
    const count2 = row[at + axis];
    rest -= count2 * count2;
    const large = count2 < 0 ? -count2 : count2;
    if (large > most2) most2 = large;
  }
  const count = rest > 0 ? Math.round(Math.sqrt(rest)) : 0;
  if (count < most2 - (3 << shift2)) {
    row.fill(0, at, at + 4);
    row[at + 3] = Math.round(one);
    return false;
  }
  row[at + largest] = count > most2 ? count : most2 + 1;
  return true;
}
function takeNumbers(value, one) {
  if (typeof value !== "object" || value === null) return false;
  let squares = 0;
  for (let axis = 0; axis < 4; axis++) {
    const number = value[axes[axis]];
    if (typeof number !== "number") return false;
    numbers[axis] = number * one;
    squares += numbers[axis] * numbers[axis];
  }
  return squares > 0 && squares < Number.POSITIVE_INFINITY;
}
function isRow(coarsest, row, at) {
  const largest = largestNumber();
  if (numbers[largest] < 0) return false;
  for (let axis = 0; axis < 4; axis++) {
    const number = numbers[axis];
    const count2 = Math.round(number);
    if (number - count2 > 1e-6 || count2 - number > 1e-6) return false;
    row[at + axis] = count2;
  }
  const count = row[at + largest];
  return completeRow(coarsest, row, at, largest) && row[at + largest] === count;
}
function fromNumbers(grid, row, at) {
  const largest = largestNumber();
  let squares = 0;
  for (let axis = 0; axis < 4; axis++) squares += numbers[axis] * numbers[axis];
  const scale = (numbers[largest] < 0 ? -1 : 1) * (grid.one / Math.sqrt(squares));
  for (let axis = 0; axis < 4; axis++) {
    const count = Math.round(numbers[axis] * scale);
    row[at + axis] = count < grid.most ? count : grid.most - 1;
  }
  completeRow(grid, row, at, largest);
}
function largestNumber() {
  let largest = 0;
  for (let axis = 1; axis < 4; axis++) if (size(numbers[axis]) > size(numbers[largest])) largest = axis;
  return largest;
}
function size(number) {
  return number < 0 ? -number : number;
}
function bentTime(t3, dot) {
  const a = 1.0904 + dot * (-3.2452 + dot * (3.55645 - dot * 1.43519));
  const b = 0.848013 + dot * (-1.06021 + dot * 0.215638);
  const middle = t3 - 0.5;
  return t3 + t3 * middle * (t3 - 1) * (a * middle * middle + b);
}

// packages/shared/src/schema/utf8.ts
function encodeUtf8(text, out) {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const point2 = text.codePointAt(index);
    if (point2 > 65535) index++;
    const code = point2 >= 55296 && point2 <= 57343 ? 65533 : point2;
    const size5 = code < 128 ? 1 : code < 2048 ? 2 : code < 65536 ? 3 : 4;
    if (length + size5 > out.length) break;
    if (size5 === 1) {
      out[length++] = code;
      continue;
    }
    out[length++] = 3840 >> size5 & 255 | code >> 6 * (size5 - 1);
    for (let rest = size5 - 2; rest >= 0; rest--) out[length++] = 128 | code >> 6 * rest & 63;
  }
  return length;
}
function decodeUtf8(bytes2, length) {
  let text = "";
  let at = 0;
  while (at < length) {
    const sequence = sequenceAt(bytes2, at, length);
    text += sequence > 0 ? String.fromCodePoint(codeAt(bytes2, at, sequence)) : "\uFFFD";
    at += Math.abs(sequence);
  }
  return text;
}
function isUtf8(bytes2, length) {
  for (let at = 0; at < length; ) {
    const sequence = sequenceAt(bytes2, at, length);
    if (sequence < 0) return false;
    at += sequence;
  }
  return true;
}
function sequenceAt(bytes2, at, length) {
  const first = bytes2[at];
  if (first < 128) return 1;
  const more = first < 194 ? 0 : first < 224 ? 1 : first < 240 ? 2 : first < 245 ? 3 : 0;
  if (more === 0) return -1;
  let low = first === 224 ? 160 : first === 240 ? 144 : 128;
  let high = first === 237 ? 159 : first === 244 ? 143 : 191;
  for (let next = 1; next <= more; next++) {
    const byte = at + next < length ? bytes2[at + next] : 0;
    if (byte < low || byte > high) return -next;
    low = 128;
    high = 191;
  }
  return more + 1;
}
function codeAt(bytes2, at, sequence) {
  const first = bytes2[at];
  let code = sequence === 1 ? first : first & 127 >> sequence;
  for (let next = 1; next < sequence; next++) code = code << 6 | bytes2[at + next] & 63;
  return code;
}

// packages/shared/src/schema/texts.ts
function string(maxBytes) {
  const text = `string ${maxBytes}`;
  const body2 = byteRow(text, maxBytes);
  const scratch = new Uint8Array(maxBytes);
  return makeKind({
    text,
    ...body2,
    initial: () => "",
    store(value, row, at) {
      if (typeof value !== "string") throw wrongValue(text, value);
      body2.storeBytes(scratch, encodeUtf8(value, scratch), row, at);
    },
    load(row, at, into) {
      const length = body2.loadBytes(row, at, scratch);
      return into !== void 0 && sameAscii(into, scratch, length) ? into : decodeUtf8(scratch, length);
    },
    read(from, row, at) {
      body2.read(from, row, at);
      if (isUtf8(scratch, body2.loadBytes(row, at, scratch))) return;
      from.failed = true;
      body2.storeBytes(scratch, 0, row, at);
    }
  });
}
function bytes(maxBytes) {
  const text = `bytes ${maxBytes}`;
  const body2 = byteRow(text, maxBytes);
  const scratch = new Uint8Array(maxBytes);
  return makeKind({
    text,
    ...body2,
    initial: () => new Uint8Array(0),
    store(value, row, at) {
      if (!(value instanceof Uint8Array)) throw wrongValue(text, value);
      body2.storeBytes(value, Math.min(value.length, maxBytes), row, at);
    },
    load(row, at) {
      return scratch.slice(0, body2.loadBytes(row, at, scratch));
    }
  });
}
function byteRow(text, maxBytes) {
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > 1e3) throw new RangeError(`${text}: the size must be 1 to 1000 bytes`);
  const lengthBits = bitsFor(maxBytes);
  const words = 1 + Math.ceil(maxBytes / 4);
  return {
    words,
    bitsMax: () => lengthBits + 8 * maxBytes,
    storeBytes(from, length, row, at) {
      row[at] = length;
      for (let word = 1; word < words; word++) row[at + word] = 0;
      for (let index = 0; index < length; index++) {
        const word = at + 1 + (index >> 2);
        row[word] = row[word] | from[index] << (index & 3) * 8;
      }
    },
    loadBytes(row, at, into) {
      const length = row[at];
      for (let index = 0; index < length; index++) into[index] = row[at + 1 + (index >> 2)] >>> (index & 3) * 8 & 255;
      return length;
    },
    write(out, row, at) {
      const length = row[at];
      out.write(length, lengthBits);
      for (let index = 0; index < length; index++) out.write(row[at + 1 + (index >> 2)] >>> (index & 3) * 8 & 255, 8);
    },
    read(from, row, at) {
      const told2 = from.read(lengthBits);
      if (told2 > maxBytes || told2 * 8 > from.bitsLeft) from.failed = true;
      const length = from.failed ? 0 : told2;
      row[at] = length;
      for (let word = 1; word < words; word++) row[at + word] = 0;
      for (let index = 0; index < length; index++) {
        const word = at + 1 + (index >> 2);
        row[word] = row[word] | from.read(8) << (index & 3) * 8;
      }
    }
  };
}
function sameAscii(text, bytes2, length) {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 127 || code !== bytes2[index]) return false;
  }
  return true;
}

// packages/shared/src/schema/vectors.ts
function vec2(min, max, options) {
  const grid = makeGrid("vec2", min, max, options);
  const record = (value, row, at) => recordPlane(grid, value, row, at);
  return vector(grid, ["x", "y"], () => ({ x: 0, y: 0 }), record);
}
function vec3(min, max, options) {
  const grid = makeGrid("vec3", min, max, options);
  return vector(
    grid,
    ["x", "y", "z"],
    () => ({ x: 0, y: 0, z: 0 }),
    (value, row, at) => {
      recordPlane(grid, value, row, at);
      const z = quantise(grid, value.z);
      row[at + 2] = z;
      value.z = valueAt(grid, z);
      return value;
    }
  );
}
function recordPlane(grid, value, row, at) {
  if (typeof value !== "object" || value === null) throw wrongValue(grid.text, value);
  const x = quantise(grid, value.x);
  const y = quantise(grid, value.y);
  row[at] = x;
  row[at + 1] = y;
  value.x = valueAt(grid, x);
  value.y = valueAt(grid, y);
  return value;
}
function vector(grid, axes2, make2, record) {
  const words = axes2.length;
  const nearest = grid.min > 0 ? grid.min : grid.max < 0 ? grid.max : 0;
  const set = (value, axis, to) => {
    value[axes2[axis]] = to;
  };
  return makeKind({
    text: grid.text,
    words,
    axis: gridAxis(grid, numberClass.position, true),
    bitsMax: (precision) => words * gridBits(grid, precision),
    initial() {
      const value = make2();
      for (let axis = 0; axis < words; axis++) set(value, axis, nearest);
      return value;
    },
    store(value, row, at) {
      if (typeof value !== "object" || value === null) throw wrongValue(grid.text, value);
      for (let axis = 0; axis < words; axis++) row[at + axis] = quantise(grid, value[axes2[axis]]);
    },
    record,
    load(row, at, into) {
      const value = into ?? make2();
      for (let axis = 0; axis < words; axis++) set(value, axis, valueAt(grid, row[at + axis]));
      return value;
    },
    same(a, aAt, b, bAt, precision) {
      for (let axis = 0; axis < words; axis++) {
        if (!sameCount(grid, a[aAt + axis], b[bAt + axis], precision)) return false;
      }
      return true;
    },
    write(out, row, at, precision) {
      for (let axis = 0; axis < words; axis++) writeCount(grid, out, row[at + axis], precision);
    },
    read(from, row, at, precision) {
      for (let axis = 0; axis < words; axis++) row[at + axis] = readCount(grid, from, precision);
    },
    blend(a, aAt, b, bAt, t3, into) {
      const value = into ?? make2();
      for (let axis = 0; axis < words; axis++) {
        const from = a[aAt + axis];
        set(value, axis, valueAt(grid, from + (b[bAt + axis] - from) * t3));
      }
      return value;
    },
    pack: (value) => axes2.map((axis) => value[axis]),
    unpack(plain) {
      if (!Array.isArray(plain) || plain.length !== words) return void 0;
      const value = make2();
      for (let axis = 0; axis < words; axis++) {
        const part = plain[axis];
        if (typeof part !== "number" || !Number.isFinite(part)) return void 0;
        set(value, axis, valueAt(grid, quantise(grid, part)));
      }
      return value;
    }
  });
}

// packages/shared/src/schema/fields.ts
var f = {
  bool,
  uint,
  int,
  fixed,
  angle,
  vec2,
  vec3,
  quat,
  float32,
  enumOf,
  flags,
  string,
  bytes,
  tick,
  entity: entityRef,
  list,
  optional,
  button,
  press
};

// packages/shared/src/schema/check.ts
var reservedFields = /* @__PURE__ */ new Set(["id", "type", "mine", "__proto__", "constructor", "prototype", "toString", "valueOf", "toJSON"]);
var reservedTypes = /* @__PURE__ */ new Set(["state", "__proto__", "constructor", "prototype", "toString", "valueOf"]);
var recordOverheadBits = 8 * 64;
var typesMax = 63;
var fieldsMax = 64;
var inputBitsMax = 512;
var predictions = ["owner", "everyone", "never"];
function checkParts(game) {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(game.name)) throw new TypeError(`game name '${game.name}': use 1 to 64 letters, digits and dashes`);
  checkRate("tickHz", game.tickHz, 240);
  checkRate("snapshotHz", game.snapshotHz, game.tickHz);
  checkRate("inputHz", game.inputHz, game.tickHz);
  for (const rate of ["snapshotHz", "inputHz"]) {
    if (game.tickHz % game[rate] !== 0)
      throw new RangeError(`${rate} ${game[rate]} must divide tickHz ${game.tickHz}: every so many ticks, one is sent`);
  }
  checkFields("state", game.state, "{ ... }");
  for (const [name2, def] of Object.entries(game.entities)) {
    checkName("entity", name2, reservedTypes);
    checkFields(`entity ${name2}`, def?.fields, "entity({ ... })");
    if (!predictions.includes(def.predict))
      throw new TypeError(`entity ${name2}: predict '${def.predict}' must be one of '${predictions.join("', '")}'`);
    if (def.predict !== "never" && typeof game.steps[name2] !== "function")
      throw new TypeError(`entity ${name2} is predicted ('${def.predict}') but steps.${name2} is missing: a client could not move it`);
  }
  for (const name2 of Object.keys(game.steps))
    if (!Object.hasOwn(game.entities, name2)) throw new TypeError(`steps.${name2}: there is no entity type '${name2}'`);
  for (const [name2, def] of Object.entries(game.events)) {
    checkName("event", name2, reservedTypes);
    checkFields(`event ${name2}`, def?.fields, "event({ ... })");
    if (def.expiresMs !== void 0 && !(def.expiresMs >= 1 && def.expiresMs <= 1e4))
      throw new RangeError(`event ${name2}: expiresMs ${def.expiresMs} must be 1 to 10000`);
  }
  checkFields("input", game.input, "{ ... }", true);
}
function checkSizes(game) {
  if (game.types.length > typesMax + 1) throw new RangeError(`${game.types.length - 1} entity types: at most ${typesMax} fit the wire`);
  if (game.eventTypes.length > typesMax) throw new RangeError(`${game.eventTypes.length} event types: at most ${typesMax} fit the wire`);
  for (const { name: name2, layout } of game.types) checkSize(name2 === "state" ? "state" : `entity ${name2}`, layout, true);
  for (const { name: name2, layout } of game.eventTypes) checkSize(`event ${name2}`, layout, true);
  const inputBits = game.inputLayout.bitsMax("wire", true) + game.inputLayout.fields.length;
  if (inputBits > inputBitsMax)
    throw new RangeError(
      `input: ${inputBits} bits, one for each field counted; at most ${inputBitsMax}, since a packet repeats up to ${limits.inputsPerPacket} inputs`
    );
}
function checkRate(name2, hz, max) {
  if (!Number.isInteger(hz) || hz < 1 || hz > max) throw new RangeError(`${name2} ${hz} must be a whole number from 1 to ${max}`);
}
function checkName(what, name2, reserved) {
  if (reserved.has(name2)) throw new TypeError(`${what} '${name2}': the name is reserved`);
  if (!/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name2)) throw new TypeError(`${what} '${name2}': use a letter, then letters and digits, at most 64`);
}
function checkFields(place, fields, shape2, isInput = false) {
  if (typeof fields !== "object" || fields === null) throw new TypeError(`${place} has no fields: write ${shape2}`);
  const entries = Object.entries(fields);
  if (entries.length > fieldsMax) throw new RangeError(`${place} has ${entries.length} fields; at most ${fieldsMax}`);
  for (const [name2, kind] of entries) {
    checkName(`${place}, field`, name2, reservedFields);
    if (typeof kind?.store !== "function") throw new TypeError(`${place}, field '${name2}' is no field kind: use f.uint(...), f.vec2(...) and so on`);
    if (!isInput && /^(press|button)( owner)?$/.test(kind.text))
      throw new TypeError(`${place}, field '${name2}': f.${kind.text.split(" ")[0]}() is for inputs; use f.bool() or f.uint()`);
    if (kind.ownerOnly && !place.startsWith("entity"))
      throw new TypeError(`${place}, field '${name2}': .owner() is for fields of entities, which have a controller`);
  }
}
function checkSize(place, layout, owner) {
  const bits = layout.bitsMax("step", owner) + recordOverheadBits;
  if (bits <= limits.packetBytes * 8) return;
  const largest = [...layout.fields].sort((a, b) => b.kind.bitsMax("step") - a.kind.bitsMax("step"))[0];
  throw new RangeError(
    `${place} can need ${Math.ceil(bits / 8)} bytes, and a packet holds ${limits.packetBytes}: a record is never split. Its largest field is '${largest?.name}' (${largest?.kind.text}, ${Math.ceil((largest?.kind.bitsMax("step") ?? 0) / 8)} bytes)`
  );
}

// packages/shared/src/schema/description.ts
function describeGame(game) {
  const lines = [`game ${game.name}: tickHz ${game.tickHz}, snapshotHz ${game.snapshotHz}, inputHz ${game.inputHz}`];
  for (const { name: name2, predict, layout } of game.types) {
    if (name2 !== "state") lines.push(`entity ${name2}: predict ${predict}`);
    lines.push(...fieldLines(name2 === "state" ? "state" : `entity ${name2}`, layout));
  }
  lines.push(...fieldLines("input", game.inputLayout));
  for (const { name: name2, expiresMs, layout } of game.eventTypes) {
    lines.push(`event ${name2}: ${expiresMs === void 0 ? "reliable" : `expires after ${expiresMs} ms`}`);
    lines.push(...fieldLines(`event ${name2}`, layout));
  }
  return lines;
}
function fieldLines(place, layout) {
  return layout.fields.map(({ name: name2, kind }) => `${place}, field ${name2}: ${kind.text}`);
}
function hashDescription(lines) {
  const text = lines.join("\n");
  return fnv1a(text, 2166136261) + fnv1a(text, 19088743);
}
function fnv1a(text, offset) {
  let hash = offset;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

// packages/shared/src/schema/layout.ts
var Layout = class {
  name;
  fields;
  /** Words in a row. */
  words;
  /** By word: 1 where only the owner is sent it. */
  ownerWords;
  constructor(name2, fields) {
    this.name = name2;
    const placed2 = [];
    let at = 0;
    for (const [field, kind] of Object.entries(fields)) {
      placed2.push({ name: field, kind, at });
      at += kind.words;
    }
    this.fields = placed2;
    this.words = at;
    this.ownerWords = new Uint8Array(at);
    for (const { kind, at: from } of placed2) if (kind.ownerOnly) this.ownerWords.fill(1, from, from + kind.words);
  }
  /** Adds the initial value of every field to an object. */
  initialise(values) {
    for (const { name: name2, kind } of this.fields) values[name2] = kind.initial();
  }
  /** Puts the values into a row, rounded and clamped. Throws a TypeError that names the field when a value is of the wrong type. */
  store(values, row, at) {
    for (const field of this.fields) {
      try {
        field.kind.store(values[field.name], row, at + field.at);
      } catch (error) {
        throw new TypeError(`${this.name}.${field.name}: ${error.message}`);
      }
    }
  }
  /** Puts the values into a row and leaves them rounded as the row has them. Throws as `store` does. */
  record(values, row, at) {
    const { fields } = this;
    let index = 0;
    try {
      for (; index < fields.length; index++) {
        const { kind, name: name2, at: offset } = fields[index];
        const value = values[name2];
        const rounded = kind.record(value, row, at + offset);
        if (rounded !== value) values[name2] = rounded;
      }
    } catch (error) {
      throw new TypeError(`${this.name}.${fields[index]?.name}: ${error.message}`);
    }
  }
  /** Puts a row's values into an object, reusing the vectors and lists in it. */
  load(row, at, values) {
    for (const { name: name2, kind, at: offset } of this.fields) values[name2] = kind.load(row, at + offset, values[name2]);
  }
  /** Puts the values between two rows into an object, `t` of 0 to 1. */
  blend(a, aAt, b, bAt, t3, values) {
    for (const { name: name2, kind, at: offset } of this.fields) {
      values[name2] = kind.blend(a, aAt + offset, b, bAt + offset, t3, values[name2]);
    }
  }
  /** The most bits that `write` gives without a base. */
  bitsMax(precision, owner) {
    let bits = 0;
    for (const { kind } of this.fields) if (owner || !kind.ownerOnly) bits += kind.bitsMax(precision);
    return bits;
  }
  /** Writes every field. */
  write(out, row, at, precision, owner) {
    for (const { kind, at: offset } of this.fields) if (owner || !kind.ownerOnly) kind.write(out, row, at + offset, precision);
  }
  /** Reads what `write` wrote; fields that are the owner's only and not sent get their initial value. */
  read(from, row, at, precision, owner) {
    for (const { kind, at: offset } of this.fields) {
      if (owner || !kind.ownerOnly) kind.read(from, row, at + offset, precision);
      else kind.store(kind.initial(), row, at + offset);
    }
  }
  /** Writes one bit a field, set where it differs from the base, followed by the field. */
  writeDelta(out, row, at, base, baseAt, precision, owner) {
    for (const { kind, at: offset } of this.fields) {
      if (kind.ownerOnly && !owner) continue;
      const same = kind.same(row, at + offset, base, baseAt + offset, precision);
      out.write(same ? 0 : 1, 1);
      if (!same) kind.write(out, row, at + offset, precision);
    }
  }
  /** Reads what `writeDelta` wrote, on the same base. */
  readDelta(from, row, at, base, baseAt, precision, owner) {
    for (const { kind, at: offset } of this.fields) {
      if ((owner || !kind.ownerOnly) && from.read(1) === 1) kind.read(from, row, at + offset, precision);
      else for (let word = 0; word < kind.words; word++) row[at + offset + word] = base[baseAt + offset + word];
    }
  }
  /** Whether two rows say the same to a receiver of this precision. */
  same(a, aAt, b, bAt, precision, owner) {
    for (const { kind, at: offset } of this.fields) {
      if ((owner || !kind.ownerOnly) && !kind.same(a, aAt + offset, b, bAt + offset, precision)) return false;
    }
    return true;
  }
  /** The name of the first field in which two rows differ word by word, or undefined. */
  firstDifference(a, aAt, b, bAt) {
    for (const { name: name2, kind, at: offset } of this.fields) {
      for (let word = offset; word < offset + kind.words; word++) if (a[aAt + word] !== b[bAt + word]) return name2;
    }
    return void 0;
  }
  /** The values as a plain array in schema order, for msgpack: rounded and clamped as `store` does. Throws as `store` does. */
  packRounded(values) {
    const row = new Int32Array(this.words);
    this.store(values, row, 0);
    return this.fields.map(({ kind, at }) => kind.pack(kind.load(row, at)));
  }
  /** The values that a peer packed, from `plain[from]` on; undefined when any of them is wrong. */
  unpack(plain, from) {
    if (plain.length !== from + this.fields.length) return void 0;
    const values = {};
    for (const [index, { name: name2, kind }] of this.fields.entries()) {
      const value = kind.unpack(plain[from + index]);
      if (value === void 0) return void 0;
      values[name2] = value;
    }
    return values;
  }
};

// packages/shared/src/schema/game.ts
function entity(fields, options = {}) {
  return { fields, predict: options.predict ?? "never" };
}
var stateTypeName = "state";
function defineGame(parts) {
  const state = parts.state ?? {};
  const input = parts.input ?? {};
  const events = parts.events ?? {};
  const inputHz = parts.inputHz ?? largestDivisor(parts.tickHz, 30);
  const own = {
    name: parts.name,
    tickHz: parts.tickHz,
    snapshotHz: parts.snapshotHz,
    inputHz,
    entities: parts.entities,
    state,
    input,
    events,
    steps: parts.steps ?? {}
  };
  checkParts(own);
  const types4 = [{ name: stateTypeName, number: 0, predict: "never", layout: new Layout(stateTypeName, state) }];
  for (const [name2, def] of Object.entries(parts.entities))
    types4.push({ name: name2, number: types4.length, predict: def.predict, layout: new Layout(name2, def.fields) });
  const eventTypes = Object.entries(events).map(([name2, def], number) => ({
    name: name2,
    number,
    expiresMs: def.expiresMs,
    layout: new Layout(name2, def.fields)
  }));
  const whole2 = { ...own, types: types4, inputLayout: new Layout("input", input), eventTypes };
  checkSizes(whole2);
  const description = describeGame(whole2);
  return { ...whole2, description, hash: hashDescription(description) };
}
function largestDivisor(of, atMost) {
  for (let divisor = Math.min(of, atMost); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}

// bench/src/wire/directions.ts
var size2 = 1024;
var mask = size2 - 1;
var shift = 6;
var xs = new Float64Array(size2);
var ys = new Float64Array(size2);
fill();
function directionX(count) {
  return xs[count >>> shift & mask];
}
function directionY(count) {
  return ys[count >>> shift & mask];
}
function fill() {
  let cos = 0;
  let sin = 1;
  for (let angle3 = size2 / 4; angle3 > 1; angle3 /= 2) {
    const half2 = Math.sqrt((1 + cos) / 2);
    sin = sin / (2 * half2);
    cos = half2;
  }
  let x = 1;
  let y = 0;
  for (let index = 0; index < size2; index++) {
    xs[index] = x;
    ys[index] = y;
    const length = Math.sqrt((x * cos - y * sin) * (x * cos - y * sin) + (x * sin + y * cos) * (x * sin + y * cos));
    const next = (x * cos - y * sin) / length;
    y = (x * sin + y * cos) / length;
    x = next;
  }
}

// bench/src/wire/fields.ts
function point(name2, axes2, min, max, wire) {
  return { name: name2, kind: "fixed", axes: axes2, min, max, step: 1 / 1024, wire };
}
function uint2(name2, max) {
  return { name: name2, kind: "uint", axes: 1, min: 0, max, step: 1, wire: 1 };
}
function angle2(name2) {
  return { name: name2, kind: "angle", axes: 1, min: 0, max: turn2, step: turn2 / 65536, wire: turn2 / 256 };
}
function quat2(name2) {
  return { name: name2, kind: "quat", axes: 4, min: -1, max: 1, step: 1 / 16384, wire: 5e-3 };
}
var turn2 = 6.283185307179586;

// bench/src/wire/precision.ts
var quatWire = 23 / 16384;
function unitsOf(fields) {
  return fields.flatMap((field) => Array.from({ length: field.axes }, () => unitOf(field)));
}
function unitOf(field) {
  const wire = field.kind === "quat" ? quatWire : field.wire;
  const wraps = field.kind === "angle" ? 0 : 1;
  const wireCounts = Math.round((field.max - field.min) / wire) + wraps;
  return { field, min: field.min, step: field.step, wire, ratio: Math.round(wire / field.step), wireCounts, bits: 32 - Math.clz32(wireCounts - 1) };
}

// bench/src/wire/trace.ts
function traceType(name2, fields) {
  return { name: name2, fields, units: unitsOf(fields) };
}
function strideOf(types4) {
  return types4.reduce((most2, { units }) => units.length > most2 ? units.length : most2, 0);
}
function ticksPerSnapshot(trace) {
  return trace.tickHz / trace.snapshotHz;
}
function snapshotCount(trace) {
  return Math.floor((trace.frames.length - 1) / ticksPerSnapshot(trace)) + 1;
}
function frameOf(trace, snapshot) {
  return trace.frames[snapshot * ticksPerSnapshot(trace)];
}
function viewOf(trace, client, snapshot) {
  return trace.views?.[client]?.[snapshot] ?? everyIndex(frameOf(trace, snapshot).ids.length);
}
function valuesOf(type, rows, at) {
  return type.units.map(({ min, step }, axis) => min + rows[at + axis] * step);
}
var indexes = new Int32Array(0);
function everyIndex(count) {
  if (indexes.length < count) indexes = Int32Array.from({ length: count * 2 }, (_, index) => index);
  return indexes.subarray(0, count);
}

// bench/src/wire/arena-trace.ts
var players = 50;
var size3 = 2e3;
var tickHz = 60;
var walkSpeed = 220 / tickHz;
var bulletSpeed = 700 / tickHz;
var bulletTicks = 66;
var radius = 16;
var reloadTicks = 14;
var deadTicks = 120;
var types = [
  traceType("player", [point("pos", 2, 0, size3, 1 / 16), angle2("aim"), uint2("hp", 100), uint2("score", 1023), uint2("mode", 3)]),
  traceType("bullet", [point("pos", 2, 0, size3, 1 / 16), angle2("aim"), uint2("owner", 63)])
];
function arenaTrace(seed, seconds) {
  const random = new Random(seed);
  const everyone = Array.from({ length: players }, () => spawned(random));
  let bullets = [];
  let nextId = players;
  const frames = [];
  for (let tick2 = 0; tick2 <= seconds * tickHz; tick2++) {
    for (const [index, player] of everyone.entries()) {
      if (tick2 === player.deadUntil) Object.assign(player, spawned(random), { score: player.score });
      if (player.hp === 0) continue;
      walk(player, tick2, random);
      aim(player, index, everyone, tick2, random);
      if (shoots(player, tick2, random))
        bullets.push({ id: nextId++, owner: index, aim: player.aim, x: player.x, y: player.y, endsAt: tick2 + bulletTicks });
    }
    for (const bullet of bullets) fly(bullet, everyone, tick2);
    bullets = bullets.filter(({ endsAt }) => endsAt > tick2);
    frames.push(frame(everyone, bullets));
  }
  return { name: "arena", tickHz, snapshotHz: 20, types, stride: strideOf(types), frames, clients: players, views: void 0 };
}
function spawned(random) {
  const at = { x: random.range(40, size3 - 40), y: random.range(40, size3 - 40), vx: 0, vy: 0, wishX: 0, wishY: 0, wishUntil: 0 };
  const look2 = { aim: random.int(65536), turning: 0, lookUntil: 0, target: -1, isFiring: false, fireUntil: 0, loadedAt: 0 };
  return { ...at, ...look2, hp: 100, score: 0, deadUntil: -1 };
}
function walk(player, tick2, random) {
  if (tick2 >= player.wishUntil) {
    const key = random.int(10);
    const diagonal = key % 2 === 1 ? Math.SQRT1_2 : 1;
    player.wishX = key > 7 ? 0 : [1, 1, 0, -1, -1, -1, 0, 1][key] * diagonal * walkSpeed;
    player.wishY = key > 7 ? 0 : [0, 1, 1, 1, 0, -1, -1, -1][key] * diagonal * walkSpeed;
    player.wishUntil = tick2 + 12 + random.int(key > 7 ? 60 : 50);
  }
  player.vx = towards(player.vx, player.wishX, walkSpeed / 5);
  player.vy = towards(player.vy, player.wishY, walkSpeed / 5);
  player.x = within(player.x + player.vx);
  player.y = within(player.y + player.vy);
}
function towards(from, to, most2) {
  return from < to ? Math.min(to, from + most2) : Math.max(to, from - most2);
}
function within(at) {
  return at < radius ? radius : at > size3 - radius ? size3 - radius : at;
}
function aim(player, self, everyone, tick2, random) {
  if (tick2 >= player.lookUntil) {
    player.target = random.chance(0.8) ? nearestEnemy(player, self, everyone) : -1;
    player.lookUntil = tick2 + 30 + random.int(90);
  }
  const target = everyone[player.target];
  const wish = target && target.hp > 0 ? turnTowards(player, target) + random.range(-450, 450) : 0;
  player.turning = towards(player.turning, wish, 260);
  player.aim = player.aim + Math.round(player.turning) + 65536 & 65535;
}
function turnTowards(player, { x, y }) {
  const dx = x - player.x;
  const dy = y - player.y;
  const length = Math.sqrt(dx * dx + dy * dy) + 1;
  const aimX = directionX(player.aim);
  const aimY = directionY(player.aim);
  const sine = (aimX * dy - aimY * dx) / length;
  const isBehind = aimX * dx + aimY * dy < 0;
  return (isBehind ? sine < 0 ? -1 : 1 : sine) * 1400;
}
function nearestEnemy(player, self, everyone) {
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, { x, y, hp }] of everyone.entries()) {
    const distance = (x - player.x) * (x - player.x) + (y - player.y) * (y - player.y);
    if (index === self || hp === 0 || distance >= least) continue;
    nearest = index;
    least = distance;
  }
  return nearest;
}
function shoots(player, tick2, random) {
  if (tick2 >= player.fireUntil) {
    player.isFiring = player.target >= 0 && random.chance(0.6);
    player.fireUntil = tick2 + 20 + random.int(60);
  }
  if (!player.isFiring || tick2 < player.loadedAt) return false;
  player.loadedAt = tick2 + reloadTicks;
  return true;
}
function fly(bullet, everyone, tick2) {
  bullet.x += directionX(bullet.aim) * bulletSpeed;
  bullet.y += directionY(bullet.aim) * bulletSpeed;
  if (bullet.x < 0 || bullet.y < 0 || bullet.x > size3 || bullet.y > size3) bullet.endsAt = tick2;
  for (const [index, player] of everyone.entries()) {
    const dx = player.x - bullet.x;
    const dy = player.y - bullet.y;
    if (index === bullet.owner || player.hp === 0 || dx * dx + dy * dy > radius * radius) continue;
    bullet.endsAt = tick2;
    player.hp = Math.max(0, player.hp - 15);
    if (player.hp > 0) continue;
    player.deadUntil = tick2 + deadTicks;
    const shooter = everyone[bullet.owner];
    shooter.score = Math.min(1023, shooter.score + 1);
  }
}
function frame(everyone, bullets) {
  const stride = strideOf(types);
  const count = players + bullets.length;
  const ids = Int32Array.from({ length: count }, (_, index) => index < players ? index : bullets[index - players].id);
  const rows = new Int32Array(count * stride);
  const kinds = new Uint8Array(count).fill(1, players);
  for (const [index, { x, y, vx, vy, aim: aim2, hp, score }] of everyone.entries()) {
    const mode = hp === 0 ? 3 : vx !== 0 || vy !== 0 ? 1 : 0;
    rows.set([Math.round(x * 1024), Math.round(y * 1024), aim2, hp, score, mode], index * stride);
  }
  for (const [index, { x, y, aim: aim2, owner }] of bullets.entries()) {
    rows.set([Math.round(x * 1024), Math.round(y * 1024), aim2, owner], (players + index) * stride);
  }
  return { ids, types: kinds, rows };
}

// bench/src/wire/bodies-trace.ts
var bodies = 400;
var clients = 32;
var tickHz2 = 60;
var dt = 1 / tickHz2;
var half = 64;
var wall = 16;
var gravity = 9.8;
var bounce = 0.35;
var friction = 0.25;
var rollingLoss = 0.97;
var sleepAfter = 15;
var blastTicks = 100;
var blastReach = 4.5;
var types2 = [traceType("body", [point("pos", 3, -half, half, 1 / 512), quat2("rot")])];
function bodiesTrace(seed, seconds) {
  const random = new Random(seed);
  const all = Array.from({ length: bodies }, () => dropped(random));
  const frames = [];
  for (let tick2 = -4 * tickHz2; tick2 <= seconds * tickHz2; tick2++) {
    if (tick2 % blastTicks === 0) blast(all, random);
    for (const body2 of all) if (isAwake(body2)) move(body2);
    collide(all);
    if (tick2 >= 0) frames.push(frame2(all));
  }
  return { name: "bodies", tickHz: tickHz2, snapshotHz: tickHz2, types: types2, stride: strideOf(types2), frames, clients, views: void 0 };
}
function isAwake(body2) {
  return body2.stillTicks < sleepAfter;
}
function dropped(random) {
  const p = [random.range(-wall + 1, wall - 1), random.range(0.6, 12), random.range(-wall + 1, wall - 1)];
  const spin = [random.range(-3, 3), random.range(-3, 3), random.range(-3, 3)];
  return { radius: random.range(0.3, 0.6), p, v: [0, 0, 0], spin, q: [0, 0, 0, 1], stillTicks: 0 };
}
function blast(all, random) {
  const x = random.range(-wall, wall);
  const z = random.range(-wall, wall);
  for (const body2 of all) {
    const dx = body2.p[0] - x;
    const dz = body2.p[2] - z;
    const distance = Math.sqrt(dx * dx + dz * dz) + 0.3;
    if (distance > blastReach) continue;
    const push = 6 / distance;
    add(body2.v, [dx * push, 5 + random.range(0, 4), dz * push]);
    add(body2.spin, [random.range(-8, 8), random.range(-8, 8), random.range(-8, 8)]);
    body2.stillTicks = 0;
  }
}
function move(body2) {
  const { p, v, radius: radius2 } = body2;
  v[1] = v[1] - gravity * dt;
  for (let axis = 0; axis < 3; axis++) p[axis] = p[axis] + v[axis] * dt;
  if (p[1] < radius2) touchFloor(body2);
  for (const axis of [0, 2]) {
    if (Math.abs(p[axis]) <= wall - radius2) continue;
    p[axis] = p[axis] < 0 ? radius2 - wall : wall - radius2;
    v[axis] = -v[axis] * bounce;
  }
  turn3(body2);
  const slow = squared(v) < 0.04 && squared(body2.spin) < 0.15;
  body2.stillTicks = slow ? body2.stillTicks + 1 : 0;
  if (isAwake(body2)) return;
  v.fill(0);
  body2.spin.fill(0);
}
function touchFloor({ p, v, spin, radius: radius2 }) {
  p[1] = radius2;
  const fall = -v[1];
  v[1] = fall > 0.5 ? fall * bounce : 0;
  const slipX = v[0] + spin[2] * radius2;
  const slipZ = v[2] - spin[0] * radius2;
  v[0] = (v[0] - slipX * friction) * rollingLoss;
  v[2] = (v[2] - slipZ * friction) * rollingLoss;
  spin[0] = (spin[0] + slipZ * friction / radius2) * rollingLoss;
  spin[1] = spin[1] * 0.9;
  spin[2] = (spin[2] - slipX * friction / radius2) * rollingLoss;
}
function turn3({ q, spin }) {
  const [x, y, z, w] = q;
  const [a, b, c] = spin;
  const h = dt / 2;
  const next = [x + h * (a * w + b * z - c * y), y + h * (b * w + c * x - a * z), z + h * (c * w + a * y - b * x), w - h * (a * x + b * y + c * z)];
  const length = Math.sqrt(squared(next));
  for (let axis = 0; axis < 4; axis++) q[axis] = next[axis] / length;
}
function collide(all) {
  const cells = /* @__PURE__ */ new Map();
  for (const body2 of all) {
    const key = cellOf(body2.p[0]) * 4096 + cellOf(body2.p[2]);
    for (const near of [key, key + 1, key - 1, key + 4096, key + 4097, key + 4095, key - 4096, key - 4095, key - 4097]) {
      for (const other of cells.get(near) ?? []) if (isAwake(body2) || isAwake(other)) touch(body2, other);
    }
    const cell = cells.get(key);
    if (cell) cell.push(body2);
    else cells.set(key, [body2]);
  }
}
function cellOf(at) {
  return Math.floor((at + half) / 1.25);
}
function touch(a, b) {
  const apart = [0, 1, 2].map((axis) => a.p[axis] - b.p[axis]);
  const reach = a.radius + b.radius;
  const distance = Math.sqrt(squared(apart)) + 1e-9;
  if (distance >= reach) return;
  const normal = apart.map((one) => one / distance);
  const closing = [0, 1, 2].reduce((sum, axis) => sum + (a.v[axis] - b.v[axis]) * normal[axis], 0);
  const deep = (reach - distance) * 0.4;
  add(a.p, scaled(normal, deep));
  add(b.p, scaled(normal, -deep));
  if (closing >= 0) return;
  const impulse = -(1 + bounce) * closing / 2;
  add(a.v, scaled(normal, impulse));
  add(b.v, scaled(normal, -impulse));
  add(a.spin, scaled([normal[2], normal[0], normal[1]], impulse * 0.6));
  add(b.spin, scaled([normal[1], normal[2], normal[0]], impulse * 0.6));
  if (impulse < 0.3) return;
  a.stillTicks = 0;
  b.stillTicks = 0;
}
function frame2(all) {
  const stride = strideOf(types2);
  const rows = new Int32Array(bodies * stride);
  for (const [index, { p, q }] of all.entries()) {
    const inside = p.map((at) => Math.round((Math.max(-half, Math.min(half, at)) + half) * 1024));
    rows.set([...inside, ...q.map((part) => Math.round((part + 1) * 16384))], index * stride);
  }
  return { ids: Int32Array.from(all, (_, index) => index), types: new Uint8Array(bodies), rows };
}
function add(to, more) {
  for (let axis = 0; axis < to.length; axis++) to[axis] = to[axis] + more[axis];
}
function scaled(vector2, by) {
  return vector2.map((one) => one * by);
}
function squared(vector2) {
  return vector2.reduce((sum, one) => sum + one * one, 0);
}

// bench/src/wire/crowd-trace.ts
var actors = 2e3;
var clients2 = 100;
var size4 = 4e3;
var tickHz3 = 20;
var seeRadius = 285;
var loseRadius = 310;
var types3 = [traceType("actor", [point("pos", 2, 0, size4, 1 / 16), angle2("heading"), uint2("hp", 100), uint2("action", 15)])];
function crowdTrace(seed, seconds) {
  const random = new Random(seed);
  const everyone = Array.from({ length: actors }, () => placed(random));
  const frames = [];
  const views = Array.from({ length: clients2 }, () => []);
  for (let tick2 = 0; tick2 <= seconds * tickHz3; tick2++) {
    for (const [index, actor] of everyone.entries()) act(actor, index < clients2, tick2, random);
    frames.push(frame3(everyone));
    for (const [client, seen] of views.entries()) seen.push(look(everyone, client, seen.at(-1)));
  }
  return { name: "crowd", tickHz: tickHz3, snapshotHz: tickHz3, types: types3, stride: strideOf(types3), frames, clients: clients2, views };
}
function placed(random) {
  const at = { x: random.range(0, size4), y: random.range(0, size4), heading: random.int(65536) };
  return { ...at, turning: 0, speed: 0, until: 0, isFighting: false, hp: 100, action: 0 };
}
function act(actor, isPlayer, tick2, random) {
  if (tick2 >= actor.until) decide(actor, isPlayer, tick2, random);
  actor.heading = actor.heading + actor.turning + 65536 & 65535;
  actor.x += directionX(actor.heading) * actor.speed;
  actor.y += directionY(actor.heading) * actor.speed;
  if (actor.x < 0 || actor.x > size4 || actor.y < 0 || actor.y > size4) {
    actor.x = Math.max(0, Math.min(size4, actor.x));
    actor.y = Math.max(0, Math.min(size4, actor.y));
    actor.heading = actor.heading + 32768 & 65535;
  }
  if (!actor.isFighting) return;
  actor.action = 8 + Math.floor(tick2 / 6) % 3;
  if (random.chance(0.04)) actor.hp = actor.hp > 12 ? actor.hp - 3 - random.int(9) : 100;
}
function decide(actor, isPlayer, tick2, random) {
  const dice = random.next();
  actor.turning = 0;
  actor.isFighting = !isPlayer && dice < 0.08;
  if (actor.isFighting || dice > (isPlayer ? 0.85 : 0.6)) {
    actor.speed = 0;
    actor.action = 0;
    actor.until = tick2 + 20 + random.int(100);
    return;
  }
  const turns = random.chance(0.3);
  actor.turning = turns ? random.int(1200) - 600 : 0;
  if (!turns) actor.heading = actor.heading + random.int(24e3) - 12e3 + 65536 & 65535;
  actor.speed = (isPlayer ? 180 : 60 + random.int(100)) / tickHz3;
  actor.action = actor.speed > 6 ? 2 : 1;
  actor.until = tick2 + (turns ? 6 + random.int(20) : 15 + random.int(isPlayer ? 30 : 90));
}
function frame3(everyone) {
  const stride = strideOf(types3);
  const rows = new Int32Array(actors * stride);
  for (const [index, { x, y, heading, hp, action }] of everyone.entries()) {
    rows.set([Math.round(x * 1024), Math.round(y * 1024), heading, hp, action], index * stride);
  }
  return { ids: Int32Array.from(everyone, (_, index) => index), types: new Uint8Array(actors), rows };
}
function look(everyone, client, before) {
  const { x, y } = everyone[client];
  const sawBefore = new Set(before);
  const seen = [];
  for (const [index, actor] of everyone.entries()) {
    const dx = actor.x - x;
    const dy = actor.y - y;
    const reach = sawBefore.has(index) ? loseRadius : seeRadius;
    if (dx * dx + dy * dy <= reach * reach) seen.push(index);
  }
  return Int32Array.from(seen);
}

// packages/shared/src/bits.ts
var BitWriter = class {
  bytes;
  #length = 0;
  #held = 0;
  #heldBits = 0;
  constructor(capacityBytes) {
    this.bytes = new Uint8Array(capacityBytes);
  }
  reset() {
    this.#length = 0;
    this.#held = 0;
    this.#heldBits = 0;
  }
  /** Writes an unsigned integer below 2^bits. */
  write(value, bits) {
    if (value >>> 0 !== value || bits < 32 && value >>> bits !== 0) throw new RangeError(`${value} does not fit ${bits} bits`);
    if (bits > 16) {
      this.#push(value & 65535, 16);
      this.#push(value >>> 16, bits - 16);
    } else {
      this.#push(value, bits);
    }
  }
  /** Writes an unsigned integer below 2^32 in groups of 4 bits, each behind a bit that says another follows: 5 bits for 0 to 15, 10 to 255. */
  writeVar(value) {
    if (value >>> 0 !== value) throw new RangeError(`${value} is no whole number from 0 to 2^32 - 1`);
    let rest = value;
    while (rest > 15) {
      this.#push((rest & 15) * 2 + 1, 5);
      rest >>>= 4;
    }
    this.#push(rest * 2, 5);
  }
  /** Bits written so far. */
  get bitLength() {
    return this.#length * 8 + this.#heldBits;
  }
  /** Bytes that `finish` would give now. */
  get byteLength() {
    return this.#length + (this.#heldBits > 0 ? 1 : 0);
  }
  /** Ends the stream (the last byte is filled with zeros) and gives a view of the bytes, valid until the next write or reset. */
  finish() {
    if (this.#heldBits > 0) {
      if (this.#length === this.bytes.length) throw this.#full();
      this.bytes[this.#length++] = this.#held;
      this.#held = 0;
      this.#heldBits = 0;
    }
    return this.bytes.subarray(0, this.#length);
  }
  /** @param bits at most 16, so that what is held and the value together fit 32 bits. */
  #push(value, bits) {
    let held = this.#held | value << this.#heldBits;
    let heldBits = this.#heldBits + bits;
    while (heldBits >= 8) {
      if (this.#length === this.bytes.length) throw this.#full();
      this.bytes[this.#length++] = held & 255;
      held >>>= 8;
      heldBits -= 8;
    }
    this.#held = held;
    this.#heldBits = heldBits;
  }
  #full() {
    return new RangeError(`the bit buffer of ${this.bytes.length} bytes is full`);
  }
};
var BitReader = class {
  /** A read went past the end, or a caller found a value that cannot be. Stays set until `reset`. */
  failed = false;
  #bytes = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Starts on the bytes from `from` up to `to`. */
  reset(bytes2, from = 0, to = bytes2.length) {
    this.#bytes = bytes2;
    this.#at = from * 8;
    this.#end = to * 8;
    this.failed = false;
  }
  /** Where the next whole byte begins, as an index into the bytes. */
  get nextByte() {
    return this.#at + 7 >>> 3;
  }
  /** Bits not read yet, the filling of the last byte included. */
  get bitsLeft() {
    return this.#end - this.#at;
  }
  read(bits) {
    if (this.#at + bits > this.#end) {
      this.failed = true;
      this.#at = this.#end;
      return 0;
    }
    let value = 0;
    let got = 0;
    while (got < bits) {
      const shift2 = this.#at & 7;
      const take = Math.min(8 - shift2, bits - got);
      const part = this.#bytes[this.#at >>> 3] >>> shift2 & (1 << take) - 1;
      value += part * 2 ** got;
      got += take;
      this.#at += take;
    }
    return value;
  }
  readVar() {
    let value = 0;
    for (let shift2 = 0; shift2 < 32; shift2 += 4) {
      if (this.bitsLeft < 5) return this.read(5);
      const group = this.read(5);
      value += (group >>> 1) * 2 ** shift2;
      if ((group & 1) === 0) return value;
    }
    this.failed = true;
    return 0;
  }
};

// packages/shared/src/codec/entity-plan.ts
var plans = /* @__PURE__ */ new WeakMap();
function planOf(layout, precision, owner) {
  let known = plans.get(layout);
  if (!known) {
    known = [void 0, void 0, void 0, void 0];
    plans.set(layout, known);
  }
  const index = (precision === "step" ? 2 : 0) + (owner ? 1 : 0);
  let plan = known[index];
  if (!plan) {
    plan = makePlan(layout, precision, owner);
    known[index] = plan;
  }
  return plan;
}
function plansOf(types4) {
  return types4.flatMap(({ layout }) => [planOf(layout, "wire", false), planOf(layout, "step", false), planOf(layout, "step", true)]);
}
function unitOf2(plan, lane, word) {
  const shift2 = plan.shift[lane];
  const lifted = word + plan.half[lane];
  return (shift2 >= 0 ? lifted >>> shift2 : Math.floor(lifted / plan.ratio[lane])) & plan.mask[lane];
}
function wordOf(plan, lane, unit) {
  const word = unit * plan.ratio[lane];
  const most2 = plan.wordMax[lane];
  return word < most2 ? word : most2;
}
function differenceOf(plan, lane, from, to) {
  const wrap = plan.wrap[lane];
  return 0 - (from - to << wrap >> wrap);
}
function makePlan(layout, precision, owner) {
  const moving = [];
  const rotations = [];
  const held = [];
  const hidden = [];
  for (const { kind, at } of layout.fields) {
    const words = Array.from({ length: kind.words }, (_, word) => at + word);
    if (kind.ownerOnly && !owner) hidden.push(...words);
    else if (kind.axis?.goesOn) moving.push(...words.map((word) => ({ word, kind })));
    else if (kind.rotation) rotations.push({ at, grid: kind.rotation[precision] });
    else held.push({ at, kind });
  }
  const table = (of) => Int32Array.from(moving, ({ kind }) => of(kind));
  const ratioOf = ({ axis }) => precision === "wire" ? axis?.ratio ?? 1 : 1;
  return {
    layout,
    precision,
    wholeBits: layout.bitsMax(precision, owner) + layout.fields.length,
    lanes: moving.length,
    word: Int32Array.from(moving, ({ word }) => word),
    contexts: table(({ axis }) => offContexts(axis?.what ?? 0)),
    ratio: table(ratioOf),
    half: table((kind) => ratioOf(kind) >>> 1),
    shift: table((kind) => shiftOf(ratioOf(kind))),
    unitMax: table(({ axis }) => axis?.max[precision] ?? 0),
    wordMax: table(({ axis }) => axis?.max.step ?? 0),
    mask: table(({ axis }) => axis?.turn ? axis.turn[precision] - 1 : -1),
    wrap: table(({ axis }) => axis?.turn ? Math.clz32(axis.turn[precision] - 1) : 0),
    larges: Int32Array.of(
      ...moving.map(({ kind }) => largeContext(kind.axis?.what ?? 0)),
      ...rotations.flatMap(() => [0, 1, 2].map(() => largeContext(numberClass.rotation)))
    ),
    rotations,
    held,
    heldWords: Int32Array.from(held.flatMap(({ at, kind }) => Array.from({ length: kind.words }, (_, word) => at + word))),
    hidden: Int32Array.from(hidden)
  };
}
function shiftOf(ratio) {
  return 2 ** (31 - Math.clz32(ratio)) === ratio ? 31 - Math.clz32(ratio) : -1;
}

// packages/shared/src/codec/number-model.ts
var numbersMax = 192;
var atHand = {
  expected: new Int32Array(numbersMax),
  contexts: new Int32Array(numbersMax),
  velocities: new Int32Array(numbersMax),
  offs: new Int32Array(numbersMax)
};
function writeNumbers(out, larges, count) {
  const { contexts: contexts2, velocities, offs } = atHand;
  let neighbour = 0;
  for (let index = 0; index < count; index++) {
    const off = offs[index];
    writeNumber(out, off, contexts2[index] + neighbour * contextPlaces, larges[index], velocities[index]);
    neighbour = neighbourOf(off);
  }
}
function readNumbers(from, larges, count) {
  from.numbers(atHand.contexts, larges, atHand.velocities, atHand.offs, count);
}
function writeNumber(out, off, context2, large, velocity) {
  if (off === 0) {
    out.symbol(context2, 0);
    return;
  }
  const against = off < 0 === velocity < 0 ? 0 : 1;
  const size5 = off < 0 ? -off : off;
  const length = 31 - Math.clz32(size5);
  if (length >= largeBits) {
    out.symbol(context2, largeSymbol + against);
    out.symbol(large, length - largeBits);
    out.write(size5 - 2 ** length, length);
    return;
  }
  const half2 = length === 0 ? 0 : size5 >>> length - 1 & 1;
  const sized = length === 0 ? 0 : 2 * length - 1 + half2;
  out.symbol(context2, 1 + 2 * sized + against);
  if (length > 1) out.write(size5 & (1 << length - 1) - 1, length - 1);
}

// packages/shared/src/codec/rotation-model.ts
var rotationsMax = 64;
var expected = new Float64Array(rotationsMax * 4);
var changes = new Int32Array(rotationsMax * 4);
var expectedLargest = new Int32Array(rotationsMax);
var largests = new Int32Array(rotationsMax);
var newerCounts = new Int32Array(4);
var olderCounts = new Int32Array(4);
var contexts = offContexts(numberClass.rotation);
function expectRotation({ rotations }, index, bases) {
  const { at, grid } = rotations[index];
  const first = index * 4;
  let most2 = 0;
  toGrid(grid, bases.newer, bases.newerAt + at, newerCounts);
  if (bases.olderAt >= 0) {
    toGrid(grid, bases.older, bases.olderAt + at, olderCounts);
    most2 = goOn(grid, first, bases.newerAge / bases.span);
  } else {
    for (let axis = 0; axis < 4; axis++) {
      expected[first + axis] = newerCounts[axis];
      changes[first + axis] = 0;
    }
  }
  let largest = 0;
  let size5 = sizeOf(expected[first]);
  for (let axis = 1; axis < 4; axis++) {
    const other = sizeOf(expected[first + axis]);
    if (other <= size5) continue;
    largest = axis;
    size5 = other;
  }
  expectedLargest[index] = largest;
  return most2;
}
function measureRotation(plan, index, row, rowAt, hasOlder, age2) {
  const { at, grid } = plan.rotations[index];
  const largest = largestOf(row, rowAt + at);
  const first = plan.lanes + index * 3;
  let any = largest - expectedLargest[index];
  expectNumbers(plan, index, largest, hasOlder, age2);
  for (let lane = 0; lane < 3; lane++) {
    const off = unitOfCount(grid, row[rowAt + at + (lane < largest ? lane : lane + 1)]) - atHand.expected[first + lane];
    atHand.offs[first + lane] = off;
    any |= off;
  }
  return any;
}
function writeTurned(out, index) {
  out.symbol(context.turned, largests[index] - expectedLargest[index] & 3);
}
function readTurned(from, plan, index, hasOlder, age2) {
  expectNumbers(plan, index, expectedLargest[index] + from.symbol(context.turned) & 3, hasOlder, age2);
}
function takeNumbers2(plan, index, row, rowAt) {
  const { at, grid } = plan.rotations[index];
  const largest = largests[index];
  const first = plan.lanes + index * 3;
  let isFine = true;
  for (let lane = 0; lane < 3; lane++) {
    let unit = atHand.expected[first + lane] + atHand.offs[first + lane];
    if (unit < -grid.most || unit >= grid.most) {
      isFine = false;
      unit = 0;
    }
    row[rowAt + at + (lane < largest ? lane : lane + 1)] = unit << grid.shift;
  }
  return completeRow(grid, row, rowAt + at, largest) && isFine;
}
function takeExpected({ rotations }, index, row, rowAt) {
  const { at, grid } = rotations[index];
  const largest = expectedLargest[index];
  const isNegative = expected[index * 4 + largest] < 0;
  for (let axis = 0; axis < 4; axis++) if (axis !== largest) row[rowAt + at + axis] = expectedUnit(grid, index * 4 + axis, isNegative) << grid.shift;
  return completeRow(grid, row, rowAt + at, largest);
}
function goOn({ one, shift: shift2 }, first, times) {
  let dot = 0;
  for (let axis = 0; axis < 4; axis++) dot += newerCounts[axis] * olderCounts[axis];
  const half2 = 1 << shift2 >> 1;
  let most2 = 0;
  let squares = 0;
  let moves = 0;
  for (let axis = 0; axis < 4; axis++) {
    const newer = newerCounts[axis];
    const older = olderCounts[axis];
    const step = dot < 0 ? newer + older : newer - older;
    const line = newer + step * times;
    moves |= step;
    squares += line * line;
    expected[first + axis] = line;
    const change = step + half2 >> shift2;
    changes[first + axis] = change;
    const size5 = change < 0 ? -change : change;
    if (size5 > most2) most2 = size5;
  }
  const scale = moves === 0 ? 1 : one / Math.sqrt(squares);
  for (let axis = 0; axis < 4; axis++) expected[first + axis] = expected[first + axis] * scale;
  return most2;
}
function expectNumbers({ lanes, rotations }, index, largest, hasOlder, age2) {
  const { grid } = rotations[index];
  const isNegative = expected[index * 4 + largest] < 0;
  const first = lanes + index * 3;
  largests[index] = largest;
  for (let lane = 0; lane < 3; lane++) {
    const axis = lane < largest ? lane : lane + 1;
    const change = changes[index * 4 + axis];
    atHand.expected[first + lane] = expectedUnit(grid, index * 4 + axis, isNegative);
    atHand.velocities[first + lane] = isNegative ? -change : change;
    atHand.contexts[first + lane] = offContext(contexts, hasOlder ? activityOf(change) : 0, age2);
  }
}
function expectedUnit(grid, index, isNegative) {
  const number = expected[index];
  const unit = unitOfCount(grid, Math.round(isNegative ? -number : number));
  return unit < -grid.most ? -grid.most : unit;
}
function toGrid(grid, rows, at, into) {
  const mask2 = (1 << grid.shift) - 1;
  const largest = largestOf(rows, at);
  let isOnGrid = true;
  for (let axis = 0; axis < 4; axis++) {
    const count = rows[at + axis];
    into[axis] = count;
    if (axis === largest || (count & mask2) === 0) continue;
    into[axis] = unitOfCount(grid, count) << grid.shift;
    isOnGrid = false;
  }
  if (!isOnGrid) completeRow(grid, into, 0, largest);
}
function sizeOf(number) {
  return number < 0 ? -number : number;
}

// packages/shared/src/codec/entity-model.ts
var shape = { off: 1, held: 2, rest: 4 };
function writeChange(out, plan, row, at, bases, restAge) {
  const age2 = ageOf(bases);
  const activity = expect(plan, bases, age2);
  const recent = anyRecent(plan, bases);
  const isSame2 = restAge >= bases.newerAge;
  const isOff = !isSame2 && measureOffs(plan, row, at, bases.olderAt >= 0, age2);
  const isHeld = !isSame2 && anyChanged(plan, row, at, bases);
  const rest = restAge > 0 ? shape.rest : 0;
  out.symbol(shapeContext(activity, age2, recent), rest + (isOff ? shape.off : 0) + (isHeld ? shape.held : 0));
  if (rest) out.writeVar(restAge - 1);
  if (isOff) writeLanes(out, plan);
  if (isHeld) writeHeldFields(out, plan, row, at, bases, age2);
}
function readChange(from, plan, row, at, bases) {
  const age2 = ageOf(bases);
  const activity = expect(plan, bases, age2);
  const { newer, newerAt } = bases;
  const { hidden, held } = plan;
  const told2 = from.symbol(shapeContext(activity, age2, anyRecent(plan, bases)));
  const restAge = (told2 & shape.rest) !== 0 ? from.readVar() + 1 : 0;
  if (restAge >= bases.newerAge) {
    const { words } = plan.layout;
    for (let word = 0; word < words; word++) row[at + word] = newer[newerAt + word];
    return restAge;
  }
  copyWords(hidden, row, at, newer, newerAt);
  copyWords(plan.heldWords, row, at, newer, newerAt);
  if ((told2 & shape.off) !== 0) readLanes(from, plan, row, at, bases.olderAt >= 0, age2);
  else goOn2(from, plan, row, at);
  if ((told2 & shape.held) === 0) return restAge;
  for (let index = 0; index < held.length; index++) {
    const field = held[index];
    if (from.symbol(heldContext(field, bases, plan)) === 1) readHeld(from, plan, field, row, at, bases, age2);
  }
  return restAge;
}
function copyWords(words, row, at, from, fromAt) {
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    row[at + word] = from[fromAt + word];
  }
}
function expect(plan, bases, age2) {
  const { lanes, word, rotations, contexts: contexts2 } = plan;
  const { newer, newerAt, older, olderAt, newerAge, span } = bases;
  const { expected: expected2, velocities, contexts: contextsAtHand } = atHand;
  const hasOlder = olderAt >= 0;
  let most2 = 0;
  for (let lane = 0; lane < lanes; lane++) {
    const at = word[lane];
    const unit = unitOf2(plan, lane, newer[newerAt + at]);
    const change = hasOlder ? differenceOf(plan, lane, unitOf2(plan, lane, older[olderAt + at]), unit) : 0;
    velocities[lane] = change;
    expected2[lane] = change === 0 ? unit : onLine(plan, lane, unit, span === newerAge ? change : Math.round(change * newerAge / span));
    contextsAtHand[lane] = offContext(contexts2[lane], hasOlder ? activityOf(change) : 0, age2);
    const size5 = change < 0 ? -change : change;
    if (size5 > most2) most2 = size5;
  }
  for (let index = 0; index < rotations.length; index++) {
    const size5 = expectRotation(plan, index, bases);
    if (size5 > most2) most2 = size5;
  }
  return hasOlder ? activityOf(most2) : 0;
}
function onLine(plan, lane, unit, change) {
  const line = unit + change & plan.mask[lane];
  const most2 = plan.unitMax[lane];
  return line < 0 ? 0 : line > most2 ? most2 : line;
}
function measureOffs(plan, row, at, hasOlder, age2) {
  const { expected: expected2, offs } = atHand;
  let any = 0;
  for (let lane = 0; lane < plan.lanes; lane++) {
    const unit = unitOf2(plan, lane, row[at + plan.word[lane]]);
    const off = differenceOf(plan, lane, expected2[lane], unit);
    offs[lane] = off;
    any |= off;
  }
  for (let index = 0; index < plan.rotations.length; index++) any |= measureRotation(plan, index, row, at, hasOlder, age2);
  return any !== 0;
}
function writeLanes(out, plan) {
  const { lanes, rotations } = plan;
  for (let index = 0; index < rotations.length; index++) writeTurned(out, index);
  writeNumbers(out, plan.larges, lanes + 3 * rotations.length);
}
function readLanes(from, plan, row, at, hasOlder, age2) {
  const { lanes, word, rotations, unitMax, mask: mask2 } = plan;
  const { expected: expected2, offs } = atHand;
  for (let index = 0; index < rotations.length; index++) readTurned(from, plan, index, hasOlder, age2);
  readNumbers(from, plan.larges, lanes + 3 * rotations.length);
  for (let lane = 0; lane < lanes; lane++) {
    let unit = expected2[lane] + offs[lane] & mask2[lane];
    if (unit < 0 || unit > unitMax[lane]) {
      from.failed = true;
      unit = 0;
    }
    row[at + word[lane]] = wordOf(plan, lane, unit);
  }
  for (let index = 0; index < rotations.length; index++) if (!takeNumbers2(plan, index, row, at)) from.failed = true;
}
function goOn2(from, plan, row, at) {
  const { lanes, word, rotations } = plan;
  for (let lane = 0; lane < lanes; lane++) row[at + word[lane]] = wordOf(plan, lane, atHand.expected[lane]);
  for (let index = 0; index < rotations.length; index++) if (!takeExpected(plan, index, row, at)) from.failed = true;
}
function inRange(from, unit, most2, turn4) {
  if (turn4 !== 0) return unit & turn4 - 1;
  if (unit >= 0 && unit <= most2) return unit;
  from.failed = true;
  return 0;
}
function anyChanged(plan, row, at, bases) {
  const { held, precision } = plan;
  if (areWordsSame(plan.heldWords, row, at, bases.newer, bases.newerAt)) return false;
  for (let index = 0; index < held.length; index++) {
    const { kind, at: field } = held[index];
    if (!isSame(kind, row, at + field, bases.newer, bases.newerAt + field, precision)) return true;
  }
  return false;
}
function writeHeldFields(out, plan, row, at, bases, age2) {
  const { held, precision } = plan;
  for (let index = 0; index < held.length; index++) {
    const field = held[index];
    const changed = !isSame(field.kind, row, at + field.at, bases.newer, bases.newerAt + field.at, precision);
    out.symbol(heldContext(field, bases, plan), changed ? 1 : 0);
    if (changed) writeHeld(out, plan, field, row, at, bases, age2);
  }
}
function writeHeld(out, plan, { kind, at: field }, row, at, bases, age2) {
  const { axis } = kind;
  if (!axis) {
    kind.write(out, row, at + field, plan.precision);
    return;
  }
  expectHeld(kind, field, bases, plan, age2);
  for (let word = 0; word < kind.words; word++)
    atHand.offs[word] = axis.units(row[at + field + word], plan.precision) - atHand.expected[word];
  writeNumbers(out, heldLarges, kind.words);
}
function readHeld(from, plan, { kind, at: field }, row, at, bases, age2) {
  const { axis } = kind;
  if (!axis) {
    kind.read(from, row, at + field, plan.precision);
    return;
  }
  expectHeld(kind, field, bases, plan, age2);
  readNumbers(from, heldLarges, kind.words);
  for (let word = 0; word < kind.words; word++) {
    const unit = atHand.expected[word] + atHand.offs[word];
    row[at + field + word] = axis.word(inRange(from, unit, axis.max[plan.precision], axis.turn?.[plan.precision] ?? 0), plan.precision);
  }
}
var heldLarges = new Int32Array(3);
function expectHeld({ axis, words }, field, bases, { precision }, age2) {
  if (!axis) return;
  const { expected: expected2, velocities, contexts: contexts2 } = atHand;
  for (let word = 0; word < words; word++) {
    const unit = axis.units(bases.newer[bases.newerAt + field + word], precision);
    const change = bases.olderAt < 0 ? 0 : unit - axis.units(bases.older[bases.olderAt + field + word], precision);
    expected2[word] = unit;
    velocities[word] = change;
    contexts2[word] = offContext(offContexts(axis.what), bases.olderAt < 0 ? 0 : activityOf(change), age2);
    heldLarges[word] = largeContext(axis.what);
  }
}
function heldContext({ kind, at }, bases, plan) {
  return context.held + (isRecent(kind, at, bases, plan) ? contextPlaces : 0);
}
function anyRecent(plan, bases) {
  const { held, heldWords } = plan;
  if (bases.olderAt < 0 || areWordsSame(heldWords, bases.newer, bases.newerAt, bases.older, bases.olderAt)) return 0;
  for (let index = 0; index < held.length; index++) {
    const { kind, at } = held[index];
    if (isRecent(kind, at, bases, plan)) return 1;
  }
  return 0;
}
function isRecent(kind, at, bases, plan) {
  return bases.olderAt >= 0 && !isSame(kind, bases.newer, bases.newerAt + at, bases.older, bases.olderAt + at, plan.precision);
}
function areWordsSame(words, a, aAt, b, bAt) {
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (a[aAt + word] !== b[bAt + word]) return false;
  }
  return true;
}
function isSame(kind, a, aAt, b, bAt, precision) {
  for (let word = 0; word < kind.words; word++) if (a[aAt + word] !== b[bAt + word]) return kind.same(a, aAt, b, bAt, precision);
  return true;
}
function ageOf({ newerAge, interval }) {
  const intervals = Math.ceil(newerAge / interval);
  return intervals < 1 ? 0 : intervals > ages ? ages - 1 : intervals - 1;
}

// packages/shared/src/codec/record-model.ts
var operation = { delta: 0, full: 1, despawn: 2 };
var form = { seen: 0, shared: 1, owned: 2 };
function emptyOpening() {
  return { slot: -1, operation: operation.full, newerAge: 0, span: 0, spanBefore: 0, gapped: 0 };
}
function firstOpening(opening) {
  opening.slot = -1;
  opening.operation = operation.full;
  opening.newerAge = 0;
  opening.span = 0;
  opening.spanBefore = 0;
  opening.gapped = 0;
}
var told = { sameBases: 0, newerBase: 1, ownBases: 2, full: 3, despawn: 4 };
function writeOpening(out, opening, slot, what, newerAge, span) {
  const gap = slot - opening.slot - 1;
  const says = what === operation.delta ? basesTold(opening, newerAge, span) : what === operation.full ? told.full : told.despawn;
  out.symbol(context.opening + opening.gapped * contextPlaces, (gap > 0 ? 1 : 0) + 2 * says);
  if (gap > 0) writeGap(out, gap, opening.gapped);
  opening.slot = slot;
  opening.operation = what;
  opening.gapped = gap === 0 ? 0 : 1;
  if (says === told.ownBases) {
    out.writeVar(newerAge);
    out.writeVar(span);
    opening.newerAge = newerAge;
    if (span > 0) opening.spanBefore = span;
  }
  opening.span = span;
}
function basesTold(opening, newerAge, span) {
  if (newerAge !== opening.newerAge) return told.ownBases;
  return span === opening.spanBefore ? told.sameBases : span === 0 ? told.newerBase : told.ownBases;
}
function readOpening(from, opening) {
  const symbol = from.symbol(context.opening + opening.gapped * contextPlaces);
  const says = symbol >>> 1;
  opening.slot += (symbol & 1) === 1 ? readGap(from, opening.gapped) + 1 : 1;
  opening.gapped = symbol & 1;
  opening.operation = says === told.full ? operation.full : says === told.despawn ? operation.despawn : operation.delta;
  if (says === told.sameBases) {
    opening.span = opening.spanBefore;
  } else if (says === told.newerBase) {
    opening.span = 0;
  } else if (says === told.ownBases) {
    opening.newerAge = from.readVar();
    opening.span = from.readVar();
    if (opening.span > 0) opening.spanBefore = opening.span;
  }
}
function writeGap(out, gap, gapped) {
  const length = 31 - Math.clz32(gap);
  out.symbol(context.gap + gapped * contextPlaces, length);
  out.write(gap - (1 << length), length);
}
function readGap(from, gapped) {
  const length = from.symbol(context.gap + gapped * contextPlaces);
  return (1 << length) + from.read(length);
}
function writeIdentity(out, identity, types4, isPrivate) {
  out.writeVar(identity.version);
  out.write(identity.type, bitsFor(types4 - 1));
  if (!isPrivate) return;
  const owned = identity.form === form.owned;
  out.write(owned ? 1 : 0, 1);
  if (!owned) return;
  out.write(identity.originKey >= 0 ? 1 : 0, 1);
  if (identity.originKey < 0) return;
  out.write(identity.originKey, 16);
  out.writeVar(identity.originAge);
  out.writeVar(identity.originNumber);
}
function readIdentity(from, identity, types4, isPrivate) {
  identity.version = from.readVar();
  identity.type = from.read(bitsFor(types4 - 1));
  identity.form = form.seen;
  identity.originKey = -1;
  if (identity.version > 65535 || identity.type >= types4) from.failed = true;
  if (!isPrivate) return;
  identity.form = from.read(1) === 1 ? form.owned : form.shared;
  if (identity.form !== form.owned || from.read(1) === 0) return;
  identity.originKey = from.read(16);
  identity.originAge = from.readVar();
  identity.originNumber = from.readVar();
}
function writeRest(out, restAge) {
  out.symbol(context.rest, restAge > 0 ? 1 : 0);
  if (restAge > 0) out.writeVar(restAge - 1);
}
function readRest(from) {
  return from.symbol(context.rest) === 1 ? from.readVar() + 1 : 0;
}

// packages/shared/src/codec/spawn-model.ts
var initialRows = /* @__PURE__ */ new WeakMap();
function writeWhole(out, layout, row, at, precision, owner) {
  const initial = initialRow(layout);
  for (const { kind, at: field } of layout.fields) {
    if (kind.ownerOnly && !owner) continue;
    const same = kind.same(row, at + field, initial, field, precision);
    out.symbol(context.notInitial, same ? 0 : 1);
    if (!same) kind.write(out, row, at + field, precision);
  }
}
function readWhole(from, layout, row, at, precision, owner) {
  const initial = initialRow(layout);
  for (const { kind, at: field } of layout.fields) {
    if ((owner || !kind.ownerOnly) && from.symbol(context.notInitial) === 1) kind.read(from, row, at + field, precision);
    else for (let word = 0; word < kind.words; word++) row[at + field + word] = initial[field + word];
  }
}
function initialRow(layout) {
  let row = initialRows.get(layout);
  if (!row) {
    row = new Int32Array(layout.words);
    for (const { kind, at } of layout.fields) kind.store(kind.initial(), row, at);
    initialRows.set(layout, row);
  }
  return row;
}

// packages/shared/src/codec/table.ts
var digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
var packed = [
  "k8ItBwAEAEBeMPASCHAZAARsrqAIAHABADArAXAuAnAAfvQDLMEBArABAFAGAFABABABABABAAQaSVQ9JSC1AFABABABABABABABABAAAEy6ASAIMlABABABAAAEy6ASAIMlABABABAA",
  "AByxAGALMoAEAQABAAAByxAGALMoAEAQABAAAByfAJANMlALAZABAAAByfAJANMlALAZABAAABxiAVAVMwAbAnABAAABxiAVAVMwAbAnABAAJGfUK+FbGHACA+AGAAAyDVEEA624ABAB",
  "ABAAC8byGxHMHgD2HyANAAAdDzFVBQxTACD1ABAABZaMFlImF3FJK/ARAAABEYEFCSsrAGIeABAAAoZfCiKgEaF5OKAaAAAHDSSvEUY1ACMWAXAAEvymAFA/HkABABABAAHpvEABCfEZ",
  "CYABABAABdxjAECGFZFWABAGAADwvZABFoEzCZABABAAAtt1AFDDEmJiABANAAEDprBJJ9DUD2ABABAAAUmUACEaENQVABAZAABSeyApU3DvEIABCkAACb8ZADAtAXADABABAAIQtcCj",
  "GAACBtABABAAAh9KACBYAWAhABADAAFapeBPK2ACBsABDUAAAR8VABB5AWBEABAFAACglPABT/ACBVABC5AAAG6MABCwATCeABALAAApZKABgLABByABENAACE9PABAlABAEABABAABg",
  "5sABDMAlAcABAlAAAX+WABBJABAFABACAAAB3DABF9AkBRABBIAAAG+EABBnABAIABAEAAASyiABJHASBZABCYAAAC9PABCYABAKABAKAAAaqUABOzARCIABEEAAMNy4ADAvABABABAG",
  "AADq21ANCHCuAEABAaAAGT35AFBYABACABATAACc0vALE4CtAVABAvAAED5PAFCEABACABAhAABvx7AWH0CdAYABBWAACP5QAGDZABADABA9AABIssAYMbCPAXABCyAABrATAvAQAQAP",
  "ANARASAWAPAbAWATATAoAaAwAvBDBPA4A+Y5aWAAWYEKLfCkC4ApCPBSB7AVCPA+BSABABABABABABACACACACE3ElAAwRBMAGACACACACACADACACACBMACACAEDfBNAFAHAIAIBRDv",
  "CuAAZ+AmAoBKCUBKAmAmAmAmBKBLBLABBLAnBLACACAoApCXBNHnK2AAA7AJAGAGABAOAHAGAXAIAGALAaARAWAnAeAfArBDBLBiBaaFbFAABWATAjAKAWAMANAJAJASARAKAQAZANAZ",
  "AYAYATAkAXAwAvabc1AAPjEDHFCXEYBWEDCXDXAsCCBBCXAWArBBBBABAWABABABABE3FEAAupACAEACADACACABACACADABADACACADBbBaADAECyBcAFEtE5AAn0ABACABABAuABAB",
  "BbAvBcABABABAuBcBcABBcACBcADADGsGbAABSADACAGACAIAGACACASANAGAPAJALAPAcARAUAlAiAfArcjdDAABWANAlAHAWAKASATAWAHAJAWAWAPAHAbAbAbAYAhAcAeARa1c6AA",
  "MXDvFLCTDKCBETBuEmBKBuBvDdBKAlATC4BKAlABATABABEuE5AAu9ACC/ACADACADACBhABABADAEABACADAEADAEAEAEAEBgGfDwAAtCABACArABABAsABACABABABAsABABABAsAs",
  "CABWCrACCAE7CXAAB8ABACAGACAJACAIAGAFAFAUARABAPARAQALAZAWAiAiAccadMAABWANAdAHAUAGARAQAbALARANAZAUAPAWAZAVARAnAhAeAWa9cwAALVBvD9CnCnCNC8CaEBAr",
  "CrB0DrBWCwBWDFAvBaA0BfAiArDnDnAAtUCgElABA2ABA2A2ACABABABACABA2A2ACABACACADACBRCCDwAAuTAsABABABABABABAXABAXABAXABAXABA4ABABAXAtAXCFGXEqAACuAC",
  "AEAIACAHACAEACAFACAJAGAIAMANAWAIAXATAgAPAYc2c3AAutF1G/ANANAGAGAIALABAGAIAKAXATAEACAFADAdAYADAEAyAnAA4NDjDfADALABABACABABACABACACADABABABABAD",
  "ACABABAEAEAA9fAmBBAEAVACAEABADABABABADABABABABABABABABABABAFACAArGEgHVAyBwAVA7AYBKAYAMASA1AGAvAGAGABABAGABAMAMAYAMAAkrAcAZAPADALAJAYASABAJAw",
  "ApCTCTAYAVAeAVC5DOBvASFJEWAAoiFrHABoBoAKAKANAPAKALAMASAYAYAHAHAGAFAcAZAHAFCHBvAAz7EaD9BCBGAEAIAFALAEAFAFAFAFAFABACACABAEADABABAOAQAA8/A0AzAE",
  "ANADAMADAYACAEADADABABABABABABABABABABAGADAA5fBRCPAiAhAIARAHAZAFAMAFAOADAIACADABABACABACACAGACAAe5ArApATALAHAMAVAXAMANApAkBaBjAXANAXARB6CGBQ",
  "AWKaInAAkQFIGCCFCmAzAqATAVANANAUAZAYAaAKAPAJAJAcAZAIAHDbCzAAwTErEMBrBoAiAiAJALAGAJAKAPAIAJAFAEADACAHAEABABAaAdAA8GBFBBAJAUAFAIADAIADAMAFAXAD",
  "ACACABACABACACABABABACAA7EBGBcANAUAIAKAGANAEAMAEAYAEAGADAFABACACABABACAKADAAcaBABLAuAbAaAPAcAZAIAMAmAdBBBEAQAOATANBVBdA6AVMOKLAAebEPEkCFCuBU",
  "BbBCBDAUAVAZAiAdAfAUAYAMAQAeAhALALFjErAAqlEgEVCLB4BJBFA6A4ANAPASASAPAQAQARAKAIANAIAFACA5A8AA50BaBjAgAlAPAPALANAEAGALAJAFANAHAGADAGAEAFABABAC",
  "ABAA7JBMBWANAQAHAIAHAIACAGAEAMAEALAEAJACAKACAGABACALAEAAdXA6BBAgAdAbAQAeAWAQALAhATAsArAQAOANALA1A7AnARNTK7AAenMIT/AQATAIAEAJAEACACACABADACAB",
  "ABABABABABABABABABAAd5M3TVAfA0AIAGAGADACABABABABABABABABABABABABABABABAAPAK6XZDPI8AeAwAPAFAPAKAFAFAFAFAKABABABABABABABABABAARFMJTCAdIuBJAXAt",
  "BgA4AcAtALAXALABABABABABABABABABABAAK3FLMQFCORABCgCgABE/ABBQABBQBQABABABABBQBQABABABABAAUXMJSlC0IfAPAXAMAKAJADAGAGACABADADACADABABABABABABAA",
  "UHNTRdCmIPAPArAcAdAIAGAFABACABABABABABABABABABABABAAE/GmGQBVTHCeHUEgIRBTBMAHAHAOAHABABABABABABABABABABAAJeMcI8CxPDBOGtB5CnAeAmAZANAPAKAPAPAP",
  "AFABABABABABABAAEhDLEbCcMdCmLXC3FsBjClDGBCBjABBCAhBCAhABAhABABAhAhAAPFKROrErK3BXFQAUAhAIAFAMAIAEADAFADADADADAEABABABABAAOrLbOuFDJuA7FZAOAgAN",
  "APATAYAEACADABABABABABABABABABAAD8FHFJCGIXAyOxAtFICgESEaFYAhApABAIABABABABABABABABAAE2G7FLCcEJBTRgBoJJCACNCQDCAVABALAdALAFAFAFABABABABAAD/KR",
  "GiIXE6B6IZBKHfBFB0BKB/A6AgBEAVALALA/AVABABALAVAAJoHkKTExIrCmHUBmIAASBxAQARAKAIAIAJAFADAFAEADAEADADAAJbIKK3FZIYCzGwBTHpAMBwAOANALANAJAHAGAFAD",
  "ADABABABABAADLBjFcDAEtBIHWAtQGAKGFA5BnB0DxA5BRBZB9AeAiABABABABAACOCHCFDyCqBJDBBRO9BQNFBgClCECYBQBDB5CMArAuAGADABABAACIEuC7GrD5D2CcC1J7BYKgBj",
  "DMBABMA6BIA1AkAxAUAGAOAmAcAAdcJ4WvAWAjAOAKALAFAFADAGACABABABABABABABABABABABABAAbdKjXPAzBQAIAKAGAEADABABABABABABABABABABABABABABABAAPmNhSWEf",
  "HiAzCCATAsAFAOABABABABABAJAFABABABABABABACAAS2M+O2BWEJBeBrBVDVAmA3AeAzAaAJAiABABAJABABABABABABAAJ7G6ITE1EAA5BwD6JHBvD6BvBvA3BvABABABABABA3AB",
  "ABA3A3AATxJsUECNJnARAnARAbALAJANAKAHAEAEADABACACABABABABABAASqKfTnBzKCAXAtAwA7AJAOADAEACACABABABABABABABABABABAAEtDnDaDhFWEAFMJMReCUEQAQAQAQ",
  "ABABAEABAEABABABABABABAAK2J7M1FHGvBhCZC6FxA8CfAcA9AKAQAMAMAGAEAEAEABAEABABAAECDwFxDTETAZBLEMGrC2HJDmFrB5CpBVB5AwAwAYABABAYABBJAAN+IIQBDhLlAv",
  "GiAbBJANAcAYAMAHAHAJAIAEADADADACABABABAANmIkPFD6MlAnGWAWA5APAaAgAsADAEABABABABABABABABABABAACZDRDcA3E3BHBRBCB3EWH5JuUkAOABAKAFATAJABATABABAJ",
  "ABAAFSEwESEhFUBoDfCzD5DFHYFWJkAsA3AQAKABAQAKAFAFAFABAFAAGnHRJCGCIjCcDTBoCjA0DCBvEEAtCAAwBaARAfAmAcADAHABAKAAJAFlK8DNJxBgHyA8I2AYCsAdA+ATAZAQ",
  "AQAHAJAIALADADAFAEAAIbFtKZDpKNB5IfAwJXATClAPApARAWAJALAIAMADAEABABABABAAA9B9CZBkCABOC6BKC7AjB/B3FTGYK+A/FLD7GNBCCIABAOAOABAACsCZCaBBCLA0CtBj",
  "D+BPCLDTFpDwIpCZEPD2FjBcBpAMADAGAJAADcD1ETDNFXD9FLEHEQBTCTBkEoBGFVBcD3A1BSArAsAMAWAWAjAAbNLcTBAiBYASAsARAgAFAvAHATAEALADAFABABABABABABBBABAA",
  "VHKdWNDGEUAbA2AFAWACAYACAJABAGABABABABABABABABAUABAATgOfQUEbGBAfA2ANApACAWABASABAIABAFABABABABABABAFABAAXPOTOHA8BsAYBHAmB1AQBuARBNAJAtAFBFAB",
  "AOABAFABABABABAAFJCREuD2BRBvCyBTB7BZFjBvDCAsEsAWBDABA9ABAWABABTMABAARAKZQeDYIKAXByAcBKASAuARArAMAwAHAaADAOACAGABACBBACAANQGfQgBpKqBNDKDTEjAu",
  "BTABARABARAEAIABAFABABABABAVABAAHCFvE6C8EDElETKyMdB5DAALA3AGAgACAMACANABAFABABAIABAANdMjNvEmFIBDCGCYDGAiBNAQBbAKAsAGA4ABAUABAUABABABABAAC2DR",
  "DsBKCnB5BqDUC5BUC1BODxA5HzBIC9A5DSAYByAGBLK4AVAALxIPMhECJTByFoAoC+AWBCAZBDAPAnARBEAIAWAFAaACAGBAAGAAItFbMUBYL/AmHgAkD+BGCZCmD+AIAUACAYACAHAB",
  "AHABABAYABAAFIEPENBrCnBBBgBSBQFNFvMBQBAOAkAHAbADARABAZACABABADAAHRF/GvEWFIBVCyBgCcCrEHFhIgARBpAQBqAPArAEAkABAPAGABAAIlJJJBHoGmBgCjA3BXAmBJBE",
  "B/AUBOAeCyAMBEAVBtAFAoCuAhAAHAFLHhDbGxCQF8CMHsAtDyAoDGAVBLAbBWALA4AQA7AJAaBRAkAAEhDFG9BZH0AbIHAmLbASFsAfEIBOCgAjBYAzBUAVAhABAEAYAFAAE5C5EPCo",
  "B8BGBjBQCAAkA4BsCVGMIHCjDvEDG4BOCnABAcABASAAC/CvBvCSCWBiCKBiCxAoBVByCzEeGdCQEJFVIVB1DjAHAeAFAaAAFJFTE8E6FvDsEIDNDeAtBrA7CQAuB0AyC1AoCcAhCsAS",
  "BUCRBsAAUlSxS7AKALAGAHAJAKANAGAEAPAJAPAEAFATALANAfANAMAoBoAAKWWSXECACuAQAVABAFAHADADADAIAJABAEAHAGAKASAJACAvAyAAYzRcR8BABZAKAOACAFAGACABAEAC",
  "ADABACAEACACAFADACAIAOAAakMRNiBUBgArA5A0BWAzAnACAtACATABASABAUABAJAeAQAmAjAABwEDEgAOAdAMAMApAnAuAfAcCoBFDMA0BMDDCgChGNBpCaD7SpAAPIQaP6EhE+AG",
  "ALAGAKAHAGAJAVAPATAFAJAJAHAGAdAQAMBAC6AAKXNCQ4GAEjA2BOCaDfAeAuABAHAFAMAEAEAJABABAPAIAHBOBrAAPKRQPnEAEqAmAzBkCYATAfACADAHAFABADADABABAFAFABAP",
  "AaAATYN9N+EfFIAsAsBPBqAcAeAKAYADAQABALABAJABAIACAJAEAYAABSEGDBAeBCARAmAkA+AbAtA9CVBaCfAcBfA3BCBBEXB9B7GEYTAAMFLLLAIEIwCSCDAGAOAFAJAHATAHASAQ",
  "AOAGALANAgADAIBYETAALVJONNGLFTCoB+AIALAyBXCaDvADASAGAGABAFAPASACACBmC1AANeKqMxHQHkCrBxAIAEA0BFCDDIADAGABACABACABACABABAHAMAAK4KwIsJ2LTB1BoAN",
  "AKAsBABmCwAJALANARABALADALABAIAZA/AAIDGVErD4E6A3BMASAfARAkAiBaAeBQA0BAAVA5AlCPATAxETRrAAIsG4IKGvF7EyEcCtDUAXAbAHAWAGAUAIAQAKAOAMAlAJAOBtHLAA",
  "M2FdJADgFRDLCuCnBsAZANANAfBJCMAdA6A8BuAUBAAIAFCKFdAAKMITK5FoGqD4DwDUCYAVATAOAUBMB8AcAyA3BlAPArABACABAIAAHZFcHaIkGjF+FfC3D7AbARAOAQAzBdAWAmBG",
  "B9AXA2ACAFAZBVAAF1EIDKDbC5CQCqBWCDATAjAaA4AYBCAgA8AkA1AnCGAdA7EIVuAA9BASASANAJABACACAFAIACAyAxACABABABABABABACABABABABAAXmACACACABABABABBOCb",
  "ABV1OlABABABABABABABABABABABABAAzxAJFeFcAFABABABACAEABAZAYABABABABABABABABABABABABAA9mADADACBwABABABABABABAIAIABABABABABABABABABABABABAA91AT",
  "ARAMAIABACACADAFACAXAfACABABABABABABACABABABABAA80ANANAFAKAKAKAIAIABADADABAGADAgAOAWAjABACABABABABAAX9ABABABABABBMABABABBLBLABABBLOBCXIMKiAB",
  "ABABABABABAA80ANANAFAKAKAKAIAIABADADABAGADAgAOAWAjABACABABABABAA/NADADABACACACACACABABABABABABAHADAFAHABABABABABABAA9nANANAFAKAKAIAIAIABACAC",
  "ABAHACANALALAVABACABABABABAA8yAHALAFAHAFAFAIAPAIAFAFACADACAFADAUAFAiAvABABABABAAYCABABABABABABABACABABBNABABBNABBNHOBNPnMDABABABABAA8yAHALAF",
  "AHAFAFAIAPAIAFAFACADACAFADAUAFAiAvABABABABAA4XAEAGADAEADADAEF8AEADADABACABADACALADATAaABABABABAA9nAHAMAFAHAFAFAIANAIAFADACADABAFACAKADANAgAB",
  "ABABABAA8cADAFAEAIAEAFAFAJAHALAMAJAHADAEABAMAEATAMAYAcANATAAVoABABABABAqABABABAqABABABABABABApB9AqF2DQKXHJF1FMAA8cADAFAEAIAEAFAFAJAHALAMAJAH",
  "ADAEABAMAEATAMAYAcANATAA+GABADACAEACADADAFAEAGAGAFAEABACABAGACALAGANAPAHAKAA9QADAFAFAIAEAFAFAJAGALAMAJAHADAFABAJAEAMAHAKATAFAMAA8BA0AxAdAdAV",
  "AUAKALAEAFACACABABACABABACADADABABADACAA53BQBQAsAxAnAgASAQAFAMADACABABABABABABABABABABACABAA+UAXAXANAKAHAIADAEACABABABABABABABABABABABABABAB",
  "ABAAhdK4GPErC3ABBDABAiABABBCABABABBCABABAhAhBCABABABABAAqKDHCeB7CVBSBhA0A4AhAOAMAXAJAVAkAeAeApBABJAGAFAvAmAA7fAfAhAWAXATAUAXAVAMAOAKAJAEAGAH",
  "AHADAEAFAGABABAFADAA4eA0A6AiArAqAmAuAmAVAgARAOAHAIAHANACACABABABABADABAA+RAMAQAKAIAIAHAKAJAFAEADAFACABACABABABABABABABABABAA+fATASAOANAEACAD",
  "AGABADABABABABABABABABABABABABABABAAl/CVBwBlBlBBBtBfBvBEA0A/AyAZAvA/A0AmA0BNBbAJANBKAwAA6xAdAZASAUAQASAUAWAVARASASAHAIALALAIAKALANABABAIAEAA",
  "22AzAxAfAjAgAmAtAtAtAfAjAnAMANAMAYAIAMALAMABABADABAA/UAFAEADAFACACACACACABACACABABABABABABABABABABABABAA9OAWAVALALAKAIAMAMALAJAHAMAFADAEADAD",
  "AFADACABABABABAAjPB5BXBYBaBGBeBNBjBYBfBeBBAiA4BSA8BGBQBmB9ANANBXAzAA4/AZAVAQASAPAQAVAYAWAUAZAZAQARATASAPASAZAbAJAJARALAAzmAuAnAfAfAgAoAtAzAu",
  "AiA3A1AfAcAdAmAVAZAZAlAPASANALAA/lADABACABABABABABABABABABABABABABABABABABABABABABAA9mALALAIAIAHAFAJAKAJAHAIAJAGAEAFAFAFAFAHAGADADACABAAfXBp",
  "BNA3BHA5A6BOBaBZBeBqBmBIBaBoBOBPBlCYCcArAoB0BMAAJbJtNrFMJBCdFYB1EpAbAeBQAWABABABABABACACABABABABABAACqKgPFFwK9CrGQBxFsATAgBPAeABABABABABABAB",
  "ABABABABABAAOEIsL1FFH1CyFKCBECAUAWBcAQABABABABABABABABABABABABAAj3OpGMBiCIAcAxATAoAhARAjABABABABABABABABABABABABABAAJZHBQFFWIZCHFLCWESA/ApBT",
  "APABAHABABABAPAPABABABABABAAFzGPH6DkINCpFfDUIXB7ECBJCYATAcBPAiALAMAEADABABABABAAA/FRICDpJJCvGND4KgB+E5BEClAVAjBFAxAIAKABABABABABADAAHME2G/D6",
  "HzDeE/DxHpCVEBBXCxATAhBcAhAFABABABABABABABAAUTN9NeDgD7ApB5A6BhACBGAzApABABAXAMALAWALABABABABABAAHMGLGQDGImCeGLC1IDCPDuBLCWAXATBqAOAXAXAOAMAB",
  "ABABABAAEbEsFqDFFZCJGKCsHuCOF5B6FaAtBxA6AjAgAgBEAmABABABABAAApD6FeDHGGCLGBCfJ8CIHKB2GXA1BrA9A3AgAkArAjABADABABAADcEHHuEkHHCjFKCEFND4HoBuD0As",
  "BjAsAWABABAsBBABABABABAAHuERFiDhFWCEE/DwFhCQFlCJEwAuB+A4ANAmAhBHAjABABABABAAHGGEFnCgERCHHSCWGuCDEPB3E6AiByA4AbAiAgBmApABABABADAACyDFDWCQDaBq",
  "DjCnHPB2GYCOHuBPELBLC8A1BBBQBIA0AmAXAcAAAfCeC6CCDHBwDrCjIhB7HaCHJuBGEiBDDDAvA+A/A3AzAjASAeAACWDDDwE9LGC4MeEVJlAPCIA8CTAKAhAJBCAHAIAKAJAGAFBY",
  "ADAAC4CYDdB5DqB2DTDFHAB0F0C6HYBuEWBfC1BJBABQA8AtAqANAXAAEpD2DrCiDcBeDbCbGRB1F0CEGQBLD4BKC8AyBFBgBcA3AnAfAdAAHcG+MNDsKxB8IZBZH5AnBLBEAQABABAB",
  "ABACABABADABABABABAAByHSMPETMWCEJcBgJPAoBSBYAWABABABABABABABABABABACABAAKjG6MEDcJmCHIIBoGlAsBRAwAGABABABABADABABABABABABABAAh1HTOGBBCyAhBZAC",
  "BZATAmANANABABABABABABAMABABABABABAAHvGBLxDcLBB6IvBNI5AgA6BCAQABAFABABAFABABAQABAFABABAAEOEOFyClGpB0F0CPLYA9IoA6FjAaAwBKAdAOAKACAEABABABABAA",
  "AdDyFlDGGLB8GxCKM7A7JnA3GOAgArBSAfAQAQABABABABABABAAExDqFhChGhCHFcC2LUBdILA5F1AgArBCAbAQABABABABABABABAAM3F0MgBTJgBZDPAdD3AcE2BKD3AOBEAwApAB",
  "ABABABABABABABAAIJFGE0CFG4BaFHCQKdAsIRA6EhAOA2BKAWALANAGAQABADADABAACvDJDyBtD7BTEjCFIVBhIhBVMMAqD4AnBSAzAcAqAgABADACABAAAdCYDNB/DxBcEQCBI5Bx",
  "JGBPOWAjEGAsBDAyAjAxAoABACACABAACeBKCIB+FJA4E7DLF+CNIQB9O5AnDVAnCkAvAQAgAQABABABABAAETC3ElCODoBMEDCkIkBSH8BWKZA7EFAvBaApAdAjARABABABABAAEwEn",
  "ETA+EGBPFKBsH4BPIKBXKGAqDkAcBSA7AUAmAjABAHACABAABiB8COBUCQA8ChBVFGBLFHBgLIA8IzBGH+AyCCBQBNAjArAQAcAAASBYB8BGBzBFCFBUFIBUFeBmMGA6J/A6IkAzCNBM",
  "BFAfAsARAZAAC4C+DCAUG0AOFnEFIuCyE+AWFIAOF2CxDIBcAfBjASAIAKAEAHAACABtCLBFDLBAC7BwEQBnE7B7KuBMISBaHIAxB9BYBTAZAlAEAXAACYCiCeBmCNA0CtBJFaA2E4BO",
  "KdA3IDBHH5AxB8BQBSArAuAVAhAADhFbInDcIsClIlDELQCBEOBVA7ABALABADABABABABABABABABAAA2GEIxDhJiCoIzC7LwCaEEBbA+ABAKABABABABABABABABABABAAG6EwI8Dp",
  "HoCpI0DEKDBGEJA5A9ABAVABABABABABABABABABABAAHyFSGQDQHBA8I5CGONBRF8AGA0ABABABABABABABABABABABABAAFQExH5C4IQCjHkDoLMCeEpB2AqACABABAQABABABABAB",
  "ABABABAABbCgDFB4DVBxD+CdImBmI5CFMhBoE2BfBlACAQABADABABABABAAAYCcDCB/D8B7D0CAI+BoJSB7MzBjE3BrBgADAMABABABABABABAACdCbDFB3CqBsEdC8JABkIYCJLwBa",
  "E6A+BwABAfABABABABABABAACREuC8CfEjArDYCtL7CFKZBSHhA3DNA3BrABAaABABABABABABAACMCeDJBpCzBsD2CyHEBgIhCaNRCHE9BwBiACAFABALABABABABAAA3BQBwBBB4A8",
  "CBBvEzBbFVB7MCBUJYCCJcBICxARAqABACABACAAAMBWB3A3B+A9CHBjFVBbFFB4NAA+JbB5JaBPCpARAiABAEABABAABRA9BSCaCOAwBtCHEqBEFgCOI9CNIfCBJ8BEC9AOB/ABABAB",
  "ABAABbBUBuAxBcA6COCcEcBYFvCVMbBQJVBPJcA6CZAIAwABABABABAABXBIBsBIB+A+ByBeESBgFWBoLHBsJhCxJYBIDIAXAgABADABAIAAAgAkAzAqA6AoAwBACAAzCnBSFoBIHFBc",
  "MJBMIpBNH8AXDRADBeAAAIAnA4AoA4AnA2BACIAtC3BYFoBFHpBJMiBBIuBGHyAYDEACBSAAAFA4AIAGDTAGA6A8CrAIAZAMEyALDbAOI6ALHmA+ISADLhABIIAAA+AiAuApBKAlAqA7",
  "CQA+C6BgGDBOG0BPMUA6IjBGHRARDPABBQAAAmAiAxAtAzAqAtBDBwAyCOBFFbBHGvB2LuBiIoBYIcAZDaAFBtAADbD+GsC9IjBRIMA2JlAGDfAGBNABAIABCEABCkABFbABAgAoCTAA",
  "BjEnGVDrKRBsK5AwKSAGEVAGBgABABABBzABBiABEdABABABADAAF0DqHRBxHKAuGeAMJmABCeABBOABABABDbABFzABIPABABABAFAAECB1FjBXD9AlItC3VlADBnADAkABAEABA9AB",
  "BMABCgABAPFOBEAAEpDPHCC/HGBFEOBrHWANDAANAdABAbABA6ABA7ABEUABCFCSJ2AACAB1CsBhCLAhDUB3H0AIGdAIKtAZG3AGDFAIA/ATB4AGCVBfFSAABAByD7CQDDAZDjB4JQAN",
  "HlABMPAZIQABCSABBFABBZABA6ACChAAC/BKB6A+B5ABDkBWHuABICABIvABFsABC1ABAlABCQABFLADJBAAAUCyAbAPAWBwCLATGNABCrABHfA5BEABDzABB0ADInABKWAPMdAADDCT",
  "B4BGBaA6C8CmGDAKEOAdKfAnGxATERAdA7BEA9ATAqFIFFAAASBFA6A/BAAXCKA2DzAUD4ARGSAGHvAiOCAOGEAGCAAMBxB4HRAAAOBbAdBhBhABC1BGEsAVFxABGkABIiAcRIABGWAB",
  "BVABBwACB+AAABAGAFAFA+ACCZA9CFACAVABGtABFDADHyABDKABBfABCXEkZvAAABADCbADADAgBDAhEeAfEPABFyABIeACKbABGAABCfABCtBDNKAAAjBhA1BHA2A1B0AtCzASCaA0",
  "GHARHPBGOSAsGqARCoAjA/D2E7AAAqAZAQAZAQAMAlAgBDAKBEAMC1AJDuAaGaAXHuAeMvArJAEDJ2AAABAQAUArAMAMA/AvBbAMBXABCyAIElAYHTABKsAINrAIJeAyHpAAAEACACAC",
  "ACABADAjBGABAGBBBxABBWACBmCCBuBDCsBED2W7U7AAAcAOABABAcAVAOAqAPABA/AODlABEBA+GpAjFmAjKvAxIgHqKqAABcApAWAWAPAHAaALBHAPA8APCkAPDCALF/AaG0AsOGBG",
  "JeDCKOAAABYoFzAFOiABABABC5ABFsACBlABIfABACABADABABABABABABAAABY+FtAYOhABABABC0ABFPALCDABHlABAJABAPABABABABABABAAABY+FtAYOhABABABC0ABFPALCDAB",
  "HlABAJABAPABABABABABABAAABY+FtAYOhABABABC0ABFPALCDABHlABAJABAPABABABABABABAAABY+FtAYOhABABABC0ABFPALCDABHlABAJABAPABABABABABABAAABYzDUCKQOAB",
  "ABABCLABCNABGcABGbABABABACABABABABABABAAABZDDmCGP9ABABABCOABCVAJGIABF/ABAHABAMABABABABABABAAABZDDmCGP9ABABABCOABCVAJGIABF/ABAHABAMABABABABAB",
  "ABAAABZDDmCGP9ABABABCOABCVAJGIABF/ABAHABAMABABABABABABAAABZDDmCGP9ABABABCOABCVAJGIABF/ABAHABAMABABABABABABAAABYzEsCVO1ABABABDHABDIBjErABDIAB",
  "ABABBjABABABABABABAAABZAExCROxABABABDCABDIBeEoABDKABAFABBgABABABABABABAAABZAExCROxABABABDCABDIBeEoABDKABAFABBgABABABABABABAAABZAExCROxABABAB",
  "DCABDIBeEoABDKABAFABBgABABABABABABAAABZAExCROxABABABDCABDIBeEoABDKABAFABBgABABABABABABAAABcAFnBuOOABABABCYABDBA3EGABBhABBFABBTABABABABABABAA",
  "ABb+FmBuOPABABABCYABDBA3EGABBlABBEABBSABABABABABABAAABb+FmBuOPABABABCYABDBA3EGABBlABBEABBSABABABABABABAAABb+FmBuOPABABABCYABDBA3EGABBlABBEAB",
  "BSABABABABABABAAABb+FmBuOPABABABCYABDBA3EGABBlABBEABBSABABABABABABAAABTNJuCSFiAcAoABAeAQA4AXD2ABSJABABABAgABABABABBmABAAABTNJuCSFiAcAoABAeAQ",
  "A4AXD2ABSJABABABAgABABABABBmABAAABTNJuCSFiAcAoABAeAQA4AXD2ABSJABABABAgABABABABBmABAAABTNJuCSFiAcAoABAeAQA4AXD2ABSJABABABAgABABABABBmABAAABTN",
  "JuCSFiAcAoABAeAQA4AXD2ABSJABABABAgABABABABBmABAAABTJJyCSFpAgApABAeAOAzAZDyABR1ABACABAtABABABABBpABAAABTJJyCSFpAgApABAeAOAzAZDyABR1ABACABAtAB",
  "ABABABBpABAAABTJJyCSFpAgApABAeAOAzAZDyABR1ABACABAtABABABABBpABAAABTJJyCSFpAgApABAeAOAzAZDyABR1ABACABAtABABABABBpABAAABTJJyCSFpAgApABAeAOAzAZ",
  "DyABR1ABACABAtABABABABBpABAAABTIJ7CRFwAfApABAcAPAxAYDqABRYABAEABBDABADABABBrABAAABTIJ7CRFwAfApABAcAPAxAYDqABRYABAEABBDABADABABBrABAAABTIJ7CR",
  "FwAfApABAcAPAxAYDqABRYABAEABBDABADABABBrABAAABTIJ7CRFwAfApABAcAPAxAYDqABRYABAEABBDABADABABBrABAAABTIJ7CRFwAfApABAcAPAxAYDqABRYABAEABBDABADAB",
  "ABBrABAAABS+KTCXFaAmAoABAaAQAvAZDjABQHABAIABCDABAMABACBzABAAABS+KTCXFaAmAoABAaAQAvAZDjABQHABAIABCDABAMABACBzABAAABS+KTCXFaAmAoABAaAQAvAZDjAB",
  "QHABAIABCDABAMABACBzABAAABS+KTCXFaAmAoABAaAQAvAZDjABQHABAIABCDABAMABACBzABAAABS+KTCXFaAmAoABAaAQAvAZDjABQHABAIABCDABAMABACBzABAAABGUESepF1AB",
  "AoABABABALABPyABAGABABABABABABABABABABAAABLCHgVzKNABBHABABABAUABLoABAKABABABABABABABABABABAAABLCHgVzKNABBHABABABAUABLoABAKABABABABABABABABAB",
  "ABAAABLCHgVzKNABBHABABABAUABLoABAKABABABABABABABABABABAAABLCHgVzKNABBHABABABAUABLoABAKABABABABABABABABABABAAABJjFXZ1DEABGlABABABGVABG/ABADAB",
  "ABABABABABABABABABAAABMaHpUHHZABFOABABABEpABGOABAHABABABABABABABABABABAAABMaHpUHHZABFOABABABEpABGOABAHABABABABABABABABABABAAABMaHpUHHZABFOAB",
  "ABABEpABGOABAHABABABABABABABABABABAAABMaHpUHHZABFOABABABEpABGOABAHABABABABABABABABABABAAABDaWfRPAvABFTABABABCpABL7ABABABABABABABABABABABABAA",
  "ABGGU4PbDpABEvABABABCSABKpABADABABABABABABABABABABAAABGGU4PbDpABEvABABABCSABKpABADABABABABABABABABABABAAABGGU4PbDpABEvABABABCSABKpABADABABAB",
  "ABABABABABABABAAABGGU4PbDpABEvABABABCSABKpABADABABABABABABABABABABAAABU1M4EqUHABBlABABABANABDeABABABABABABABABABABABABAAABUyM5EsUFABBmABABAB",
  "ANABDfABABABABABABABABABABABABAAABUyM5EsUFABBmABABABANABDfABABABABABABABABABABABABAAABUyM5EsUFABBmABABABANABDfABABABABABABABABABABABABAAABUy",
  "M5EsUFABBmABABABANABDfABABABABABABABABABABABABAAABBPiYAFALABABAqABVRABFSAHACAgABABABADABABABABADABAAABBdoJAFANABABAxABOJACGKAIACAlABABABADAB",
  "ABABABAEABAAABBdoJAFANABABAxABOJACGKAIACAlABABABADABABABABAEABAAABBdoJAFANABABAxABOJACGKAIACAlABABABADABABABABAEABAAABBdoJAFANABABAxABOJACGK",
  "AIACAlABABABADABABABABAEABAAABAgN+ACAEABABARABTuABc9ADABANABABABABABABABABABABAAABA7ZhADAIABABAfABO0ABVYAFABAXABABABACABABABABACABAAABA7ZhAD",
  "AIABABAfABO0ABVYAFABAXABABABACABABABABACABAAABA7ZhADAIABABAfABO0ABVYAFABAXABABABACABABABABACABAAABA7ZhADAIABABAfABO0ABVYAFABAXABABABACABABAB",
  "ABACABAAABAbLvACAEABABAOABRdABhoACABALABABABABABABABABABABAAABA2XfADAIABABAdABNlABYxAFABAWABABABACABABABABACABAAABA2XfADAIABABAdABNlABYxAFAB",
  "AWABABABACABABABABACABAAABA2XfADAIABABAdABNlABYxAFABAWABABABACABABABABACABAAABA2XfADAIABABAdABNlABYxAFABAWABABABACABABABABACABAAABBC07ABABAB",
  "ABBCABEGABEnABABABABABABABABABABABABABAAABBD0uABABABABBBABELABEuABABACABABABABABABABABABABAAABBD0uABABABABBBABELABEuABABACABABABABABABABABAB",
  "ABAAABBD0uABABABABBBABELABEuABABACABABABABABABABABABABAAABBD0uABABABABBBABELABEuABABACABABABABABABABABABABAAABJUABABADABABCVABCVABLzABkmABAB",
  "ABBUABABABABABABABAAABIlABABARAEABCHABCKABLlABlAACABABB5ABAGABABABABABAAABIlABABARAEABCHABCKABLlABlAACABABB5ABAGABABABABABAAABIlABABARAEABCH",
  "ABCKABLlABlAACABABB5ABAGABABABABABAAABIlABABARAEABCHABCKABLlABlAACABABB5ABAGABABABABABAAABGpABABCjABABBBABCDABKPABnKABABABCFABABABABABABABAA",
  "ABGeABABCeACABBBABB+ABKQABnMABABABCUABADABABABABABAAABGeABABCeACABBBABB+ABKQABnMABABABCUABADABABABABABAAABGeABABCeACABBBABB+ABKQABnMABABABCU",
  "ABADABABABABABAAABGeABABCeACABBBABB+ABKQABnMABABABCUABADABABABABABAAABFlABABCDABABAmABBxABKkABnpABABABDiABABABABABABABAAABFhABABCCABABAnABBv",
  "ABKkABnpABABABDnABACABABABABABAAABFhABABCCABABAnABBvABKkABnpABABABDnABACABABABABABAAABFhABABCCABABAnABBvABKkABnpABABABDnABACABABABABABAAABFh",
  "ABABCCABABAnABBvABKkABnpABABABDnABACABABABABABAAABDaABABBMAcABA5ABA5ABKUABnjABAFABGKABAvABAJABABABAAABDbABABBMAcABA5ABA5ABKUABnjABAFABGJABAv",
  "ABAJABABABAAABDbABABBMAcABA5ABA5ABKUABnjABAFABGJABAvABAJABABABAAABDbABABBMAcABA5ABA5ABKUABnjABAFABGJABAvABAJABABABAAABDbABABBMAcABA5ABA5ABKU",
  "ABnjABAFABGJABAvABAJABABABAAABCsBcAVAzAFAGABAEADAHDIAgnuIWABABD0BvAxABABABAPABAAABDIBrAZA8AGAHABAEADAIDpAmjuJvABABEcCBA5ABABABASABAAABDIBrAZ",
  "A8AGAHABAEADAIDpAmjuJvABABEcCBA5ABABABASABAAABDIBrAZA8AGAHABAEADAIDpAmjuJvABABEcCBA5ABABABASABAAABDIBrAZA8AGAHABAEADAIDpAmjuJvABABEcCBA5ABAB",
  "ABASABAAABBoA3ANAfADADABACACAEB5AUlcQ6ABABCTBDAdABABABAJABAAABCcBTATAuAEAFABADACAGC1Adi6OsABABDdBlAsABABABAOABAAABCcBTATAuAEAFABADACAGC1Adi6",
  "OsABABDdBlAsABABABAOABAAABCcBTATAuAEAFABADACAGC1Adi6OsABABDdBlAsABABABAOABAAABCcBTATAuAEAFABADACAGC1Adi6OsABABDdBlAsABABABAOABAAABBoA3ANAfAD",
  "ADABACACAEB5AUlcQ6ABABCTBDAdABABABAJABAAABCcBTATAuAEAFABADACAGC1Adi6OsABABDdBlAsABABABAOABAAABCcBTATAuAEAFABADACAGC1Adi6OsABABDdBlAsABABABAO",
  "ABAAABCcBTATAuAEAFABADACAGC1Adi6OsABABDdBlAsABABABAOABAAABCcBTATAuAEAFABADACAGC1Adi6OsABABDdBlAsABABABAOABAAABAPAIACAEABABABABABABG8ADjGHYAB",
  "ABIqDfBvABABABABABAAABA6AfAHARACACABABABACGZALiXILABABH+DQBmABABABAFABAAABA6AfAHARACACABABABACGZALiXILABABH+DQBmABABABAFABAAABA6AfAHARACACAB",
  "ABABACGZALiXILABABH+DQBmABABABAFABAAABA6AfAHARACACABABABACGZALiXILABABH+DQBmABABABAFABAAJ+G5G5DBDWCyBzDICsCIBzClB6AsCAClBzBWBWBdCrAWAkAKAKAA",
  "XmK5GtIjDtC+A0A6DqA1AHALAIADAIALAHAGAGAGALABACABABAAPvNcLPE9EhBbBZCUAjBaA9B3BZACAhAjAFAEAEA8AjABABABABAAHwFLIDBhEtDoCiFxDoDQCiBJB1AvCjBJDPAw",
  "AwAwBgABAuAXABAAAtBUCZAGA1C+B3CRC+CPClF2DTBeDqG7ClDpDpDSG6BGBGABAXAAGQEJEKDfDYCvCTC9DgB3BpC9CTCFBiCaCMAdB3CvBUBbBbB/C+AAdYBiDvCkDqEtCcG7CkCa",
  "ALAUAPAOAKAQAOADAMASAJAJAJANBaAAKKIwELGGEyEvCwEGEyBbBaCJCwAyAwCHAyACAxALAFAGAGAIAMAAEOFuHlFZExEbEbDgEJA/B6FEBoCPA/AsB7ABArAFA+AqADArBVAAA7Bq",
  "BZBIBpAEAUBHCrCpB3CJDLC6CoEeDbBDDrGjCXC5DaEMFxAAFyCuCuCTCeCjCIDOC+CYCeCZB9CoBiC0CNB9BSBNCjCCBSEFEbAAh4CCCCAMD0CBB/D4CDD0BHCAALAOAIAPAMBEAHAG",
  "AOALAHAWCLAAKTGTExGRALCeBrHGCgD/CeEvDMBuBpA+AKBqAGAFA8AJAGATAUAADRD+FiDcEfFiEeFzGjDcBoB4BWCrBFCrBXADBFA0AVADA0BaAYAABHBPAjBEBaAuAuAkA6BEDRCQ",
  "CbDSCEDzDnDcB5B5E0EICEHZIYAAEXBqCYCTBgBYB+CDCTCkB+DSC6BzBdDNCECEBrCsB2BSBxGTHSAAmCB4DdAHDKBGCKBIBJApCaDPBbAmAEBMAGAGAFApAGAEAFA0AXAAJiDoEaGc",
  "AFDGAmDICZErBHHwDLCXBmBbCoAnBWApAGBFAmATBXAACwDDEDElDDCdDZEgD2GPD/ERDNCEBFDJBJB0A8A9BBAnABAnBSAAAdAwBNBAAwAsBdA4BtA2BFCSC7BwByDsCpClCQEACpBw",
  "C7KULsAApAJrKqAXAWALAJARANAHAIAKAHAEAGAGADAEADAGAHABACABABAAtWIgJgAIAKABADADABABABABABABABABABABABABABABABABABAAlyL+NBATAPAGAGAGAFADAEACABAB",
  "ABABABABABABABABABABABAAVxGJGxEWDwC3BqEhDeBNBVB/BGAOA4AjAHAOAHAqAVABABABABAAHwCFBwA8CeB4A8ClClCHClDwDwClDwDwCWDSCWDSFZAtBaABABAAkKIwJpCrC1AW",
  "AUAZAbAQANAYAPAHAKAMAKAHAHAJAJAEADAFAIAAvRF9GqBrB3AFAFAFAGABABACABABABABABABABABABABABABABAAdxMaNiDcDmANAQAHAMADAGAHADABABACABABABACABABABAB",
  "ABAAZIKeLvD/EBBCA9BOBJAvAiA7AgAPAVATAPADAEANAFABABAFADAAERCeCGCYCvBfA+DBDdCrCJEdDgBwCfDJC7CXCdCtDJBqBUBwCtAAhOHUHjDvEQBLBTAnAqAWAXAjAYARARAV",
  "ARAKALANAPAIAFAOARAAxwD/ENCFCRAhApAHAHADADACACABABABABABABABABABABABABAAaxK9KkFKF4BXBrARAbAIAJALAGAEACAGABADABAEABACABABACAAV3J6K4FKGHB0B5BG",
  "BJAeAnAxAgAVASAWARAGAGAIAGABABAGAEAADYCICLCHCGB4BaDNDICrCPEdDKCcCtDKCxB+CJCUDIBsBHC2DwAAd1FZFhDfDyCKCYBrB6AlAqAzAtAgAdAqAgAWAUAaAaANANAmAlAA",
  "01CTCbBfBmA3A6AhAkAEAGADAFABACACACABABABACABABABABAAZEIXHqE9FgC5DZB1CMAUAbARASAGAFAMAFAHACAIACADABADADAASqIPIsFSFuDQDoCVCvAqAzAzAtAaAZAbATAK",
  "AJAOALADADAJAGAADHByCHB6CCBnBkC2DACOCRDtDLCqCTD0DBCHCBCdCpBcBiEZEVAAfPNmScALANACADABABABABABABABABABABABABABABABABABABAAeVN+THAKAIABABABABAB",
  "ABABABABABABABABABABABABABABABAAgMNQR+AHALABABABABABABABABABABABABABABABABABABABABAAYDOVNECiDjBBBZBBAoAgAwABABAgAgABABABABABABABABABABAASnEa",
  "M6DhKdABDeABABABABABABG7ABABABDdABABABABABABABAAU7N+R6DKHFAMAPAIAHACADABACABABABABABABABABABABABABAAU/N7SKDSHDAJAJADACABABABABABABABABABABAB",
  "ABABABABABAAVPONR9C8HDAHAIAFAEABABABABABABABABABABABABABABABABAAT9NmRrDaHQAbAnASAQAEAHADAEAEADABACABABABABABABABABAALDG5HKFCFTAwB3FMDtBHFjAv",
  "BHAvABAvCODVAYABAYAvABABABAAPcLaOTFyKeBOENASAVAHAGAFAGABACABABABABABABABABABABAAPSL0OcFzKnBPEQAGAMABACACACABABABABABABABABABABABABAAQGLeOvGJ",
  "KVBFDbAOAJAEAEADABABABABABABABABABABABABABAAO0LNN7FbKtBUE/AVAhAJAJAFALADADACABABABABABABABABABAAFaF0HMFFD+DfFNF+D/CiBoCLCXAXCLBFAXAXAuBoBdAX",
  "AXAXABAAKDH6J5FaIsDEHCBtHLAWBgASAUAJAJAGAHACACABACABABABABAAKpIpKDFNI5C5HDBUHWAGBcAHAIADABABABABABABABABABABABAAKnIzKiFpJCDVG+BdGAAMA4AJAHAE",
  "AEADABACABABABABABABABAAJ2HfJ1FiIzC9HRBvHvATBnAMAQAGAGAFAFABACABABABABABABAAFbE1EaC/EXDPD9EWG7DAEVDLDgBkB3A7BfAcAiAUAkAgAdAhAaAAdXK0WvAPAaAF",
  "AEACABABACABABABABABABABABABABABABABABAActLEXdAIAVACABABABABABABABABABABABABABABABABABABABAAeKKfWaAOAWAEADABABABABABABABABABABABABABABABABAB",
  "ABAAYPNMPSCoDaBKBKA7AZAUAjAKABAKABAKAKABABABABABABABABAAP6GqEtCQAFCOEbABGoGoEbDUCNABABABCNABABCNABABABABABAATfKwT7CkJcARAxAKAOAEAGADACACABAB",
  "ABABABABABABABABABAATkLEUDCVJwANAmAEAJABABABABABABABABABABABABABABABABAAUKKhUKCeJeANAlAEAFACACADABABABABABABABABABABABABABAASPK5TVDIJCAcBVAb",
  "AbAJARAFADAFABABABABABABABABABABABAAG2GLGXCLEkCEFcClF7DWEHBzDmClBSBCAxAhABBCAxABAhAhABAAOOI2PNEFMCBAF4AbBTAKAQAJAKADAEADADABABABABABABABABAA",
  "OcJWPlD5L+AwGWATBCADAFACABABABABABABABABABABABABABAAOoIyP2DyMSA2GFAQBEAFAFADADABACABABABABABABABABABABAAOEIyOrEeMNBMFeAjBiAMAUAKAIADABAFACAB",
  "ABABABABABABABAAFKE4FLEmC9DUDsDUE7CRFtDfFGBtCXBhBbAkASAwABAMABAYASAAIfF+J8DsJyCCIJBYImAfCyAcBHAMATALAPAEAEAEACABABACABAAJuGOK7EGKRBuINA6IDAM",
  "CZAMAzADAIABACABABABABABABABABAAJPGBK7DkK3BwIhBAIZAOCQAPAtAFACAEADABABABABABABABABAAIRGBJtDqJqCMIcBaJOAcDCATBCAIAMAGAGADABABABABABABABAAEWEu",
  "D5DnE3CzDwECFZCvD4DJETBnCvBsCsAtA6AzAcARAKAYANAAckLfUYArBuAJARAKANACAEAEAFABABABABABABABABABABABABAAcuL4U+AaBdADAFAFAGABABABADABABABABABABAB",
  "ABABABABABAAdXLSUYAqBkAHAMAFAGABACABADABABABABABABABABABABABABAAT0KoQOCxFVBSCZBcB2ASAtAeAeANABABABABABABABABABABABAALJDmJWFHFbBBDkDkFGCCCjDT",
  "DDBiDDAhABABABABABABABABABAARdK8Q6DpJQApCRAZBNAKAUALARAEAFAEAFABABABABABABABABAASlLgR5DVJFAeB/AJApABADADADABACACACABABABABABABABABAASCLARuDj",
  "JpAiCAALAzAGAJADAGABABABABABABABABABABABABAAP4KmPSECJKA8C9AuCNASAlAUAiAIAIAEAGABACABABABABABABAAFxFTFTE2EWB6DIE8FcCQEcDZEKBRCHBxB6AyAtAFAJAB",
  "ABABABAALbIgMPE2JwCYF/BPD+AXBGAVA7AJAQAIANAEAFACACABABABABAAMVJQNbEhKhCCGLA4DlAHAlADASADAFABABABACABABABABABABAAMGIsNTExKyCMGaAxDeALAtAHASAB",
  "ADACADACABABABABABABABAALLIkLlFMJUCoF6BaEXAZBUASBEAJAOAGANACADABACABABABABAAFXDZEFDyDWDEDBEVFiCdEEDbGrBeC1BnCNA4BOAlAeAHAHABABAAF2EuGkDjGjCz",
  "FwDYINBwEZBsDgA0BWAqBIAUAbANARAEAEACACAAHJFCIQEVHxCqG8C8JABXDyAyCHAZAqAQAVAIADABADABABABABAAG4FMILD0ISC0G1C+I+BMDvA7CgAUAmARAUAFAGABABABABAB",
  "ABAAGME8GtDgG4CuGRDMJKBcFBBPDqAfBFAUAwAGAMAEAGABABABABAAC6DVDUC6C5DGCSEtEPDfDtEXFCCkDYCUDnBTBtA4BIASASAMAKAAb/SNMAB+BZAJAmALAgAFAUAEARABAHAB",
  "AEABABABABABABABABAAdASbMgB8BAACATACASABAJACAHABACABABABABABABABABABABAAcoS+L2B5BQADAfAEAQADALABAFABAFABACABABABABABABABABAAQ9L7KBC5FVBgDWBk",
  "DoAiCIAgCKAQAwAIAQABAEABABABABABABAAJ/FuIgB1DOBxEQDLEmC1EmBEGXAXCeAXCeABAXABABABABABABAAODQ0HLLiCFEzA9BrBaAQA8AQA4AHAaAFAWACAHABAEABABABABAA",
  "PaSCH1L/CDEyAoBUA2AEAaAEAWABAEABADABABABABABABABABAAPBSNHbMWB/EoArBdA5AIAeADAWABALABAFABABABABABABABABAAMbOrGbKxCIFZBlCMCbAbBxAaBqANApAGAjAC",
  "AIABADABABABABAADYEDEfDTDQCXCcDQEbB1FBDPGDBhEsBuEXAmCGAYBWABAOABABAAGQJGDhJ5BkJAA6KdBbEBBJCABqAXA6AQA1AHASADAOABADABABAAH/KDD9K5BdJoA6KkBRDy",
  "AvBOAyAIAMABAUABADABABABABABABAAHRKbEFLWB4JwAuKdBEDYAmBaAxAGAXADAPABADABABABABABABAAFlI5DPJsBZJQA4LOBhEeBQCTBzAWA7ALArADAOABAGABABABABAACmC0",
  "CCCgBwC6B9E3CqEGDjESGaCBEvCDFcBHCSAnCRAQAqABAMAAB8CrBUDWA2D1AnIBA9GWA5I9BkGDBQGABuCkBECGA9AbAUAIAMAACuEABpFGA6FRAuKVAnIAArJIBFE/AvDjAqCOALBL",
  "AJALABABABAADHD3B9E/BNFaAjKFA3HVA4JHBIEbApELApB/AcA3ALAKADABABAACBDBBZDuA5EWAmJiBCHLA8JLBfGBBEF3BSB4AqBLAdALAHABACAAA9BFAuBWAkBuAoDuBBD/A6Ic",
  "CEHRCDH9DUEHCWEhCcBEA3AZAlAAO2NzOuKyFrCnAUAnAZABABABABABABABABABABABABABABABABABAA7TESADACABABABABABABABABABABABABABABABABABABABABABABAA/ZAG",
  "AGAEACABABABABABABABABABABABABABABABABABABABABABAAr8RxB7ACABABABABABABABABABABABABABABABABABABABABABABAA/fALALALAAkvbRAAdqiWAACt9TAAxTOtAA"
].join("");
var codecTable = makeSymbolTable(
  Array.from(
    { length: packed.length / 2 },
    (_, index) => digits.indexOf(packed[index * 2]) * 64 + digits.indexOf(packed[index * 2 + 1])
  )
);

// packages/shared/src/protocol/message.ts
var messageKind = {
  snapshot: 1,
  input: 2,
  hello: 4,
  welcome: 5,
  events: 6,
  reliableAck: 7
};
var frameBytesMax = 8;
function openFrame(out, kind, bodies2, length) {
  out[0] = 145 + bodies2;
  out[1] = kind;
  return openBody(out, 2, length);
}
function openBody(out, at, length) {
  let start = at;
  if (length < 256) {
    out[start++] = 196;
  } else {
    out[start++] = 197;
    out[start++] = length >>> 8;
  }
  out[start++] = length & 255;
  return start;
}
function readFrame(bytes2, frame4) {
  const elements = bytes2[0];
  if (elements !== 146 && elements !== 147) return false;
  frame4.kind = bytes2[1] ?? 0;
  if (frame4.kind !== messageKind.snapshot && frame4.kind !== messageKind.input) return false;
  frame4.from = binStart(bytes2, 2);
  if (frame4.from < 0) return false;
  frame4.to = frame4.from + binLength(bytes2, 2);
  frame4.secondFrom = 0;
  frame4.secondTo = 0;
  if (elements === 146) return frame4.to === bytes2.length;
  frame4.secondFrom = binStart(bytes2, frame4.to);
  if (frame4.secondFrom < 0) return false;
  frame4.secondTo = frame4.secondFrom + binLength(bytes2, frame4.to);
  return frame4.secondTo === bytes2.length;
}
function binStart(bytes2, at) {
  if (bytes2[at] === 196 && at + 2 <= bytes2.length) return at + 2;
  if (bytes2[at] === 197 && at + 3 <= bytes2.length && bytes2[at + 1] !== 0) return at + 3;
  return -1;
}
function binLength(bytes2, at) {
  return bytes2[at] === 196 ? bytes2[at + 1] : bytes2[at + 1] * 256 + bytes2[at + 2];
}

// packages/shared/src/protocol/snapshot.ts
function hasHash(sequence) {
  return sequence % 32 === 0;
}
function patchHash(bytes2, hash) {
  bytes2[2] = hash & 255;
  bytes2[3] = hash >>> 8;
}
var noMargin = -128;
function emptySnapshotHead() {
  return {
    sequence: 0,
    tick: 0,
    hash: 0,
    ack: -1,
    ackHoldMs: 0,
    inputLead: 0,
    inputMargin: noMargin,
    inputsMissed: 0,
    leads: false,
    hasPrivate: false,
    hasHandles: false
  };
}
function writeSnapshotHead(out, head) {
  const hasAck = head.ack >= 0;
  const hasInputs = head.inputMargin !== noMargin;
  out.write(head.sequence, 16);
  if (hasHash(head.sequence)) out.write(head.hash, 16);
  out.write(head.tick & 65535, 16);
  const flags2 = (head.leads ? 1 : 0) + (head.hasPrivate ? 2 : 0) + (head.hasHandles ? 4 : 0) + (hasAck ? 8 : 0) + (hasInputs ? 16 : 0);
  out.write(flags2, 5);
  if (hasAck) out.write((head.ack & 255) + (head.ackHoldMs << 8), 16);
  if (hasInputs) out.write(head.inputLead + ((head.inputMargin & 255) << 6) + ((head.inputsMissed & 15) << 14), 18);
}
function readSnapshotHead(from, head) {
  head.sequence = from.read(16);
  head.hash = hasHash(head.sequence) ? from.read(16) : 0;
  head.tick = from.read(16);
  head.leads = from.read(1) === 1;
  head.hasPrivate = from.read(1) === 1;
  head.hasHandles = from.read(1) === 1;
  const acked = from.read(1) === 1;
  const hasInputs = from.read(1) === 1;
  head.ack = acked ? from.read(8) : -1;
  head.ackHoldMs = acked ? from.read(8) : 0;
  head.inputLead = hasInputs ? from.read(6) : 0;
  head.inputMargin = hasInputs ? from.read(8) << 24 >> 24 : noMargin;
  head.inputsMissed = hasInputs ? from.read(4) : 0;
}
function writeEffectHead(out, effect) {
  out.write(effect.id, 16);
  out.write(effect.event, 6);
  out.writeVar(effect.age);
}
function readEffectHead(from, effect) {
  effect.id = from.read(16);
  effect.event = from.read(6);
  effect.age = from.readVar();
}

// packages/shared/src/sequence.ts
function nextSequence(sequence) {
  return sequence + 1 & 65535;
}
function sequenceDistance(a, b) {
  return a - b << 16 >> 16;
}
function unwrap16(low, near) {
  return near + sequenceDistance(low, near & 65535);
}
var AckWindow = class {
  newest = 0;
  bits = 0;
  /** False until the first packet. */
  any = false;
  /** Marks a packet as received. @returns false when it was marked before, or is too old to tell. */
  mark(sequence) {
    if (!this.any) {
      this.any = true;
      this.newest = sequence;
      this.bits = 0;
      return true;
    }
    const ahead = sequenceDistance(sequence, this.newest);
    if (ahead > 0) {
      this.bits = ahead > 32 ? 0 : ahead === 32 ? 2147483648 : (this.bits << ahead | 1 << ahead - 1) >>> 0;
      this.newest = sequence;
      return true;
    }
    if (ahead === 0 || ahead < -32) return false;
    const bit = 1 << -ahead - 1 >>> 0;
    if ((this.bits & bit) !== 0) return false;
    this.bits = (this.bits | bit) >>> 0;
    return true;
  }
  /** Whether `mark` would take this packet as new. */
  isNew(sequence) {
    if (!this.any) return true;
    const ahead = sequenceDistance(sequence, this.newest);
    if (ahead > 0) return true;
    return ahead < 0 && ahead >= -32 && (this.bits & 1 << -ahead - 1) === 0;
  }
};

// packages/shared/src/state/entity-id.ts
var slotBits = 14;
function entityId(slot, version) {
  return (version & 65535) << slotBits | slot;
}
function slotOf(id) {
  return id & 16383;
}
function versionOf(id) {
  return id >>> slotBits & 65535;
}

// packages/shared/src/state/hash.ts
function hashWord(seed, word) {
  let mixed = Math.imul(word, 3432918353);
  mixed = Math.imul(mixed << 15 | mixed >>> 17, 461845907);
  const hash = seed ^ mixed;
  return Math.imul(hash << 13 | hash >>> 19, 5) + 3864292196 | 0;
}
var HashSink = class {
  #hash = 0;
  reset() {
    this.#hash = 0;
  }
  write(value, bits) {
    this.#hash = hashWord(this.#hash, value + bits);
  }
  writeVar(value) {
    this.#hash = hashWord(this.#hash, value);
  }
  /** 16 bits of it. */
  get value() {
    return (this.#hash ^ this.#hash >>> 16) & 65535;
  }
};

// packages/shared/src/state/history.ts
var ringTicks = limits.historyTicks;
var History = class {
  #types;
  #slots = [];
  /** Rings that earlier entities left, by type. */
  #spare;
  constructor(game) {
    this.#types = game.types;
    this.#spare = game.types.map(() => []);
  }
  /** Rounds an entity to the grid, records it at `tick` and puts the rounded values back: what is recorded is what goes on being simulated. */
  record(slot, version, typeNumber, values, tick2) {
    const at = this.advance(slot, version, typeNumber, tick2);
    const entry2 = this.#slots[slot];
    entry2.type.layout.record(values, entry2.rows, at);
    this.settle(slot, tick2);
  }
  /** Makes room for the row of `tick` and returns where it begins in `rows(slot)`; the caller fills it and calls `settle`. */
  advance(slot, version, typeNumber, tick2) {
    let entry2 = this.#slots[slot];
    if (!entry2 || entry2.version !== version || entry2.type.number !== typeNumber || tick2 > entry2.lastTick + 1 || tick2 < oldestTick(entry2)) {
      entry2 = this.#open(slot, version, typeNumber, tick2);
    }
    if (tick2 < entry2.lastTick) entry2.firstTick = oldestTick(entry2);
    entry2.lastTick = tick2;
    return tick2 % ringTicks * entry2.stride;
  }
  /** Notes since when the row of `tick` has held. */
  settle(slot, tick2) {
    const { rows, stride, firstTick: firstTick2, type } = this.#slots[slot];
    const { ownerWords, words } = type.layout;
    const at = tick2 % ringTicks * stride;
    let since = tick2;
    let seenSince = tick2;
    if (tick2 > firstTick2) {
      const before = (tick2 - 1) % ringTicks * stride;
      let word = 0;
      while (word < words && rows[at + word] === rows[before + word]) word++;
      if (word === words) since = rows[before + words];
      while (word < words && (rows[at + word] === rows[before + word] || ownerWords[word] === 1)) word++;
      if (word === words) seenSince = rows[before + words + 1];
    }
    rows[at + words] = since;
    rows[at + words + 1] = seenSince;
  }
  /** Lets a slot's ring go, for the next entity of its type. */
  #release(slot) {
    const entry2 = this.#slots[slot];
    if (!entry2) return;
    this.#spare[entry2.type.number]?.push(entry2.rows);
    this.#slots[slot] = void 0;
  }
  /** The ring of a slot. */
  rows(slot) {
    return this.#slots[slot].rows;
  }
  /** Where the row of `tick` begins in `rows(slot)`, or -1 when that version has no such row any more. */
  rowAt(slot, version, tick2) {
    const entry2 = this.#slots[slot];
    if (!entry2 || entry2.version !== version || tick2 > entry2.lastTick || tick2 < oldestTick(entry2)) return -1;
    return tick2 % ringTicks * entry2.stride;
  }
  /** As `rowAt`, and also finds a row that left the ring but has held without change ever since `tick`, for the owner or for others. */
  baseAt(slot, version, tick2, isOwner) {
    const entry2 = this.#slots[slot];
    if (!entry2 || entry2.version !== version || tick2 > entry2.lastTick || tick2 < entry2.firstTick) return -1;
    const oldest = oldestTick(entry2);
    if (tick2 >= oldest) return tick2 % ringTicks * entry2.stride;
    return sinceOf(entry2, oldest, isOwner) <= tick2 ? oldest % ringTicks * entry2.stride : -1;
  }
  /** The oldest tick that `baseAt` still finds for the newest version in a slot. */
  baseFrom(slot, isOwner) {
    const entry2 = this.#slots[slot];
    const oldest = oldestTick(entry2);
    return Math.max(entry2.firstTick, Math.min(oldest, sinceOf(entry2, oldest, isOwner)));
  }
  /** The first tick from which the newest row of a slot has held, for the owner or for others. */
  sinceNow(slot, isOwner) {
    const entry2 = this.#slots[slot];
    return sinceOf(entry2, entry2.lastTick, isOwner);
  }
  /** The first tick from which the row at `tick` has held, for the owner or for others. `tick` is one that `baseFrom` allows. */
  sinceAt(slot, tick2, isOwner) {
    const entry2 = this.#slots[slot];
    return sinceOf(entry2, Math.max(tick2, oldestTick(entry2)), isOwner);
  }
  #open(slot, version, typeNumber, tick2) {
    const type = this.#types[typeNumber];
    this.#release(slot);
    const stride = type.layout.words + 2;
    const rows = this.#spare[typeNumber]?.pop() ?? new Int32Array(ringTicks * stride);
    const entry2 = { version, type, stride, rows, firstTick: tick2, lastTick: tick2 };
    this.#slots[slot] = entry2;
    return entry2;
  }
};
function sinceOf({ rows, stride }, tick2, isOwner) {
  return rows[tick2 % ringTicks * stride + stride - (isOwner ? 2 : 1)];
}
function oldestTick(entry2) {
  return Math.max(entry2.firstTick, entry2.lastTick - ringTicks + 1);
}

// packages/shared/src/state/world.ts
var World = class {
  game;
  /** The tick being made; set by the owner of the world. */
  tick = 0;
  /** One past the highest slot ever used. */
  slotCount = 1;
  #entities = [];
  #types = [0];
  #versions = [0];
  #origins = /* @__PURE__ */ new Map();
  /** No slot below is free. */
  #freeFrom = 1;
  #byType;
  #givenOut;
  #typeNumbers = /* @__PURE__ */ new Map();
  /** Spawns of each key in the tick `#keysTick`, those that are gone again included. */
  #keys = /* @__PURE__ */ new Map();
  #keysTick = -1;
  constructor(game) {
    this.game = game;
    for (const { name: name2, number } of game.types) this.#typeNumbers.set(name2, number);
    this.#byType = game.types.map(() => []);
    this.#givenOut = game.types.map(() => false);
    this.#place(0, 0);
  }
  /** The room's own state. */
  get state() {
    return this.#entities[0];
  }
  /** Every entity of a type, by slot. The array stays as it is while you loop over it. */
  all(type) {
    const number = this.#typeNumber(type);
    this.#givenOut[number] = true;
    return this.#byType[number];
  }
  /** The entity with this id; undefined when it is gone. */
  get(id) {
    return id === null || id === 0 ? void 0 : this.entityOf(id);
  }
  /**
   * Makes an entity. Fields that `values` leaves out have their initial value.
   * @param options.key a number of the game's own (0 to 65535) by which a client that predicted this spawn knows it again.
   * @throws RangeError when the world is full, TypeError for a type or a field that the game does not have. Nothing was spawned then.
   */
  spawn(type, values = {}, options = {}) {
    const number = this.#typeNumber(type);
    const fields = this.game.types[number]?.layout.fields;
    for (const name2 of Object.keys(values)) {
      if (!fields.some((field) => field.name === name2)) throw new TypeError(`spawn('${type}'): there is no field '${name2}'`);
    }
    const origin = options.key === void 0 ? void 0 : this.#originOf(options.key);
    const slot = this.#freeSlot();
    const entity2 = this.#place(entityId(slot, (this.#versions[slot] ?? 0) + 1), number);
    for (const [name2, value] of Object.entries(values)) entity2[name2] = ownCopy(value);
    if (origin) this.#origins.set(slot, origin);
    return entity2;
  }
  /** Removes an entity; one that is gone already is no error. */
  despawn(entity2) {
    this.remove(typeof entity2 === "number" ? entity2 : entity2.id);
  }
  /** The entity in a slot, or null. */
  at(slot) {
    return this.#entities[slot] ?? null;
  }
  entityOf(id) {
    const slot = slotOf(id);
    return this.#versions[slot] === versionOf(id) ? this.#entities[slot] ?? void 0 : void 0;
  }
  /** The type number of whatever is or was last in a slot. */
  typeAt(slot) {
    return this.#types[slot] ?? 0;
  }
  versionAt(slot) {
    return this.#versions[slot] ?? 0;
  }
  originAt(slot) {
    return this.#origins.get(slot);
  }
  /** Puts an entity that another world made into its slot, in place of whatever is there. Its fields have their initial values. */
  put(id, typeNumber) {
    const slot = slotOf(id);
    const there = this.#entities[slot];
    if (there) this.remove(there.id);
    return this.#place(id, typeNumber);
  }
  /** Takes an entity out. @returns false when it was not there. */
  remove(id) {
    const entity2 = this.entityOf(id);
    if (!entity2 || id === 0) return false;
    const slot = slotOf(id);
    this.#entities[slot] = null;
    this.#origins.delete(slot);
    if (slot < this.#freeFrom) this.#freeFrom = slot;
    const list2 = this.#ownList(this.#types[slot]);
    list2.splice(indexBySlot(list2, slot), 1);
    return true;
  }
  /** Slots and versions as plain data, for a saved room. The entities' fields are saved as rows. */
  saveTables() {
    const live = [];
    for (let slot = 1; slot < this.slotCount; slot++) {
      const origin = this.originAt(slot);
      live.push([this.versionAt(slot), this.at(slot) ? this.typeAt(slot) : 0, origin ? [origin.key, origin.tick, origin.number] : null]);
    }
    return [this.tick, live];
  }
  /** Fills an empty world from `saveTables` of a trusted save. */
  restoreTables(saved) {
    const [tick2, live] = saved;
    this.tick = tick2;
    this.#keys.clear();
    for (const [index, [version, type, origin]] of live.entries()) {
      const slot = index + 1;
      if (type > 0) this.#place(entityId(slot, version), type);
      this.#versions[slot] = version;
      this.slotCount = Math.max(this.slotCount, slot + 1);
      if (!origin) continue;
      const [key, spawnTick, number] = origin;
      this.#origins.set(slot, { key, tick: spawnTick, number });
      if (spawnTick === tick2) this.#keys.set(key, Math.max(this.#keys.get(key) ?? 0, number + 1));
    }
    this.#keysTick = tick2;
  }
  #typeNumber(type) {
    const number = this.#typeNumbers.get(type);
    if (number === void 0 || number === 0) throw new TypeError(`there is no entity type '${type}'`);
    return number;
  }
  #freeSlot() {
    let slot = this.#freeFrom;
    while (slot < this.slotCount && this.#entities[slot]) slot++;
    if (slot === limits.worldSlots) throw new RangeError(`the world is full: ${limits.worldSlots} entities`);
    this.#freeFrom = slot + 1;
    return slot;
  }
  #place(id, typeNumber) {
    const slot = slotOf(id);
    const type = this.game.types[typeNumber];
    const entity2 = { id, type: type.name };
    type.layout.initialise(entity2);
    this.#entities[slot] = entity2;
    this.#types[slot] = typeNumber;
    this.#versions[slot] = versionOf(id);
    if (slot >= this.slotCount) {
      for (let empty = this.slotCount; empty < slot; empty++) {
        this.#entities[empty] ??= null;
        this.#types[empty] ??= 0;
        this.#versions[empty] ??= 0;
      }
      this.slotCount = slot + 1;
    }
    const list2 = this.#ownList(typeNumber);
    list2.splice(indexBySlot(list2, slot), 0, entity2);
    return entity2;
  }
  /** The type's list, copied first when a loop may be reading it. */
  #ownList(typeNumber) {
    if (this.#givenOut[typeNumber]) {
      this.#byType[typeNumber] = [...this.#byType[typeNumber]];
      this.#givenOut[typeNumber] = false;
    }
    return this.#byType[typeNumber];
  }
  #originOf(key) {
    if (!Number.isInteger(key) || key < 0 || key > 65535) throw new RangeError(`spawn key ${key} must be a whole number from 0 to 65535`);
    if (this.#keysTick !== this.tick) this.#keys.clear();
    this.#keysTick = this.tick;
    const number = this.#keys.get(key) ?? 0;
    this.#keys.set(key, number + 1);
    return { key, tick: this.tick, number };
  }
};
function indexBySlot(list2, slot) {
  let low = 0;
  let high = list2.length;
  while (low < high) {
    const middle = low + high >>> 1;
    if (slotOf(list2[middle].id) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}
function ownCopy(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(ownCopy);
  return value instanceof Uint8Array ? value.slice() : { ...value };
}

// packages/client/src/received.ts
var ReceivedEntity = class {
  id;
  type;
  origin;
  count = 0;
  /** The form of the newest state: whether this client sees, shares or owns the entity now. */
  form = 0;
  /** States by `rowAt`. */
  rows;
  #stride;
  #words;
  /** Where the oldest state begins. */
  #start = 0;
  #newestBase = -1;
  constructor(id, type, origin) {
    this.id = id;
    this.type = type;
    this.origin = origin;
    this.#words = type.layout.words;
    this.#stride = this.#words + noteWords;
    this.rows = new Int32Array(firstCapacity * this.#stride);
  }
  /** Where a state's row begins in `rows`. */
  rowAt(index) {
    return this.#start + index * this.#stride;
  }
  tickAt(index) {
    return this.rows[this.#start + index * this.#stride + this.#words];
  }
  /** Since when a state has held; equal to its tick when it changed then. */
  sinceAt(index) {
    return this.rows[this.#start + index * this.#stride + this.#words + 1];
  }
  formAt(index) {
    return this.rows[this.#start + index * this.#stride + this.#words + 2];
  }
  get newestTick() {
    return this.count === 0 ? -1 : this.tickAt(this.count - 1);
  }
  /** Index of the newest state at or before `tick`, or -1. The server names a base by any tick through which its state held. */
  indexAt(tick2) {
    const { rows } = this;
    let index = this.count - 1;
    let at = this.#start + index * this.#stride + this.#words;
    while (index >= 0 && rows[at] > tick2) {
      index--;
      at -= this.#stride;
    }
    return index;
  }
  /** As `indexAt`, looking from the front: states from before the older base are gone, so bases are among the first. @param from an index at or before. */
  baseIndex(tick2, from) {
    const { rows, count } = this;
    const stride = this.#stride;
    let index = from - 1;
    let at = this.#start + from * stride + this.#words;
    while (index + 1 < count && rows[at] <= tick2) {
      index++;
      at += stride;
    }
    return index;
  }
  /** Where the state at `tick` begins in `rows`, or -1: the state of that tick, or an older one that was at rest and is not known to have changed. */
  rowFor(tick2) {
    const index = this.indexAt(tick2);
    if (index < 0) return -1;
    const isExact = this.tickAt(index) === tick2;
    const rests = this.sinceAt(index) < this.tickAt(index);
    return isExact || rests ? this.rowAt(index) : -1;
  }
  /** The server used the state at `baseTick`: it will not use older ones. `viewTick` is what the view still needs. */
  prune(baseTick, viewTick) {
    if (baseTick > this.#newestBase) this.#newestBase = baseTick;
    const keep = this.baseIndex(this.#newestBase < viewTick ? this.#newestBase : viewTick, 0);
    if (keep > 0) this.#dropOldest(keep);
  }
  /** Puts in a state from `row`. A second one for the same tick is ignored. */
  insert(tick2, since, form2, row, from) {
    const index = this.indexAt(tick2) + 1;
    if (index > 0 && this.tickAt(index - 1) === tick2) return;
    if (this.count === limits.clientStates) {
      if (index === 0) return;
      this.#dropOldest(1);
      this.insert(tick2, since, form2, row, from);
      return;
    }
    const stride = this.#stride;
    const words = this.#words;
    if (this.#start + (this.count + 1) * stride > this.rows.length) this.#makeRoom();
    const { rows } = this;
    const at = this.#start + index * stride;
    if (index < this.count) rows.copyWithin(at + stride, at, this.#start + this.count * stride);
    for (let word = 0; word < words; word++) rows[at + word] = row[from + word];
    rows[at + words] = tick2;
    rows[at + words + 1] = since;
    rows[at + words + 2] = form2;
    if (index === this.count) this.form = form2;
    this.count++;
  }
  #dropOldest(number) {
    this.#start += number * this.#stride;
    this.count -= number;
  }
  /** Moves the states to the front, into a larger table when more than half of this one is in use. */
  #makeRoom() {
    const { rows } = this;
    const end = this.#start + this.count * this.#stride;
    if (this.count * this.#stride * 2 > rows.length) {
      this.rows = new Int32Array(rows.length * 2);
      this.rows.set(rows.subarray(this.#start, end));
    } else {
      rows.copyWithin(0, this.#start, end);
    }
    this.#start = 0;
  }
};
var noteWords = 3;
var firstCapacity = 8;

// packages/client/src/received-world.ts
var ReceivedWorld = class {
  /** By slot. */
  entities = [];
  /** Ended, but perhaps still in view. */
  departed = [];
  /** Tick of the newest packet, and of the newest one that led a snapshot: what is predicted was whole in it. -1 before the first. */
  newestTick = -1;
  leadTick = -1;
  /** Counts the packets that changed anything. */
  changes = 0;
  #types;
  /** The newest tick at which each slot was said to be empty. */
  #emptyTick = [];
  /** By handle: the slot that the server gave it to, and when. */
  #slotOfHandle = [];
  #handleTick = [];
  constructor(game) {
    this.#types = game.types;
  }
  typeOf(number) {
    return this.#types[number];
  }
  /** The slot behind a handle, or -1. Handle 0 is the room's state always. */
  slotOfHandle(handle) {
    return handle === 0 ? 0 : this.#slotOfHandle[handle] ?? -1;
  }
  /** At `tick` the server gave a handle to a slot. */
  nameHandle(handle, slot, tick2) {
    if (tick2 < (this.#handleTick[handle] ?? -1)) return;
    this.#slotOfHandle[handle] = slot;
    this.#handleTick[handle] = tick2;
  }
  /** The newest tick at which the slot was said to be empty, or -1. */
  emptyTick(slot) {
    return this.#emptyTick[slot] ?? -1;
  }
  /** A whole state arrived. */
  full(slot, version, typeNumber, origin, tick2, since, form2, row, at) {
    if (tick2 <= this.emptyTick(slot)) return;
    const id = entityId(slot, version);
    let entity2 = this.entities[slot];
    if (entity2 && (entity2.id !== id || entity2.type.number !== typeNumber)) {
      if (tick2 <= entity2.newestTick) return;
      this.#depart(entity2, tick2);
      entity2 = void 0;
    }
    if (!entity2) {
      entity2 = new ReceivedEntity(id, this.#types[typeNumber], origin);
      this.entities[slot] = entity2;
    }
    entity2.insert(tick2, since, form2, row, at);
  }
  /** A slot is empty for this client at `tick`: whatever was there before is gone, also an earlier entity whose own end was lost. */
  despawn(slot, tick2) {
    const entity2 = this.entities[slot];
    if (entity2 && tick2 > entity2.newestTick) {
      this.#depart(entity2, tick2);
      this.entities[slot] = void 0;
    }
    this.#emptyTick[slot] = Math.max(this.emptyTick(slot), tick2);
  }
  get(id) {
    const entity2 = this.entities[slotOf(id)];
    return entity2?.id === id ? entity2 : void 0;
  }
  /** Forgets departed entities that the view has passed. */
  passed(viewTick) {
    if (this.departed.some(({ tick: tick2 }) => tick2 <= viewTick)) this.departed = this.departed.filter(({ tick: tick2 }) => tick2 > viewTick);
  }
  #depart(entity2, tick2) {
    this.departed.push({ entity: entity2, tick: tick2 });
    if (this.departed.length > limits.worldSlots) this.departed.shift();
  }
};

// packages/client/src/snapshot-reader.ts
var staged = { slot: 0, handle: 1, operation: 2, version: 3, type: 4, form: 5, since: 6, baseTick: 7, at: 8 };
var stagedWords = 9;
var SnapshotReader = class {
  /** The head of the last packet read. */
  head = emptySnapshotHead();
  /** The effects of the last packet taken. */
  effects = [];
  #game;
  #world;
  #reader = new BitReader();
  #decoder = new SymbolDecoder(codecTable);
  #opening = emptyOpening();
  #identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };
  #bases;
  /** By type and form. */
  #plans;
  #frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  #effectHead = { id: 0, event: 0, age: 0 };
  #staged = new Int32Array(256 * stagedWords);
  #stagedCount = 0;
  /** By place in the table, of the few records that have one. */
  #origins = [];
  #rows = new Int32Array(1024);
  #rowsUsed = 0;
  #missesBase = false;
  /** Of the record at hand. */
  #slot = 0;
  #handle = -1;
  #hash = new HashSink();
  constructor(game, world) {
    this.#game = game;
    this.#world = world;
    this.#plans = plansOf(game.types);
    const none = new Int32Array(0);
    this.#bases = { newer: none, newerAt: 0, older: none, olderAt: -1, newerAge: 0, span: 0, interval: game.tickHz / game.snapshotHz };
  }
  /** @param near a tick near the server's present one. @param isNew says whether a packet of this sequence is to be taken. */
  read(bytes2, near, viewTick, isNew) {
    const frame4 = this.#frame;
    const reader = this.#reader;
    if (bytes2.length > limits.packetBytes || !readFrame(bytes2, frame4) || frame4.kind !== messageKind.snapshot) return "wrong";
    reader.reset(bytes2, frame4.from, frame4.to);
    readSnapshotHead(reader, this.head);
    if (reader.failed) return "wrong";
    this.head.tick = unwrap16(this.head.tick, near);
    if (this.head.tick < 0) return "wrong";
    if (!isNew(this.head.sequence)) return "old";
    this.#stagedCount = 0;
    this.#rowsUsed = 0;
    this.#origins.length = 0;
    this.#missesBase = false;
    this.effects.length = 0;
    const decoder = this.#decoder;
    decoder.failed = false;
    if (this.head.hasPrivate) {
      decoder.reset(bytes2, reader.nextByte, frame4.to);
      this.#readRecords(true);
      if (!decoder.failed) this.#readEffects();
      if (!decoder.done) decoder.failed = true;
    }
    const segmentFrom = this.head.hasPrivate ? frame4.secondFrom : reader.nextByte;
    const segmentTo = this.head.hasPrivate ? frame4.secondTo : frame4.to;
    if (segmentTo > segmentFrom && !decoder.failed) {
      decoder.reset(bytes2, segmentFrom, segmentTo);
      this.#readRecords(false);
      if (!decoder.done) decoder.failed = true;
    }
    if (this.#missesBase) return this.head.tick >= this.#world.newestTick ? "no-base" : "old";
    if (decoder.failed) return "wrong";
    if (hasHash(this.head.sequence) && this.#hashStaged() !== this.head.hash) return "differs";
    this.#commit(viewTick);
    return "taken";
  }
  #readRecords(isPrivate) {
    const decoder = this.#decoder;
    const count = decoder.readVar();
    if (count > limits.worldSlots) decoder.failed = true;
    firstOpening(this.#opening);
    for (let index = 0; index < count && !decoder.failed; index++) {
      readOpening(decoder, this.#opening);
      if (this.#opening.slot >= limits.worldSlots) decoder.failed = true;
      this.#handle = this.head.hasHandles && !isPrivate ? this.#opening.slot : -1;
      this.#slot = this.#handle < 0 ? this.#opening.slot : this.#slotOf(this.#handle);
      if (!decoder.failed) this.#readBody(isPrivate);
    }
  }
  /** The slot behind a handle: a whole state says it, anything else speaks of one that it said. -1 when it is not here. */
  #slotOf(handle) {
    return this.#opening.operation === operation.full ? this.#decoder.read(slotBits) : this.#world.slotOfHandle(handle);
  }
  /** Reads what stands behind a record's opening and stages the whole. */
  #readBody(isPrivate) {
    if (this.#opening.operation === operation.despawn) this.#stage(0, 0, form.seen, 0, -1, void 0);
    else if (this.#opening.operation === operation.full) this.#readFull(isPrivate);
    else this.#readDelta(isPrivate);
  }
  #readFull(isPrivate) {
    const decoder = this.#decoder;
    const identity = this.#identity;
    readIdentity(decoder, identity, this.#game.types.length, isPrivate);
    const type = this.#world.typeOf(identity.type);
    if (!type || type.number === 0 !== (this.#slot === 0)) decoder.failed = true;
    if (!type || decoder.failed) return;
    const restAge = readRest(decoder);
    const at = this.#stageRow(type);
    readWhole(decoder, type.layout, this.#rows, at, identity.form === form.seen ? "wire" : "step", identity.form === form.owned);
    this.#stage(identity.version, type.number, identity.form, restAge, at, this.#origin());
  }
  #readDelta(isPrivate) {
    const decoder = this.#decoder;
    const { newerAge, span } = this.#opening;
    const entity2 = this.#world.entities[this.#slot];
    const newerTick = this.head.tick - newerAge;
    const older = entity2 && span > 0 ? entity2.baseIndex(newerTick - span, 0) : -1;
    const newer = entity2 ? entity2.baseIndex(newerTick, older < 0 ? 0 : older) : -1;
    if (!entity2 || newer < 0 || span > 0 && older < 0) {
      decoder.failed = true;
      this.#missesBase = true;
      return;
    }
    const { number } = entity2.type;
    const seenAs = isPrivate ? entity2.formAt(newer) : form.seen;
    const bases = this.#bases;
    bases.newer = entity2.rows;
    bases.newerAt = entity2.rowAt(newer);
    bases.older = entity2.rows;
    bases.olderAt = older < 0 ? -1 : entity2.rowAt(older);
    bases.newerAge = newerAge;
    bases.span = span;
    const at = this.#stageRow(entity2.type);
    const plan = this.#plans[number * 3 + seenAs];
    const restAge = readChange(decoder, plan, this.#rows, at, bases);
    this.#stage(versionOf(entity2.id), number, seenAs, restAge, at, void 0, newerTick - span);
  }
  #readEffects() {
    const decoder = this.#decoder;
    const head = this.#effectHead;
    const count = decoder.readVar();
    for (let index = 0; index < count && !decoder.failed; index++) {
      readEffectHead(decoder, head);
      const type = this.#game.eventTypes[head.event];
      if (!type || type.expiresMs === void 0) {
        decoder.failed = true;
        return;
      }
      const row = new Int32Array(type.layout.words);
      type.layout.read(decoder, row, 0, "step", true);
      if (decoder.failed) return;
      const fields = {};
      type.layout.load(row, 0, fields);
      this.effects.push({ id: head.id, type, tick: this.head.tick - head.age, fields });
    }
  }
  #origin() {
    const { originKey: key, originAge, originNumber: number } = this.#identity;
    return key < 0 ? void 0 : { key, tick: this.head.tick - originAge, number };
  }
  #stageRow(type) {
    const at = this.#rowsUsed;
    this.#rowsUsed += type.layout.words;
    if (this.#rowsUsed > this.#rows.length) {
      const larger = new Int32Array(this.#rowsUsed * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    return at;
  }
  #stage(version, type, seenAs, restAge, at, origin, baseTick = -1) {
    const to = this.#stagedCount * stagedWords;
    if (to === this.#staged.length) {
      const larger = new Int32Array(to * 2);
      larger.set(this.#staged);
      this.#staged = larger;
    }
    const table = this.#staged;
    table[to + staged.slot] = this.#slot;
    table[to + staged.handle] = this.#handle;
    table[to + staged.operation] = this.#opening.operation;
    table[to + staged.version] = version;
    table[to + staged.type] = type;
    table[to + staged.form] = seenAs;
    table[to + staged.since] = this.head.tick - restAge;
    table[to + staged.baseTick] = baseTick;
    table[to + staged.at] = at;
    if (origin) this.#origins[this.#stagedCount] = origin;
    this.#stagedCount++;
  }
  /** The sum of the hashes of all records that were staged, as the server makes it. */
  #hashStaged() {
    const hash = this.#hash;
    const table = this.#staged;
    let sum = 0;
    for (let index = 0; index < this.#stagedCount; index++) {
      const from = index * stagedWords;
      hash.reset();
      hash.write(table[from + staged.slot], slotBits);
      if (table[from + staged.operation] !== operation.despawn) {
        const seenAs = table[from + staged.form];
        const type = this.#world.typeOf(table[from + staged.type]);
        type?.layout.write(hash, this.#rows, table[from + staged.at], seenAs === form.seen ? "wire" : "step", seenAs === form.owned);
      }
      sum += hash.value;
    }
    return sum & 65535;
  }
  #commit(viewTick) {
    const { tick: tick2, leads } = this.head;
    const world = this.#world;
    const table = this.#staged;
    for (let index = 0; index < this.#stagedCount; index++) {
      const from = index * stagedWords;
      const slot = table[from + staged.slot];
      if (slot < 0) continue;
      const version = table[from + staged.version];
      const type = table[from + staged.type];
      const since = table[from + staged.since];
      const seenAs = table[from + staged.form];
      const at = table[from + staged.at];
      const what = table[from + staged.operation];
      if (what === operation.despawn) {
        world.despawn(slot, tick2);
      } else if (what === operation.full) {
        const handle = table[from + staged.handle];
        if (handle > 0) world.nameHandle(handle, slot, tick2);
        world.full(slot, version, type, this.#origins[index], tick2, since, seenAs, this.#rows, at);
      } else {
        const entity2 = world.entities[slot];
        if (!entity2 || versionOf(entity2.id) !== version || entity2.type.number !== type) continue;
        if (seenAs === form.seen && entity2.form !== form.seen) continue;
        entity2.insert(tick2, since, seenAs, this.#rows, at);
        entity2.prune(table[from + staged.baseTick], viewTick);
      }
    }
    world.changes++;
    world.newestTick = Math.max(world.newestTick, tick2);
    if (leads) world.leadTick = Math.max(world.leadTick, tick2);
  }
};

// packages/server/src/effects.ts
var waitingMax = 128;
var Effects = class {
  waiting = [];
  #lastId = 0;
  add(type, values, tick2, expiresTick) {
    if (this.waiting.length === waitingMax) this.waiting.shift();
    const row = new Int32Array(type.layout.words);
    type.layout.store(values, row, 0);
    this.#lastId = this.#lastId + 1 & 65535;
    this.waiting.push({ id: this.#lastId, type, tick: tick2, expiresTick, row });
  }
  /** Drops what is worthless by now. */
  expire(tick2) {
    let kept = 0;
    for (const effect of this.waiting) if (effect.expiresTick >= tick2) this.waiting[kept++] = effect;
    this.waiting.length = kept;
  }
  /** The client has this one. */
  done(id) {
    const index = this.waiting.findIndex((effect) => effect.id === id);
    if (index >= 0) this.waiting.splice(index, 1);
  }
};
function effectBits(layout) {
  return 16 + 6 + 40 + layout.bitsMax("step", true);
}

// packages/server/src/record-log.ts
var pages = limits.snapshotsInFlight * 2;
var RecordLog = class {
  /** The page of the tick at hand. */
  page = newPage(-1);
  #pages = [];
  #next = 0;
  /** Begins the page of a tick. */
  begin(tick2) {
    const page = this.#pages[this.#next] ?? newPage(tick2);
    page.tick = tick2;
    page.length = 0;
    this.#pages[this.#next] = page;
    this.#next = (this.#next + 1) % pages;
    this.page = page;
  }
  add(marks, key) {
    const { page } = this;
    const at = page.length;
    if (at === page.records.length) {
      const larger = new Int32Array(at * 2);
      larger.set(page.records);
      page.records = larger;
    }
    page.records[at] = marks;
    page.records[at + 1] = key;
    page.length = at + 2;
  }
};
function newPage(tick2) {
  return { tick: tick2, records: new Int32Array(512), length: 0 };
}
var slotMask = 16383;
var restMark = 1 << 14;
var despawnMark = 1 << 15;
function stateMarks(slot, rests) {
  return slot | (rests ? restMark : 0);
}
function despawnMarks(slot) {
  return slot | despawnMark;
}
function markedSlot(marks) {
  return marks & slotMask;
}
function marksRest(marks) {
  return (marks & restMark) !== 0;
}
function marksDespawn(marks) {
  return (marks & despawnMark) !== 0;
}

// packages/server/src/replica.ts
var entry = { key: 0, base: 1, older: 2, rest: 3 };
var entryWords = 4;
function keyOf(version, seenAs) {
  return (version << 2 | seenAs) + 1;
}
function versionOfKey(key) {
  return key < 0 ? -1 - key : key - 1 >>> 2;
}
function leavingKey(version) {
  return -1 - version;
}
var Replica = class {
  /** By slot, `entryWords` each. Only this class writes to them. */
  entries = new Int32Array(0);
  /** By slot: the newest tick of which the client acknowledged that its own entity rests as others see it. */
  seenRests = new Int32Array(0);
  /** By slot: its handle, 0 for none. */
  #handles = new Int32Array(0);
  /** By handle: its slot, 0 for a free one; and handles in use are below `handleEnd`. Handle 0 is slot 0 always: the room's state. */
  slotOfHandle = new Int32Array(0);
  handleEnd = 0;
  /** The two newest ticks of which the client acknowledged a packet, the newest first: what most entities have as their bases. */
  newestTick = -1;
  previousTick = -1;
  /** The lowest handle that may be free. */
  #freeFrom = 1;
  /** Makes room for slots below `slotCount`. */
  grow(slotCount) {
    if (slotCount * entryWords <= this.entries.length) return;
    const size5 = Math.max(64, 2 ** Math.ceil(Math.log2(slotCount)));
    this.entries = copyInto(new Int32Array(size5 * entryWords), this.entries);
    this.seenRests = copyInto(new Int32Array(size5), this.seenRests);
    this.#handles = copyInto(new Int32Array(size5), this.#handles);
    this.slotOfHandle = copyInto(new Int32Array(size5), this.slotOfHandle);
  }
  /** The entity in a slot is to be known to the client in this form: an episode begins. */
  enter(slot, version, seenAs, tick2) {
    this.entries[slot * entryWords + entry.key] = keyOf(version, seenAs);
    this.#begin(slot, tick2);
  }
  /** The same entity is to be known as the client's own. */
  enterOwned(slot, tick2) {
    this.enter(slot, versionOfKey(this.entries[slot * entryWords + entry.key]), form.owned, tick2);
  }
  /** Whatever the client knows in this slot is to go. */
  leave(slot, tick2) {
    const at = slot * entryWords;
    this.entries[at + entry.key] = leavingKey(versionOfKey(this.entries[at + entry.key]));
    this.#begin(slot, tick2);
  }
  /** Gives a slot its handle, the lowest that is free, unless it has one: it keeps it until the client has forgotten the slot. */
  giveHandle(slot) {
    if (this.#handles[slot] !== 0 || slot === 0) return;
    let handle = this.#freeFrom;
    while (this.slotOfHandle[handle] !== 0) handle++;
    this.#freeFrom = handle + 1;
    this.slotOfHandle[handle] = slot;
    this.#handles[slot] = handle;
    if (handle >= this.handleEnd) this.handleEnd = handle + 1;
  }
  /** The client acknowledged a packet of `tick`, whatever was in it. */
  acknowledgeTick(tick2) {
    if (tick2 > this.newestTick) {
      this.previousTick = this.newestTick;
      this.newestTick = tick2;
    } else if (tick2 < this.newestTick && tick2 > this.previousTick) {
      this.previousTick = tick2;
    }
  }
  /**
   * The client acknowledged a packet of `tick`: what it named, `records` from `from` up to `to` as in a RecordLog. Acks of an earlier episode mean nothing:
   * the client may have dropped what they speak of.
   */
  acknowledge(records, from, to, tick2) {
    const { entries } = this;
    for (let index = from; index < to; index += 2) {
      const marks = records[index];
      const slot = markedSlot(marks);
      const at = slot * entryWords;
      if (entries[at + entry.key] !== records[index + 1]) {
        if (marksRest(marks)) this.#acknowledgeSeen(slot, records[index + 1], tick2);
        continue;
      }
      const newest = entries[at + entry.base];
      if (newest < 0 && tick2 < -1 - newest) continue;
      if (marksDespawn(marks)) {
        this.#drop(slot);
      } else if (tick2 > newest) {
        entries[at + entry.older] = newest < 0 ? -1 : newest;
        entries[at + entry.base] = tick2;
      } else if (tick2 < newest && tick2 > entries[at + entry.older] && entries[at + entry.older] >= 0) {
        entries[at + entry.older] = tick2;
      }
      if (marksRest(marks) && tick2 > entries[at + entry.rest]) entries[at + entry.rest] = tick2;
    }
  }
  /** The client lost its states: everything present begins anew, without a base. */
  forget(tick2) {
    for (let slot = 0; slot < this.seenRests.length; slot++) if (this.entries[slot * entryWords + entry.key] !== 0) this.#begin(slot, tick2);
    this.newestTick = -1;
    this.previousTick = -1;
  }
  /** The client's own entity, named as others see it, and at rest for them. */
  #acknowledgeSeen(slot, key, tick2) {
    const isOwn = this.entries[slot * entryWords + entry.key] === key + form.owned - form.seen;
    if (isOwn && tick2 > this.seenRests[slot]) this.seenRests[slot] = tick2;
  }
  #begin(slot, tick2) {
    const at = slot * entryWords;
    this.entries[at + entry.base] = -1 - tick2;
    this.entries[at + entry.older] = -1;
    this.entries[at + entry.rest] = -1;
    this.seenRests[slot] = tick2 - 1;
  }
  #drop(slot) {
    this.entries[slot * entryWords + entry.key] = 0;
    const handle = this.#handles[slot];
    if (handle === 0) return;
    this.#handles[slot] = 0;
    this.slotOfHandle[handle] = 0;
    if (handle < this.#freeFrom) this.#freeFrom = handle;
  }
};
function copyInto(to, from) {
  to.set(from);
  return to;
}

// packages/server/src/sent-packets.ts
var ring = limits.packetsRemembered;
var SentPackets = class {
  #packets = [];
  #open;
  /** Sequence of the newest packet sent, or -1. */
  newest = -1;
  /** When the packet of the last ack was sent; -1 when it was acknowledged before. */
  ackedSentAt = -1;
  #snapshots = 0;
  #ackedSnapshot = 0;
  /** The newest ack that came, or -1, with the bits that came with it or before. */
  #acked = -1;
  #ackedBits = 0;
  /** Snapshots sent after the newest one of which a packet was acknowledged. */
  get unacknowledged() {
    return this.#snapshots - this.#ackedSnapshot;
  }
  /** Begins to note a packet; `leads` begins a snapshot. */
  begin(sequence, tick2, leads, now) {
    if (leads) this.#snapshots++;
    const index = sequence % ring;
    let packet = this.#packets[index];
    if (!packet) {
      packet = newPacket();
      this.#packets[index] = packet;
    }
    packet.sequence = sequence;
    packet.tick = tick2;
    packet.snapshot = this.#snapshots;
    packet.sentAt = now;
    packet.waiting = true;
    packet.page = void 0;
    packet.privateTo = packet.privateFrom;
    packet.segmentTo = packet.segmentFrom;
    if (packet.effects.length > 0) packet.effects.length = 0;
    this.#open = packet;
    this.newest = sequence;
  }
  /** Notes the records of the packet's private part. */
  notePrivate(page, from, to) {
    const packet = this.#open;
    packet.page = page;
    packet.privateFrom = from;
    packet.privateTo = to;
  }
  /** Notes the records of the packet's segment. */
  noteSegment(page, from, to) {
    const packet = this.#open;
    packet.page = page;
    packet.segmentFrom = from;
    packet.segmentTo = to;
  }
  noteEffect(id) {
    this.#open.effects.push(id);
  }
  /**
   * Takes the client's ack: the newest packet it has and a bit for each of the 32 before.
   * @returns whether any packet was acknowledged that was not before. `ackedSentAt` says when the newest was sent, or -1 when that is no news: the client's
   * hold time speaks of that packet only.
   */
  acknowledge(ack, bits, replica, effectDone) {
    if (this.newest < 0 || sequenceDistance(ack, this.newest) > 0) return false;
    let isNews = false;
    this.ackedSentAt = -1;
    const fresh = this.#freshBits(ack, bits);
    for (let back = 32; back >= 0; back--) {
      if (back > 0 && (fresh >>> back - 1 & 1) === 0) continue;
      const sequence = ack - back & 65535;
      const packet = this.#packets[sequence % ring];
      if (!packet?.waiting || packet.sequence !== sequence) continue;
      packet.waiting = false;
      isNews = true;
      if (back === 0) this.ackedSentAt = packet.sentAt;
      this.#ackedSnapshot = Math.max(this.#ackedSnapshot, packet.snapshot);
      const { page } = packet;
      replica.acknowledgeTick(packet.tick);
      if (page && page.tick === packet.tick) {
        replica.acknowledge(page.records, packet.privateFrom, packet.privateTo, packet.tick);
        replica.acknowledge(page.records, packet.segmentFrom, packet.segmentTo, packet.tick);
      }
      for (const id of packet.effects) effectDone(id);
    }
    return isNews;
  }
  /** The bits of an ack that the acks before it did not have. */
  #freshBits(ack, bits) {
    const ahead = this.#acked < 0 ? 64 : sequenceDistance(ack, this.#acked);
    if (ahead < 0) return bits;
    const known = ahead === 0 ? this.#ackedBits : ahead > 32 ? 0 : (ahead === 32 ? 0 : this.#ackedBits << ahead) | 1 << ahead - 1;
    this.#acked = ack;
    this.#ackedBits = bits | known;
    return bits & ~known;
  }
  /** Acks of packets sent so far no longer count: the client said that it lost its states. */
  forget() {
    for (const packet of this.#packets) if (packet) packet.waiting = false;
  }
};
function newPacket() {
  return {
    sequence: 0,
    tick: 0,
    snapshot: 0,
    sentAt: 0,
    waiting: false,
    page: void 0,
    privateFrom: 0,
    privateTo: 0,
    segmentFrom: 0,
    segmentTo: 0,
    effects: []
  };
}

// packages/server/src/due-list.ts
var openingCost = 256;
var despawnCost = 14 * 256;
var DueList = class {
  /** What is due: the slot, the handle that the client knows it by (unless `isWhole`), and its body; below 0 a despawn, which says so by itself. */
  slots = new Int32Array(64);
  handles = new Int32Array(64);
  bodies = new Int32Array(64);
  count = 0;
  /** The client sees the whole world, and knows everything by its slot. */
  isWhole = true;
  /** The prediction group, likewise; by slots. */
  group = new Int32Array(64);
  groupBodies = new Int32Array(64);
  groupCount = 0;
  #table;
  /** By slot, the last gathering in which it was visible, and in which the client controlled it. */
  #marks = new Int32Array(64);
  #owned = new Int32Array(64);
  #mark = 0;
  constructor(table) {
    this.#table = table;
  }
  /** Collects everything that is due for a client in the tick of the table. */
  gather(viewer, tick2) {
    const { replica, visible } = viewer;
    const { slotCount } = this.#table;
    if (this.slots.length < slotCount * 2) this.#grow(slotCount * 2);
    replica.grow(slotCount);
    this.count = 0;
    this.groupCount = 0;
    this.isWhole = !visible;
    const mark = ++this.#mark;
    for (const slot of viewer.controls) {
      this.#owned[slot] = mark;
      if (replica.entries[slot * entryWords + entry.key] === this.#table.keys[slot]) replica.enterOwned(slot, tick2);
    }
    if (!visible) {
      this.#gather(replica, void 0, slotCount, tick2);
      return;
    }
    const marks = this.#marks;
    for (let index = 0; index < visible.count; index++) {
      const slot = visible.slots[index];
      marks[slot] = mark;
      replica.giveHandle(slot);
    }
    this.#gather(replica, replica.slotOfHandle, Math.max(1, replica.handleEnd), tick2);
  }
  /**
   * As `#look` at every slot, or at that of every handle. What most entities have in common is asked here, without a call: known as they are, and with the
   * client's newest bases.
   */
  #gather(replica, slotOfHandle, end, tick2) {
    const table = this.#table;
    const { keys, seenSince, ringFrom } = table;
    const { entries, newestTick, previousTick } = replica;
    const { slots, handles, bodies: bodies2 } = this;
    const marks = this.#marks;
    const mark = this.#mark;
    const usualBodies = newestTick >= ringFrom && previousTick >= ringFrom ? table.pairOf(form.seen, newestTick, previousTick).bodies : void 0;
    let count = 0;
    for (let number = 0; number < end; number++) {
      const slot = slotOfHandle ? slotOfHandle[number] : number;
      if (slot === 0 && number > 0) continue;
      const at = slot * entryWords;
      const key = slotOfHandle && marks[slot] !== mark ? 0 : keys[slot];
      if (entries[at + entry.key] !== key || key !== 0 && (key - 1 & 3) !== form.seen) {
        this.count = count;
        this.#look(replica, slot, number, key !== 0, tick2);
        count = this.count;
        continue;
      }
      if (key === 0 || entries[at + entry.rest] >= seenSince[slot]) continue;
      const isUsual = usualBodies && entries[at + entry.base] === newestTick && entries[at + entry.older] === previousTick;
      const known = isUsual ? usualBodies[slot] : 0;
      const body2 = known !== 0 ? known - 1 : this.#bodyFor(replica, slot, form.seen);
      slots[count] = slot;
      if (slotOfHandle) handles[count] = number;
      bodies2[count++] = body2;
    }
    this.count = count;
  }
  /** How many records from `from` on, `most` at the most, cost about `costMax` together. */
  fitting(from, most2, costMax) {
    const { costs: costs2 } = this.#table;
    const { bodies: bodies2 } = this;
    let cost = 0;
    for (let index = from; index < from + most2; index++) {
      const body2 = bodies2[index];
      cost += body2 < 0 ? despawnCost : costs2[body2] + openingCost;
      if (cost > costMax) return index - from;
    }
    return most2;
  }
  /** What a slot has to say to a client. @param isVisible an entity lives there and the client is to see it. */
  #look(replica, slot, handle, isVisible, tick2) {
    const table = this.#table;
    const { entries } = replica;
    const at = slot * entryWords;
    const known = entries[at + entry.key];
    if (!isVisible) {
      if (known === 0) return;
      if (known > 0) replica.leave(slot, tick2);
      this.#add(slot, handle, despawnOf(slot, versionOfKey(known)));
      return;
    }
    const publicKey = table.keys[slot];
    const version = versionOfKey(publicKey);
    const seenAs = this.#owned[slot] === this.#mark ? form.owned : publicKey - 1 & 3;
    if (known !== keyOf(version, seenAs)) replica.enter(slot, version, seenAs, tick2);
    const isDue = entries[at + entry.rest] < table.sinceAs(slot, seenAs);
    if (seenAs === form.seen) {
      if (isDue) this.#add(slot, handle, this.#bodyFor(replica, slot, seenAs));
      return;
    }
    if (isDue) {
      this.group[this.groupCount] = slot;
      this.groupBodies[this.groupCount++] = this.#bodyFor(replica, slot, seenAs);
    }
    if (seenAs === form.owned && this.isWhole && entries[at + entry.base] >= 0) {
      const isSeenDue = replica.seenRests[slot] < table.seenSince[slot];
      const body2 = isSeenDue ? this.#bodyFor(replica, slot, form.seen) : -1;
      if (body2 >= 0 && table.newerTick(body2) >= 0) this.#add(slot, handle, body2);
    }
  }
  /**
   * The body for what a client holds of an entity. Where a state held until one of the client's two newest ticks, the base is named by that tick: most
   * entities then have the same bases, whenever they last moved, and clients that are as far away share more.
   */
  #bodyFor(replica, slot, seenAs) {
    const table = this.#table;
    const { entries, newestTick, previousTick } = replica;
    const at = slot * entryWords;
    const base = entries[at + entry.base];
    const older = entries[at + entry.older];
    if (!this.#isBase(slot, seenAs, base)) return table.body(slot, seenAs, -1, -1);
    const newer = this.#heldAt(slot, seenAs, newestTick, base) ? newestTick : this.#heldAt(slot, seenAs, previousTick, base) ? previousTick : base;
    const isOlder = this.#isBase(slot, seenAs, older);
    const isUsual = previousTick < newer && (previousTick >= base || isOlder && (previousTick === older || this.#heldAt(slot, seenAs, previousTick, older)));
    return table.body(slot, seenAs, newer, isUsual ? previousTick : isOlder ? older : -1);
  }
  /** Whether the server still has the state that a client has of this tick. */
  #isBase(slot, seenAs, tick2) {
    return tick2 >= this.#table.ringFrom || tick2 >= 0 && tick2 >= this.#table.baseFrom(slot, seenAs);
  }
  /** Whether the state that a client has of tick `from` is still the entity's state at `tick`, which the client had a packet of. */
  #heldAt(slot, seenAs, tick2, from) {
    return tick2 > from && tick2 >= this.#table.ringFrom && this.#table.heldSince(slot, tick2, seenAs) <= from;
  }
  #add(slot, handle, body2) {
    this.slots[this.count] = slot;
    this.handles[this.count] = handle;
    this.bodies[this.count++] = body2;
  }
  #grow(size5) {
    this.slots = new Int32Array(size5);
    this.handles = new Int32Array(size5);
    this.bodies = new Int32Array(size5);
    this.group = new Int32Array(size5);
    this.groupBodies = new Int32Array(size5);
    this.#marks = new Int32Array(size5);
    this.#owned = new Int32Array(size5);
  }
};
function despawnOf(slot, version) {
  return -1 - (version * limits.worldSlots + slot);
}
function despawnKey(number, slot) {
  return -1 - (-1 - number - slot) / limits.worldSlots;
}

// packages/server/src/record-list.ts
var RecordList = class {
  /** Counts and openings, and behind the last record whatever the caller writes. */
  symbols = new Symbols(codecTable);
  #table;
  #encoder = new SymbolEncoder();
  #opening = emptyOpening();
  #ends = new Int32Array(64);
  constructor(table) {
    this.#table = table;
  }
  /**
   * Writes the openings of `count` records, from `first` on. @param numbers by which the receiver knows the entities. @param slots theirs; where they are
   * not the numbers, a whole state says its slot.
   */
  open(numbers2, slots, bodies2, first, count, tick2) {
    const { symbols } = this;
    if (this.#ends.length < count) this.#ends = new Int32Array(count * 2);
    symbols.reset();
    symbols.writeVar(count);
    firstOpening(this.#opening);
    for (let index = 0; index < count; index++) {
      const body2 = bodies2[first + index];
      const number = numbers2[first + index];
      if (body2 < 0) {
        writeOpening(symbols, this.#opening, number, operation.despawn, 0, 0);
      } else {
        const newer = this.#table.newerTick(body2);
        const older = this.#table.olderTick(body2);
        if (newer >= 0) writeOpening(symbols, this.#opening, number, operation.delta, tick2 - newer, older < 0 ? 0 : newer - older);
        else writeOpening(symbols, this.#opening, number, operation.full, 0, 0);
        if (newer < 0 && numbers2 !== slots) symbols.write(slots[first + index], slotBits);
      }
      this.#ends[index] = symbols.length;
    }
  }
  /** Codes the records that were opened. @returns the length of the bytes in `into` from `at` on, -1 when they do not fit `bytesMax`. */
  encode(bodies2, first, count, into, at, bytesMax) {
    const encoder = this.#encoder;
    const { list: list2, length } = this.symbols;
    encoder.begin(into, at, at + bytesMax);
    let end = length;
    for (let index = count - 1; index >= 0; index--) {
      const opened = this.#ends[index];
      encoder.put(list2, opened, end);
      const body2 = bodies2[first + index];
      if (body2 >= 0) this.#table.put(body2, encoder);
      end = opened;
    }
    encoder.put(list2, 0, end);
    return encoder.finish();
  }
};

// packages/server/src/segment-cache.ts
var segmentsMax = 64;
var packetRoom = limits.packetBytes + frameBytesMax;
var SegmentCache = class {
  /** A packet from 0 on, then the segments. */
  buffer = new Uint8Array(packetRoom + (segmentsMax + 1) * limits.packetBytes);
  #segments = [];
  #used = 0;
  /** Forgets the tick before. */
  begin() {
    this.#used = 0;
  }
  /** The segment that names exactly these, or undefined. */
  find(names, from, count) {
    for (let index = 0; index < this.#used; index++) {
      const segment = this.#segments[index];
      if (segment.count === count && startsWith(names, from, segment)) return segment;
    }
    return void 0;
  }
  /** Where the next segment's bytes may be put. */
  get next() {
    const { length } = this.#segments;
    if (this.#used === length) {
      const at = packetRoom + length * limits.packetBytes;
      this.#segments.push({ names: new Int32Array(64), count: 0, at, length: 0, logFrom: 0, logTo: 0 });
    }
    return this.#segments[this.#used];
  }
  /** Remembers the next segment by what it names, unless there are too many. */
  keep(names, from, count) {
    if (this.#used === segmentsMax) return;
    const segment = this.next;
    if (segment.names.length < count) segment.names = new Int32Array(count * 2);
    for (let index = 0; index < count; index++) segment.names[index] = names[from + index];
    segment.count = count;
    this.#used++;
  }
};
function startsWith(names, from, segment) {
  for (let index = segment.count - 1; index >= 0; index--) if (segment.names[index] !== names[from + index]) return false;
  return true;
}

// packages/server/src/tick-table.ts
var costs = makeCosts();
var TickTable = class {
  slotCount = 0;
  /** By slot: what a client that does not control the entity is to have (`keyOf`); 0 where none lives. */
  keys = new Int32Array(64);
  /** By slot: since when the state has held, for its owner and as others see it. */
  since = new Int32Array(64);
  seenSince = new Int32Array(64);
  /** From this tick on every row that was ever recorded of what lives now is there. */
  ringFrom = 0;
  /** By body: about what it costs. */
  costs = new Int32Array(256);
  #world;
  #history;
  #bases;
  #identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };
  #symbols = new Symbols(codecTable);
  #hash = new HashSink();
  /** By type and form. */
  #plans;
  /** The pairs of bases (and forms) that were asked for in this tick, each with the numbers of its bodies by slot, plus 1. */
  #pairs = [];
  #pairCount = 0;
  /** By hash: the pair's number, from 1. */
  #pairPlaces = new Uint8Array(pairPlaces);
  #bodies = new Int32Array(256 * bodyWords);
  #bodyCount = 0;
  constructor(world, history) {
    this.#world = world;
    this.#history = history;
    const none = new Int32Array(0);
    const interval = world.game.tickHz / world.game.snapshotHz;
    this.#plans = plansOf(world.game.types);
    this.#bases = { newer: none, newerAt: 0, older: none, olderAt: -1, newerAge: 0, span: 0, interval };
  }
  /** Looks at the world as it was recorded for its tick. */
  begin() {
    const world = this.#world;
    this.#grow(world.slotCount);
    this.#symbols.reset();
    this.#bodyCount = 0;
    this.slotCount = world.slotCount;
    this.#pairCount = 0;
    this.#pairPlaces.fill(0);
    this.ringFrom = world.tick - limits.historyTicks + 1;
    for (let slot = 0; slot < world.slotCount; slot++) {
      if (!world.at(slot)) {
        this.keys[slot] = 0;
        continue;
      }
      this.keys[slot] = keyOf(world.versionAt(slot), this.#typeAt(slot).predict === "everyone" ? form.shared : form.seen);
      this.since[slot] = this.#history.sinceNow(slot, true);
      this.seenSince[slot] = this.#history.sinceNow(slot, false);
    }
  }
  /** Since when the state of a slot has held, for those who have it in this form. */
  sinceAs(slot, seenAs) {
    return seenAs === form.owned ? this.since[slot] : this.seenSince[slot];
  }
  /** The oldest tick that can be a base. */
  baseFrom(slot, seenAs) {
    return this.#history.baseFrom(slot, seenAs === form.owned);
  }
  /** Since when the state at `tick`, which can be a base, had held then. */
  heldSince(slot, tick2, seenAs) {
    return this.#history.sinceAt(slot, tick2, seenAs === form.owned);
  }
  /**
   * The body of a record, made at its first use in a tick.
   * @param newerTick the newest tick that the receiver acknowledged of this entity, or -1: the body is the whole state then. @param olderTick the one before, or -1.
   * @returns its number.
   */
  body(slot, seenAs, newerTick, olderTick) {
    const pair = this.pairOf(seenAs, newerTick, olderTick);
    const known = pair.bodies[slot];
    if (known !== 0) return known - 1;
    const number = this.#make(slot, seenAs, newerTick, olderTick);
    pair.bodies[slot] = number + 1;
    return number;
  }
  /** Puts a body's symbols into an encoder. */
  put(number, into) {
    const at = number * bodyWords;
    into.put(this.#symbols.list, this.#bodies[at + body.from], this.#bodies[at + body.to]);
  }
  /** The base ticks of a body, -1 for none. */
  newerTick(number) {
    const at = number * bodyWords;
    return this.#bodies[at + body.whole] === 1 ? -1 : this.#bodies[at + body.newer];
  }
  olderTick(number) {
    const at = number * bodyWords;
    return this.#bodies[at + body.whole] === 1 ? -1 : this.#bodies[at + body.older];
  }
  /** What the log notes of a packet that carries a body. */
  marksOf(number) {
    return this.#bodies[number * bodyWords + body.marks];
  }
  keyOf(number) {
    return this.#bodies[number * bodyWords + body.key];
  }
  /** A hash of a record: of its slot and the state that its body gives, at its precision. Made at its first use in a tick. */
  hashOf(number, slot) {
    const at = number * bodyWords + body.hash;
    if (this.#bodies[at] === -1) {
      const seenAs = this.#bodies[number * bodyWords + body.form];
      const row = this.#history.rowAt(slot, this.#world.versionAt(slot), this.#world.tick);
      this.#hash.reset();
      this.#hash.write(slot, slotBits);
      const { layout } = this.#typeAt(slot);
      layout.write(this.#hash, this.#history.rows(slot), row, seenAs === form.seen ? "wire" : "step", seenAs === form.owned);
      this.#bodies[at] = this.#hash.value;
    }
    return this.#bodies[at];
  }
  /** The pair of two base ticks in a form; its bodies are made as they are asked for. */
  pairOf(seenAs, newer, older) {
    let place = newer * 7 + older * 3 + seenAs & pairPlaces - 1;
    for (; this.#pairPlaces[place] !== 0; place = place + 1 & pairPlaces - 1) {
      const pair2 = this.#pairs[this.#pairPlaces[place] - 1];
      if (pair2.newer === newer && pair2.older === older && pair2.form === seenAs) return pair2;
    }
    if (this.#pairCount === pairsMax) {
      this.#pairCount--;
      place = this.#pairPlaces.indexOf(pairsMax);
    }
    const pair = this.#pairs[this.#pairCount] ?? { newer, older, form: seenAs, bodies: new Int32Array(this.keys.length) };
    pair.bodies.fill(0, 0, this.slotCount);
    pair.newer = newer;
    pair.older = older;
    pair.form = seenAs;
    this.#pairs[this.#pairCount++] = pair;
    this.#pairPlaces[place] = this.#pairCount;
    return pair;
  }
  #make(slot, seenAs, newerTick, olderTick) {
    const number = this.#bodyCount++;
    if (this.#bodies.length < this.#bodyCount * bodyWords) this.#bodies = doubled(this.#bodies, this.#bodyCount * bodyWords);
    const from = this.#symbols.length;
    let isWhole = newerTick < 0;
    if (isWhole) this.#writeWhole(slot, seenAs);
    else this.#writeChange(slot, seenAs, newerTick, olderTick);
    let cost = costOf(this.#symbols, from);
    if (!isWhole && cost > this.#wholeCost(slot, seenAs)) {
      this.#symbols.length = from;
      this.#writeWhole(slot, seenAs);
      cost = costOf(this.#symbols, from);
      isWhole = true;
    }
    const at = number * bodyWords;
    this.#bodies[at + body.newer] = newerTick;
    this.#bodies[at + body.older] = olderTick;
    this.#bodies[at + body.form] = seenAs;
    this.#bodies[at + body.from] = from;
    this.#bodies[at + body.to] = this.#symbols.length;
    if (this.costs.length <= number) this.costs = doubled(this.costs, number + 1);
    this.costs[number] = cost;
    this.#bodies[at + body.whole] = isWhole ? 1 : 0;
    this.#bodies[at + body.marks] = stateMarks(slot, this.sinceAs(slot, seenAs) < this.#world.tick);
    this.#bodies[at + body.hash] = -1;
    this.#bodies[at + body.key] = keyOf(this.#world.versionAt(slot), seenAs);
    return number;
  }
  /** About what the whole state costs at most. */
  #wholeCost(slot, seenAs) {
    return 256 * (this.#plans[this.#world.typeAt(slot) * 3 + seenAs].wholeBits + identityBits);
  }
  #writeWhole(slot, seenAs) {
    const { tick: tick2 } = this.#world;
    const { layout } = this.#typeAt(slot);
    const at = this.#history.rowAt(slot, this.#world.versionAt(slot), tick2);
    this.#identify(slot, seenAs, tick2);
    writeIdentity(this.#symbols, this.#identity, this.#world.game.types.length, seenAs !== form.seen);
    writeRest(this.#symbols, tick2 - this.sinceAs(slot, seenAs));
    writeWhole(this.#symbols, layout, this.#history.rows(slot), at, seenAs === form.seen ? "wire" : "step", seenAs === form.owned);
  }
  #writeChange(slot, seenAs, newerTick, olderTick) {
    const { tick: tick2 } = this.#world;
    const version = this.#world.versionAt(slot);
    const isOwner = seenAs === form.owned;
    const rows = this.#history.rows(slot);
    const bases = this.#bases;
    bases.newer = rows;
    bases.newerAt = this.#history.baseAt(slot, version, newerTick, isOwner);
    bases.older = rows;
    bases.olderAt = olderTick < 0 ? -1 : this.#history.baseAt(slot, version, olderTick, isOwner);
    bases.newerAge = tick2 - newerTick;
    bases.span = olderTick < 0 ? 0 : newerTick - olderTick;
    const plan = this.#plans[this.#world.typeAt(slot) * 3 + seenAs];
    writeChange(this.#symbols, plan, rows, this.#history.rowAt(slot, version, tick2), bases, tick2 - this.sinceAs(slot, seenAs));
  }
  #identify(slot, seenAs, tick2) {
    const origin = this.#world.originAt(slot);
    this.#identity.version = this.#world.versionAt(slot);
    this.#identity.type = this.#world.typeAt(slot);
    this.#identity.form = seenAs;
    this.#identity.originKey = origin?.key ?? -1;
    this.#identity.originAge = origin ? tick2 - origin.tick : 0;
    this.#identity.originNumber = origin?.number ?? 0;
  }
  #typeAt(slot) {
    return this.#world.game.types[this.#world.typeAt(slot)];
  }
  #grow(slots) {
    if (slots <= this.keys.length) return;
    const size5 = slots * 2;
    this.keys = new Int32Array(size5);
    this.since = new Int32Array(size5);
    this.seenSince = new Int32Array(size5);
    this.#pairs.length = 0;
  }
};
var pairsMax = 255;
var pairPlaces = 1024;
var body = { newer: 0, older: 1, form: 2, from: 3, to: 4, whole: 5, marks: 6, key: 7, hash: 8 };
var bodyWords = 9;
var identityBits = 40;
function costOf({ list: list2, length }, from) {
  let cost = 0;
  for (let index = from; index < length; index++) cost += costs[list2[index] & frequencySum - 1];
  return cost;
}
function makeCosts() {
  return Uint16Array.from({ length: frequencySum }, (_, less) => Math.round(256 * Math.log2(frequencySum / (less + 1))));
}
function doubled(table, least) {
  const larger = new Int32Array(Math.max(least, table.length * 2));
  larger.set(table);
  return larger;
}

// packages/server/src/snapshot-writer.ts
var bodyBytes = limits.packetBytes - frameBytesMax;
var SnapshotWriter = class {
  #world;
  #table;
  #segments = new SegmentCache();
  #log = new RecordLog();
  #head = new BitWriter(64);
  #list;
  #private = new Uint8Array(limits.packetBytes);
  /** The sum of the hashes of its records. */
  #hash = 0;
  #despawnHash = new HashSink();
  /** Whether the packet at hand carries a hash of its values. */
  #isChecked = false;
  /** The segment at hand. */
  #segment;
  /** Packets by their length: views of the same bytes. */
  #views = [];
  #due;
  #tick = -1;
  /** The first of the waiting effects that no packet of this snapshot has tried. */
  #nextEffect = 0;
  constructor(world, history) {
    this.#world = world;
    this.#table = new TickTable(world, history);
    this.#due = new DueList(this.#table);
    this.#list = new RecordList(this.#table);
  }
  /**
   * Writes the snapshot of the world's tick in at most `packetsMax` packets and gives each to `send`.
   * @param head timing and acks; its `sequence` is taken from `takeSequence` for each packet.
   * @returns packets written. None when the client holds everything already and `mustSend` is false.
   * @throws RangeError when the prediction group does not fit a packet: so much that everyone predicts was spawned since control was given.
   */
  write(to, head, packetsMax, mustSend, takeSequence, now, send) {
    const { tick: tick2 } = this.#world;
    const due = this.#due;
    if (tick2 !== this.#tick) {
      this.#tick = tick2;
      this.#table.begin();
      this.#segments.begin();
      this.#log.begin(tick2);
    }
    to.effects.expire(tick2);
    due.gather(to, tick2);
    this.#nextEffect = 0;
    if (!mustSend && due.count === 0 && due.groupCount === 0 && to.effects.waiting.length === 0) return 0;
    let next = this.#firstDue(to.segmentCursor);
    let left = due.count;
    let packets = 0;
    let named = 0;
    do {
      head.sequence = takeSequence();
      head.tick = tick2;
      head.leads = packets === 0;
      to.sent.begin(head.sequence, tick2, head.leads, now);
      head.hasHandles = !due.isWhole;
      this.#isChecked = hasHash(head.sequence);
      this.#hash = 0;
      const privateLength = this.#writePrivate(to, head, tick2);
      this.#head.reset();
      head.hasPrivate = privateLength >= 0;
      writeSnapshotHead(this.#head, head);
      const headLength = this.#head.finish().length;
      const taken = this.#writeSegment(to, next, Math.min(left, due.count - next), bodyBytes - headLength - Math.max(0, privateLength));
      send(this.#frame(headLength, privateLength));
      packets++;
      left -= taken;
      named += taken;
      next += taken;
      if (next >= due.count) next = 0;
    } while (left > 0 && named === 0 && packets === packetsMax || packets < packetsMax && (left > 0 || this.#nextEffect < to.effects.waiting.length));
    to.segmentCursor = left > 0 ? due.slots[next] : 0;
    return packets;
  }
  #firstDue(cursor) {
    const { slots, count } = this.#due;
    for (let index = 0; index < count; index++) if (slots[index] >= cursor) return index;
    return 0;
  }
  /** Codes the prediction group (in the packet that leads) and the effects that fit. @returns the length, -1 when there is nothing. */
  #writePrivate(to, head, tick2) {
    const groupCount = head.leads ? this.#due.groupCount : 0;
    if (groupCount === 0 && this.#nextEffect >= to.effects.waiting.length) return -1;
    const { group, groupBodies } = this.#due;
    const logFrom = this.#log.page.length;
    let bits = 0;
    this.#list.open(group, group, groupBodies, 0, groupCount, tick2);
    for (let index = 0; index < groupCount; index++) {
      const body2 = groupBodies[index];
      this.#note(group[index], body2);
      if (this.#isChecked) this.#check(group[index], body2);
      bits += (this.#table.costs[body2] + openingCost) / 256;
    }
    to.sent.notePrivate(this.#log.page, logFrom, this.#log.page.length);
    this.#writeEffects(to, tick2, Math.min(effectsBitsMax, privateBytesMax * 8 - bits - 32), groupCount === 0);
    const length = this.#list.encode(groupBodies, 0, groupCount, this.#private, 0, privateBytesMax);
    if (length < 0) throw new RangeError(groupTooLarge(groupCount));
    return length;
  }
  /** Writes the effects that fit and that no packet of this snapshot has carried. */
  #writeEffects(to, tick2, bits, isAlone) {
    const out = this.#list.symbols;
    const { waiting } = to.effects;
    const first = this.#nextEffect;
    let bitsLeft = bits;
    while (this.#nextEffect < waiting.length) {
      const needed = effectBits(waiting[this.#nextEffect]?.type.layout);
      if (needed > bitsLeft && !(isAlone && this.#nextEffect === first)) break;
      bitsLeft -= needed;
      this.#nextEffect++;
    }
    out.writeVar(this.#nextEffect - first);
    for (let index = first; index < this.#nextEffect; index++) {
      const { id, type, tick: at, row } = waiting[index];
      writeEffectHead(out, { id, event: type.number, age: tick2 - at });
      type.layout.write(out, row, 0, "step", true);
      to.sent.noteEffect(id);
    }
  }
  /** Puts the packet together: a segment without private records before it needs no body of its own. @returns the packet. */
  #frame(headLength, privateLength) {
    const { buffer } = this.#segments;
    const length = this.#segment ? this.#segment.length : 0;
    const isSplit = length > 0 && privateLength >= 0;
    let at = openFrame(buffer, messageKind.snapshot, isSplit ? 2 : 1, headLength + Math.max(0, privateLength) + (isSplit ? 0 : length));
    if (this.#isChecked) patchHash(this.#head.bytes, this.#hash & 65535);
    for (let index = 0; index < headLength; index++) buffer[at++] = this.#head.bytes[index];
    for (let index = 0; index < privateLength; index++) buffer[at++] = this.#private[index];
    if (isSplit) at = openBody(buffer, at, length);
    if (this.#segment) buffer.copyWithin(at, this.#segment.at, this.#segment.at + length);
    return this.#view(at + length);
  }
  /** The packet, as a view that is made once for each length. */
  #view(length) {
    let view = this.#views[length];
    if (!view) {
      view = this.#segments.buffer.subarray(0, length);
      this.#views[length] = view;
    }
    return view;
  }
  /** Codes due records from index `next` on, as many as fit, into `#segment`. @returns how many it names. */
  #writeSegment(to, next, most2, bytesMax) {
    const due = this.#due;
    let count = most2;
    if (!due.isWhole || !this.#findSegment(to, next, most2, bytesMax)) {
      count = due.fitting(next, most2, bytesMax * 8 * 256 - segmentCost);
      while (count > 0 && !this.#codeSegment(to, next, count, bytesMax)) count -= 1 + (count >> 5);
      if (count <= 0) this.#segment = void 0;
    }
    if (this.#isChecked) for (let index = next; index < next + count; index++) this.#check(due.slots[index], due.bodies[index]);
    return Math.max(0, count);
  }
  /** Takes the segment that another client was sent with just these records. */
  #findSegment(to, next, count, bytesMax) {
    const shared = count > 0 ? this.#segments.find(this.#due.bodies, next, count) : void 0;
    if (!shared || shared.length > bytesMax) return false;
    this.#segment = shared;
    to.sent.noteSegment(this.#log.page, shared.logFrom, shared.logTo);
    return true;
  }
  /** Codes a segment and notes its records. @returns false when it does not fit. */
  #codeSegment(to, next, count, bytesMax) {
    const due = this.#due;
    const log = this.#log;
    if (due.isWhole && this.#findSegment(to, next, count, bytesMax)) return true;
    const segment = this.#segments.next;
    this.#list.open(due.isWhole ? due.slots : due.handles, due.slots, due.bodies, next, count, this.#world.tick);
    segment.length = this.#list.encode(due.bodies, next, count, this.#segments.buffer, segment.at, bytesMax);
    if (segment.length < 0) return false;
    segment.logFrom = log.page.length;
    for (let index = next; index < next + count; index++) this.#note(due.slots[index], due.bodies[index]);
    segment.logTo = log.page.length;
    if (due.isWhole) this.#segments.keep(due.bodies, next, count);
    this.#segment = segment;
    to.sent.noteSegment(log.page, segment.logFrom, segment.logTo);
    return true;
  }
  /** Notes a record in the log. */
  #note(slot, body2) {
    if (body2 < 0) this.#log.add(despawnMarks(slot), despawnKey(body2, slot));
    else this.#log.add(this.#table.marksOf(body2), this.#table.keyOf(body2));
  }
  /** Adds what a record says to the packet's hash. */
  #check(slot, body2) {
    if (body2 >= 0) {
      this.#hash += this.#table.hashOf(body2, slot);
      return;
    }
    this.#despawnHash.reset();
    this.#despawnHash.write(slot, slotBits);
    this.#hash += this.#despawnHash.value;
  }
};
var segmentCost = 48 * 256;
var effectsBitsMax = bodyBytes * 4;
var privateBytesMax = bodyBytes - 32;
function groupTooLarge(entities) {
  return `the prediction group of a client (${entities} entities) does not fit one packet (${limits.packetBytes} bytes): spawn fewer entities that everyone predicts, or give them smaller fields`;
}

// bench/src/wire/tickwire-game.ts
var games = /* @__PURE__ */ new Map();
function gameOf(trace) {
  const known = games.get(trace.name);
  if (known) return known;
  const entities = {};
  for (const { name: name2, fields } of trace.types) entities[name2] = entity(Object.fromEntries(fields.flatMap(kindsOf)));
  const game = defineGame({ name: trace.name, tickHz: trace.tickHz, snapshotHz: trace.snapshotHz, entities });
  games.set(trace.name, game);
  return game;
}
function portsOf(type) {
  return type.fields.map(portOf);
}
function kindsOf(field) {
  const { name: name2, min, max, step, wire } = field;
  if (field.kind === "quat") return [[name2, f.quat({ wire: quatBits })]];
  if (field.kind === "uint") return [[name2, f.uint(max)]];
  if (field.kind === "angle") return [[name2, f.angle({ step: 16, wire: 8 })]];
  const make2 = { 1: f.fixed, 2: f.vec2, 3: f.vec3, 4: void 0 }[field.axes];
  return [[name2, make2?.(min, max, { step, wire })]];
}
function portOf({ name: name2, kind, axes: axes2, min, step }) {
  const value = (rows, at) => min + rows[at] * step;
  if (kind === "quat") {
    return {
      axes: axes2,
      load(values, rows, at) {
        const into = values[name2];
        into.x = value(rows, at);
        into.y = value(rows, at + 1);
        into.z = value(rows, at + 2);
        into.w = value(rows, at + 3);
      },
      store(values) {
        const { x, y, z, w } = values[name2];
        return [x, y, z, w];
      }
    };
  }
  if (axes2 === 1) {
    return {
      axes: axes2,
      load(values, rows, at) {
        values[name2] = value(rows, at);
      },
      store: (values) => [values[name2]]
    };
  }
  return {
    axes: axes2,
    load(values, rows, at) {
      const into = values[name2];
      into.x = value(rows, at);
      into.y = value(rows, at + 1);
      if (axes2 === 3) into.z = value(rows, at + 2);
    },
    store(values) {
      const { x, y } = values[name2];
      return axes2 === 2 ? [x, y] : [x, y, values[name2].z];
    }
  };
}
var quatBits = 10;

// bench/src/wire/tickwire-codec.ts
var tickwire = {
  name: "tickwire",
  isOrdered: false,
  serve: (trace, clients3) => new TickwireServer(trace, clients3),
  connect: (trace, server) => new TickwireClient(trace, server.game, server.ids)
};
var TickwireServer = class {
  game;
  /** The trace's id of each entity. */
  ids = /* @__PURE__ */ new Map();
  #trace;
  #world;
  #history;
  #writer;
  #peers;
  #head = emptySnapshotHead();
  #entities = /* @__PURE__ */ new Map();
  #packets = [];
  /** What the packets lie in, used again for each client. */
  #buffers = [];
  #ports;
  #snapshot = 0;
  constructor(trace, clients3) {
    this.#trace = trace;
    this.game = gameOf(trace);
    this.#world = new World(this.game);
    this.#history = new History(this.game);
    this.#writer = new SnapshotWriter(this.#world, this.#history);
    this.#peers = Array.from({ length: clients3 }, () => newPeer(trace.views !== void 0));
    this.#ports = trace.types.map(portsOf);
  }
  advance(snapshot) {
    const every = ticksPerSnapshot(this.#trace);
    for (let tick2 = Math.max(0, (snapshot - 1) * every + 1); tick2 <= snapshot * every; tick2++) this.#apply(tick2);
    this.#snapshot = snapshot;
  }
  encode(client, packetsMax) {
    const peer = this.#peers[client];
    this.#packets.length = 0;
    peer.firstSequence[this.#snapshot % remembered] = nextSequence(peer.sequence);
    this.#write(peer, client, packetsMax);
    return this.#packets;
  }
  finish() {
  }
  acknowledge(client, snapshot, packets) {
    const peer = this.#peers[client];
    const first = peer.firstSequence[snapshot % remembered];
    for (let index = 0; packets >>> index > 0; index++) if (packets >>> index & 1) peer.window.mark(first + index & 65535);
    peer.sent.acknowledge(peer.window.newest, peer.window.bits, peer.replica, () => {
    });
  }
  join(client) {
    this.#packets.length = 0;
    this.#write(newPeer(this.#trace.views !== void 0), client, 64);
    return this.#packets.reduce((sum, { length }) => sum + length, 0);
  }
  #write(peer, client, packetsMax) {
    if (this.#trace.views) this.#look(peer, client);
    const take = () => {
      peer.sequence = nextSequence(peer.sequence);
      return peer.sequence;
    };
    this.#head.ack = peer.sequence;
    this.#writer.write(peer, this.#head, packetsMax, true, take, this.#snapshot, (bytes2) => {
      const kept = this.#buffers[this.#packets.length] ?? new Uint8Array(limits.packetBytes);
      this.#buffers[this.#packets.length] = kept;
      kept.set(bytes2);
      this.#packets.push(kept.subarray(0, bytes2.length));
    });
  }
  #apply(tick2) {
    const { frames, types: types4, stride } = this.#trace;
    const { ids, types: kinds, rows } = frames[tick2];
    const world = this.#world;
    world.tick = tick2 + firstTick;
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index];
      const type = kinds[index];
      let known = this.#entities.get(id);
      if (!known) {
        known = { id: world.spawn(types4[type].name).id, type, seenAt: tick2 };
        this.#entities.set(id, known);
        this.ids.set(known.id, id);
      }
      known.seenAt = tick2;
      const values = world.at(slotOf(known.id));
      let at = index * stride;
      for (const port of this.#ports[type]) {
        port.load(values, rows, at);
        at += port.axes;
      }
    }
    if (this.#entities.size > ids.length) this.#despawn(tick2);
    for (let slot = 0; slot < world.slotCount; slot++) {
      const entity2 = world.at(slot);
      if (entity2) this.#history.record(slot, world.versionAt(slot), world.typeAt(slot), entity2, world.tick);
    }
  }
  #despawn(tick2) {
    for (const [traceId, { id, seenAt }] of this.#entities) {
      if (seenAt === tick2) continue;
      this.#world.despawn(id);
      this.#entities.delete(traceId);
    }
  }
  /** What the client sees in this snapshot, and the room's state in slot 0. */
  #look(peer, client) {
    const { ids } = frameOf(this.#trace, this.#snapshot);
    const view = viewOf(this.#trace, client, this.#snapshot);
    const { seen } = peer;
    seen.count = 0;
    seen.slots[seen.count++] = 0;
    for (let at = 0; at < view.length; at++) {
      const known = this.#entities.get(ids[view[at]]);
      seen.slots[seen.count++] = slotOf(known.id);
    }
    seen.slots.subarray(0, seen.count).sort();
  }
};
var TickwireClient = class {
  #trace;
  #ids;
  #world;
  #reader;
  #window = new AckWindow();
  #ports;
  #delayTicks;
  constructor(trace, game, ids) {
    this.#trace = trace;
    this.#ids = ids;
    this.#world = new ReceivedWorld(game);
    this.#reader = new SnapshotReader(game, this.#world);
    this.#ports = trace.types.map(portsOf);
    this.#delayTicks = 2 * ticksPerSnapshot(trace);
  }
  receive(packet) {
    const near = Math.max(0, this.#world.newestTick);
    const viewTick = near - this.#delayTicks;
    const result = this.#reader.read(packet, near, viewTick, (sequence) => this.#window.isNew(sequence));
    if (result === "taken") this.#window.mark(this.#reader.head.sequence);
    this.#world.passed(viewTick);
    return result === "taken";
  }
  state() {
    const got = /* @__PURE__ */ new Map();
    for (const entity2 of this.#world.entities) {
      if (!entity2 || entity2.count === 0 || entity2.id === 0) continue;
      const { layout, number } = entity2.type;
      const values = {};
      layout.initialise(values);
      layout.load(entity2.rows, entity2.rowAt(entity2.count - 1), values);
      const numbers2 = this.#ports[number - 1].flatMap((port) => port.store(values));
      got.set(this.#ids.get(entity2.id), this.#turned(number - 1, numbers2));
    }
    return got;
  }
  /** Angles as the trace has them, from 0 to a turn. */
  #turned(type, numbers2) {
    const { units } = this.#trace.types[type];
    return numbers2.map((value, axis) => units[axis]?.field.kind === "angle" && value < 0 ? value + (units[axis]?.field.max ?? 0) : value);
  }
};
function newPeer(hasView) {
  const seen = { slots: new Int32Array(hasView ? limits.worldSlots : 0), count: 0 };
  return {
    seen,
    visible: hasView ? seen : void 0,
    replica: new Replica(),
    sent: new SentPackets(),
    effects: new Effects(),
    controls: /* @__PURE__ */ new Set(),
    segmentCursor: 0,
    sequence: 0,
    window: new AckWindow(),
    firstSequence: new Int32Array(remembered)
  };
}
var remembered = 64;
var firstTick = 1;

// bench/src/wire/colyseus-codec.ts
import { Decoder, Encoder, MapSchema, StateView, schema, t } from "@colyseus/schema";

// bench/src/wire/packed-quat.ts
var most = Math.SQRT1_2;
var counts = 1023;
function packQuat(values, at) {
  let largest = 0;
  for (let axis = 1; axis < 4; axis++) if (Math.abs(values[at + axis]) > Math.abs(values[at + largest])) largest = axis;
  const sign = values[at + largest] < 0 ? -1 : 1;
  let packed2 = largest;
  for (let axis = 0; axis < 4; axis++) {
    if (axis === largest) continue;
    const count = Math.round((values[at + axis] * sign + most) / (2 * most) * counts);
    packed2 = packed2 * 1024 + Math.max(0, Math.min(counts, count));
  }
  return packed2;
}
function unpackQuat(packed2) {
  const largest = Math.floor(packed2 / 2 ** 30);
  const values = [0, 0, 0, 0];
  let rest = packed2 % 2 ** 30;
  let squares = 0;
  for (let axis = 3; axis >= 0; axis--) {
    if (axis === largest) continue;
    const value = rest % 1024 / counts * 2 * most - most;
    rest = Math.floor(rest / 1024);
    values[axis] = value;
    squares += value * value;
  }
  values[largest] = Math.sqrt(Math.max(0, 1 - squares));
  return values;
}

// bench/src/wire/colyseus-codec.ts
var colyseus = {
  name: "colyseus",
  isOrdered: true,
  serve: (trace, clients3) => new ColyseusServer(trace, clients3),
  connect: (trace) => new ColyseusClient(trace)
};
var ColyseusServer = class {
  #trace;
  #model;
  #state;
  #encoder;
  #items = /* @__PURE__ */ new Map();
  #views;
  #seen;
  #iterator = { offset: 0 };
  #sharedOffset = 0;
  #snapshot = -1;
  #shared;
  constructor(trace, clients3) {
    Encoder.BUFFER_SIZE = 1024 * 1024;
    this.#trace = trace;
    this.#model = modelOf(trace);
    this.#state = this.#model.makeState();
    this.#encoder = new Encoder(this.#state);
    this.#views = trace.views ? Array.from({ length: clients3 }, () => new StateView()) : [];
    this.#seen = this.#views.map(() => /* @__PURE__ */ new Set());
  }
  advance(snapshot) {
    const every = ticksPerSnapshot(this.#trace);
    for (let tick2 = Math.max(0, (snapshot - 1) * every + 1); tick2 <= snapshot * every; tick2++) this.#apply(tick2);
    this.#snapshot = snapshot;
    this.#shared = void 0;
  }
  encode(client) {
    const view = this.#views[client];
    if (!this.#shared) {
      this.#iterator.offset = 0;
      this.#shared = this.#encoder.encode(this.#iterator);
      this.#sharedOffset = this.#iterator.offset;
    }
    if (!view) return [this.#shared];
    this.#look(client, view);
    return [this.#encoder.encodeView(view, this.#sharedOffset, this.#iterator)];
  }
  finish() {
    this.#encoder.discardChanges();
  }
  acknowledge() {
  }
  join(client) {
    const iterator = { offset: 0 };
    const shared = this.#encoder.encodeAll(iterator);
    const view = this.#views[client];
    return view ? this.#encoder.encodeAllView(view, iterator.offset, iterator).length : shared.length;
  }
  #apply(tick2) {
    const { frames, types: types4, stride } = this.#trace;
    const { ids, types: kinds, rows } = frames[tick2];
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index];
      let known = this.#items.get(id);
      if (!known) {
        const type = kinds[index];
        known = { item: this.#model.makeItem[type](), type, seenAt: tick2 };
        this.#items.set(id, known);
        setFields(known.item, types4[type], this.#model.fieldNames[type], rows, index * stride);
        this.#state[`m${type}`].set(String(id), known.item);
        continue;
      }
      known.seenAt = tick2;
      setFields(known.item, types4[known.type], this.#model.fieldNames[known.type], rows, index * stride);
    }
    if (this.#items.size === ids.length) return;
    for (const [id, { type, seenAt }] of this.#items) {
      if (seenAt === tick2) continue;
      this.#items.delete(id);
      for (const seen of this.#seen) seen.delete(id);
      this.#state[`m${type}`].delete(String(id));
    }
  }
  /** Brings a view up to date with what the client sees now. */
  #look(client, view) {
    const { ids } = frameOf(this.#trace, this.#snapshot);
    const seen = this.#seen[client];
    const now = /* @__PURE__ */ new Set();
    for (const index of viewOf(this.#trace, client, this.#snapshot)) {
      const id = ids[index];
      now.add(id);
      if (seen.has(id)) continue;
      seen.add(id);
      view.add(this.#items.get(id).item);
    }
    if (now.size === seen.size) return;
    for (const id of seen) {
      if (now.has(id)) continue;
      seen.delete(id);
      view.remove(this.#items.get(id).item);
    }
  }
};
var ColyseusClient = class {
  #trace;
  #model;
  #decoder;
  constructor(trace) {
    this.#trace = trace;
    this.#model = modelOf(trace);
    this.#decoder = new Decoder(this.#model.makeState());
  }
  receive(packet) {
    this.#decoder.decode(packet);
    return true;
  }
  state() {
    const got = /* @__PURE__ */ new Map();
    for (const [number, type] of this.#trace.types.entries()) {
      const items = this.#decoder.state[`m${number}`];
      items.forEach((item, id) => {
        got.set(Number(id), readFields(item, type, this.#model.fieldNames[number]));
      });
    }
    return got;
  }
};
function setFields(item, type, names, rows, at) {
  const { units } = type;
  if (names.length === units.length) {
    for (let axis2 = 0; axis2 < names.length; axis2++) {
      const { min, step } = units[axis2];
      item[names[axis2]] = min + rows[at + axis2] * step;
    }
    return;
  }
  const values = valuesOf(type, rows, at);
  let axis = 0;
  for (const name2 of names) {
    const isQuat = units[axis]?.field.kind === "quat";
    item[name2] = isQuat ? packQuat(values, axis) : values[axis];
    axis += isQuat ? 4 : 1;
  }
}
function readFields(item, { units }, names) {
  const values = [];
  for (const name2 of names) {
    if (units[values.length]?.field.kind === "quat") values.push(...unpackQuat(item[name2]));
    else values.push(item[name2]);
  }
  return values;
}
var models = /* @__PURE__ */ new Map();
function modelOf(trace) {
  const key = `${trace.name} ${trace.views !== void 0}`;
  const known = models.get(key);
  if (known) return known;
  const model = makeModel(trace);
  models.set(key, model);
  return model;
}
function makeModel(trace) {
  const items = trace.types.map(({ name: name2, fields }) => schema(Object.fromEntries(fields.flatMap(kindsOf2)), name2));
  const isFiltered = trace.views !== void 0;
  const maps = items.map((item, number) => [`m${number}`, isFiltered ? t.map(item).view() : t.map(item)]);
  const State = schema(Object.fromEntries(maps), "State");
  return {
    makeState: () => {
      const state = new State();
      for (const [name2] of maps) state[name2] ??= new MapSchema();
      return state;
    },
    makeItem: items.map((Class) => () => new Class()),
    fieldNames: trace.types.map(({ fields }) => fields.flatMap(kindsOf2).map(([name2]) => name2))
  };
}
function kindsOf2({ name: name2, kind, axes: axes2, min, max, wire }) {
  if (kind === "quat") return [[name2, t.uint32()]];
  if (kind === "uint") return [[name2, max < 256 ? t.uint8() : t.uint16()]];
  const mode = kind === "angle" ? "wrap" : "clamp";
  const bits = (max - min) / wire <= 256 ? 8 : 16;
  return Array.from({ length: axes2 }, (_, axis) => [`${name2}${axis}`, t.quantized({ min, max, bits, mode })]);
}

// bench/src/zz-dec.ts
var name = process.argv[2] ?? "arena";
var age = +(process.argv[3] ?? 3);
var onlyUs = process.argv[4] === "us";
var make = { arena: () => arenaTrace(1, 10), crowd: () => crowdTrace(1, 6), bodies: () => bodiesTrace(1, 4) };
var t2 = make[name]();
var n = snapshotCount(t2);
var prep = (codec) => {
  const server = codec.serve(t2, 1);
  const pk = [];
  const sent = [];
  for (let s = 0; s < n; s++) {
    server.advance(s);
    if (s >= age) server.acknowledge(0, s - age, sent[s - age]);
    const p = server.encode(0, 4);
    sent.push((1 << p.length) - 1);
    pk.push(p.map((x) => x.slice()));
    server.finish();
  }
  return () => {
    const c = codec.connect(t2, server, 0);
    const a = process.cpuUsage().user;
    for (let s = 0; s < n; s++) for (const p of pk[s]) c.receive(p);
    return (process.cpuUsage().user - a) / n;
  };
};
var us = prep(tickwire);
var col = onlyUs ? () => 1 : prep(colyseus);
for (let i = 0; i < 6; i++) {
  us();
  col();
}
var A = [];
var B = [];
for (let i = 0; i < +(process.env["N"] ?? 25); i++) {
  let a = 0, b = 0;
  for (let k = 0; k < 4; k++) a += us();
  for (let k = 0; k < 4; k++) b += col();
  A.push(a / 4);
  B.push(b / 4);
}
var R = A.map((a, i) => a / B[i]).sort((x, y) => x - y);
console.log(name, age, "us", Math.min(...A).toFixed(1), "col", Math.min(...B).toFixed(1), "ratio of mins", (Math.min(...A) / Math.min(...B)).toFixed(2), "median ratio", R[R.length >> 1].toFixed(2));
