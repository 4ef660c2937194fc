// Lag compensation with both ends: what the server rebuilds for an input is what the client's page drew as it made that input.

import { type NetworkProfile, networkProfiles } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Stepper } from '../stepper.ts';
import { Album, type Picture, type RewindGame, RewindRoom, rewindGame, walk, wireStep } from './rewind-game.ts';

/** The default of maxRewindMs. */
const limitTicks = 30;

/** How pictures differed, over a run. */
class Comparison {
  /** Inputs whose picture was rebuilt at the very tick that was drawn, and others. */
  same = 0;
  other = 0;
  /** Inputs whose view was farther back than rooms go. */
  beyond = 0;
  /** By entity and input: how far apart, in steps of the wire. */
  readonly apart: number[] = [];
  /** Pictures whose entities are not the same ones. */
  unequalSets = 0;
  /** Entities that the client had to guess. */
  guessed = 0;
  readonly examples: string[] = [];

  add(drawn: Picture, rebuilt: Picture, tick: number): void {
    if (tick - drawn.tick > limitTicks) {
      this.beyond++;
      return;
    }
    if (Math.abs(drawn.tick - rebuilt.tick) > 1e-9) {
      this.other++;
      return;
    }
    this.same++;
    const ids = [...new Set([...drawn.drawn.keys(), ...rebuilt.drawn.keys()])];
    if (ids.some((id) => drawn.drawn.get(id)?.type !== rebuilt.drawn.get(id)?.type)) this.unequalSets++;
    this.apart.push(Math.abs(drawn.wind - rebuilt.wind) / wireStep);
    for (const id of ids) {
      const [one, two] = [drawn.drawn.get(id), rebuilt.drawn.get(id)];
      if (!one || !two || one.isPresent || two.isPresent) continue;
      if (one.isAhead) {
        this.guessed++;
        continue;
      }
      const apart = Math.max(Math.abs(one.x - two.x), Math.abs(one.y - two.y)) / wireStep;
      this.apart.push(apart);
      if (apart > 1 && this.examples.length < 5) this.examples.push(`${one.type} ${id} at ${drawn.tick}: ${apart.toFixed(2)} steps`);
    }
  }

  /** The share of all that is apart by no more than this many steps. */
  within(steps: number): number {
    return this.apart.filter((apart) => apart <= steps).length / this.apart.length;
  }
}

interface Run {
  readonly comparison: Comparison;
  readonly stepper: Stepper<RewindGame>;
  readonly room: RewindRoom;
}

function play(profile: NetworkProfile, seed: number, seconds: number): Run {
  const room = new RewindRoom();
  const stepper = new Stepper<RewindGame>({ game: rewindGame, room, seed, profile });
  const album = new Album();
  const comparison = new Comparison();
  for (let clients = 0; clients < 3; clients++) walk(stepper.join());
  let compares = false;
  room.looked = ({ sessionId }, rebuilt) => {
    const drawn = album.take(sessionId, stepper.core.world.tick);
    if (drawn && compares) comparison.add(drawn, rebuilt, stepper.core.world.tick);
  };
  stepper.run(3000, (peer) => album.note(peer));
  compares = true;
  stepper.run(seconds * 1000, (peer) => album.note(peer));
  return { comparison, stepper, room };
}

const profiles: { readonly [name: string]: NetworkProfile } = {
  clean: { delayMs: 40 },
  'jitter and loss': { delayMs: 50, jitterMs: 20, loss: 0.05 },
  'a phone': networkProfiles['4g'],
  'bad Wi-Fi': networkProfiles.badWifi,
  'heavy reordering': networkProfiles.reordering,
};

describe('what a client drew as it made an input', () => {
  for (const [name, profile] of Object.entries(profiles)) {
    it(`[RW1] is what the server rebuilds for it: over ${name} within one step of the wire at p99, the same entities`, () => {
      const seed = Number(process.env['SIM_SEED'] ?? 7);
      const { comparison, stepper } = play(profile, seed, 60);
      const { same, other, unequalSets, apart, guessed } = comparison;
      const shares = [1e-9, 1].map((steps) => (100 * comparison.within(steps)).toFixed(3));
      console.log(
        `${name}, SIM_SEED=${seed}: ${same} inputs, ${other} at another tick (and ${comparison.beyond} beyond the limit), ${unequalSets} with other entities; of ${apart.length} positions (and`,
        `${guessed} that were guessed) ${shares[0]} % are equal, ${shares[1]} % within a step`,
        comparison.examples,
      );
      expect(stepper.errors).toEqual([]);
      expect(same).toBeGreaterThan(0.95 * (same + other));
      expect(comparison.within(1)).toBeGreaterThan(0.99);
      expect(unequalSets / same).toBeLessThan(0.01);
      // It was no still life.
      expect(apart.length).toBeGreaterThan(10 * same);
    });
  }
});

describe('who claims what', () => {
  it('[RW4] a client that claims ever older views is taken back no farther than its acks and its clock explain', () => {
    const room = new RewindRoom();
    const stepper = new Stepper<RewindGame>({ game: rewindGame, room, seed: 3, profile: { delayMs: 20 } });
    const [honest, liar] = [stepper.join(), stepper.join()];
    walk(honest);
    walk(liar);
    stepper.run(3000);
    const views = new Map<string, number[]>([honest, liar].map(({ room: { sessionId } }) => [sessionId, []]));
    room.looked = ({ sessionId }, { tick }) => void views.get(sessionId)?.push(stepper.core.world.tick - tick);
    const member = stepper.core.members.get(liar.room.sessionId);
    if (!member) throw new Error('the liar has left');
    // The lie is told where a packet is read: every lag is a second.
    const { plausible } = member.claims;
    const lied: number[] = [];
    member.claims.plausible = function (tick: number, age: number): number {
      const lag = plausible.call(this, tick, age, 64 * 60);
      lied.push(lag / 64);
      return lag;
    };
    stepper.run(10_000);
    const [trueLags = [], falseLags = []] = [...views.values()];
    const [honestMost, liarMost] = [Math.max(...trueLags), Math.max(...falseLags)];
    console.log(`views behind, in ticks: honest at most ${honestMost}, lying at most ${liarMost}, of 60 that were claimed`);
    expect(lied.length).toBeGreaterThan(100);
    expect(honestMost).toBeLessThan(10);
    // Acks are under way as well, and may wait for three ticks.
    expect(liarMost).toBeLessThan(honestMost + 8);
    // And it got there slowly: no more than half a tick each tick.
    for (let index = 10; index < falseLags.length; index++)
      expect((falseLags[index] as number) - (falseLags[index - 10] as number)).toBeLessThan(5.6);
  });
});
