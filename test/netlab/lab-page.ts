// What runs in the page of the lab's tests: a client of the public API.
//
// Built into one script by page-bundle.ts; the tests call what it exports. Units: milliseconds.

import { type ConnectOptions, connect, type LinkPath, TickwireError } from '@tickwire/client';
import { game } from './lab-game.ts';

export interface Joined {
  readonly transport: string;
  readonly path: LinkPath | undefined;
  /** From the call to a picture of the world. */
  readonly ms: number;
  readonly sessionId: string;
  /** Since the picture moved last. */
  readonly stillMs: number;
  readonly error?: undefined;
}

export interface NotJoined {
  readonly error: { readonly code: string; readonly message: string };
  readonly ms: number;
}

let leave: () => void = () => {};
let latest: () => Joined;

/** Joins, and waits until the world is seen and the path is known. */
export async function join(options: ConnectOptions = {}): Promise<Joined | NotJoined> {
  leave();
  const startMs = performance.now();
  const since = (): number => performance.now() - startMs;
  try {
    const room = await connect(location.origin, options).joinOrCreate('lab', game);
    leave = () => room.leave();
    await until(() => [...room.view.all('dot')].length > 0);
    const ms = since();
    if (room.stats.transport === 'webrtc') await until(() => room.stats.path !== undefined);
    let [shownX, shownMs] = [-1, 0];
    room.onRender((view) => {
      const x = view.all('dot')[0]?.x ?? shownX;
      if (x !== shownX) shownMs = performance.now();
      shownX = x;
    });
    const { sessionId } = room;
    latest = () => ({ transport: room.stats.transport, path: room.stats.path, ms, sessionId, stillMs: performance.now() - shownMs });
    return latest();
  } catch (error) {
    if (error instanceof TickwireError) return { error: { code: error.code, message: error.message }, ms: since() };
    throw error;
  }
}

/** The same player, now. */
export function look(): Joined {
  return latest();
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const endMs = performance.now() + 5000; !isTrue(); await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (performance.now() > endMs) throw new Error('it took more than five seconds');
  }
}
