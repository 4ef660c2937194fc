// A pair of links under test, and a record of everything that their handlers are told.
//
// Owns what a transport must provide to be tested (`MakeLinkPair`), and the waiting: no test sleeps, it lets the pair's own time pass.
// Units: milliseconds of the pair's clock.

import type { CloseCode, Lane, Link, LinkHandler } from '@tickwire/shared';
import { expect } from 'vitest';

export interface LinkPairOptions {
  /** To be given to `listen` in the turn in which each link comes to be: the far link of a real transport exists later than the near one. */
  readonly a: LinkHandler;
  readonly b: LinkHandler;
  /** Share of packets that the network between them loses, both ways. Default 0. */
  readonly loss?: number;
}

export interface LinkPair {
  readonly a: Link;
  readonly b: Link;
  /** Lets this much time pass. */
  settle(ms: number): Promise<void> | void;
  /** The clock that the handlers of both links are given. */
  now(): number;
  dispose(): Promise<void> | void;
}

/** Makes two links joined to each other, handed out as early as they exist, if possible before they open. */
export type MakeLinkPair = (options: LinkPairOptions) => Promise<LinkPair> | LinkPair;

/** One end under test: its link, and everything that its handler was told. */
export interface End {
  readonly link: Link;
  readonly calls: ('opened' | 'received' | 'closed')[];
  /** Copies. */
  readonly received: { readonly lane: Lane; readonly bytes: Uint8Array; readonly atMs: number }[];
  readonly closed: CloseCode[];
  /** What the handler does with a message once it is written down. */
  react: (lane: Lane, bytes: Uint8Array, now: number) => void;
  on(lane: Lane): Uint8Array[];
}

export interface Joint {
  readonly pair: LinkPair;
  readonly near: End;
  readonly far: End;
}

interface PairSetting {
  readonly loss: number;
  readonly waitsForOpen: boolean;
  readonly farThrowsWhen?: 'opened' | 'closed';
}

export async function withPair(makePair: MakeLinkPair, setting: PairSetting, check: (joint: Joint) => Promise<void>): Promise<void> {
  let pair: LinkPair | undefined;
  const pairMade = () => {
    if (pair === undefined) throw new Error('The pair is not made yet.');
    return pair;
  };
  const near = recorder(() => pairMade().a);
  const far = recorder(() => pairMade().b, setting.farThrowsWhen);
  pair = await makePair({ a: near.handler, b: far.handler, loss: setting.loss });
  const joint = { pair, near: near.end, far: far.end };
  try {
    if (setting.waitsForOpen) await open(joint);
    await check(joint);
  } finally {
    await pair.dispose();
  }
}

/** A handler that writes down every call, and the end that it belongs to. */
function recorder(linkMade: () => Link, throwsWhen?: 'opened' | 'closed'): { handler: LinkHandler; end: End } {
  const end: End = {
    get link() {
      return linkMade();
    },
    calls: [],
    received: [],
    closed: [],
    react: () => {},
    on: (lane) => end.received.filter((message) => message.lane === lane).map((message) => message.bytes),
  };
  const handler: LinkHandler = {
    opened() {
      end.calls.push('opened');
      if (throwsWhen === 'opened') throw new Error('thrown by the opened handler, on purpose');
    },
    received(lane, bytes, now) {
      end.calls.push('received');
      end.received.push({ lane, bytes: Uint8Array.from(bytes), atMs: now });
      end.react(lane, bytes, now);
    },
    closed(code) {
      end.calls.push('closed');
      end.closed.push(code);
      if (throwsWhen === 'closed') throw new Error('thrown by the closed handler, on purpose');
    },
  };
  return { handler, end };
}

export async function open({ pair, near, far }: Joint): Promise<void> {
  await until(pair, () => near.calls.length > 0 && far.calls.length > 0);
  expect([near.calls[0], far.calls[0]]).toEqual(['opened', 'opened']);
}

/** Lets time pass until the condition holds; what was waited for is then expected by the caller. */
export async function until(pair: LinkPair, holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds() && waitedMs < PATIENCE_MS; waitedMs += STEP_MS) await pair.settle(STEP_MS);
}

const STEP_MS = 10;
/** Enough for a reliable message that is lost five times in a row. */
const PATIENCE_MS = 20_000;
