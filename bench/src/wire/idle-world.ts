// An idle world: players who stand still and touch nothing, among things that lie still. What goes over the wire all the same, both ways.
//
// A whole room and whole clients on one virtual clock, as they run for real: heartbeats, inputs, acks and timing included. Invariant: decided by the seed
// alone. Units: bytes a client and second, payload and `packetOverhead` for each packet (IP, UDP, DTLS, SCTP and DATA headers).

import { ClientRoom } from '@tickwire/client/core';
import { type Client, Room, RoomCore } from '@tickwire/server/core';
import { defineGame, entity, f, type Link, type MemoryLinkPair, memoryLinkPair } from '@tickwire/shared';

export interface IdleResult {
  readonly bytes: number;
  readonly downPackets: number;
  readonly upPackets: number;
}

/** IP 20, UDP 8, DTLS 37, SCTP 12, DATA 16. */
const packetOverhead = 93;
const clients = 4;
const things = 100;
const frameMs = 1000 / 60;
/** 80 ms there and back. */
const delayMs = 40;

const game = defineGame({
  name: 'idle',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), aim: f.angle({ wire: 8 }), hp: f.uint(100) }, { predict: 'owner' }),
    thing: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }) }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), aim: f.angle({ wire: 10 }), fire: f.press() },
  steps: {
    player(p, input, { dt }) {
      p.pos.x += input.move.x * 200 * dt;
      p.pos.y += input.move.y * 200 * dt;
      p.aim = input.aim;
    },
  },
});

class IdleRoom extends Room<typeof game> {
  override onCreate(): void {
    for (let index = 0; index < things; index++) this.world.spawn('thing', { pos: { x: index * 19, y: (index * 331) % 2000 } });
  }

  override onJoin(client: Client<typeof game>): void {
    client.control(this.world.spawn('player', { pos: { x: 1000, y: 1000 }, hp: 100 }));
  }
}

/** @param settleSeconds left out: joining, and clocks finding each other. */
export function runIdleWorld(seed: number, seconds: number, settleSeconds = 10): IdleResult {
  const counted = { bytes: 0, down: 0, up: 0 };
  const errors: unknown[] = [];
  const failed = (error: unknown): void => void errors.push(error);
  const note = (way: 'down' | 'up', bytes: number): void => {
    counted.bytes += bytes;
    counted[way]++;
  };
  const core = new RoomCore({ game, room: new IdleRoom(), roomId: 'idle', seed, onError: failed }, 0);
  core.create({});
  const peers: { readonly room: ClientRoom<typeof game>; readonly pair: MemoryLinkPair; nextFrameAt: number }[] = [];
  for (let number = 1; number <= clients; number++) {
    const [sessionId, token] = [`session-${number}`, `token-${number}`];
    if (!core.reserve(sessionId, token, undefined, {}, 0)) throw new Error('the room is full');
    const pair = memoryLinkPair({ seed: seed + number, profile: { delayMs }, now0: 0, thrown: failed });
    const room = new ClientRoom(game, { roomId: 'idle', sessionId, token }, 0);
    room.onInput(() => ({ move: { x: 0, y: 0 }, aim: 0 }));
    core.accept(
      sessionId,
      counting(pair.a, (bytes) => note('down', bytes)),
    );
    room.accept(counting(pair.b, (bytes) => note('up', bytes))).catch(failed);
    peers.push({ room, pair, nextFrameAt: (number * frameMs) / clients });
  }
  const settleMs = settleSeconds * 1000;
  for (let now = 2; now <= settleMs + seconds * 1000; now += 2) {
    for (const { pair } of peers) pair.advance(now);
    core.advance(now);
    for (const peer of peers) {
      if (now < peer.nextFrameAt) continue;
      peer.nextFrameAt += frameMs;
      peer.room.frame(now);
    }
    if (now === settleMs) Object.assign(counted, { bytes: 0, down: 0, up: 0 });
  }
  if (errors.length > 0) throw errors[0];
  const per = clients * seconds;
  return { bytes: counted.bytes / per, downPackets: counted.down / per, upPackets: counted.up / per };
}

function counting(link: Link, note: (bytes: number) => void): Link {
  return {
    kind: link.kind,
    listen: (handler) => link.listen(handler),
    send(lane, bytes, now) {
      note(bytes.length + packetOverhead);
      return link.send(lane, bytes, now);
    },
    backlog: (lane) => link.backlog(lane),
    maxBytes: (lane) => link.maxBytes(lane),
    close: (code, now) => link.close(code, now),
  };
}
