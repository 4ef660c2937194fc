// The arena's room: lets players in and out, runs the rules each tick and tells the clients what happened.
//
// Invariant: what players can do to each other is in `rules/`; here is only who is asked and who is told.
// Units: ticks.

import { type Client, type JoinOptions, Room } from '@tickwire/server';
import type { EntityId, InputSample } from '@tickwire/shared';
import { balance } from '../balance.ts';
import type { BotSample } from '../bots/bot-mind.ts';
import { BotTeam } from '../bots/bot-team.ts';
import type { game, Player, Rocket } from '../game.ts';
import { blastHits, firstTouched, type Hit, playerOf, takeHealth } from '../rules/damage.ts';
import { beginMatch, passTime, scoreGoal } from '../rules/match.ts';
import { hasJustFired } from '../rules/movement.ts';
import { pickUp } from '../rules/pickups.ts';
import { firstBodyOn, lineOfFire } from '../rules/rifle.ts';
import { burst } from '../rules/rocket.ts';
import { furnish, respawn, spawnPlayer } from '../rules/spawning.ts';
import { cleanLine, cleanName } from '../rules/texts.ts';

type ArenaClient = Client<typeof game>;

export class ArenaRoom extends Room<typeof game> {
  override maxClients = 16;
  override allowReconnection = 10;
  /** Who has lost the link is played by a bot until it is back. */
  override whileDropped = 'ai' as const;
  /** Players in all that bots fill the room up to. They make way for people. */
  bots = 0;
  /** How long a match lasts, unless somebody wins before. */
  matchSeconds: number = balance.matchSeconds;
  #team!: BotTeam;
  #shown = '';

  override onCreate(options: JoinOptions): void {
    this.unlisted = options['unlisted'] === true;
    this.on('say', (client, { text }) => this.#say(client, text));
    furnish(this.world);
    beginMatch(this.world, this.tick, this.#matchTicks, this.random);
    this.#team = new BotTeam(this.world, this.random);
    this.#fill();
  }

  override onJoin(client: ArenaClient, options: JoinOptions): void {
    const taken = this.world.all('player').map((player) => player.name);
    client.control(spawnPlayer(this.world, cleanName(options['name'], taken), this.random));
    this.#fill();
  }

  override onLeave(client: ArenaClient): void {
    for (const entity of client.entities) this.world.despawn(entity);
    this.#fill();
  }

  override botInput(client: ArenaClient): InputSample<typeof game> | undefined {
    const player = client.entities.find((entity) => entity.type === 'player');
    return player && this.#team.inputOf(player, this.tick);
  }

  override onTick(): void {
    respawn(this.world, this.tick, this.random);
    this.#judgeRifles();
    this.#judgeRockets();
    for (const { player, pickup } of pickUp(this.world, this.tick)) this.emit('picked', { player: player.id, kind: pickup.kind, at: pickup.pos });
    this.#judgeGoals();
    passTime(this.world, this.tick, this.#matchTicks, this.random);
    this.#team.play(this.tick, this.#drive);
    this.#tell();
  }

  get #matchTicks(): number {
    return Math.round(this.matchSeconds * this.game.tickHz);
  }

  readonly #drive = (player: Player, sample: BotSample): void => this.drive(player, sample);

  #fill(): void {
    this.#team.fill(Math.max(0, Math.min(this.bots, this.maxClients) - this.clients.length));
    this.#tell();
  }

  /** For who looks for a room. */
  #tell(): void {
    const players = this.clients.length;
    const { phase } = this.world.state;
    const bots = this.world.all('player').reduce((count, { isBot }) => count + Number(isBot), 0);
    const shown = `${players} ${bots} ${phase}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.metadata = { players, bots, phase };
  }

  /** A rifle hits whom it hits on the screen of who fired it. */
  #judgeRifles(): void {
    for (const shooter of this.world.all('player')) {
      if (!hasJustFired(shooter, this.tick)) continue;
      const line = lineOfFire(shooter, this.world);
      const seen = this.#lookAs(shooter.id, (players) => firstBodyOn(line, players, shooter.id));
      const target = playerOf(this.world, seen?.id ?? null);
      if (target) this.#hit({ target, shooter: shooter.id, weapon: 'rifle', damage: balance.rifleDamage });
    }
  }

  /** A rocket bursts on whom it touches on the screen of who fired it; the blast hurts who is there now. */
  #judgeRockets(): void {
    const dt = 1 / this.game.tickHz;
    for (const rocket of this.world.all('rocket')) {
      const touched = this.#lookAs(rocket.shooter, (players) => firstTouched(rocket, players, dt));
      const isTouching = touched !== undefined && rocket.fuse > 0;
      if (isTouching) this.#burst(rocket);
      if (rocket.fuse > 0) continue;
      // A page knows of its own rocket's end at a wall, and sees it to the end of that tick; of this end it hears.
      if (isTouching) this.world.despawn(rocket);
      for (const hit of blastHits(this.world, rocket, touched?.id)) this.#hit(hit);
    }
  }

  #burst(rocket: Rocket): void {
    burst(rocket, this.world);
    this.emit('blast', { at: rocket.pos, colour: rocket.colour });
  }

  #judgeGoals(): void {
    const goal = this.world.state.phase === 'play' ? scoreGoal(this.world) : undefined;
    if (goal) this.emit('goal', { scorer: goal.scorer?.id ?? null, scorerName: goal.scorer?.name ?? '', side: goal.side });
  }

  /** The players as the one who plays `shooter` saw them; as they are for whom nobody plays. */
  #lookAs<T>(shooter: EntityId | null, look: (players: readonly Player[]) => T): T {
    const client = this.clients.find(({ entities }) => entities.some(({ id }) => id === shooter));
    return client ? this.rewind(client, (past) => look(past.all('player'))) : look(this.world.all('player'));
  }

  #hit(hit: Hit): void {
    // The match is over: nothing hurts any more.
    if (this.world.state.phase !== 'play' || hit.target.hp === 0) return;
    const { target, shooter, weapon, damage } = hit;
    const hasKilled = takeHealth(this.world, hit, this.tick);
    const involved = this.clients.filter((client) => client.entities.some(({ id }) => id === target.id || id === shooter));
    this.emit('hit', { target: target.id, shooter, damage }, { to: involved });
    if (!hasKilled) return;
    const killer = playerOf(this.world, shooter);
    this.emit('kill', { victim: target.id, victimName: target.name, killer: killer?.id ?? null, killerName: killer?.name ?? 'Someone', weapon });
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
