// A thousand forced reconnects on bad networks: cuts, links that die unseen, dark moments, second links, pages that are loaded anew, with events both ways all
// the time. Nothing is lost, doubled or reordered, nothing grows, and in the end every replica is the server's world.
//
// A failure prints the command that repeats it: SIM_SEED=n npx vitest run --project sim test/sessions/reconnects.sim.ts. Units: milliseconds of virtual time.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { networkProfiles, Random } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { boundsBroken, differences, falseStates } from '../sim/compare.ts';
import { type SimGame, SimRoom, simGame } from '../sim/sim-game.ts';
import { Stepper } from '../stepper.ts';
import { isQuiet, type Player, play, playerFaults, speak, takePage } from './session-script.ts';

/** The long run is of one seed, on the worst network; the others are short. */
const reconnects = Number(process.env['SIM_RECONNECTS'] ?? 1000);
const longSeed = Number(process.env['SIM_SEED'] ?? 4);
const seeds = process.env['SIM_SEED'] === undefined ? [1, 2, 3, 4, 5] : [longSeed];
const mostOf = (seed: number): number => (seed === longSeed ? reconnects : Math.ceil(reconnects / 10));
/** What a heap may be larger by after three quarters of a long run. Measured: 0.1 to 0.9 MB over 3,000 reconnects, as much as over 1,000. */
const heapSlackBytes = 1_500_000;
const profiles = ['4g', 'badWifi', 'lossy20', 'duplicates', 'everything'] as const;
const command = (seed: number): string => `SIM_SEED=${seed} npx vitest run --project sim test/sessions/reconnects.sim.ts`;

/** What is done to a player's connection. @returns whether it forces a reconnect. */
type Trouble = (stepper: Stepper<SimGame>, player: Player, random: Random, faults: string[]) => boolean;

const troubles: readonly Trouble[] = [
  // Both ends know at once.
  (_stepper, { peer }) => {
    peer.pair.cut('link-lost');
    return true;
  },
  // Only the client knows: to the server a second link comes beside the dead one.
  (_stepper, { peer }) => {
    peer.pair.blackout(Number.MAX_SAFE_INTEGER);
    peer.pair.b.close('link-lost', 0);
    return true;
  },
  // Only the server knows: the client finds out when its own patience is over, or when another link is opened.
  (stepper, { peer }, random) => {
    peer.pair.blackout(Number.MAX_SAFE_INTEGER);
    peer.pair.a.close('link-lost', 0);
    if (random.chance(0.9)) stepper.link(peer);
    return true;
  },
  (stepper, { peer }, random) => {
    peer.pair.blackout(stepper.now + random.range(100, 900), random.pick(['aToB', 'bToA'] as const));
    return false;
  },
  // A second link, which takes the place of the first.
  (stepper, { peer }) => {
    stepper.link(peer);
    return true;
  },
  // A second link that breaks somewhere, and a third behind it.
  (stepper, { peer }, random) => {
    const cut = { from: random.pick(['server', 'client'] as const), when: random.pick(['before', 'after'] as const) };
    stepper.link(peer, { ...cut, lane: random.pick(['reliable', 'unreliable'] as const), message: 1 + random.int(4) });
    if (random.chance(0.5)) stepper.link(peer);
    return true;
  },
  // The page is loaded anew, and the old one says so or not.
  (stepper, player, random, faults) => {
    if (player.peer.room.connection === 'ended') return false;
    stepper.reload(player.peer, random.chance(0.5));
    stepper.keep(player.peer, random.range(0, 300));
    takePage(player, faults);
    return true;
  },
];

interface Outcome {
  readonly faults: string[];
  readonly heapBytes: number[];
  readonly forced: number;
  readonly delivered: number;
  readonly asked: number;
  readonly returns: number;
}

async function run(seed: number, most: number): Promise<Outcome> {
  const random = new Random(seed);
  const profile = networkProfiles[profiles[seed % profiles.length] as (typeof profiles)[number]];
  const room = new SimRoom();
  const stepper = new Stepper<SimGame>({ game: simGame, room, seed, profile, options: { movers: 12 } });
  const faults: string[] = [];
  const players = [stepper.join(), stepper.join()].map((peer) => play(peer, faults));
  for (const { peer } of players) stepper.keep(peer, random.range(0, 300));
  const heapBytes: number[] = [];
  let forced = 0;
  const each = (peer: Player['peer']): void => {
    const player = players.find((one) => one.peer === peer) as Player;
    speak(player, room.notes);
    if (peer.random.chance(0.05)) falseStates(stepper, peer, faults);
    if (peer.random.chance(0.02)) faults.push(...boundsBroken(stepper, peer));
  };
  stepper.run(1000, each);
  while (forced < most && faults.length === 0) {
    const player = random.pick(players);
    if (random.pick(troubles)(stepper, player, random, faults)) forced++;
    stepper.run(random.chance(0.02) ? random.range(500, 4000) : random.range(20, 500), each);
    if (heapBytes.length === 0 ? forced === Math.floor(most / 4) : forced === most) heapBytes.push(heap());
    if (forced % 50 === 0) await nextTurn();
  }
  stepper.setProfile({ delayMs: profile.delayMs });
  room.freeze();
  stepper.run(40_000, undefined, () =>
    players.every((player) => isQuiet(stepper, player, room.notes) && differences(stepper, player.peer).length === 0),
  );
  for (const player of players) faults.push(...playerFaults(player, room.notes), ...differences(stepper, player.peer));
  faults.push(...stepper.errors.map(String));
  const sum = (what: 'delivered' | 'asked' | 'returns'): number => players.reduce((total, player) => total + player[what], 0);
  return { faults, heapBytes, forced, delivered: sum('delivered'), asked: sum('asked'), returns: sum('returns') };
}

function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('reconnects', () => {
  for (const seed of seeds) {
    const profile = profiles[seed % profiles.length];
    it(`[RS14] [RS15] seed ${seed}: forced reconnects on '${profile}' lose, double and reorder nothing, and nothing grows`, async () => {
      const { faults, heapBytes, forced, delivered, asked, returns } = await run(seed, mostOf(seed));
      console.log(
        `seed ${seed} ${profile}: ${forced} forced reconnects, ${delivered} events down, ${asked} up, ${returns} returns, heap ${heapBytes.map((bytes) => (bytes / 1e6).toFixed(2))} MB`,
      );
      expect(faults.slice(0, 5), command(seed)).toEqual([]);
      expect(delivered).toBeGreaterThan(forced);
      expect(asked).toBeGreaterThan(forced);
      expect(returns).toBeGreaterThan(forced / 10);
      const [before = 0, after = 0] = heapBytes;
      if (forced >= 500) expect(after - before, command(seed)).toBeLessThan(heapSlackBytes);
    });
  }
});
