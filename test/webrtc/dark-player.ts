// A client of dark-game.ts that writes down what it applies and what it shows. The same in Node and in a page.
//
// It joins as `connect` does, over the link of its platform, and looks at each message once the client has taken it.
// Units: milliseconds of `wallMs`; ticks.

import type { Link } from '@tickwire/shared';
import type { ClientRoom } from '../../packages/client/src/client-room.ts';
import { connection } from '../../packages/client/src/edge/connection.ts';
import type { Opening, OpenLink } from '../../packages/client/src/edge/dialer.ts';
import type { DialKind } from '../../packages/client/src/link-keeper.ts';
import { game, msBetween, wallMs } from './dark-game.ts';

/** A message of the unreliable lane, once the client had taken it. */
export interface AppliedState {
  readonly atMs: number;
  /** The newest tick that the client knows. */
  readonly tick: number;
  /** How long before that the server had made it. */
  readonly ageMs: number;
  /** False when the message brought nothing newer than what was there. */
  readonly isNewer: boolean;
}

export interface ShownFrame {
  readonly atMs: number;
  readonly viewTick: number;
  /** The tick of the clock as it is shown, and the newest tick known then. */
  readonly clockTick: number;
  readonly newestTick: number;
  /** The newest input that the server had used, as it is shown: when it was made. */
  readonly heardMs: number;
  readonly x: number;
}

export interface DarkReport {
  readonly applied: readonly AppliedState[];
  readonly frames: readonly ShownFrame[];
  readonly sessionId: string;
  readonly ended: string | undefined;
  readonly joins: number;
  readonly leaves: number;
  readonly stats: ClientRoom<typeof game>['stats'];
}

export class DarkPlayer {
  readonly room: ClientRoom<typeof game>;
  readonly #applied: AppliedState[];
  readonly #frames: ShownFrame[] = [];

  private constructor(room: ClientRoom<typeof game>, applied: AppliedState[]) {
    this.room = room;
    this.#applied = applied;
    room.onInput(() => ({ go: Math.floor(wallMs() / 400) % 2 === 0 ? 1 : -1, madeMs: Math.floor(wallMs()) }));
    room.onRender(() => this.#note());
  }

  static async join(url: string, transport: DialKind, open: OpenLink): Promise<DarkPlayer> {
    const applied: AppliedState[] = [];
    let room: ClientRoom<typeof game> | undefined;
    let newest = -1;
    const heard = (): void => {
      const clock = room?.received.entities.find((entity) => entity?.type.name === 'clock');
      if (!clock || clock.count === 0) return;
      const values = { ms: 0 };
      clock.type.layout.load(clock.rows, clock.rowAt(clock.count - 1), values);
      const atMs = wallMs();
      applied.push({ atMs, tick: clock.newestTick, ageMs: msBetween(values.ms, atMs), isNewer: clock.newestTick > newest });
      newest = Math.max(newest, clock.newestTick);
    };
    const joining = connection({
      url,
      loop: 'auto',
      transport,
      open: () => ({ [transport]: async (opening: Opening) => tapped(await open(opening), heard) }),
      development: false,
    });
    room = await joining.joinOrCreate('dark', game);
    return new DarkPlayer(room, applied);
  }

  report(): DarkReport {
    const { room } = this;
    const [clock] = room.view.all('clock');
    return {
      applied: this.#applied,
      frames: this.#frames,
      sessionId: room.sessionId,
      ended: room.ended,
      joins: clock?.joins ?? 0,
      leaves: clock?.leaves ?? 0,
      stats: room.stats,
    };
  }

  #note(): void {
    const { view, received } = this.room;
    const [clock] = view.all('clock');
    const player = view.mine('player');
    if (!clock || !player) return;
    const { tick: clockTick, heardMs } = clock;
    this.#frames.push({ atMs: wallMs(), viewTick: view.tick, clockTick, newestTick: received.newestTick, heardMs, x: player.x });
  }
}

/** The same link; `heard` is called after each unreliable message was taken. */
function tapped(link: Link, heard: () => void): Link {
  return {
    kind: link.kind,
    listen: (handler) =>
      link.listen({
        opened: (now) => handler.opened(now),
        received(lane, bytes, now) {
          handler.received(lane, bytes, now);
          if (lane === 'unreliable') heard();
        },
        closed: (code, now) => handler.closed(code, now),
      }),
    send: (lane, bytes, now) => link.send(lane, bytes, now),
    backlog: (lane) => link.backlog(lane),
    maxBytes: (lane) => link.maxBytes(lane),
    close: (code, now) => link.close(code, now),
  };
}
