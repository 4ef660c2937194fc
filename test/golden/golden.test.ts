// The stored bytes of every message against the writers, msgpackr, our readers and the document of today.
//
// A difference is a change of the wire: raise `protocolVersion` (packages/shared/src/protocol/message.ts), make the files anew (make-golden.ts) and
// correct docs/PROTOCOL.md, all in the same commit.

import { readdirSync, readFileSync } from 'node:fs';
import { type AnyGame, ChannelLink, type ChannelPort, f, type TickwireError } from '@tickwire/shared';
import { messageKind, parseJoinRequest, protocolVersion, unpackAny } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { requestSeat } from '../../packages/client/src/edge/join.ts';
import type { Golden } from './golden.ts';
import { goldenGame } from './golden-game.ts';
import { withFetch } from './join-messages.ts';
import { goldenFile, makeGolden } from './make-golden.ts';
import { readInputPacket, readPlainMessage, SnapshotMeanings } from './our-readers.ts';

const changed = 'the bytes of the wire have changed: raise protocolVersion and make the golden files anew, in the same commit';

const names = readdirSync(new URL('.', import.meta.url)).flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? []);
const stored = new Map<string, Golden>(names.map((name) => [name, JSON.parse(readFileSync(goldenFile(name), 'utf8'))]));
const made = new Map((await makeGolden()).map((golden) => [golden.name, golden]));

