// Ways to spoil a recorded message: most of it stays as it was, so that readers get far into it before they find out.
//
// Invariant: a function of the random stream alone; the original is not touched. Units: bytes.

import type { Random } from '@tickwire/shared';

/** Spoils a message. `others` are more of its lane, to splice with. */
export function mutate(message: Uint8Array, others: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes: Uint8Array = message.slice();
  for (let times = 1 + random.int(3); times > 0; times--) bytes = random.pick(ways)(bytes, others, random);
  return bytes;
}

type Way = (bytes: Uint8Array, others: readonly Uint8Array[], random: Random) => Uint8Array;

const ways: readonly Way[] = [
  // A few bits.
  (bytes, _others, random) => {
    for (let times = 1 + random.int(4); times > 0 && bytes.length > 0; times--) {
      const at = random.int(bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << random.int(8));
    }
    return bytes;
  },
  // A byte of the kind that lengths, types and counts are made of.
  (bytes, _others, random) => {
    if (bytes.length > 0)
      bytes[random.int(bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, 0xc0, 0xc4, 0xc5, 0xd9, 0xdd, 0xdf, random.int(256)]);
    return bytes;
  },
  // Too short, or too long.
  (bytes, _others, random) => bytes.slice(0, random.int(bytes.length + 1)),
  (bytes, _others, random) => joined(bytes, noise(random.int(40), random)),
  // The head of one with the body of another.
  (bytes, others, random) => {
    const other = random.pick(others);
    return joined(bytes.slice(0, random.int(bytes.length + 1)), other.slice(random.int(other.length + 1)));
  },
  // A stretch of noise, with the frame around it left alone.
  (bytes, _others, random) => {
    const from = Math.min(bytes.length, 4 + random.int(12));
    bytes.set(noise(Math.min(bytes.length - from, random.int(20)), random), from);
    return bytes;
  },
  // A stretch twice, or left out, with the length of the frame made good.
  (bytes, _others, random) => {
    const [from, length] = [random.int(bytes.length + 1), random.int(8)];
    return framed(
      random.chance(0.5) ? joined(bytes.slice(0, from + length), bytes.slice(from)) : joined(bytes.slice(0, from), bytes.slice(from + length)),
    );
  },
];

/** Nothing but noise, often behind a frame that is right. */
export function garbage(random: Random, bytesMax: number): Uint8Array {
  const bytes = noise(random.int(bytesMax), random);
  if (bytes.length > 4 && random.chance(0.7)) bytes.set([random.pick([0x92, 0x93, 0x95]), random.int(8), random.pick([0xc4, 0xc5])]);
  return random.chance(0.5) ? framed(bytes) : bytes;
}

function noise(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => random.int(256));
}

/** Makes the first length of a message of one body right. */
function framed(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x92 || bytes.length < 5) return bytes;
  if (bytes[2] === 0xc4) bytes[3] = Math.min(255, bytes.length - 4);
  if (bytes[2] === 0xc5) bytes.set([(bytes.length - 5) >>> 8, (bytes.length - 5) & 0xff], 3);
  return bytes;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
