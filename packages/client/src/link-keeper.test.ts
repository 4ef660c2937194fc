// The link keeper on a virtual clock, with a dialer and a room that the test holds in its hand.

import { type CloseCode, type Link, Random, type RefusalCode, TickwireError } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { type DialKind, type KeptView, LinkKeeper, type Transport } from './link-keeper.ts';

const frameMs = 16;

interface Path {
  /** From the dial to the open link. */
  openMs?: number;
  /** How it fails, `failMs` after the dial. */
  fails?: CloseCode | RefusalCode;
  failMs?: number;
}

/** A world in which paths open, fail or hang, and links carry a message each 50 ms while their path is alive. */
class World {
  now = 0;
  paths: Record<DialKind, Path> = { webrtc: { openMs: 200 }, websocket: { openMs: 100 } };
  readonly alive: Record<DialKind, boolean> = { webrtc: true, websocket: true };
  readonly dials: { kind: DialKind; at: number; token: string }[] = [];
  readonly log: string[] = [];
  readonly keeper: LinkKeeper;
  welcomeMs = 50;
  isOnline = true;
  reconnectSeconds = 20;
  heardEveryMs = 50;
  active: { kind: DialKind } | undefined;
  ended: string | undefined;
  joined: string | undefined;
  #heardAt = 0;
  #tasks: { at: number; run: () => void }[] = [];
  #newest: Link | undefined;

  constructor(transport: Transport = 'auto', kinds: DialKind[] = ['webrtc', 'websocket'], webrtc: Path = { openMs: 200 }) {
    this.paths.webrtc = webrtc;
    const dial = (kind: DialKind, seat: { token: string }, done: (result: Link | TickwireError, now: number) => void): (() => void) => {
      this.dials.push({ kind, at: this.now, token: seat.token });
      const { openMs, fails, failMs = 0 } = this.paths[kind];
      let givenUp = false;
      const later = (ms: number, result: () => Link | TickwireError): void => this.#after(ms, () => !givenUp && done(result(), this.now));
      if (fails) later(failMs, () => new TickwireError(fails));
      else if (openMs !== undefined && this.alive[kind]) later(openMs, () => this.#link(kind));
      return () => {
        givenUp = true;
        this.log.push(`${kind} given up`);
      };
    };
    this.keeper = new LinkKeeper({ kinds, dial }, transport, new Random(1));
    const room = {
      seat: { roomId: 'r', sessionId: 's', token: 'first' },
      accept: (link: Link) => this.#accept(link),
      giveUp: (code: string) => {
        this.ended = code;
      },
    };
    this.keeper.start(room, 0).then(
      () => {
        this.joined = 'yes';
      },
      (error: TickwireError) => {
        this.joined = error.message;
      },
    );
  }

  /** The link that carries the session ends. */
  lose(): void {
    this.active = undefined;
    this.keeper.advance(this.now, this.#view());
  }

  /** A time without frames, and then one before the messages that came in it. */
  freeze(ms: number): void {
    this.now += ms;
    this.keeper.advance(this.now, this.#view());
  }

  async run(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += frameMs;
      for (const task of this.#tasks.filter(({ at }) => at <= this.now)) task.run();
      this.#tasks = this.#tasks.filter(({ at }) => at > this.now);
      if (this.active && this.alive[this.active.kind] && this.now - this.#heardAt >= this.heardEveryMs) this.#heardAt = this.now;
      await Promise.resolve();
      this.keeper.advance(this.now, this.#view());
      await Promise.resolve();
    }
  }

  counts(): string {
    return `webrtc ${this.dials.filter(({ kind }) => kind === 'webrtc').length}, websocket ${this.dials.filter(({ kind }) => kind === 'websocket').length}`;
  }

  #view(): KeptView {
    const { isOnline, reconnectSeconds } = this;
    return { heardAt: this.#heardAt, activeKind: this.active?.kind, ended: this.ended !== undefined, isOnline, reconnectSeconds };
  }

  #accept(link: Link): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#newest = link;
      this.#after(this.welcomeMs, () => {
        if (!this.alive[link.kind as DialKind]) return;
        if (this.log.includes(`${link.kind} closed link-replaced`) && this.#newest !== link) return reject(new TickwireError('link-replaced'));
        this.active = { kind: link.kind as DialKind };
        this.#heardAt = this.now;
        resolve();
      });
    });
  }

  #link(kind: DialKind): Link {
    return { kind, close: (code: CloseCode) => void this.log.push(`${kind} closed ${code}`) } as unknown as Link;
  }

