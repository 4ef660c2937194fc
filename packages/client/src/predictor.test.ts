import { defineGame, entity, event, f } from '@tickwire/shared';
import { form } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { InputLog } from './input-log.ts';
import { Predictor } from './predictor.ts';
import { ReceivedWorld } from './received-world.ts';

const game = defineGame({
  name: 'predictor',
  tickHz: 60,
  snapshotHz: 20,
  entities: { runner: entity({ x: f.uint(1000) }, { predict: 'owner' }) },
  events: { passed: event({ x: f.uint(1000) }) },
  steps: {
    runner(runner, _input, context) {
      runner.x++;
      if (runner.x % 10 === 0) context.emit('passed', { x: runner.x });
    },
  },
});

class Bench {
  readonly received = new ReceivedWorld(game);
  readonly inputs = new InputLog(game);
  readonly predictor = new Predictor(game, this.received, this.inputs, 1);

  /** A leading snapshot of a tick, in which runners stand at these places, by slot; rested since a tick if given. */
  lead(tick: number, places: { readonly [slot: number]: number }, since = tick): void {
    for (const [slot, x] of Object.entries(places)) this.received.full(Number(slot), 1, 1, undefined, tick, since, form.owned, Int32Array.of(x), 0);
    this.received.newestTick = tick;
    this.received.leadTick = tick;
    this.received.changes++;
  }

  run(to: number, replayTicksPerFrame = 32): void {
    for (let tick = Math.max(0, this.inputs.newestTick + 1); tick <= to; tick++) this.inputs.add(tick, {}, tick);
    this.predictor.reconcile(replayTicksPerFrame);
    this.predictor.advance(to);
  }

  get places(): number[] {
    return this.predictor.world.all('runner').map(({ x }) => x);
  }
}

describe('Predictor', () => {
  it('[PR16] what is missing from the group of a snapshot and moved is not predicted any more; what rested is, and goes on', () => {
    const bench = new Bench();
    bench.lead(10, { 1: 100, 2: 200 });
    bench.lead(10, { 3: 300 }, 5);
    bench.run(12);
    expect(bench.places).toEqual([102, 202, 302]);
    const predicted = (): boolean[] => [1, 2, 3].map((slot) => bench.predictor.isPredicted(bench.received.entities[slot]?.id as never));
    expect(predicted()).toEqual([true, true, true]);
    bench.lead(13, { 1: 103 });
    bench.run(15);
    expect(predicted()).toEqual([true, false, true]);
    // The second one stands as it was received last; the third was at rest all the time, and is put back for it.
    expect(bench.places).toEqual([105, 200, 302]);
    bench.lead(16, { 1: 106, 2: 250 });
    bench.run(16);
    expect(bench.places).toEqual([106, 250, 300]);
  });

  it('[PE8] events are of the ticks that run for the first time: what a tick makes as it runs again is the server\u2019s to tell', () => {
    const bench = new Bench();
    bench.lead(10, { 1: 100 });
    bench.run(25);
    const played = (): unknown[] => bench.predictor.events.map(({ fields, origin }) => [fields, origin.tick]);
    expect(played()).toEqual([[{ x: 110 }, 20]]);
    // Two places farther: it was passed in tick 18 and is passed again in no tick, and the next one comes two ticks earlier.
    bench.lead(13, { 1: 105 });
    bench.run(30);
    expect(bench.predictor.corrections).toBe(1);
    expect(played()).toEqual([
      [{ x: 110 }, 20],
      [{ x: 120 }, 28],
    ]);
  });

  it('[PR13] a frame that may run less goes on in the next one, with the ticks that run for the first time behind', () => {
    const bench = new Bench();
    bench.lead(10, { 1: 100 });
    bench.run(40);
    bench.lead(13, { 1: 113 });
    bench.run(41, 10);
    expect([bench.predictor.tick, bench.predictor.replayedTicks, bench.places]).toEqual([23, 10, [123]]);
    bench.run(42, 10);
    bench.run(43, 10);
    expect([bench.predictor.tick, bench.predictor.replayedTicks, bench.places]).toEqual([43, 27, [143]]);
  });
});
