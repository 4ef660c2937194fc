// Hellos that are nearly right: spoilt bytes, other types, too much, too little, another's seat. None but the very one enters.
//
// SIM_RUNS and SIM_SEED: see storms.ts. A failure prints the command that repeats it.

import type { Random } from '@tickwire/shared';
import { packPlain } from '@tickwire/shared/internal';
import { expect, it } from 'vitest';
import type { HostileGuest } from './hostile-guest.ts';
import { mutate } from './mutations.ts';
import { Siege } from './siege.ts';
import { stormSeeds, stormTimeoutMs, sumOfStorms } from './storms.ts';

const hellosPerSeed = 30;

it(
  '[HO13] no spoilt hello lets a link into the room, and the right one does behind all of them',
  async () => {
    const sums = await sumOfStorms(storm);
    expect(sums.refused).toBeGreaterThan(sums.said / 2);
    expect(sums.entered).toBe(stormSeeds.length);
  },
  stormTimeoutMs,
);

function storm(seed: number): Record<'said' | 'refused' | 'entered', number> {
  const siege = new Siege(seed);
  const { random } = siege;
  const done = { said: 0, refused: 0, entered: 0 };
  while (done.said < hellosPerSeed) {
    const guest = siege.guest(false);
    const other = siege.honest.room;
    const bytes = spoilt(guest, other.sessionId, random);
    guest.send('reliable', bytes);
    siege.run(20);
    done.said++;
    // A byte of what only a client says about itself may be spoilt, and the hello is still one.
    const isIn = siege.member(guest)?.isHere === true;
    if (isIn && !isRight(bytes, guest)) throw new Error(`a spoilt hello entered: ${Buffer.from(bytes).toString('hex')}`);
    if (guest.closed === 'protocol-error') done.refused++;
  }
  const last = siege.guest();
  siege.run(20);
  if (siege.member(last)?.isHere) done.entered++;
  siege.expectHonest();
  return done;
}

/** The seat is named exactly: everything else in a hello is the client's own business. */
function isRight(bytes: Uint8Array, { sessionId }: HostileGuest): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return text.includes(sessionId) && text.includes('token');
}

function spoilt(guest: HostileGuest, otherSession: string, random: Random): Uint8Array {
  const right = packPlain(guest.helloElements());
  if (random.chance(0.5)) return mutate(right, [right], random);
  const message = guest.helloElements();
  const at = random.int(message.length);
  const wrong = [null, -1, 1.5, 2 ** 40, '', 'x'.repeat(5000), [], {}, true, Number.NaN, otherSession, new Uint8Array(9)];
  if (random.chance(0.3)) message.splice(at, random.int(3));
  else message[at] = random.pick(wrong);
  if (random.chance(0.2)) message.push(random.pick(wrong));
  return packPlain(message);
}
