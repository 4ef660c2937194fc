// How much processor time a client's correction takes: 64 arena players known, and 12 ticks run again from a snapshot that differs.
//
// Two rows: the arena as it is, where a client predicts its own player and its shots and sees the others; and the same with every player predicted by
// everyone, the dearest that there can be. Measured is what a frame does for it: taking over the snapshot, comparing, going back and 12 ticks of steps.
// Run by itself, it prints both. Units: milliseconds of CPU time by the wall clock, which a busy machine stretches: the median of many counts.

import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { type AnyGame, defineGame, entity, Random } from '@tickwire/shared';
import { type Form, form } from '@tickwire/shared/internal';
import { game as arena } from '../../../examples/arena/src/game.ts';
import { InputLog } from '../../../packages/client/src/input-log.ts';
import { Predictor } from '../../../packages/client/src/predictor.ts';
import { ReceivedWorld } from '../../../packages/client/src/received-world.ts';

export interface ReplayCost {
  /** Median and 99th percentile of one correction, in milliseconds: a client's own player among 64. */
  readonly ownMs: number;
  readonly ownP99Ms: number;
  /** The same when all 64 players are predicted. */
  readonly everyoneMs: number;
  readonly everyoneP99Ms: number;
}

const players = 64;
const replayTicks = 12;
/** Ticks from one snapshot to the next. */
const snapshotTicks = 3;

/** Measures both rows; takes a few seconds. @param corrections of each row, after half as many that are not counted. */
export function measureReplay(corrections = 2000): ReplayCost {
  const everyone = defineGame({
    ...parts,
    name: 'arena-everyone',
    entities: { ...arena.entities, player: entity(arena.entities.player.fields, { predict: 'everyone' }) },
  });
  const own = costsOf(arena as AnyGame, (slot) => (slot === 1 ? form.owned : form.seen), corrections);
  const all = costsOf(everyone as AnyGame, (slot) => (slot === 1 ? form.owned : form.shared), corrections);
  return { ownMs: at(own, 0.5), ownP99Ms: at(own, 0.99), everyoneMs: at(all, 0.5), everyoneP99Ms: at(all, 0.99) };
}

const parts = {
  tickHz: arena.tickHz,
  snapshotHz: arena.snapshotHz,
  state: arena.state,
  input: arena.input,
  events: arena.events,
  steps: arena.steps,
} as const;

/** Milliseconds of each correction, ascending. */
function costsOf(game: AnyGame, formOf: (slot: number) => Form, corrections: number): number[] {
  const warmUp = Math.ceil(corrections / 2);
  const random = new Random(7);
  const received = new ReceivedWorld(game);
  const inputs = new InputLog(game);
  const predictor = new Predictor(game, received, inputs, 1);
  const type = game.types.find(({ name }) => name === 'player');
  if (!type) throw new Error('the arena has no players');
  const values: Record<string, unknown> = {};
  type.layout.initialise(values);
  const row = new Int32Array(type.layout.words);
  /** A snapshot in which everybody stands somewhere else than foreseen. */
  const snapshot = (tick: number): void => {
    for (let slot = 1; slot <= players; slot++) {
      Object.assign(values, { pos: { x: random.range(100, 1900), y: random.range(100, 1900) }, hp: 100, name: 'Player' });
      type.layout.store(values, row, 0);
      received.full(slot, 1, type.number, undefined, tick, tick, formOf(slot), row, 0);
    }
    received.newestTick = tick;
    received.leadTick = tick;
    received.changes++;
  };
  const costs: number[] = [];
  for (let correction = -warmUp; correction < corrections; correction++) {
    const lead = 100 + (correction + warmUp) * snapshotTicks;
    for (let tick = Math.max(inputs.newestTick + 1, lead - replayTicks); tick <= lead + replayTicks; tick++)
      inputs.add(tick, { move: { x: random.range(-1, 1), y: random.range(-1, 1) }, aim: random.range(-3, 3), fire: random.chance(0.2) }, tick - 10);
    predictor.reconcile(replayTicks);
    predictor.advance(lead + replayTicks);
    snapshot(lead);
    const before = predictor.replayedTicks;
    const from = performance.now();
    predictor.reconcile(replayTicks);
    predictor.advance(lead + replayTicks);
    const ms = performance.now() - from;
    if (correction > -warmUp && predictor.replayedTicks - before !== replayTicks)
      throw new Error(`${predictor.replayedTicks - before} ticks ran again`);
    if (correction >= 0) costs.push(ms);
  }
  return costs.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] as number;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ownMs, ownP99Ms, everyoneMs, everyoneP99Ms } = measureReplay();
  console.log(
    `own player among ${players}: ${ownMs.toFixed(3)} ms (p99 ${ownP99Ms.toFixed(3)}); all predicted: ${everyoneMs.toFixed(3)} ms (p99 ${everyoneP99Ms.toFixed(3)})`,
  );
}