  #after(ms: number, run: () => void): void {
    this.#tasks.push({ at: this.now + ms, run });
  }
}

test('[KP1] WebRTC is tried first, and where it opens in time no WebSocket is', async () => {
  const world = new World('auto', undefined, { openMs: 1300 });
  await world.run(20_000);
  expect([world.joined, world.active?.kind, world.counts()]).toEqual(['yes', 'webrtc', 'webrtc 1, websocket 0']);
});

test('[KP2] without a data channel after 1.5 s a WebSocket opens beside it, and WebRTC takes over when it opens later', async () => {
  const world = new World('auto', undefined, { openMs: 4000 });
  await world.run(1480);
  expect(world.counts()).toBe('webrtc 1, websocket 0');
  await world.run(400);
  expect([world.joined, world.active?.kind]).toEqual(['yes', 'websocket']);
  await world.run(3000);
  expect([world.active?.kind, world.counts()]).toEqual(['webrtc', 'webrtc 1, websocket 1']);
});

test('[KP3] a WebSocket opens at once where there is no WebRTC, and as soon as WebRTC fails', async () => {
  for (const world of [new World('auto', ['websocket']), failing('no-webrtc'), failing('no-data-channel')]) {
    await world.run(400);
    expect([world.joined, world.active?.kind]).toEqual(['yes', 'websocket']);
  }
});

test('[KP4] while all is well on a WebSocket, WebRTC is tried again after 5 s, then twice as long each time, at most 160 s', async () => {
  const world = failing('no-data-channel');
  await world.run(1_000_000);
  const gaps = world.dials.filter(({ kind }) => kind === 'webrtc').map(({ at }, index, all) => at - (all[index - 1]?.at ?? 0));
  for (const [index, least, most] of [
    [1, 3750, 6500],
    [2, 3750, 6500],
    [3, 7500, 12_800],
    [7, 120_000, 200_500],
    [8, 120_000, 200_500],
  ] as const) {
    expect(gaps[index]).toBeGreaterThanOrEqual(least);
    expect(gaps[index]).toBeLessThanOrEqual(most);
  }
  world.paths.webrtc = { openMs: 200 };
  await world.run(201_000);
  expect([world.active?.kind, world.keeper.counters.suspected]).toEqual(['webrtc', 0]);
});

test('[KP5] the transport that was chosen is the only one', async () => {
  const [webrtc, websocket] = [new World('webrtc', undefined, { fails: 'no-data-channel', failMs: 100 }), new World('websocket')];
  for (const world of [webrtc, websocket]) await world.run(60_000);
  expect([webrtc.joined, webrtc.counts()]).toEqual([expect.stringContaining('No WebRTC data channel'), 'webrtc 1, websocket 0']);
  expect([websocket.joined, websocket.counts()]).toEqual(['yes', 'webrtc 0, websocket 1']);
});

test('[KP6] when nothing opens, the join fails with the reasons of both; a ticket that is refused ends it at once', async () => {
  const both = failing('no-data-channel');
  both.paths.websocket = { fails: 'unreachable', failMs: 300 };
  await both.run(1000);
  expect(both.joined).toMatch(/^No WebRTC data channel .*A WebSocket was tried too: The server did not answer/);
  const hanging = new World('auto', undefined, {});
  hanging.alive.websocket = false;
  await hanging.run(10_000);
  expect(hanging.joined).toMatch(/^No WebRTC data channel .*A WebSocket was tried too/);
  const refused = failing('ticket-invalid');
  await refused.run(100);
  expect([refused.joined, refused.counts()]).toEqual([expect.stringMatching(/^The seat was not known/), 'webrtc 1, websocket 0']);
});

