// The arena's room: lets players in and out, runs the rules each tick and tells the clients what happened.
//
// Invariant: what players can do to each other is in `rules/`; here is only who is told.
// Units: ticks.

import type { EntityId } from '@tickwire/shared';
import { type Client, Room } from '@tickwire/server';
import { balance } from '../balance.ts';
import { type game, type Player } from '../game.ts';
import { damage, type Impact, playerOf, shoot } from '../rules/shooting.ts';
import { respawn, spawnPlayer } from '../rules/spawning.ts';
import { cleanLine, cleanName } from '../rules/texts.ts';

type ArenaClient = Client<typeof game>;
type SavedPlayers = [sessionId: string, player: EntityId][];

export class ArenaRoom extends Room<typeof game> {
  override maxClients = 16;
  /** Whose player is whose, by session id. */
  #players = new Map<string, EntityId>();
  /** When each last said something, in ticks. */
  readonly #saidAt = new Map<string, number>();

  override onCreate(): void {
    this.on('say', (client, { text }) => this.#say(client, text));
  }

  override onJoin(client: ArenaClient, options: ArenaClient['options']): void {
    const taken = this.world.all('player').map((player) => player.name);
    const player = spawnPlayer(this.world, cleanName(options['name'], taken), this.random);
    client.control(player);
    this.#players.set(client.sessionId, player.id);
  }

  override onLeave(client: ArenaClient): void {
    const player = this.#playerOf(client);
    if (player) this.world.despawn(player);
    this.#players.delete(client.sessionId);
    this.#saidAt.delete(client.sessionId);
  }

  override onTick(): void {
    respawn(this.world, this.tick, this.random);
    for (const impact of shoot(this.world, this.tick, 1 / this.game.tickHz)) {
      this.emit('spark', { at: impact.at, on: impact.target ? 'player' : 'wall', colour: impact.colour });
      if (impact.target) this.#hit(impact, impact.target);
    }
  }

  override onSave(): SavedPlayers {
    return [...this.#players];
  }

  override onRestore(saved: unknown): void {
    this.#players = new Map(saved as SavedPlayers);
  }

  #hit(impact: Impact, target: Player): void {
    const killed = damage(this.world, impact, this.tick);
    const involved = this.clients.filter(({ sessionId }) => {
      const player = this.#players.get(sessionId);
      return player === target.id || (player !== undefined && player === impact.shooter);
    });
    this.emit('hit', { target: target.id, shooter: impact.shooter, damage: balance.bulletDamage }, { to: involved });
    if (!killed) return;
    const killer = playerOf(this.world, impact.shooter);
    this.emit('kill', { victim: target.id, victimName: target.name, killer: killer?.id ?? null, killerName: killer?.name ?? 'Someone' });
  }

  #say(client: ArenaClient, text: string): void {
    const player = this.#playerOf(client);
    const line = cleanLine(text);
    const waitedTicks = this.tick - (this.#saidAt.get(client.sessionId) ?? Number.NEGATIVE_INFINITY);
    if (!player || line === '' || waitedTicks < sayIntervalTicks) return;
    this.#saidAt.set(client.sessionId, this.tick);
    this.emit('chat', { name: player.name, colour: player.colour, text: line });
  }

  #playerOf(client: ArenaClient): Player | undefined {
    return playerOf(this.world, this.#players.get(client.sessionId) ?? null);
  }
}

/** A line every third of a second; more is dropped. */
const sayIntervalTicks = 20;
