// What hostile clients do, by name: each is one round of it, run again and again while the attack is on.
//
// Invariant: an attack returns when its link was ended or its round is over, and counts what it sent and what came of it: an attack that reached nothing
// must be seen in the report. Rates are such that 20 of them leave a core of their own some air. Units: milliseconds, bytes.

import { limits } from '@tickwire/shared';
import { BitWriter, emptyInputHead, messageKind, packPlain, type Sequence, writeFrame, writeInputHead } from '@tickwire/shared/internal';
import { authorizationOf, type HostileClient, type HostilePeer, wait } from './hostile-client.ts';
import { type HostileSocket, opcodes, openHostileSocket } from './hostile-socket.ts';

export type Attack = (client: HostileClient, isOn: () => boolean) => Promise<void>;

/** On a link that is a player's, until it is cut off: `send` is called every `everyMs` and says how many messages left. That it was ended stops nobody. */
async function onLink(client: HostileClient, isOn: () => boolean, everyMs: number, send: (peer: HostilePeer) => number): Promise<void> {
  const peer = await client.enter();
  if (!peer) return client.count('refused');
  client.count('entered');
  await until(client, isOn, everyMs, peer, () => send(peer));
  client.leave(peer);
}

/** The same over a WebSocket. */
async function onSocket(client: HostileClient, isOn: () => boolean, everyMs: number, send: (socket: HostileSocket) => number): Promise<void> {
  const socket = await client.enterSocket();
  if (!socket) return client.count('refused');
  client.count('entered');
  await until(client, isOn, everyMs, socket, () => send(socket));
  socket.raw.destroy();
}

async function until(
  client: HostileClient,
  isOn: () => boolean,
  everyMs: number,
  link: { readonly ended: string | undefined; readonly isCut: boolean },
  send: () => number,
): Promise<void> {
  while (isOn() && !link.isCut) {
    client.count('messages', send());
    await wait(everyMs);
  }
  if (link.ended !== undefined) client.count(`ended: ${link.ended}`);
}