test('[KP7] a link on which nothing came for 750 ms is suspect: it stays, and both kinds are tried beside it; the first to be welcomed wins', async () => {
  const world = await playing();
  world.alive.webrtc = false;
  await world.run(690);
  expect([world.keeper.state, world.counts()]).toEqual(['connected', 'webrtc 1, websocket 0']);
  await world.run(80);
  expect([world.keeper.state, world.active?.kind, world.counts()]).toEqual(['suspect', 'webrtc', 'webrtc 2, websocket 1']);
  await world.run(200);
  expect([world.keeper.state, world.active?.kind]).toEqual(['connected', 'websocket']);
  world.alive.webrtc = true;
  await world.run(20_000);
  expect([world.active?.kind, world.keeper.counters.suspected]).toEqual(['webrtc', 1]);
});

test('[KP8] a suspect link that carries messages again ends the search; one message alone does not', async () => {
  const world = await playing();
  world.paths.websocket = {};
  world.paths.webrtc = {};
  world.alive.webrtc = false;
  await world.run(1000);
  world.alive.webrtc = true;
  await world.run(32);
  world.alive.webrtc = false;
  await world.run(800);
  expect([world.keeper.state, world.log]).toEqual(['suspect', []]);
  world.alive.webrtc = true;
  await world.run(600);
  expect([world.keeper.state, [...new Set(world.log)].sort()]).toEqual(['connected', ['webrtc given up', 'websocket given up']]);
  expect(world.keeper.counters).toMatchObject({ suspected: 1, falseAlarms: 1 });
});

test('[KP9] each wrong suspicion makes the next one half as much slower, for 30 s', async () => {
  const world = await playing();
  world.paths.websocket = {};
  world.paths.webrtc = {};
  const suspectAfter = async (): Promise<number> => {
    world.alive.webrtc = false;
    const from = world.now;
    while (world.keeper.state === 'connected' && world.now - from < 9000) await world.run(16);
    world.alive.webrtc = true;
    const afterMs = world.now - from;
    await world.run(1000);
    return afterMs;
  };
  const after = [await suspectAfter(), await suspectAfter(), await suspectAfter()];
  for (const [index, ms] of [750, 1125, 1688].entries()) expect(Math.abs((after[index] ?? 0) - ms)).toBeLessThan(75);
  await world.run(31_000);
  expect(await suspectAfter()).toBeLessThan(850);
});

test('[KP10] where messages come every 500 ms, one that is missing raises no suspicion, and two do', async () => {
  const world = await playing();
  world.heardEveryMs = 500;
  await world.run(5000);
  world.alive.webrtc = false;
  await world.run(600);
  world.alive.webrtc = true;
  await world.run(60_000);
  expect(world.keeper.counters.suspected).toBe(0);
  world.alive.webrtc = false;
  await world.run(1700);
  expect(world.keeper.counters.suspected).toBe(1);
});

test('[KP11] a page that was frozen suspects nothing before it was given what waited', async () => {
  const world = await playing();
  world.freeze(60_000);
  await world.run(5000);
  expect(world.keeper.counters).toMatchObject({ suspected: 0, dialed: 1 });
});

test('[KP12] a link that is lost is replaced at once, by whichever kind opens first', async () => {
  const world = await playing();
  world.lose();
  expect([world.keeper.state, world.counts()]).toEqual(['reconnecting', 'webrtc 2, websocket 1']);
  await world.run(200);
  expect([world.keeper.state, world.active?.kind]).toEqual(['connected', 'websocket']);
  await world.run(200);
  expect(world.active?.kind).toBe('webrtc');
});

test('[KP13] attempts that fail are repeated after 250 ms, then twice as long each time, at most 5 s', async () => {
  const world = await playing('websocket');
  world.reconnectSeconds = 60;
  world.paths.websocket = { fails: 'unreachable' };
  world.lose();
  await world.run(40_000);
  const at = world.dials.slice(1).map((dial) => dial.at - (world.dials[1]?.at ?? 0));
  const gaps = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
  for (const [index, ms] of [250, 500, 1000, 2000, 4000, 5000, 5000].entries()) {
    expect(gaps[index]).toBeGreaterThan(ms * 0.74);
    expect(gaps[index]).toBeLessThan(ms * 1.25 + 3 * frameMs);
  }
  expect(world.ended).toBeUndefined();
});