describe('golden bytes', () => {
  it('[GB1] every message that is made has a stored file, and every stored file a message', () => {
    expect([...stored.keys()].sort()).toEqual([...made.keys()].sort());
  });

  for (const [name, { hex, schema, after, meaning }] of stored) {
    it(`[GB1] ${name} is written as it is stored, byte for byte`, () => {
      const now = made.get(name);
      expect(now?.hex, changed).toBe(hex);
      expect(now?.schema, 'the description of the same game has changed, and with it every schema hash: raise protocolVersion').toEqual(schema);
      expect(now).toMatchObject({ name, meaning, ...(after && { after }) });
    });
  }

  it('[GB1] making the messages twice gives the same bytes', async () => {
    expect(new Map((await makeGolden()).map((golden) => [golden.name, golden]))).toEqual(made);
  });

  it('[GB2] every file is of the protocol version that the code speaks', () => {
    for (const golden of stored.values()) expect(golden.protocolVersion, golden.name).toBe(protocolVersion);
  });

  it('[GB3] msgpackr reads every message as one array that begins with its kind', () => {
    const kinds = new Set<unknown>();
    for (const golden of messages()) {
      const value = unpackAny(bytesOf(golden));
      expect(Array.isArray(value), golden.name).toBe(true);
      const [kind, ...rest] = value as unknown[];
      expect(kind, golden.name).toBe((golden.meaning as { kind: number }).kind);
      if (kind === messageKind.snapshot || kind === messageKind.input) expect(rest.every((body) => body instanceof Uint8Array)).toBe(true);
      kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual(Object.values(messageKind).sort());
  });

  for (const golden of messages()) {
    it(`[GB4] our reader gives ${golden.name} its meaning`, () => expect(ourReading(golden)).toEqual(golden.meaning));
  }

  it('[GB4] our link takes the ready and the close of the other end', () => {
    expect(linkReading('link-ready')).toEqual(['ready']);
    expect(linkReading('link-close')).toEqual(['ready', meaningOf('link-close')['code']]);
  });

  it('[GB4] our server and our client take the joins', async () => {
    expect(parseJoinRequest(JSON.parse(textOf('join-request')))).toEqual(bodyOf('join-request'));
    expect(await join('join-seat')).toEqual(bodyOf('join-seat'));
    const { code, detail } = bodyOf('join-unknown-room');
    expect(await join('join-unknown-room')).toMatchObject({ code, message: expect.stringContaining(String(detail)) });
    expect(await join('join-schema-mismatch')).toMatchObject({
      code: bodyOf('join-schema-mismatch')['code'],
      message: expect.stringContaining('only the server has "input, field run: button"'),
    });
  });

  it('[GB5] every field kind is in the golden game', () => {
    const texts = goldenGame.description.join('\n').replace('enum ', 'enumOf ');
    for (const kind of Object.keys(f)) expect(texts, kind).toMatch(new RegExp(`[ (]${kind}\\b`));
    expect(texts).toMatch(/ owner$/m);
  });

  it('[GB6] the examples in PROTOCOL.md are the stored bytes', () => {
    const document = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
    const examples = [...document.matchAll(/^```hex (\S+)\n([^`]*)```/gm)].map(([, name = '', hex = '']) => [name, hex.replace(/\s/g, '')]);
    for (const [name, hex] of examples) expect(hex, name).toBe(stored.get(name as string)?.hex);
    const shown = examples.map(([name]) => meaningOf(name as string));
    expect(new Set(shown.map((meaning) => meaning['kind'] ?? meaning['link']))).toEqual(new Set([...Object.values(messageKind), 'ready', 'close']));
  });
});

/** What goes over a link between two sessions. */
function messages(): Golden[] {
  return [...stored.values()].filter(({ meaning }) => 'kind' in meaning);
}

function ourReading(golden: Golden): unknown {
  const { kind } = golden.meaning as { kind: number };
  if (kind === messageKind.input) return readInputPacket(goldenGame, bytesOf(golden), nearOf(golden));
  if (kind !== messageKind.snapshot) return readPlainMessage(goldenGame, bytesOf(golden));
  const reader = new SnapshotMeanings(goldenGame);
  for (const name of golden.after ?? []) reader.read(bytesOf(named(name)), nearOf(named(name)));
  return reader.read(bytesOf(golden), nearOf(golden));
}

/** A tick that a receiver may know when the packet comes: some seconds old. */
function nearOf({ meaning }: Golden): number {
  const { tick, inputs } = meaning as { tick?: number; inputs?: { tick: number }[] };
  return Math.max(0, (tick ?? inputs?.[0]?.tick ?? 0) - 200);
}

/** What a client's link makes of the bytes, when its own greeting is on the way. */
function linkReading(name: string): string[] {
  const told: string[] = [];
  const lane = { isOpen: () => true, backlog: () => 0, send() {} };
  const port: ChannelPort = {
    unreliable: lane,
    reliable: lane,
    ready: () => void told.push('ready'),
    ended: (code) => void told.push(code),
    ignored: (why) => void told.push(why),
    soon() {},
    threw() {},
  };
  const link = new ChannelLink(port, true);
  link.laneOpened(0);
  link.receive('reliable', bytesOf(named('link-ready')), 0);
  if (name !== 'link-ready') link.receive('reliable', bytesOf(named(name)), 0);
  return told;
}

/** What the client's code makes of an answer to its join. Its game lacks a field that the server's has. */
function join(name: string): Promise<unknown> {
  const status = meaningOf(name)['status'] as number;
  const game: AnyGame = { ...(goldenGame as AnyGame), description: goldenGame.description.filter((line) => !line.startsWith('input, field run')) };
  return withFetch(
    async () => new Response(textOf(name), { status }),
    () => requestSeat('http://golden.example', game, 'joinOrCreate', 'golden', {}).catch((error: unknown) => error as TickwireError),
  );
}

function bodyOf(name: string): Record<string, unknown> {
  return meaningOf(name)['body'] as Record<string, unknown>;
}

function meaningOf(name: string): Record<string, unknown> {
  return named(name).meaning as Record<string, unknown>;
}

function named(name: string): Golden {
  const golden = stored.get(name);
  if (!golden) throw new Error(`there is no golden file ${name}.json`);
  return golden;
}

function textOf(name: string): string {
  return Buffer.from(bytesOf(named(name))).toString('utf8');
}

function bytesOf({ hex }: Golden): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
