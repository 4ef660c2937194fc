// The golden messages around the snapshots: joining, the link's own bytes, hello, welcome, events, acks and inputs.
//
// Invariant: as for the snapshots, the meanings are written by hand. Inputs pass tick 65535 on purpose.

import { type AnyGame, ChannelLink, type ChannelPort, type CloseCode, type EntityId } from '@tickwire/shared';
import {
  answerEvent,
  askEvent,
  BitWriter,
  drainMessage,
  helloMessage,
  messageKind,
  Outbox,
  packPlain,
  protocolVersion,
  type RequestType,
  refusalEvent,
  type Sequence,
  welcomeMessage,
  writeFrame,
  writeInputHead,
} from '@tickwire/shared/internal';
import { InputLog } from '../../packages/client/src/input-log.ts';
import { eventsMessage, reliableAckMessage } from '../../packages/shared/src/protocol/events.ts';
import { type Golden, golden, radians, rotation } from './golden.ts';
import { goldenGame } from './golden-game.ts';

const sessionId = 'c2Vzc2lvbi1pZC1vZi1BZGE_';
const token = 'dG9rZW4tb2YtQWRhLXNlY3JldA--';
const nextToken = 'bmV4dC10b2tlbi1vZi1BZGE_';

export function sessionMessages(): Golden[] {
  return [
    golden('link-ready', linkBytes(), { lane: 'reliable', link: 'ready' }),
    golden('link-close', linkBytes('kicked'), { lane: 'reliable', link: 'close', number: 1, code: 'kicked' }),
    golden('hello', packPlain(helloMessage({ sessionId, token, instance: 0x89abcdef, reliableReceived: 0 })), {
      kind: 4,
      protocol: protocolVersion,
      sessionId,
      token,
      instance: 2309737967,
      reliableReceived: 0,
    }),
    golden('welcome', welcomeBytes(), {
      kind: 5,
      epoch: 1,
      tick: 65529,
      reliableReceived: 300,
      seed: 4275878552,
      token: nextToken,
      reliableFrom: 7,
      reconnectSeconds: 20,
      lives: 2,
    }),
    golden('events', eventBytes(), eventsMeaning),
    golden('events-made', madeBytes(), madeMeaning),
    golden('events-asks', askBytes(), askMeaning),
    golden('events-answers', answerBytes(), answerMeaning),
    golden('reliable-ack', packPlain(reliableAckMessage(70000)), { kind: 7, ack: 70000 }),
    golden('drain', packPlain(drainMessage(300)), { kind: 8, secondsLeft: 300 }),
    ...inputMessages(),
  ];
}

/** A client's second message: a request, a line of chat, another request. Its asks are those of a second epoch. */
function askBytes(): Uint8Array {
  const [buy, ping] = goldenGame.requestTypes as [RequestType, RequestType];
  const events = [
    askEvent({ type: buy, ask: 131072, fields: { item: 3, gift: 16385 as EntityId } }),
    [1, 'hi'],
    askEvent({ type: ping, ask: 131073, fields: {} }),
  ];
  return packPlain(eventsMessage({ sequence: 2, ack: 1, tick: 700, events }));
}

const askMeaning = {
  kind: 6,
  sequence: 2,
  ack: 1,
  tick: 700,
  events: [
    { request: 'buy', ask: 131072, fields: { item: 3, gift: 16385 } },
    { event: 'chat', fields: { text: 'hi' } },
    { request: 'ping', ask: 131073, fields: {} },
  ],
};

/** What the server says to these, the later one first, and that it refuses a third. */
function answerBytes(): Uint8Array {
  const [buy, ping] = goldenGame.requestTypes as [RequestType, RequestType];
  const events = [
    answerEvent({ type: ping, ask: 131073, fields: {} }),
    answerEvent({ type: buy, ask: 131072, fields: { left: 2, price: 3.25 } }),
    refusalEvent(goldenGame, 131074, 'ask-refused', 'not enough gold'),
  ];
  return packPlain(eventsMessage({ sequence: 4, ack: 2, tick: 703, events }));
}

const answerMeaning = {
  kind: 6,
  sequence: 4,
  ack: 2,
  tick: 703,
  events: [
    { answer: 'ping', ask: 131073, fields: {} },
    { answer: 'buy', ask: 131072, fields: { left: 2, price: 3.25 } },
    { refusal: 'ask-refused', ask: 131074, reason: 'not enough gold' },
  ],
};

function welcomeBytes(): Uint8Array {
  const known = { epoch: 1, tick: 65529, reliableReceived: 300, seed: 0xfedcba98 };
  return packPlain(welcomeMessage({ ...known, token: nextToken, reliableFrom: 7, reconnectSeconds: 20, lives: 2 }));
}

/** What a client's link sends when its lanes open, or when it is closed with a code. */
function linkBytes(code?: CloseCode): Uint8Array {
  const sent: Uint8Array[] = [];
  const lane = { isOpen: () => true, backlog: () => 0, send: (bytes: Uint8Array) => void sent.push(bytes) };
  const port: ChannelPort = { unreliable: lane, reliable: lane, ready() {}, ended() {}, ignored() {}, soon() {}, threw() {} };
  const link = new ChannelLink(port, true);
  if (code) link.close(code, 0);
  else link.laneOpened(0);
  return sent[0] as Uint8Array;
}

