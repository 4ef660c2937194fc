// Golden snapshot packets with bytes changed: what our reader and the one made from the document make of bytes that no server sends.
//
// Invariant: neither throws anything but its refusal, both take the same packets, and whatever is taken can be stored again. From a seed.

import { type AnyGame, defineGame, event, limits, Random } from '@tickwire/shared';
import {
  BitWriter,
  codecTable,
  emptySnapshotHead,
  messageKind,
  type Sequence,
  SymbolEncoder,
  Symbols,
  writeFrame,
  writeSnapshotHead,
} from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { ReceivedWorld } from '../../packages/client/src/received-world.ts';
import { type ReadResult, SnapshotReader } from '../../packages/client/src/snapshot-reader.ts';
import type { Golden } from './golden.ts';
import { goldenGame } from './golden-game.ts';
import { IndependentDecoder, OtherHash } from './independent-decoder.ts';
import { Unreadable } from './independent-raw.ts';
import { MissingBase } from './independent-states.ts';
import { snapshotMessages } from './snapshot-messages.ts';

const rounds = 4000;
const messages = snapshotMessages();
const byName = new Map(messages.map((message) => [message.name, message]));

describe('changed packets', () => {
  it('[GB10] are taken by both readers or by neither, and nothing that is taken is no state', () => {
    const random = new Random(11);
    const results = new Set<ReadResult>();
    for (let round = 0; round < rounds; round++) {
      const message = random.pick(messages);
      const bytes = bytesOf(message);
      // Behind the frame: what it holds is always read.
      for (let times = 1 + random.int(3); times > 0; times--) bytes[4 + random.int(bytes.length - 4)] = random.int(256);
      const ours = ourReading(message, bytes);
      results.add(ours);
      expect(ours === 'taken', `${message.name}: ${Buffer.from(bytes).toString('hex')}`).toBe(theirReading(message, bytes));
    }
    expect([...results].sort()).toEqual(['differs', 'no-base', 'old', 'taken', 'wrong']);
  }, 60_000);

  it('[GB10] with a number of records or effects that is a lie are refused at once, though zeros without end follow', () => {
    const game = defineGame({
      ...{ name: 'lies', tickHz: 60, snapshotHz: 20, entities: {}, steps: {} },
      events: { flash: event({}, { expiresMs: 100 }) },
    }) as AnyGame;
    const read = (records: number, effects: number): ReadResult =>
      new SnapshotReader(game, new ReceivedWorld(game)).read(lie(records, effects), 9, 0, () => true);
    expect([read(0, 0), read(0, 1), read(0, limits.effectsPerPacket)]).toEqual(['taken', 'taken', 'taken']);
    expect([read(0, limits.effectsPerPacket + 1), read(0, 2 ** 32 - 1), read(2 ** 32 - 1, 0)]).toEqual(['wrong', 'wrong', 'wrong']);
    expect(read(1, 0)).toBe('no-base');
  });
});

/** A packet that announces so many, and says nothing of them. */
function lie(records: number, effects: number): Uint8Array {
  const symbols = new Symbols(codecTable);
  symbols.writeVar(records);
  symbols.writeVar(effects);
  const encoder = new SymbolEncoder();
  const list = new Uint8Array(64);
  encoder.begin(list, 0, list.length);
  encoder.put(symbols.list, 0, symbols.length);
  const head = new BitWriter(64);
  writeSnapshotHead(head, { ...emptySnapshotHead(), sequence: 1 as Sequence, tick: 9, leads: true, hasPrivate: true });
  const body = [...head.finish(), ...list.subarray(0, encoder.finish())];
  const packet = new Uint8Array(limits.packetBytes);
  return packet.slice(0, writeFrame(packet, messageKind.snapshot, Uint8Array.from(body)));
}

function ourReading(message: Golden, bytes: Uint8Array): ReadResult {
  const world = new ReceivedWorld(goldenGame as AnyGame);
  const reader = new SnapshotReader(goldenGame as AnyGame, world);
  // No state is kept for the view: what a wrong tick means depends on the states that are left, and the other reader keeps none either.
  for (const before of beforeOf(message)) expect(reader.read(bytesOf(before), tickOf(before), tickOf(before), () => true)).toBe('taken');
  const result = reader.read(bytes, tickOf(message), tickOf(message), () => true);
  for (const entity of world.entities) {
    if (!entity) continue;
    const { layout } = entity.type;
    for (let index = 0; index < entity.count; index++) {
      const values = {};
      const row = new Int32Array(layout.words);
      layout.load(entity.rows, entity.rowAt(index), values);
      layout.store(values, row, 0);
      expect(row).toEqual(entity.rows.slice(entity.rowAt(index), entity.rowAt(index) + layout.words));
    }
  }
  return result;
}

function theirReading(message: Golden, bytes: Uint8Array): boolean {
  const decoder = new IndependentDecoder([...message.schema], Math.max(0, tickOf(message) - 200));
  for (const before of beforeOf(message)) decoder.decode(bytesOf(before));
  try {
    decoder.decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof Unreadable || error instanceof MissingBase || error instanceof OtherHash) return false;
    throw error;
  }
}

function beforeOf({ after = [] }: Golden): Golden[] {
  return after.map((name) => byName.get(name) as Golden);
}

function tickOf({ meaning }: Golden): number {
  return (meaning as { tick: number }).tick;
}

function bytesOf({ hex }: Golden): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
