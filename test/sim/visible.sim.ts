// Who may know of what, in a whole system on a bad network: owners, teams, and the room's own rule; and that what is hidden leaves no trace in any byte.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Client, Room } from '@tickwire/server/core';
import { defineGame, type EntityId, entity, f, networkProfiles, Random } from '@tickwire/shared';
import { slotOf } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { type Peer, Stepper } from '../stepper.ts';
import { healed, networkOf, type SimRun, simRuns } from './profiles.ts';

/** SIM_RUNS, SIM_SEED and SIM_PROFILE: see profiles.ts. */
const runs = simRuns(process.env, 20);

const game = defineGame({
  name: 'visible',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    hero: entity({ pos: f.vec2(-500, 500), team: f.enumOf('red', 'blue') }, { predict: 'owner' }),
    bag: entity({ gold: f.uint(1000), diary: f.string(20) }, { visible: 'owner' }),
    scout: entity({ pos: f.vec2(-500, 500), team: f.enumOf('red', 'blue'), plan: f.uint(60_000) }, { visible: 'team' }),
    mob: entity({ pos: f.vec2(-500, 500), hidden: f.bool() }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }) },
  steps: {
    hero(hero, input, { dt }) {
      hero.pos.x += input.move.x * 60 * dt;
      hero.pos.y += input.move.y * 60 * dt;
    },
  },
});
type VisibleGame = typeof game;

/** Which clients could see an entity at each tick. */
type Log = Map<string, Set<string>>;

class VisibleRoom extends Room<VisibleGame> {
  override autoDispose = false;
  readonly log: Log = new Map();
  /** Changes in what only some may see; another random stream gives another secret. */
  secrets = new Random(1);
  changes = true;

  override onCreate(): void {
    for (let count = 0; count < 12; count++) {
      this.world.spawn('mob', { pos: { x: count * 20 - 100, y: 50 } });
      this.world.spawn('scout', { team: count % 2 === 0 ? 'red' : 'blue', pos: { x: count * 30 - 150, y: 0 } });
    }
  }

  override onJoin(client: Client<VisibleGame>): void {
    client.control(this.world.spawn('hero', { team: this.clients.length % 2 === 0 ? 'red' : 'blue' }));
    for (let count = 0; count < 2; count++) client.control(this.world.spawn('bag', { diary: `of ${client.sessionId}` }));
  }

  override visible(_client: Client<VisibleGame>, one: { readonly type: string }): boolean {
    return one.type !== 'mob' || !(one as unknown as { hidden: boolean }).hidden;
  }

  override onTick(): void {
    const { random } = this;
    if (this.changes) {
      for (const mob of this.world.all('mob')) {
        mob.pos.x += random.range(-2, 2);
        if (random.chance(0.01)) mob.hidden = !mob.hidden;
      }
      for (const scout of this.world.all('scout')) {
        scout.plan = random.int(60_000);
        if (random.chance(0.005)) scout.team = scout.team === 'red' ? 'blue' : 'red';
      }
      for (const bag of this.world.all('bag')) {
        bag.gold = random.int(1000);
        if (random.chance(0.01)) random.pick(this.clients).control(bag);
      }
      for (const hero of this.world.all('hero')) if (random.chance(0.003)) hero.team = hero.team === 'red' ? 'blue' : 'red';
    }
    for (const client of this.clients) this.#note(client);
  }

  #note(client: Client<VisibleGame>): void {
    const teams = client.entities.flatMap((one) => (one.type === 'hero' ? [one.team] : []));
    const note = (id: EntityId): void => {
      const key = `${id} at ${this.tick}`;
      const who = this.log.get(key) ?? new Set();
      this.log.set(key, who.add(client.sessionId));
    };
    for (const one of client.entities) note(one.id);
    for (const mob of this.world.all('mob')) if (!mob.hidden) note(mob.id);
    for (const scout of this.world.all('scout')) if (teams.includes(scout.team)) note(scout.id);
    for (const hero of this.world.all('hero')) note(hero.id);
  }
}

/** States that a client has of what it could not see in their tick. */
function leaks({ room }: Peer<VisibleGame>, log: Log): string[] {
  const found: string[] = [];
  for (const entity of room.received.entities) {
    if (!entity || entity.type.number === 0) continue;
    const key = `${entity.id} at ${entity.newestTick}`;
    if (!log.get(key)?.has(room.sessionId)) found.push(`${room.sessionId} has ${entity.type.name} ${key}`);
  }
  return found;
}