test('[KP14] an attempt that hangs is given up, the first after 1.5 s, the next after half as long again, at most 8 s', async () => {
  const world = await playing('websocket');
  world.reconnectSeconds = 60;
  world.alive.websocket = false;
  world.lose();
  await world.run(40_000);
  const at = world.dials.slice(1).map((dial) => dial.at);
  const gaps = at.slice(1).map((ms, index) => Math.round((ms - (at[index] ?? 0)) / 100) / 10);
  expect(gaps.slice(0, 6)).toEqual([1.5, 2.3, 3.4, 5.1, 7.6, 8]);
});

test('[KP15] without a network attempts are 5 s apart; when it is there again, or a page is seen again, they begin at once', async () => {
  const world = await playing();
  world.isOnline = false;
  world.paths = { webrtc: { fails: 'unreachable' }, websocket: { fails: 'unreachable' } };
  world.lose();
  await world.run(6500);
  expect(world.counts()).toBe('webrtc 3, websocket 2');
  world.paths.websocket = { openMs: 50 };
  world.isOnline = true;
  await world.run(160);
  expect([world.active?.kind, world.counts()]).toEqual(['websocket', 'webrtc 4, websocket 3']);
  const waiting = await playing('websocket');
  waiting.alive.websocket = false;
  waiting.lose();
  await waiting.run(6000);
  const before = waiting.dials.length;
  waiting.alive.websocket = true;
  waiting.keeper.retryNow();
  await waiting.run(200);
  expect([waiting.active?.kind, waiting.dials.length]).toEqual(['websocket', before + 1]);
});

test('[KP16] the stay ends when nothing came for as long as the server keeps the session', async () => {
  const lost = await playing();
  lost.paths = { webrtc: {}, websocket: {} };
  lost.lose();
  await lost.run(19_900);
  expect(lost.ended).toBeUndefined();
  await lost.run(200);
  expect(lost.ended).toBe('link-lost');
  const { length } = lost.dials;
  await lost.run(20_000);
  expect(lost.dials.length).toBe(length);
  const silent = await playing();
  silent.reconnectSeconds = 0;
  silent.paths = { webrtc: {}, websocket: {} };
  silent.alive.webrtc = false;
  await silent.run(9900);
  expect(silent.ended).toBeUndefined();
  await silent.run(300);
  expect(silent.ended).toBe('timeout');
});

test('[KP17] a seat that the server does not know any more ends the stay, but not while a suspect link may still have it', async () => {
  const world = await playing();
  world.paths = { webrtc: { fails: 'ticket-invalid', failMs: 50 }, websocket: { fails: 'ticket-invalid', failMs: 50 } };
  world.alive.webrtc = false;
  await world.run(2000);
  expect([world.keeper.state, world.ended]).toEqual(['suspect', undefined]);
  world.lose();
  await world.run(200);
  expect(world.ended).toBe('ticket-invalid');
});

test('[KP18] a link that opens when it is not wanted any more is closed, and one that is never welcomed is given up', async () => {
  const world = await playing();
  world.paths.webrtc = {};
  world.welcomeMs = 60_000;
  world.lose();
  await world.run(1700);
  expect(world.log).toContain('websocket closed link-replaced');
  world.welcomeMs = 50;
  await world.run(3000);
  expect(world.active?.kind).toBe('websocket');
});

test('[KP18] a link that opens while the suspect one carries messages again is closed; if those were its last, another is opened', async () => {
  const world = await playing();
  world.paths.webrtc = {};
  world.paths.websocket = { openMs: 300 };
  world.alive.webrtc = false;
  await world.run(960);
  world.alive.webrtc = true;
  await world.run(60);
  world.alive.webrtc = false;
  await world.run(150);
  expect([world.keeper.state, world.active?.kind, world.log]).toEqual(['suspect', 'webrtc', ['websocket closed link-replaced']]);
  await world.run(800);
  expect([world.keeper.state, world.active?.kind]).toEqual(['connected', 'websocket']);
});

function failing(code: RefusalCode): World {
  return new World('auto', ['webrtc', 'websocket'], { fails: code, failMs: 10 });
}

async function playing(transport: Transport = 'auto'): Promise<World> {
  const world = new World(transport);
  await world.run(1000);
  expect(world.joined).toBe('yes');
  return world;
}
