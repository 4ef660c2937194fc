// Clients that lose their link: what the room hears, what becomes of what they control, and who may come back.

import { type CloseCode, defineGame, entity, event, f, type Lane, type Link, type LinkHandler, limits } from '@tickwire/shared';
import {
  BitWriter,
  emptyInputHead,
  helloMessage,
  messageKind,
  packPlain,
  type Sequence,
  unpackPlain,
  writeFrame,
  writeInputHead,
  writeViewLag,
} from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';

const game = defineGame({
  name: 'absences',
  tickHz: 60,
  snapshotHz: 20,
  input: { x: f.fixed(-1, 1, { wire: 0.25 }), jump: f.press() },
  entities: { walker: entity({ x: f.fixed(-10_000, 10_000), jumps: f.uint(10_000), steps: f.uint(10_000) }, { predict: 'owner' }) },
  steps: {
    walker(walker, { x, jump }) {
      walker.x += x;
      walker.jumps += jump;
      walker.steps++;
    },
  },
  events: { told: event({ text: f.string(200) }) },
});
type Absences = typeof game;

class Hall extends Room<Absences> {
  readonly seen: string[] = [];
  keptSeconds: number | undefined;
  bot: { x: number; jump?: number } | undefined;
  override autoDispose = false;
  override onJoin(client: Client<Absences>): void {
    client.control(this.world.spawn('walker', { x: 0 }));
    this.world.spawn('walker', { x: 9000 });
    this.seen.push(`join ${client.sessionId}`);
  }
  override onDrop(client: Client<Absences>, code: string): number | undefined {
    this.seen.push(`drop ${code} ${this.clients.includes(client)}`);
    return this.keptSeconds;
  }
  override onReconnect(client: Client<Absences>, isNewPage: boolean): void {
    this.seen.push(`back ${client.isConnected} ${isNewPage}`);
  }
  override onLeave(client: Client<Absences>, code: string): void {
    this.seen.push(`leave ${code}`);
    for (const one of client.entities) this.world.despawn(one);
  }
  override botInput(): { x: number; jump?: number } | undefined {
    return this.bot;
  }
}

class Guest implements Link {
  readonly kind = 'memory';
  readonly told: unknown[][] = [];
  welcome: unknown[] = [];
  snapshots = 0;
  closed: CloseCode | undefined;
  handler: LinkHandler | undefined;
  listen(handler: LinkHandler): void {
    this.handler = handler;
  }
  send(lane: Lane, bytes: Uint8Array): boolean {
    if (this.closed) return false;
    const message = lane === 'reliable' ? unpackPlain(bytes) : undefined;
    if (lane === 'unreliable') this.snapshots++;
    if (message?.[0] === messageKind.events) this.told.push(message);
    if (message?.[0] === messageKind.welcome) this.welcome = message;
    return true;
  }
  backlog(): number {
    return 0;
  }
  maxBytes(): number {
    return 1100;
  }
  close(code: CloseCode): void {
    this.closed ??= code;
  }
}

/** A room with one client, Ada, whose page is 1. */
class House {
  now = 0;
  readonly room = new Hall();
  readonly core: RoomCore<Absences>;
  readonly errors: string[] = [];
  guest: Guest;
  #tokens = 0;
  #sequence = 0;

  constructor(prepare: (room: Hall) => void = () => {}) {
    prepare(this.room);
    const onError = (error: unknown, where: string): void => void this.errors.push(`${where}: ${error}`);
    const newToken = (): string => `token ${++this.#tokens}`;
    this.core = new RoomCore<Absences>({ game, room: this.room, roomId: 'r', seed: 1, newToken, onError }, 0);
    this.core.create({});
    this.core.reserve('ada', 'seat', true, {}, 0);
    this.guest = this.link('seat');
  }

  get member() {
    return this.core.members.get('ada') as NonNullable<ReturnType<typeof this.core.members.get>>;
  }

  get walker() {
    return this.room.world.all('walker')[0] as { x: number; jumps: number; steps: number };
  }

