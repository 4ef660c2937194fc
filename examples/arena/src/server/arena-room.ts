// The arena's room: lets players in and out, runs the rules each tick and tells the clients what happened.
//
// Invariant: what players can do to each other is in `rules/`; here is only who is told.
// Units: ticks.

import { type Client, type JoinOptions, Room } from '@tickwire/server';
import { balance } from '../balance.ts';
import type { game, Player } from '../game.ts';
import { damage, type Impact, type LookBack, playerOf, shoot } from '../rules/shooting.ts';
import { respawn, spawnPlayer } from '../rules/spawning.ts';
import { cleanLine, cleanName } from '../rules/texts.ts';

type ArenaClient = Client<typeof game>;

export class ArenaRoom extends Room<typeof game> {
  override maxClients = 16;
  /** Beyond the ten seconds of silence after which a link is given up: whoever comes later finds a new place as fast, and who closed the page is gone at once. */
  override allowReconnection = 2;

  override onCreate(): void {
    this.on('say', (client, { text }) => this.#say(client, text));
  }

  override onJoin(client: ArenaClient, options: JoinOptions): void {
    const taken = this.world.all('player').map((player) => player.name);
    client.control(spawnPlayer(this.world, cleanName(options['name'], taken), this.random));
  }

  override onLeave(client: ArenaClient): void {
    for (const entity of client.entities) this.world.despawn(entity);
  }

  override onTick(): void {
    respawn(this.world, this.tick, this.random);
    for (const impact of shoot(this.world, this.tick, 1 / this.game.tickHz, this.#lookBack)) {
      this.emit('spark', { at: impact.at, on: impact.target ? 'player' : 'wall', colour: impact.colour });
      if (impact.target) this.#hit(impact, impact.target);
    }
  }

  /** What the one who plays a shooter saw. */
  readonly #lookBack: LookBack = (shooter, look) => {
    const client = this.clients.find(({ entities }) => entities.some(({ id }) => id === shooter.id));
    return client && this.rewind(client, look);
  };

  #hit(impact: Impact, target: Player): void {
    const killed = damage(this.world, impact, this.tick);
    const involved = this.clients.filter((client) => client.entities.some(({ id }) => id === target.id || id === impact.shooter));
    this.emit('hit', { target: target.id, shooter: impact.shooter, damage: balance.bulletDamage }, { to: involved });
    if (!killed) return;
    const killer = playerOf(this.world, impact.shooter);
    this.emit('kill', { victim: target.id, victimName: target.name, killer: killer?.id ?? null, killerName: killer?.name ?? 'Someone' });
  }

  #say(client: ArenaClient, text: string): void {
    const player = client.entities.find((entity) => entity.type === 'player');
    const line = cleanLine(text);
    const saidAt = Number(client.data['saidAt'] ?? Number.NEGATIVE_INFINITY);
    if (!player || line === '' || this.tick - saidAt < sayIntervalTicks) return;
    client.data['saidAt'] = this.tick;
    this.emit('chat', { name: player.name, colour: player.colour, text: line });
  }
}

/** A line every third of a second; more is dropped. */
const sayIntervalTicks = 20;
