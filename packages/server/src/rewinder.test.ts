// A rewind by hand: a room, a client whose packets and acks are a script, and what it is shown.

import { defineGame, entity, f } from '@tickwire/shared';
import { form, History, viewTickParts, World } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { InputQueue } from './input-queue.ts';
import type { Past } from './past.ts';
import { Replica } from './replica.ts';
import { Rewinder } from './rewinder.ts';
import { Sight } from './sight.ts';
import { ViewClaims } from './view-claims.ts';

const game = defineGame({
  name: 'range',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    target: entity({ x: f.fixed(0, 1000, { wire: 1 }), armour: f.uint(9).owner() }),
    shooter: entity({ x: f.fixed(0, 1000, { wire: 1 }) }, { predict: 'owner' }),
    ball: entity({ x: f.fixed(0, 1000) }, { predict: 'everyone' }),
  },
  state: { gate: f.fixed(0, 1000, { wire: 1 }) },
  steps: { shooter: () => {}, ball: () => {} },
});
type Game = typeof game;

/** A world in which everything moves by 2.25 a tick, and one client of it that had every third tick, `age` ticks later. */
class Range {
  readonly world = new World(game);
  readonly history = new History(game);
  readonly rewinder = new Rewinder(this.world, this.history);
  readonly client = { replica: new Replica(new Sight()), inputs: new InputQueue<Game>(game), claims: new ViewClaims(3) };
  readonly target = this.world.spawn('target', { armour: 7 });
  readonly shooter = this.world.spawn('shooter');
  readonly ball = this.world.spawn('ball');
  maxRewindMs = 400;

  /** Makes ticks up to this one; after each the client has acknowledged what is `age` ticks old. */
  run(to: number, age = 5, acknowledges: (tick: number) => boolean = (tick) => tick % 3 === 0): void {
    const { world, client } = this;
    while (world.tick < to) {
      world.tick++;
      for (const one of [...world.all('target'), ...world.all('shooter'), ...world.all('ball')]) one.x = (world.tick * 2.25) % 900;
      world.state.gate = world.tick;
      for (let slot = 0; slot < world.slotCount; slot++) {
        const one = world.at(slot);
        if (one) this.history.record(slot, world.versionAt(slot), world.typeAt(slot), one, world.tick);
      }
      const seen = world.tick - age;
      if (seen < 1 || !acknowledges(seen)) continue;
      client.claims.packet(seen, 3, world.tick);
      for (let slot = 0; slot < world.slotCount; slot++) {
        const life = this.history.life(slot, world.versionAt(slot));
        const seenAs = slot === this.shooter.id % 16_384 ? form.owned : form.seen;
        if (life && world.at(slot) && life.firstTick <= seen) client.replica.sight?.received(slot, life.version, seenAs, seen, true);
      }
    }
  }

  /** What the client sees at a view so many ticks behind. */
  look<T>(lagTicks: number, look: (past: Past<Game>) => T): T {
    this.client.inputs.viewLag = lagTicks * viewTickParts;
    return this.rewinder.rewind(this.client, this.maxRewindMs, look);
  }
}

