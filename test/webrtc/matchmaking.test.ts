// Matchmaking and tickets over real HTTP and real WebRTC on 127.0.0.1: what the client's methods give, and what a stolen or late ticket gets.

import { connect } from '@tickwire/client/node';
import { type AuthContext, type GameServer, type JoinOptions, Room, type ServeOptions, serve } from '@tickwire/server';
import { defineGame, entity, f, type TickwireError } from '@tickwire/shared';
import { protocolVersion, type Seat } from '@tickwire/shared/internal';
import { afterEach, describe, expect, it, vi } from 'vitest';

const game = defineGame({ name: 'matchmaking', tickHz: 60, snapshotHz: 20, entities: { thing: entity({ at: f.uint(100) }) } });

class Match extends Room<typeof game, { login: string | undefined }> {
  override maxClients = 2;
  static override onAuth(_options: JoinOptions, { token }: AuthContext): { login: string | undefined } {
    return { login: token };
  }
  override onCreate({ mode, unlisted }: JoinOptions): void {
    this.metadata = { mode: mode ?? null };
    this.unlisted = unlisted === true;
  }
}

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(options: Partial<ServeOptions> = {}): Promise<GameServer> {
  const rooms = { match: { game, room: Match, filterBy: ['mode'] } };
  const server = await serve({ rooms, port: 0, host: '127.0.0.1', signals: false, logLevel: 'silent', ...options });
  open.push(server);
  return server;
}

const joinFrom = (url: string) => connect(url, { bindAddress: '127.0.0.1' });
const codeOf = (joining: Promise<unknown>): Promise<string> =>
  joining.then(
    () => 'joined',
    (error: TickwireError) => error.code,
  );

/** A seat as a page of this origin gets it. */
async function seatFor(url: string, origin: string): Promise<Seat> {
  const body = JSON.stringify({ protocol: protocolVersion, schemaHash: game.hash, method: 'create', target: 'match' });
  const response = await fetch(`${url}/tickwire/join`, { method: 'POST', headers: { 'content-type': 'application/json', origin }, body });
  return (await response.json()) as Seat;
}

function offer(url: string, { roomId, sessionId, token }: Seat, origin: string): Promise<Response> {
  return fetch(`${url}/.wrtc/v2/connections`, { method: 'POST', headers: { authorization: `${roomId}.${sessionId}.${token}`, origin } });
}

describe('the methods of a connection', () => {
  it('[MM14] join, filter and list rooms; a private room is joined by the code that was said aloud', async () => {
    const { url, lobby } = await start();
    const host = joinFrom(url);
    host.token = 'ada';
    expect(await codeOf(host.join('match', game))).toBe('no-room');
    const duel = await host.joinOrCreate('match', game, { mode: 'duel' });
    const team = await host.joinOrCreate('match', game, { mode: 'team' });
    expect(team.roomId).not.toBe(duel.roomId);
    expect((await joinFrom(url).join('match', game, { mode: 'team' })).roomId).toBe(team.roomId);
    expect(await codeOf(joinFrom(url).join('match', game, { mode: 'team' }))).toBe('no-room');
    const duels = await host.listRooms<{ mode: string }>('match', { filter: { mode: 'duel' } });
    expect(duels.map(({ roomId, metadata }) => [roomId, metadata.mode])).toEqual([[duel.roomId, 'duel']]);
    expect((await host.listRooms('match', { offset: 1 })).map(({ isLocked }) => isLocked)).toEqual([true]);
    expect(await codeOf(host.listRooms('castle'))).toBe('unknown-room');

    const own = await host.create('match', game, { unlisted: true });
    const core = lobby.rooms.get(own.roomId);
    const code = own.code as string;
    expect([code, duel.code]).toEqual([core?.room.code, undefined]);
    const friend = await joinFrom(url).joinById(`${code.slice(0, 3)}-${code.slice(3)}`.toLowerCase(), game);
    expect(friend.roomId).toBe(own.roomId);
    expect(core?.room.clients.map(({ auth }) => auth)).toEqual([{ login: 'ada' }, { login: undefined }]);
  });
});

describe('tickets', () => {
  it('[TK4] one opens an offer for its own page, again while its seat waits; from another page, or spoilt, it is 401 with a sentence', async () => {
    const { url } = await start({ origins: ['https://play.example', 'https://other.example'] });
    const seat = await seatFor(url, 'https://play.example');
    expect((await offer(url, seat, 'https://play.example')).status).toBe(200);
    expect((await offer(url, seat, 'https://play.example')).status).toBe(200);
    expect((await offer(url, seat, 'https://evil.example')).status).toBe(403);
    const spoilt = { ...seat, token: seat.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) };
    for (const refused of [await offer(url, seat, 'https://other.example'), await offer(url, spoilt, 'https://play.example')]) {
      expect(refused.status).toBe(401);
      expect(await refused.json()).toEqual({
        status: 401,
        code: 'ticket-invalid',
        message: 'The seat was not known or has expired before the connection opened. Join again.',
      });
    }
  });

  it('[TK5] are signed with the key that serve was given, so that another process with it takes them; a short key is refused at the start', async () => {
    await expect(start({ ticketKey: 'too short' })).rejects.toThrow(/ticketKey must have at least 32 bytes/);
    const { url } = await start({ ticketKey: 'a key of the tests that has at least 32 bytes' });
    expect((await joinFrom(url).joinOrCreate('match', game)).sessionId.length).toBeGreaterThan(20);
  });

  it('[TK7] are spent when the first link has carried a packet: then only the newest token of the session opens another', async () => {
    const { url, lobby } = await start();
    const seats: Seat[] = [];
    const real = globalThis.fetch;
    vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
      const answer = await real(...asked);
      if (String(asked[0]).endsWith('/tickwire/join')) seats.push((await answer.clone().json()) as Seat);
      return answer;
    });
    const room = await joinFrom(url).joinOrCreate('match', game);
    vi.unstubAllGlobals();
    const [seat] = seats as [Seat];
    const session = lobby.rooms.get(room.roomId)?.members.get(room.sessionId)?.session;
    await vi.waitFor(() => expect(session?.accepts(seat.token)).toBe(false), 2000);
    const again = (token: string) =>
      real(`${url}/.wrtc/v2/connections`, { method: 'POST', headers: { authorization: `${room.roomId}.${room.sessionId}.${token}` } });
    expect((await again(seat.token)).status).toBe(401);
    expect((await again(session?.token as string)).status).toBe(200);
  });
});