/** The third flush of a server's session: four events in one message. */
function eventBytes(): Uint8Array {
  const outbox = new Outbox();
  let bytes = new Uint8Array(0);
  const flush = (tick: number): void =>
    outbox.flush(tick, 2, (message) => {
      bytes = Uint8Array.from(message);
      return true;
    });
  const add = (name: string, fields: object): void => {
    const type = goldenGame.eventTypes.find((one) => one.name === name);
    if (type) outbox.add([type.number, ...type.layout.packRounded(fields)], 4660);
  };
  for (const text of ['one', 'two']) {
    add('chat', { text });
    flush(4600);
  }
  add('hit', { target: 16385 as EntityId, damage: 25 });
  add('hit', { target: null, damage: 0 });
  add('chat', { text: 'grüß dich 👋' });
  add('report', { ...report, code: Uint8Array.of(1, 2, 255) });
  flush(4660);
  return bytes;
}

/** One event, made in a step that the client predicts. */
function madeBytes(): Uint8Array {
  const hit = goldenGame.eventTypes[0];
  return packPlain(
    eventsMessage({ sequence: 1, ack: 0, tick: 700, events: [[0, ...(hit?.layout.packRounded({ target: null, damage: 1 }) ?? []), 3, 700, 1]] }),
  );
}

const madeMeaning = {
  kind: 6,
  sequence: 1,
  ack: 0,
  tick: 700,
  events: [{ event: 'hit', fields: { target: null, damage: 1 }, origin: { key: 3, tick: 700, number: 1 } }],
};

const report = {
  isOpen: true,
  depth: -50,
  level: -0.25,
  heading: radians(100, 12),
  at: { x: -100, y: 99.984375 },
  place: { x: 0, y: 10, z: 2.5 },
  pose: rotation(12, 0, 0, 2047, 2049),
  height: 1.5,
  mood: 'gone',
  marks: { lit: false, burning: true, shielded: false },
  code: '0102ff',
  since: 1000000,
  target: null,
  path: [
    { x: 1, y: 2 },
    { x: 3.25, y: 0 },
  ],
  note: null,
};

const eventsMeaning = {
  kind: 6,
  sequence: 3,
  ack: 2,
  tick: 4660,
  events: [
    { event: 'hit', fields: { target: 16385, damage: 25 } },
    { event: 'hit', fields: { target: null, damage: 0 } },
    { event: 'chat', fields: { text: 'grüß dich 👋' } },
    { event: 'report', fields: report },
  ],
};

function inputMessages(): Golden[] {
  const log = new InputLog<AnyGame>(goldenGame);
  log.add(65534, { move: { x: 0, y: 0 }, aim: 0.1, fire: false, run: false }, 65534 - 88 / 64);
  log.add(65535, { move: { x: 0.7, y: -1 }, aim: 0.1, fire: true, run: true }, 65535 - 88 / 64);
  log.add(65536, { move: { x: 0.7, y: -1 }, aim: 0.1, fire: false, run: true }, 65536 - 88 / 64);
  log.add(65537, { move: { x: 0.7, y: -0.2 }, aim: -3, fire: 2, run: true }, 65537 - 92 / 64);
  const changing = { hidden: false, holds: false, quiet: false };
  const head = { sequence: 40000 as Sequence, ack: 1, ackBits: 0xe0000007, ackHoldMs: 12, resync: 5, count: 4, newestTick: 65537, ...changing };
  const ackOnly = { sequence: 40001 as Sequence, ack: -1, ackBits: 0, ackHoldMs: 0, resync: 0, count: 0, newestTick: 0, ...changing };
  const held = new InputLog<AnyGame>(goldenGame);
  for (const tick of [299, 300]) held.add(tick, { move: { x: 0, y: 0 }, aim: 0, fire: false, run: true }, tick - 80 / 64);
  const quiet = {
    sequence: 7 as Sequence,
    ack: 40,
    ackBits: 0xff,
    ackHoldMs: 3,
    resync: 0,
    hidden: false,
    count: 2,
    newestTick: 300,
    holds: true,
    quiet: true,
  };
  return [
    golden('input', inputBytes(head, log), inputMeaning),
    golden('input-held', inputBytes(quiet, held), heldMeaning),
    golden('ack', inputBytes(ackOnly, log), ackMeaning),
  ];
}

function inputBytes(head: Parameters<typeof writeInputHead>[1], log: InputLog<AnyGame>): Uint8Array {
  const body = new BitWriter(200);
  const packet = new Uint8Array(200);
  writeInputHead(body, head);
  log.write(body, head.count);
  return packet.slice(0, writeFrame(packet, messageKind.input, body.finish()));
}

/** Newest first. `fire` is the running count; the server takes differences. */
const inputMeaning = {
  kind: 2,
  sequence: 40000,
  resync: 5,
  ack: { newest: 1, bits: 3758096391, holdMs: 12 },
  hidden: false,
  holds: false,
  quiet: false,
  inputs: [
    { tick: 65537, viewLag: 92, fields: { move: { x: 0.75, y: -0.25 }, aim: radians(535 * 64, 16), fire: 3, run: true } },
    { tick: 65536, viewLag: 88, fields: { move: { x: 0.75, y: -1 }, aim: radians(16 * 64, 16), fire: 1, run: true } },
    { tick: 65535, viewLag: 88, fields: { move: { x: 0.75, y: -1 }, aim: radians(16 * 64, 16), fire: 1, run: true } },
    { tick: 65534, viewLag: 88, fields: { move: { x: 0, y: 0 }, aim: radians(16 * 64, 16), fire: 0, run: false } },
  ],
};

const heldFields = { move: { x: 0, y: 0 }, aim: 0, fire: 0, run: true };

const heldMeaning = {
  kind: 2,
  sequence: 7,
  resync: 0,
  ack: { newest: 40, bits: 255, holdMs: 3 },
  hidden: false,
  holds: true,
  quiet: true,
  inputs: [
    { tick: 300, viewLag: 80, fields: heldFields },
    { tick: 299, viewLag: 80, fields: heldFields },
  ],
};

const ackMeaning = { kind: 2, sequence: 40001, resync: 0, ack: null, hidden: false, holds: false, quiet: false, inputs: [] };
