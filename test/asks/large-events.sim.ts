// The largest event, effect, request and answer that a game may have, each full, through a real room and a real client.
//
// Units: milliseconds of virtual time; bytes.

import { Room } from '@tickwire/server/core';
import { defineGame, entity, event, f, networkProfiles, request } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { Stepper } from '../stepper.ts';

/** Bytes beside a text of 1000: `defineGame` refuses one more of any. */
const [eventBytes, effectBytes, askBytes] = [48, 34, 51];
const gameOf = (moreEvent = 0, moreEffect = 0, moreAsk = 0) =>
  defineGame({
    name: 'large',
    tickHz: 60,
    snapshotHz: 20,
    entities: { mover: entity({ x: f.fixed(0, 1000) }, { predict: 'owner' }) },
    events: {
      told: event({ text: f.string(1000), rest: f.bytes(eventBytes + moreEvent) }),
      boom: event({ text: f.string(1000), rest: f.bytes(effectBytes + moreEffect) }, { expiresMs: 5000 }),
    },
    requests: {
      tell: request({ text: f.string(1000), rest: f.bytes(askBytes) }, { text: f.string(1000), rest: f.bytes(askBytes + moreAsk) }),
    },
    steps: {
      mover(mover) {
        mover.x = (mover.x + 1) % 1000;
      },
    },
  });
const game = gameOf();
const full = (bytes: number) => ({ text: 'x'.repeat(1000), rest: new Uint8Array(bytes).fill(7) });

class LargeRoom extends Room<typeof game> {
  override onJoin(client: Parameters<Room<typeof game>['onJoin']>[0]): void {
    client.control(this.world.spawn('mover'));
    this.onAsk('tell', (_client, said) => said);
  }
}

test('[GD12] the largest event, effect, request and answer arrive whole', async () => {
  expect(() => gameOf(1)).toThrow(/^event told can need 1069 bytes/);
  expect(() => gameOf(0, 1)).toThrow(/^event boom can need 1101 bytes/);
  expect(() => gameOf(0, 0, 1)).toThrow(/^request tell, its answer can need 1069 bytes/);
  const room = new LargeRoom();
  const sim = new Stepper({ game, room, seed: 1, profile: networkProfiles.badWifi });
  const peer = sim.join();
  const heard: string[] = [];
  for (const name of ['told', 'boom'] as const)
    peer.room.on(name, ({ text, rest }) => void heard.push(`${name} ${text.length} ${rest.length} ${rest.every((byte) => byte === 7)}`));
  sim.run(2000);
  room.emit('told', full(eventBytes));
  room.emit('boom', full(effectBytes));
  const answer = peer.room.ask('tell', full(askBytes));
  sim.run(3000);
  expect(await answer).toEqual(full(askBytes));
  expect(heard.sort()).toEqual([`boom 1000 ${effectBytes} true`, `told 1000 ${eventBytes} true`]);
  expect(sim.errors).toEqual([]);
});
