// The bots of a room: as many as there are places to fill, and one mind for each player that a bot plays.
//
// Invariant: a bot that makes way is the one with the fewest points. Units: ticks.

import type { EntityId, Random } from '@tickwire/shared';
import type { Player } from '../game.ts';
import type { ArenaWorld } from '../rules/arena-world.ts';
import { spawnPlayer } from '../rules/spawning.ts';
import { cleanName } from '../rules/texts.ts';
import { BotMind, type BotSample } from './bot-mind.ts';

export class BotTeam {
  readonly #world: ArenaWorld;
  readonly #random: Random;
  readonly #minds = new Map<EntityId, BotMind>();

  constructor(world: ArenaWorld, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** Lets bots come or go until there are so many. */
  fill(count: number): void {
    const bots = this.#world.all('player').filter(({ isBot }) => isBot);
    for (let missing = count - bots.length; missing > 0; missing--) {
      const taken = this.#world.all('player').map(({ name }) => name);
      const name = names.find((one) => !taken.includes(one)) ?? 'Bot';
      spawnPlayer(this.#world, cleanName(name, taken), this.#random, true);
    }
    const leaving = bots.sort((a, b) => a.score - b.score || Number(a.hp > 0) - Number(b.hp > 0)).slice(0, Math.max(0, bots.length - count));
    for (const { id } of leaving) this.#world.despawn(id);
    for (const id of this.#minds.keys()) if (!this.#world.get(id)) this.#minds.delete(id);
  }

  /** Plays every bot for the next tick. */
  play(tick: number, drive: (player: Player, sample: BotSample) => void): void {
    for (const player of this.#world.all('player')) if (player.isBot) drive(player, this.inputOf(player, tick));
  }

  /** What a bot would do as this player: for bots, and for who has lost the link. */
  inputOf(player: Player, tick: number): BotSample {
    let mind = this.#minds.get(player.id);
    if (!mind) {
      mind = new BotMind(this.#random.fork(player.id));
      this.#minds.set(player.id, mind);
    }
    return mind.play(player, this.#world, tick);
  }
}

const names = [
  'Rowan',
  'Hazel',
  'Juniper',
  'Ash',
  'Willow',
  'Sage',
  'Cedar',
  'Iris',
  'Aspen',
  'Fern',
  'Linden',
  'Olive',
  'Birch',
  'Laurel',
  'Maple',
  'Yarrow',
] as const;
