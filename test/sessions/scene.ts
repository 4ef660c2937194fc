// A room with players who say numbers to each other over a bad network, for the simulations of sessions: what must hold once it heals.
//
// Units: milliseconds of virtual time.

import { networkProfiles } from '@tickwire/shared';
import { expect } from 'vitest';
import { differences } from '../sim/compare.ts';
import { type SimGame, SimRoom, simGame } from '../sim/sim-game.ts';
import { Stepper } from '../stepper.ts';
import { isQuiet, type Player, play, playerFaults, type SimPeer, speak } from './session-script.ts';

export class Scene {
  room = new SimRoom();
  readonly stepper: Stepper<SimGame>;
  readonly faults: string[] = [];
  readonly players: Player[] = [];

  constructor(seed: number, network: keyof typeof networkProfiles = '4g') {
    this.stepper = new Stepper<SimGame>({ game: simGame, room: this.room, seed, profile: networkProfiles[network], options: { movers: 8 } });
  }

  join(keptAfterMs?: number): Player {
    const player = play(this.stepper.join(), this.faults);
    if (keptAfterMs !== undefined) this.stepper.keep(player.peer, keptAfterMs);
    this.players.push(player);
    return player;
  }

  run(ms: number, onFrame?: (peer: SimPeer) => void): void {
    this.stepper.run(ms, (peer) => {
      for (const player of this.players) if (player.peer === peer) speak(player, this.room.notes);
      onFrame?.(peer);
    });
  }

  /** The network heals and the world stands still: everything that was said is there, and every replica is the server's world. */
  expectWhole(what: string): void {
    this.stepper.setProfile({ delayMs: 20 });
    this.room.freeze();
    const { stepper, players, room } = this;
    const isWhole = (player: Player): boolean => isQuiet(stepper, player, room.notes) && differences(stepper, player.peer).length === 0;
    stepper.run(30_000, undefined, () => players.every(isWhole));
    const faults = players.flatMap((player) => [...playerFaults(player, room.notes), ...differences(stepper, player.peer)]);
    expect([...this.faults, ...faults, ...stepper.errors.map(String)].slice(0, 5), what).toEqual([]);
  }

  /** The server goes on in another process, with what was saved. */
  restart(saved?: Uint8Array): void {
    const next = new SimRoom();
    next.notes = new Map([...this.room.notes].map(([name, notes]) => [name, { ...notes }]));
    this.stepper.restart(next, saved);
    this.room = next;
  }
}