  link(token: string, instance = 1, reliableReceived = 0): Guest {
    const guest = new Guest();
    this.core.accept('ada', guest);
    const hello = helloMessage({ sessionId: 'ada', token, instance, reliableReceived });
    guest.handler?.received('reliable', packPlain(hello), this.now);
    return guest;
  }

  lose(code: CloseCode = 'link-lost'): void {
    this.guest.handler?.closed(code, this.now);
  }

  /** The newest token that Ada was given. */
  get token(): string {
    return this.guest.welcome[5] as string;
  }

  /** A packet with one input, for the next tick. */
  says(x: number, jumps: number, guest = this.guest): void {
    const body = new BitWriter(100);
    const packet = new Uint8Array(120);
    const tick = this.core.world.tick + 1;
    writeInputHead(body, { ...emptyInputHead(), sequence: this.#sequence++ as Sequence, count: 1, newestTick: tick });
    writeViewLag(body, 0, undefined);
    const row = new Int32Array(game.inputLayout.words);
    game.inputLayout.store({ x, jump: jumps }, row, 0);
    game.inputLayout.write(body, row, 0, 'wire', true);
    guest.handler?.received('unreliable', packet.slice(0, writeFrame(packet, messageKind.input, body.finish())), this.now);
  }

  ticks(count: number, each: () => void = () => {}): void {
    for (let tick = 0; tick < count; tick++) {
      each();
      this.now = this.core.nextTickAt;
      this.core.advance(this.now);
    }
  }
}

describe('a client without a link', () => {
  it('[RS2] is dropped, stays among the clients, comes back, and leaves when its time is over', () => {
    const house = new House();
    const client = house.room.clients[0] as Client<Absences>;
    house.ticks(10);
    house.lose();
    expect([house.room.clients, client.isConnected, client.entities.length]).toEqual([[client], false, 1]);
    house.ticks(19 * 60);
    expect(house.room.seen).toEqual(['join ada', 'drop link-lost true']);
    house.guest = house.link(house.token);
    expect(house.room.seen.at(-1)).toBe('back true false');
    house.ticks(60, () => house.says(0, 0));
    house.lose();
    house.ticks(19 * 60);
    expect(house.room.clients).toEqual([client]);
    house.ticks(62);
    expect(house.room.seen.slice(-2)).toEqual(['drop link-lost true', 'leave link-lost']);
    expect([house.room.clients, house.core.members.size, house.core.accept('ada', new Guest())]).toEqual([[], 0, false]);
  });

  it('[RS2] silence of ten seconds is the loss of a link', () => {
    const house = new House();
    house.ticks(605);
    expect([house.guest.closed, house.room.seen.at(-1), house.member.isConnected]).toEqual(['timeout', 'drop timeout true', false]);
    house.ticks(20 * 60 + 2);
    expect(house.room.seen.at(-1)).toBe('leave timeout');
  });

  it.each(['left', 'protocol-error', 'flood', 'overflow', 'session-stale'] as const)('[RS2] that went with %s has left at once', (code) => {
    const house = new House();
    house.lose(code);
    expect(house.room.seen).toEqual(['join ada', `leave ${code}`]);
  });

  it('[RS2] that the room removes has left at once', () => {
    const house = new House();
    house.lose();
    house.room.clients[0]?.leave();
    house.ticks(2000);
    expect(house.room.seen).toEqual(['join ada', 'drop link-lost true', 'leave kicked']);
  });

  it('[RS2] leaves at once where allowReconnection is 0, and is kept for as long as onDrop says', () => {
    const none = new House((room) => {
      room.allowReconnection = 0;
    });
    none.lose();
    expect([none.room.seen, none.guest.welcome[7]]).toEqual([['join ada', 'leave link-lost'], 0]);
    for (const seconds of [0, 2]) {
      const house = new House((room) => {
        room.keptSeconds = seconds;
      });
      expect(house.guest.welcome[7]).toBe(20);
      house.lose();
      if (seconds > 0) house.ticks(119);
      expect(house.room.clients.length).toBe(seconds > 0 ? 1 : 0);
      house.ticks(3);
      expect(house.room.seen).toEqual(['join ada', 'drop link-lost true', 'leave link-lost']);
    }
  });

  it('[RS2] counts to maxClients and keeps the room alive', () => {
    const house = new House((room) => {
      room.maxClients = 1;
      room.autoDispose = true;
    });
    house.lose();
    house.ticks(15 * 60);
    expect([house.core.isClosed, house.room.isLocked]).toEqual([false, true]);
    house.ticks(8 * 60);
    expect(house.core.isClosed).toBe(true);
  });

  it('[RS2] may be removed by onDrop itself; what onDrop throws ends the room', () => {
    const house = new House((room) => {
      room.onDrop = (client) => void client.leave();
    });
    house.lose();
    expect([house.room.seen, house.room.clients]).toEqual([['join ada', 'leave kicked'], []]);
    const other = new House((room) => {
      room.onDrop = () => {
        throw new Error('a bug');
      };
    });
    other.lose();
    expect([other.errors, other.core.isClosed]).toEqual([['onDrop: Error: a bug'], true]);
  });

  it('[RS3] what it controls goes on with nothing held or pressed, does not step, or is played by the room', () => {
    const moved = (policy: Hall['whileDropped'], bot?: Hall['bot']): unknown[] => {
      const house = new House((room) => {
        room.whileDropped = policy;
        room.bot = bot;
      });
      house.ticks(20, () => house.says(1, 3));
      const { x, jumps, steps } = house.walker;
      expect([x, jumps]).toEqual([20, 3]);
      house.lose();
      house.ticks(10);
      // Nobody's entity steps whatever the policy is.
      expect(house.room.world.all('walker')[1]?.steps).toBe(steps + 10);
      return [house.walker.x - x, house.walker.jumps - jumps, house.walker.steps - steps, house.errors];
    };
    expect(moved('keep')).toEqual([0, 0, 10, []]);
    expect(moved('freeze', { x: 1 })).toEqual([0, 0, 0, []]);
    expect(moved('ai')).toEqual([0, 0, 10, []]);
    // Over the grid of the wire: 0.6 is 0.5. A press is one for each tick in which it is made.
    expect(moved('ai', { x: 0.6, jump: 1 })).toEqual([5, 10, 10, []]);
    expect(moved('keep', { x: 1 })).toEqual([0, 0, 10, []]);
  });

  it('[RS3] a botInput that throws, or makes what no field holds, ends the room', () => {
    for (const bot of [{ x: Number.NaN }, { x: 'left' }] as unknown as { x: number }[]) {
      const house = new House((room) => {
        room.whileDropped = 'ai';
        room.bot = bot;
      });
      house.lose();
      house.ticks(1);
      expect([house.errors[0]?.slice(0, 9), house.core.isClosed]).toEqual(['botInput:', true]);
    }
  });

  it('[RS4] what it has pressed while it was away is not made up for; what it presses from its first packet on counts', () => {
    const house = new House();
    house.ticks(20, () => house.says(1, 3));
    house.lose();
    house.ticks(60);
    house.guest = house.link(house.token);
    house.ticks(1);
    expect(house.walker.jumps).toBe(3);
    house.ticks(5, () => house.says(1, 9));
    expect([house.walker.jumps, house.walker.x]).toEqual([3, 25]);
    house.ticks(5, () => house.says(0, 10));
    expect([house.walker.jumps, house.walker.x]).toEqual([4, 25]);
  });

  it('[RS5] is sent nothing; its events wait, come once and in order, and too many of them end it', () => {
    const house = new House();
    const client = house.room.clients[0];
    client?.emit('told', { text: 'one' });
    house.ticks(6);
    house.lose();
    const { snapshots } = house.guest;
    for (const text of ['two', 'three']) {
      client?.emit('told', { text });
      house.ticks(20);
    }
    expect([house.guest.snapshots, house.guest.told.length]).toEqual([snapshots, 1]);
    // It has had the first.
    house.guest = house.link(house.token, 1, 1);
    house.ticks(4);
    expect(house.guest.told.flatMap((message) => message.slice(4))).toEqual([
      [0, 'two'],
      [0, 'three'],
    ]);
    expect(house.guest.snapshots).toBeGreaterThan(0);
    house.lose();
    const text = 'and so on '.repeat(20);
    // Each is packed with three bytes more, and of the newest message nobody knows yet.
    const most = limits.outboxBytes / (text.length + 3);
    const emit = (count: number): void => {
      for (let number = 0; number < count; number++) client?.emit('told', { text });
      house.ticks(1);
    };
    for (let count = 0; count < most - 60; count += 60) emit(60);
    expect(house.room.seen.at(-1)).toBe('drop link-lost true');
    emit(300);
    expect(house.room.seen.at(-1)).toBe('leave overflow');
  });
});

describe('who comes back', () => {
  it('[RS8] a wrong hello costs its link, is counted, and never reaches the member', () => {
    const house = new House();
    house.ticks(3, () => house.says(0, 0));
    const seat = house.link('seat');
    const guess = house.link('guess');
    const none = house.link(house.token, 0);
    const large = house.link(house.token, 2 ** 32);
    const noise = new Guest();
    house.core.accept('ada', noise);
    noise.handler?.received('reliable', Uint8Array.of(0xc1, 0xff), house.now);
    // A replay of the first hello of all: its token was over when the next one was shown.
    for (const { closed, welcome } of [seat, guess, none, large, noise]) expect([closed, welcome]).toEqual(['protocol-error', []]);
    house.ticks(10, () => house.says(0, 0));
    expect([house.guest.closed, house.member.counters.hellosRefused, house.room.seen]).toEqual([undefined, 5, ['join ada']]);
  });

  it('[RS8] one that claims to have had what was never sent ends the session with session-stale', () => {
    const house = new House();
    house.lose();
    const guest = house.link(house.token, 1, 1);
    expect([guest.closed, house.room.seen.at(-1)]).toEqual(['session-stale', 'leave session-stale']);
  });

  it('[RS9] links that never say hello are closed, the oldest first, and each after 15 seconds', () => {
    const house = new House();
    const links = Array.from({ length: 20 }, () => {
      const guest = new Guest();
      house.core.accept('ada', guest);
      return guest;
    });
    expect(links.map(({ closed }) => closed)).toEqual([...Array(18).fill('link-replaced'), undefined, undefined]);
    house.ticks(14 * 60, () => house.says(0, 0));
    expect(links.at(-1)?.closed).toBeUndefined();
    house.ticks(70, () => house.says(0, 0));
    expect([links.at(-1)?.closed, house.room.seen]).toEqual(['never-opened', ['join ada']]);
  });

  it('[RS9] of links that say hello one after another two live: the active one and the last', () => {
    const house = new House();
    const links = Array.from({ length: 50 }, () => house.link(house.token));
    expect(links.filter(({ closed }) => closed === undefined)).toEqual([links.at(-1)]);
    expect([house.guest.closed, house.member.session.active === house.guest, house.room.seen]).toEqual([undefined, true, ['join ada']]);
    house.says(0, 0, links.at(-1));
    expect([house.guest.closed, house.member.session.active === links.at(-1)]).toEqual(['link-replaced', true]);
    // What the dead one still brings is nobody's.
    const { packetsReceived } = house.member.counters;
    house.says(0, 0);
    expect(house.member.counters.packetsReceived).toBe(packetsReceived);
  });

  it('[RS7] another page takes over: the old links are told, presses and packets count from the beginning, and the room hears of it', () => {
    const house = new House();
    house.ticks(20, () => house.says(1, 7));
    house.room.clients[0]?.emit('told', { text: 'one' });
    house.ticks(1);
    const old = house.guest;
    house.guest = house.link(house.token, 2);
    expect([old.closed, house.room.seen]).toEqual(['taken-over', ['join ada', 'drop taken-over true', 'back true true']]);
    house.ticks(3);
    // Not acknowledged by the page before.
    expect(house.guest.told.flatMap((message) => message.slice(4))).toEqual([[0, 'one']]);
    const { jumps } = house.walker;
    house.ticks(5, () => house.says(0, 2));
    expect(house.walker.jumps - jumps).toBe(2);
    // The old page's token is over once the new page has shown its own.
    expect(house.link('token 1', 1).closed).toBe('protocol-error');
  });
});