export const attacks: { readonly [name: string]: Attack } = {
  /** Bytes that are no message, and messages that lie, on both lanes. */
  malformed: (client, isOn) =>
    onLink(client, isOn, 100, (peer) => {
      const lane = client.random.chance(0.3) ? peer.reliable : peer.unreliable;
      return times(2, () => client.say(lane, malformed(client)));
    }),
  /** Ten thousand packets a second that can be read. */
  flood: (client, isOn) => onLink(client, isOn, 20, (peer) => times(200, () => client.say(peer.unreliable, inputPacket(0)))),
  /** A quarter over the rate, for as long as it goes. */
  'slow flood': (client, isOn) => onLink(client, isOn, 20, (peer) => times(6, () => client.say(peer.unreliable, inputPacket(0)))),
  /** Full packets, as many as pass for honest in number. */
  'byte flood': (client, isOn) =>
    onLink(client, isOn, 20, (peer) => times(4, () => client.say(peer.unreliable, inputPacket(limits.packetBytes - 40)))),
  /** Thousands of events in each message. */
  'event flood': (client, isOn) => {
    let sequence = 0;
    const events = Array.from({ length: 1000 }, () => [99]);
    return onLink(client, isOn, 50, (peer) =>
      times(1, () => client.say(peer.reliable, packPlain([messageKind.events, ++sequence, 0, 0, ...events]))),
    );
  },
  /** Messages of 200 kB, texts and geckos' own events among them. */
  oversized: (client, isOn) => onLink(client, isOn, 200, (peer) => times(1, () => client.say(peer.reliable, new Uint8Array(200_000)))),
  'reserved events': (client, isOn) => {
    const texts = ['null', '{"disconnect":"closed"}', '{"rawMessage":[1,2,3]}', '{"dropped":1}', '{"__proto__":{"x":1}}', '[]', ''];
    return onLink(client, isOn, 50, (peer) =>
      times(2, () => client.say(client.random.chance(0.5) ? peer.reliable : peer.unreliable, client.random.pick(texts))),
    );
  },
  'foreign channels': (client, isOn) =>
    onLink(client, isOn, 150, ({ connection }) =>
      times(2, () => {
        const channel = connection.createDataChannel(client.random.chance(0.5) ? 'geckos.io' : 'x'.repeat(client.random.int(2000)));
        channel.onOpen(() => times(20, () => client.say(channel, new Uint8Array(50_000))));
        return true;
      }),
    ),
  'socket flood': (client, isOn) => onSocket(client, isOn, 20, (socket) => times(200, () => socket.send(opcodes.binary, laned(0, inputPacket(0))))),
  'socket noise': (client, isOn) =>
    onSocket(client, isOn, 50, (socket) =>
      times(4, () => {
        const opcode = client.random.pick([opcodes.text, opcodes.binary, opcodes.ping, 0, 5, 11]);
        const bytes = client.random.chance(0.1) ? new Uint8Array(60_000) : malformed(client);
        return socket.send(opcode, opcode === opcodes.ping ? bytes.subarray(0, 100) : bytes, client.random.chance(0.7));
      }),
    ),
  'socket pings': (client, isOn) => onSocket(client, isOn, 20, (socket) => times(200, () => socket.send(opcodes.ping, new Uint8Array(100)))),
  /** Upgrades that greet nobody, with right and wrong tickets. */
  'socket silence': async (client, isOn) => {
    for (let turn = 0; turn < 8 && isOn(); turn++, await wait(100)) {
      const socket = client.random.chance(0.5) ? await client.enterSocket(false) : await openHostileSocket(client.url, client.address, 'a.b.c');
      client.count(socket ? 'upgraded' : 'refused');
    }
  },
  /** Says nothing, or much, and never hello. */
  'no hello': async (client, isOn) => {
    const { seat } = await client.join();
    const peer = seat && (await client.open(seat, client.random.chance(0.5)));
    if (!peer) return client.count('refused');
    for (let turn = 0; turn < 60 && isOn() && peer.ended === undefined; turn++, await wait(50))
      client.count(
        'messages',
        times(4, () => client.say(peer.unreliable, inputLike(client, 50))),
      );
    client.count(`ended: ${peer.ended ?? 'by itself'}`);
    client.leave(peer);
  },
  /** `{}` and other bodies to every route. */
  bodies: async (client, isOn) => {
    const offer = await someOffer(client);
    const id = offer?.id ?? 'none';
    const paths = ['/tickwire/join', '/.wrtc/v2/connections', ...['remote-description', 'close'].map((end) => `/.wrtc/v2/connections/${id}/${end}`)];
    const others = [
      '/tickwire/',
      '/tickwire/rooms',
      '/tickwire/join/x',
      `/.wrtc/v2/connections/${'x'.repeat(3000)}/close`,
      '/.wrtc/v2/../x',
      '/health',
    ];
    for (let turn = 0; turn < 12 && isOn(); turn++, await wait(60)) {
      const path = client.random.chance(0.7) ? client.random.pick(paths) : client.random.pick(others);
      const body = client.random.chance(0.4) ? '{}' : client.random.pick(bodies(client, offer?.sdp ?? ''));
      const { status } = await client.request(client.random.pick(['POST', 'POST', 'POST', 'GET', 'PUT']), path, body);
      client.count(`status ${status}`);
    }
  },
  /** Offers with a right ticket that nobody answers. */
  'half open': async (client, isOn) => {
    const { seat } = await client.join();
    if (!seat) return client.count('refused');
    for (let turn = 0; turn < 8 && isOn(); turn++, await wait(100))
      client.count((await client.offer(authorizationOf(seat))) ? 'offers' : 'offers refused');
  },
  /** Rooms that nobody comes to. */
  'empty rooms': async (client, isOn) => {
    for (let turn = 0; turn < 10 && isOn(); turn++, await wait(60))
      client.count((await client.join({ method: 'create' })).seat ? 'rooms' : 'rooms refused');
  },
  'wrong tickets': async (client, isOn) => {
    const { seat } = await client.join();
    const forged = { roomId: seat?.roomId ?? 'r', sessionId: seat?.sessionId ?? 's', token: 'x' };
    const headers = ['', '.', '..', 'a.b.c', authorizationOf(forged), authorizationOf({ ...forged, token: 'y'.repeat(9000) }), 'é', '\t.\t.\t'];
    for (let turn = 0; turn < 10 && isOn(); turn++, await wait(60)) {
      const offer = await client.offer(client.random.pick(headers)).catch(() => undefined);
      client.count(offer ? 'let in' : 'refused');
    }
  },
  'huge options': async (client, isOn) => {
    const huge = [
      { options: { name: 'x'.repeat(10_000) } },
      { options: { name: 'x'.repeat(2_000_000) } },
      { options: deep(2000) },
      { options: Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, index])) },
      { target: 'x'.repeat(60_000) },
    ];
    for (let turn = 0; turn < 8 && isOn(); turn++, await wait(80)) client.count(`status ${(await client.join(client.random.pick(huge))).status}`);
  },
  /** Many sockets that say a byte now and then. */
  'slow HTTP': async (client, isOn) => {
    const head = 'POST /tickwire/join HTTP/1.1\r\nhost: a\r\n';
    const sockets = (await Promise.all(Array.from({ length: 60 }, () => client.socket()))).flatMap((socket) => socket ?? []);
    client.count('sockets', sockets.length);
    for (const socket of sockets)
      socket.write(client.random.chance(0.5) ? head : `${head}content-type: application/json\r\ncontent-length: 900\r\n\r\n{`);
    for (let turn = 0; turn < 26 && isOn() && sockets.some(({ destroyed }) => !destroyed); turn++, await wait(500))
      for (const socket of sockets) if (!socket.destroyed) socket.write('x');
    client.count('sockets closed', sockets.filter(({ destroyed }) => destroyed).length);
    for (const socket of sockets) socket.destroy();
  },
};