describe('rewind', () => {
  it('[RW1] shows others where the view was, between the states that the client had, on the wire grid and without the owner’s fields', () => {
    const range = new Range();
    range.run(120);
    for (const lag of [8, 8.25, 9.5, 12.75]) {
      const view = 120 - lag;
      const before = Math.floor(view / 3) * 3;
      const [a, b] = [Math.round(before * 2.25), Math.round((before + 3) * 2.25)];
      range.look(lag, (past) => {
        const [target] = past.all('target');
        expect(past.tick).toBe(view);
        expect(target?.x).toBeCloseTo(a + ((b - a) * (view - before)) / 3, 9);
        expect([target?.id, target?.type, target?.armour, past.get(range.target.id) === target]).toEqual([range.target.id, 'target', 0, true]);
        expect(past.state.gate).toBeCloseTo(view, 9);
      });
    }
  });

  it('[RW2] draws from no state that the client got after it had made the input', () => {
    const range = new Range();
    range.run(119);
    // The newest state it had was of tick 114; as tick 123 is made, it has acknowledged 117.
    range.client.claims.note(123, 0, 0);
    range.run(123);
    const place = (lag: number): number | undefined => range.look(lag, (past) => past.all('target')[0]?.x);
    // Beyond it goes on as the client drew it, from what it had of 111 and 114: ever slower, for 12 ticks at most.
    const [before, newest] = [Math.round(111 * 2.25), Math.round(114 * 2.25)];
    expect(place(6.5)).toBeCloseTo(newest + ((newest - before) / 3) * (2.5 - 2.5 ** 2 / 24), 9);
    // For an input that never came, what it has acknowledged by now is as near as one gets.
    range.run(124);
    expect(place(7.5)).toBeCloseTo(Math.round(114 * 2.25) + ((Math.round(117 * 2.25) - Math.round(114 * 2.25)) * 2.5) / 3, 9);
  });

  it('[RW9] shows what the client predicts in the present: the world’s own objects', () => {
    const range = new Range();
    range.run(120);
    range.look(9, (past) => {
      expect(past.all('shooter')[0] === (range.shooter as unknown)).toBe(true);
      expect(past.get(range.ball.id) === (range.ball as unknown)).toBe(true);
    });
  });

  it('[RW10] shows who was there then: not who came since, and who has gone since until the client heard of it', () => {
    const range = new Range();
    const late = range.world.tick;
    range.run(120);
    const young = range.world.spawn('target');
    range.world.despawn(range.target);
    const heir = range.world.spawn('target'); // in the slot of the target
    range.run(124);
    expect([heir.id % 16_384, late]).toEqual([range.target.id % 16_384, 0]);
    const ids = (lag: number): unknown[] => range.look(lag, (past) => past.all('target').map(({ id }) => id));
    expect(ids(10)).toEqual([range.target.id]);
    expect(range.look(10, (past) => [past.get(heir.id), past.get(young.id), past.get(range.target.id)?.x])).toEqual([
      undefined,
      undefined,
      Math.round(114 * 2.25),
    ]);
    // At tick 128 the client knows of tick 123: the target has gone, and is drawn until its view is there.
    range.run(128);
    expect([ids(10), ids(5.25), ids(5), ids(4)]).toEqual([[range.target.id], [range.target.id], [heir.id, young.id], [heir.id, young.id]]);
    range.run(140);
    expect(ids(8)).toEqual([heir.id, young.id]);
  });

  it('[RW3] goes back no farther than maxRewindMs, for views and for states, and never beyond the history', () => {
    const range = new Range();
    range.run(300);
    const ticks = (lag: number): number => range.look(lag, (past) => past.ticks);
    expect([ticks(8), ticks(24), ticks(25), ticks(250)]).toEqual([8, 24, 24, 24]);
    range.maxRewindMs = 5000;
    expect(ticks(250)).toBe(62);
    range.maxRewindMs = 0;
    expect(ticks(250)).toBe(0);
    // A client that acknowledges nothing for half a second sees nobody where he was half a second ago.
    range.maxRewindMs = 100;
    range.run(330, 5, () => false);
    expect(range.look(2, (past) => past.all('target')[0]?.x)).toBe(Math.round((330 - 6) * 2.25));
  });

  it('[RW11] a shot that flies goes on through the past, tick by tick, to the present', () => {
    const range = new Range();
    range.run(120);
    const seen = range.look(9.5, (past) => {
      const places: number[] = [];
      for (let left = past.ticks; left >= 0; left--) {
        places.push(past.all('target')[0]?.x ?? -1);
        past.advance();
      }
      past.advance();
      expect([past.ticks, past.tick]).toEqual([0, 119.5]);
      return places;
    });
    expect(seen).toHaveLength(10);
    // As drawn while the states were there, then as it was to be drawn: never farther than the wire from the truth at that time.
    for (const [index, place] of seen.entries()) expect(Math.abs(place - (110.5 + index) * 2.25), `${index}`).toBeLessThanOrEqual(1);
  });

  it('[RW12] says what was done wrong: a rewind in a rewind, a past that is over, a type that is none, a client that has left', () => {
    const range = new Range();
    range.run(30);
    expect(() => range.look(3, () => range.look(3, () => 0))).toThrow(/inside of another rewind/);
    const kept = range.look(3, (past) => past);
    for (const use of [() => kept.all('target'), () => kept.get(range.target.id), () => kept.state, () => kept.advance()])
      expect(use).toThrow(/past is over/);
    expect(() => range.look(3, (past) => past.all('nobody' as 'ball'))).toThrow(/no entity type 'nobody'/);
    expect(() => range.rewinder.rewind(undefined, 400, () => 0)).toThrow(/has left/);
    expect(() => range.rewinder.rewind({ ...range.client, replica: new Replica() }, 400, () => 0)).toThrow(/maxRewindMs was 0/);
    // One that throws is over all the same, and gives what it returns.
    expect(() => range.look(3, () => JSON.parse('{'))).toThrow(SyntaxError);
    expect(range.look(3, () => 'fine')).toBe('fine');
  });

  it('[RW5] makes its objects and tables once', () => {
    const range = new Range();
    range.run(60);
    const objects = new Set<unknown>();
    for (let tick = 61; tick < 300; tick++) {
      range.run(tick);
      range.look(9, (past) => {
        for (const one of past.all('target')) objects.add(one);
        objects.add(past.all('target'));
        objects.add(past.state);
        objects.add(past);
      });
    }
    expect(objects.size).toBe(4);
  });
});