/** @returns everything that a client knew and should not have, or lacked in the end. */
function play({ seed, profile }: SimRun): string[] {
  const room = new VisibleRoom();
  const stepper = new Stepper({ game, room, seed, profile: networkOf(profile) });
  const peers = [stepper.join(), stepper.join(), stepper.join()];
  for (const peer of peers) peer.room.onInput(() => ({ move: { x: peer.random.range(-1, 1), y: 0 } }));
  const faults: string[] = [];
  let bagsSeen = 0;
  stepper.run(6000, (peer) => {
    if (faults.length < 5) faults.push(...leaks(peer, room.log));
    bagsSeen += peer.room.received.entities.filter((one) => one?.type.name === 'bag').length;
  });
  room.changes = false;
  stepper.setProfile(healed(networkOf(profile)));
  stepper.run(3000);
  faults.push(...stepper.errors.map(String));
  if (bagsSeen < 500) faults.push(`only ${bagsSeen} bags seen`);
  for (const { room: client } of peers) {
    const { resyncs, packetsWrong } = client.stats;
    if (client.ended || resyncs + packetsWrong > 0) faults.push(`${client.sessionId}: ${client.ended}, ${resyncs} resyncs, ${packetsWrong} wrong`);
    const may = [...room.log]
      .filter(([key, who]) => key.endsWith(` at ${room.tick}`) && who.has(client.sessionId))
      .map(([key]) => Number(key.split(' ')[0]));
    const has = client.received.entities.flatMap((one) => (one && one.type.number > 0 ? [one.id as number] : []));
    for (const id of has) if (!may.includes(id)) faults.push(`${client.sessionId} has ${id}`);
    for (const id of may) if (!has.includes(id)) faults.push(`${client.sessionId} lacks ${id}`);
  }
  return faults;
}

describe('visible', () => {
  it(
    '[IN7] [IN8] what is its owner\u2019s or its team\u2019s reaches no other client in any tick, and in the end each has exactly what it may see',
    async () => {
      for (const run of runs) {
        expect([run, play(run)]).toEqual([run, []]);
        // The test runner must hear from this process within a minute.
        await nextTurn();
      }
    },
    60_000 + runs.length * 1000,
  );

  it('[IN9] two runs that differ only in what a client may not see give it the same packets, byte for byte', () => {
    const packets = (secret: number): Uint8Array[] => {
      const room = new VisibleRoom();
      const secrets = new Random(secret);
      const stepper = new Stepper({ game, room, seed: 4, profile: networkProfiles.lossy20 });
      const peer = stepper.join();
      const other = stepper.join();
      for (const { room: client } of [peer, other]) client.onInput(() => ({ move: { x: 1, y: -0.5 } }));
      stepper.run(1000);
      room.changes = false;
      peer.down.recorded = [];
      const hidden = {
        bags: room.world.all('bag').filter(({ diary }) => diary.endsWith('2')),
        scouts: room.world.all('scout').filter(({ team }) => team === 'red'),
      };
      for (const mob of room.world.all('mob').slice(0, 4)) mob.hidden = true;
      stepper.run(2000, undefined, () => {
        for (const bag of hidden.bags) if (secrets.chance(0.1)) bag.gold = secrets.int(1000);
        for (const scout of hidden.scouts) if (secrets.chance(0.1)) scout.pos.x = secrets.range(-400, 400);
        for (const mob of room.world.all('mob')) if (mob.hidden) mob.pos.y = secrets.range(-400, 400);
        if (secrets.chance(0.01)) room.world.despawn(secrets.pick(hidden.scouts));
        if (secrets.chance(0.01)) room.world.spawn('scout', { team: 'red', plan: secrets.int(9) });
        return false;
      });
      const mine = room.clients[0]?.entities.find((one) => one.type === 'hero');
      expect([mine?.type === 'hero' && mine.team, stepper.errors, slotOf(mine?.id ?? (0 as EntityId)) > 0]).toEqual(['blue', [], true]);
      return peer.down.recorded;
    };
    const once = packets(1);
    expect(once.length).toBeGreaterThan(30);
    for (const secret of [2, 3]) expect(packets(secret)).toEqual(once);
  });
});
