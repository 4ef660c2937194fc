// Keeps a room on a link: races the first one, falls back to a WebSocket, goes up to WebRTC again, looks for another link beside one that has gone silent,
// and brings a lost session back.
//
// Owns when which kind of link is tried; the edge opens them (`LinkDialer`), the room says hello on them and takes the first that is welcomed.
// Invariant: at most one attempt of each kind at a time, each with a time limit; nothing is tried while all is well on the best link that there can be.
// Units: milliseconds of the caller's clock.

import {
  type CloseCode,
  endsSession,
  isCloseCode,
  type Link,
  type LinkKind,
  limits,
  type Random,
  type RefusalCode,
  TickwireError,
} from '@tickwire/shared';
import type { Seat } from '@tickwire/shared/internal';

/** A link that is opened over a network. */
export type DialKind = 'webrtc' | 'websocket';
export type Transport = 'auto' | DialKind;

/** Opens links. */
export interface LinkDialer {
  /** What the platform can open. */
  readonly kinds: readonly DialKind[];
  /** Opens a link for this seat; `done` is called once. @returns gives it up: what comes after is closed by the dialer, and `done` is not called. */
  dial(kind: DialKind, seat: Seat, done: (result: Link | TickwireError, now: number) => void): () => void;
}

/** What is asked of the room. */
export interface KeptRoom {
  /** With the token that counts now. */
  readonly seat: Seat;
  /** Takes a link. Kept when the server has said welcome on it, and from then on the room is on it; rejected when it ended before. */
  accept(link: Link): Promise<void>;
  /** Ends the stay. */
  giveUp(code: CloseCode | RefusalCode): void;
}

/** How the room fares, at each `advance`. */
export interface KeptView {
  /** When the last message came on any link. */
  readonly heardAt: number;
  /** The kind of the link that carries the session; undefined while there is none. */
  readonly activeKind: LinkKind | undefined;
  readonly ended: boolean;
  /** False where the platform knows that there is no network. */
  readonly isOnline: boolean;
  /** How long the server keeps the session without a link. */
  readonly reconnectSeconds: number;
}

/** `suspect`: there is a link, but it has gone silent. `reconnecting`: there is none. */
export type KeeperState = 'joining' | 'connected' | 'suspect' | 'reconnecting';

/** Without a data channel after so long a WebSocket is opened beside it. Three quarters of openings at 200 ms of round trip are done by then. */
const besideMs = 1500;
/** A link on which nothing came for so long is suspect, or for so many of its usual gaps: in an idle world a message comes every 500 ms, and one may be lost. */
const suspectMs = 750;
const suspectGaps = 2.5;
const suspectMsMax = 3000;
/** A suspicion that was wrong makes the next one slower, for so long. */
const alarmMs = 30_000;
/** A suspect link that carries messages for so long without a gap is a good one again. One message in a second proves nothing. */
const calmMs = 500;
const calmGapMs = 300;
/** What one frame may add to the silence. A page that was frozen has messages waiting that it has not been given. */
const frameMsMax = 400;
/** From the start of one attempt to that of the next, while there is no link: doubled each time. */
const retryMs = 250;
const retryMsMax = 5000;
/** The same while all is well on a WebSocket. */
const upgradeMs = 5000;
const upgradeMsMax = 160_000;
/** What an attempt may take, half as much again each time. The first is short: what was sent into a dark path is not sent again for long. */
const limitMs = { websocket: 1500, webrtc: 4000 } as const;
const limitMsMax = 8000;
interface Track {
  readonly kind: DialKind;
  attempt: Attempt | undefined;
  /** Attempts that failed since all was well. */
  failed: number;
  nextAt: number;
}

interface Attempt {
  readonly startedAt: number;
  readonly limitMs: number;
  giveUp(): void;
  /** Open, but not welcome yet. */
  link: Link | undefined;
}

export class LinkKeeper {
  state: KeeperState = 'joining';
  /** Attempts that were begun, and links that became suspect. */
  readonly counters: { dialed: number; suspected: number; falseAlarms: number } = { dialed: 0, suspected: 0, falseAlarms: 0 };
  readonly #dialer: LinkDialer;
  readonly #random: Random;
  readonly #tracks: Track[];
  #room: KeptRoom | undefined;
  #joining: { resolve(): void; reject(error: TickwireError): void } | undefined;
  readonly #errors = new Map<DialKind, TickwireError>();
  #startedAt = 0;
  #now = 0;
  #view: KeptView | undefined;
  #silentMs = 0;
  #gapMs = 0;
  #gapBeforeMs = 0;
  #calmSince = 0;
  #alarms = 0;
  #alarmAt = 0;

  constructor(dialer: LinkDialer, transport: Transport, random: Random) {
    this.#dialer = dialer;
    this.#random = random;
    const kinds = dialer.kinds.filter((kind) => transport === 'auto' || kind === transport);
    this.#tracks = kinds.map((kind) => ({ kind, attempt: undefined, failed: 0, nextAt: 0 }));
  }