/** One offer to a seat of the client's own, unanswered. */
export async function someOffer(client: HostileClient): Promise<{ readonly id: string; readonly sdp: string } | undefined> {
  const { seat } = await client.join();
  return seat && client.offer(authorizationOf(seat));
}

function malformed(client: HostileClient): Uint8Array {
  const { random } = client;
  const noise = Uint8Array.from({ length: random.int(300) }, () => random.int(256));
  if (random.chance(0.3)) return noise;
  if (random.chance(0.3)) return packPlain([random.int(12), random.int(9), noise, 'x'.repeat(random.int(200)), { a: [null] }]);
  return inputLike(client, 10 + random.int(200));
}

/** The frame of an input message around bytes that mostly are none. */
function inputLike(client: HostileClient, length: number): Uint8Array {
  const body = Uint8Array.from({ length }, () => client.random.int(256));
  return packPlain([messageKind.input, body]);
}

let sequence = 0;

/** A packet that can be read and says nothing: no inputs, no ack, and so many bytes that nobody asked for. */
function inputPacket(padding: number): Uint8Array {
  const writer = new BitWriter(limits.packetBytes);
  sequence = (sequence + 1) & 0xffff;
  writeInputHead(writer, { ...emptyInputHead(), sequence: sequence as Sequence });
  for (let word = 0; word < padding >>> 2; word++) writer.write(word, 32);
  const bytes = new Uint8Array(limits.packetBytes);
  return bytes.slice(0, writeFrame(bytes, messageKind.input, writer.finish()));
}

/** As a WebSocket has it: the lane before it. */
function laned(lane: number, bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(lane, ...bytes);
}

function bodies({ random }: HostileClient, sdp: string): string[] {
  const texts = [
    '',
    'null',
    '[]',
    '{"sdp":',
    '"x"',
    '1e999',
    '{"type":"answer","sdp":1}',
    '{"__proto__":{"admin":true}}',
    'x'.repeat(random.int(100_000)),
  ];
  return [...texts, JSON.stringify({ type: 'answer', sdp }), JSON.stringify({ type: 'answer', sdp: sdp.slice(0, random.int(sdp.length + 1)) })];
}

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

function times(count: number, act: () => boolean): number {
  let done = 0;
  for (let index = 0; index < count; index++) if (act()) done++;
  return done;
}
