// Types that a room gets from its game and its onAuth: what must compile and what must not. The type check runs this file; nothing executes it.

import { defineGame, entity, f } from '@tickwire/shared';
import type { Client, JoinOptions } from './client.ts';
import { type AuthContext, type AuthOf, Room, type RoomClass } from './room.ts';

const game = defineGame({ name: 'types', tickHz: 60, snapshotHz: 20, entities: { one: entity({ x: f.uint(100) }) } });

async function onAuth(options: JoinOptions, { token, origin }: AuthContext): Promise<{ name: string; level: number } | false> {
  return token === undefined || origin === 'null' ? false : { name: String(options['name']), level: token.length };
}

/** The type of `auth` follows from the function. */
export class Inferred extends Room<typeof game, AuthOf<typeof onAuth>> {
  static override onAuth = onAuth;

  override onCreate(): void {
    this.metadata = { map: 'hills', levels: [1, 2] };
    // @ts-expect-error functions are no plain data
    this.metadata = { map: () => 'hills' };
    const code: string = this.code;
    if (this.isLocked && code !== '') this.unlock();
    // @ts-expect-error lock() and unlock() change it
    this.isLocked = true;
  }

  override onJoin(client: Client<typeof game, AuthOf<typeof onAuth>>): void {
    const text: string = client.auth.name;
    const number: number = client.auth.level;
    // @ts-expect-error nobody is let in with false
    const isRefused: false = client.auth;
    // @ts-expect-error there is no such property
    client.auth.admin;
    for (const { auth } of this.clients) if (auth.name === text && auth.level === number && isRefused) this.lock();
  }
}

/** Or it is given. */
export class Given extends Room<typeof game, { admin: boolean }> {
  static override onAuth(): { admin: boolean } {
    return { admin: true };
  }
  override onLeave(client: Client<typeof game, { admin: boolean }>): void {
    if (client.auth.admin) this.close();
  }
}

/** Or left out: it is unknown then. */
export class Plain extends Room<typeof game> {
  override onJoin(client: Client<typeof game>): void {
    // @ts-expect-error nobody knows what it is
    client.auth.name;
  }
}

export const rule = "[MM16] the type of a client's auth follows from the room's onAuth";

export const classes: RoomClass<typeof game>[] = [Inferred, Given, Plain];