  /** Opens the first link of a room. @returns a promise that is kept when the server has welcomed it; rejected when no kind of link could be opened. */
  start(room: KeptRoom, now: number): Promise<void> {
    this.#room = room;
    this.#startedAt = now;
    this.#now = now;
    return new Promise((resolve, reject) => {
      this.#joining = { resolve, reject };
      if (this.#tracks.length === 0) this.#fail(new TickwireError('no-webrtc'));
      else this.#tryAll(now);
    });
  }

  /** Looks at how the room fares, and acts on it. Call it with each frame, and when a link has ended. */
  advance(now: number, view: KeptView): void {
    const frameMs = Math.min(now - this.#now, frameMsMax);
    const wasOnline = this.#view?.isOnline ?? true;
    const before = this.#view?.heardAt;
    this.#now = now;
    this.#view = view;
    if (view.ended) {
      this.#fail(new TickwireError('link-lost'));
      return;
    }
    if (before === view.heardAt) this.#silentMs += frameMs;
    else this.#heard(before, view.heardAt, Math.min(frameMs, now - view.heardAt));
    this.#judge(view, now);
    if (view.isOnline && !wasOnline) this.retryNow();
    if (this.#isTooLate(view.reconnectSeconds * 1000)) this.#room?.giveUp(this.state === 'suspect' ? 'timeout' : 'link-lost');
    for (const track of [...this.#tracks]) if (track.attempt && now - track.attempt.startedAt > track.attempt.limitMs) this.#expire(track);
    this.#tryAll(now);
  }

  /** The network may be another, or a frozen page goes on: what was being waited for is tried at once. */
  retryNow(): void {
    for (const track of this.#tracks) {
      track.failed = 0;
      track.nextAt = this.#now;
      if (this.state === 'reconnecting') drop(track);
    }
  }

  #heard(before: number | undefined, heardAt: number, silentMs: number): void {
    this.#gapBeforeMs = this.#gapMs;
    this.#gapMs = before === undefined ? 0 : heardAt - before;
    if (this.#gapMs > calmGapMs) this.#calmSince = heardAt;
    this.#silentMs = silentMs;
  }

  /** The server has let go of the session. While it does not know that a link is dead, it waits for as long as it waits for anybody. */
  #isTooLate(keptMs: number): boolean {
    if (this.state === 'reconnecting') return this.#silentMs > keptMs;
    return this.state === 'suspect' && this.#silentMs > Math.max(keptMs, limits.sessionTimeoutMs);
  }

  #judge(view: KeptView, now: number): void {
    if (view.activeKind === undefined) {
      if (this.state !== 'joining' && this.state !== 'reconnecting') this.#search('reconnecting', now);
    } else if (this.state === 'suspect') {
      if (this.#silentMs > calmGapMs) this.#calmSince = now;
      // It was alive all the time: the next one will be believed longer.
      else if (now - this.#calmSince >= calmMs && this.#settle(view.activeKind, now)) this.#falseAlarm(now);
    } else if (this.state === 'connected' && this.#silentMs > this.#patienceMs(now)) {
      this.counters.suspected++;
      this.#search('suspect', now);
    } else if (this.state !== 'connected') this.#settle(view.activeKind, now);
  }

  #patienceMs(now: number): number {
    if (now - this.#alarmAt > alarmMs) this.#alarms = 0;
    const gaps = suspectGaps * Math.min(this.#gapMs, this.#gapBeforeMs);
    return Math.min(suspectMsMax, Math.max(suspectMs, gaps) * 1.5 ** this.#alarms);
  }

  #falseAlarm(now: number): void {
    this.counters.falseAlarms++;
    this.#alarms++;
    this.#alarmAt = now;
  }

  /** There is no good link: every kind is tried from now on. */
  #search(state: 'suspect' | 'reconnecting', now: number): void {
    this.state = state;
    this.#calmSince = now;
    for (const track of this.#tracks) {
      track.failed = 0;
      track.nextAt = now;
    }
  }

  /** All is well on this kind of link. What could only be worse is given up. */
  #settle(kind: LinkKind, now: number): true {
    this.state = 'connected';
    this.#silentMs = 0;
    for (const track of this.#tracks) {
      const isBetter = kind === 'websocket' && track.kind === 'webrtc';
      track.failed = 0;
      track.nextAt = isBetter ? now + this.#jittered(upgradeMs) : now;
      if (isBetter || !track.attempt) continue;
      drop(track);
    }
    this.#joining?.resolve();
    this.#joining = undefined;
    return true;
  }

  #tryAll(now: number): void {
    for (const track of this.#tracks) if (!track.attempt && this.#isDue(track, now)) this.#dial(track, now);
  }

  #isDue({ kind, failed, nextAt }: Track, now: number): boolean {
    if (this.state === 'joining') {
      if (failed > 0) return false;
      const webrtc = this.#tracks.find((track) => track.kind === 'webrtc');
      return kind === 'webrtc' || !webrtc || webrtc.failed > 0 || now - this.#startedAt >= besideMs;
    }
    if (now < nextAt) return false;
    return this.state !== 'connected' || (kind === 'webrtc' && this.#view?.activeKind === 'websocket');
  }

  #dial(track: Track, now: number): void {
    const room = this.#room as KeptRoom;
    const isHurried = this.state === 'suspect' || this.state === 'reconnecting';
    const attempt: Attempt = {
      startedAt: now,
      limitMs: isHurried ? Math.min(limitMsMax, limitMs[track.kind] * 1.5 ** track.failed) : limitMsMax,
      giveUp: () => {},
      link: undefined,
    };
    track.attempt = attempt;
    this.counters.dialed++;
    attempt.giveUp = this.#dialer.dial(track.kind, room.seat, (result, at) => {
      this.#now = Math.max(this.#now, at);
      if (track.attempt !== attempt) {
        if (!(result instanceof TickwireError)) result.close('link-replaced', at);
      } else if (result instanceof TickwireError) this.#failed(track, attempt, result);
      else this.#opened(track, attempt, result);
    });
  }

  #opened(track: Track, attempt: Attempt, link: Link): void {
    if (this.state === 'suspect' && this.#silentMs <= calmGapMs) {
      // The old one was the first to carry a message. If that was its last, there will be another attempt.
      track.attempt = undefined;
      track.nextAt = this.#now + retryMs;
      link.close('link-replaced', this.#now);
      return;
    }
    attempt.link = link;
    attempt.giveUp = () => link.close('link-replaced', this.#now);
    this.#room?.accept(link).then(
      () => {
        if (track.attempt !== attempt) return;
        track.attempt = undefined;
        this.#settle(link.kind, this.#now);
      },
      (error: unknown) => {
        if (track.attempt === attempt) this.#failed(track, attempt, error instanceof TickwireError ? error : new TickwireError('link-lost'));
      },
    );
  }

  #failed(track: Track, attempt: Attempt, error: TickwireError): void {
    track.attempt = undefined;
    track.failed++;
    this.#errors.set(track.kind, error);
    const isUpgrade = this.state === 'connected';
    const [firstMs, mostMs] = isUpgrade ? [upgradeMs, upgradeMsMax] : [this.#view?.isOnline === false ? retryMsMax : retryMs, retryMsMax];
    const waitMs = this.#jittered(Math.min(mostMs, firstMs * 2 ** (track.failed - 1)));
    track.nextAt = isUpgrade ? this.#now + waitMs : Math.max(this.#now, attempt.startedAt + waitMs);
    if (error.code === 'no-webrtc') this.#tracks.splice(this.#tracks.indexOf(track), 1);
    // What ends the session on one link ends it on all; a suspect link may still carry it.
    if (isFinal(error.code) && this.state === 'reconnecting') this.#room?.giveUp(error.code);
    if (this.state !== 'joining') return;
    if (isFinal(error.code) || this.#tracks.every(({ failed }) => failed > 0)) this.#fail(joinError(this.#errors, error));
    else this.#tryAll(this.#now);
  }

  /** An attempt has used up its time. */
  #expire(track: Track): void {
    const attempt = track.attempt as Attempt;
    drop(track);
    this.#failed(track, attempt, new TickwireError(track.kind === 'webrtc' ? 'no-data-channel' : 'unreachable', 'not in time'));
  }

  #fail(error: TickwireError): void {
    this.#stop();
    this.#joining?.reject(error);
    this.#joining = undefined;
  }

  #stop(): void {
    for (const track of this.#tracks) drop(track);
    this.#tracks.length = 0;
  }

  /** Three quarters to five quarters of it: clients that lost one server do not come back in one moment. */
  #jittered(ms: number): number {
    return ms * this.#random.range(0.75, 1.25);
  }
}

/** Whether it is so on every link. */
function isFinal(code: CloseCode | RefusalCode): boolean {
  return code === 'ticket-invalid' || (isCloseCode(code) && endsSession(code));
}

function drop(track: Track): void {
  const { attempt } = track;
  track.attempt = undefined;
  attempt?.giveUp();
}

/** What a player is told when nothing could be opened: of both kinds, where both were tried. */
function joinError(errors: ReadonlyMap<DialKind, TickwireError>, last: TickwireError): TickwireError {
  const [webrtc, websocket] = [errors.get('webrtc'), errors.get('websocket')];
  if (!webrtc || !websocket || webrtc.code === websocket.code || isFinal(last.code)) return last;
  return new TickwireError(webrtc.code, `A WebSocket was tried too: ${websocket.message}`);
}
