// A time in which the relay lets nothing through, and what came after it: at the relay, and at the client.
//
// Units: milliseconds of `wallMs`; differences where a name says after.

import { msBetween, wallMs } from './dark-game.ts';
import type { DarkReport } from './dark-player.ts';
import { pause } from './recorder.ts';
import type { UdpRelay, Way } from './udp-relay.ts';

export interface Darkness {
  readonly healedMs: number;
  /** When the first packet with a message of ours that came to the relay after it had left it, each way. The ends' retransmission timers decide that. */
  readonly firstMs: Readonly<Partial<Record<Way, number>>>;
}

export interface Recovery {
  /** After the healing: the first packet through the relay each way, the first fresh state, and the first input since then that was seen to have counted. */
  readonly upAfterMs: number;
  readonly downAfterMs: number;
  readonly freshAfterMs: number;
  readonly heardAfterMs: number;
  /** The first fresh state, after the first packet that got through either way; and an input made since the first packet of the client that was seen to have counted, after it. */
  readonly freshAfterFirstMs: number;
  readonly heardAfterUpMs: number;
  /** States applied after the healing that were not fresh, and the age of the oldest of all. */
  readonly agedStates: number;
  readonly oldestAgeMs: number;
}

/** Lets nothing through for so long, then watches for a while. */
export async function goDark(relay: UdpRelay, darkMs: number, watchMs: number): Promise<Darkness> {
  relay.blackout(darkMs);
  await pause(darkMs);
  return watchHealing(relay, watchMs);
}

/**
 * A darkness of about so long at the worst moment: every state that reached the client is acknowledged when it begins, so that no later packet of the client
 * is news to the server; and the server has just tried in vain when it ends.
 */
export async function goDarkAtWorst(relay: UdpRelay, darkMs: number, watchMs: number): Promise<Darkness> {
  relay.blackout(Number.POSITIVE_INFINITY, ['down']);
  await pause(ACK_MS);
  relay.blackout(Number.POSITIVE_INFINITY);
  await pause(darkMs - TRY_MS);
  await new Promise<void>((resolve) => {
    relay.watch = (way, fate, packet) => {
      if (way !== 'down' || fate !== 'lost' || packet.length < STATE_BYTES) return;
      relay.blackout(0);
      resolve();
    };
  });
  return watchHealing(relay, watchMs);
}

async function watchHealing(relay: UdpRelay, watchMs: number): Promise<Darkness> {
  const healedMs = wallMs();
  const firstMs: Partial<Record<Way, number>> = {};
  relay.watch = (way, fate, packet) => {
    // DTLS records begin with 20 to 63; the checks of ICE and the control packets of SCTP carry nothing of ours.
    if (fate === 'passed' && (packet[0] as number) >= 20 && packet.length >= DATA_BYTES) firstMs[way] ??= wallMs();
  };
  await pause(watchMs);
  relay.watch = () => {};
  return { healedMs, firstMs };
}

/** With DTLS around it, SCTP's own packets (SACK, FORWARD-TSN) have 57 to 69 bytes here; a message of ours has 10 at least and makes it 77. */
const DATA_BYTES = 73;
/** In this time what is on its way to the client arrives, and its ack is back at the relay. */
const ACK_MS = 130;
/** A silent client is tried in this time at least. */
const TRY_MS = 500;
/** A packet of dark-game.ts with a state is larger than this, and one without is smaller. */
const STATE_BYTES = 150;

/** @param freshMs an age that states have at most while nothing is wrong. Infinity stands for what never came. */
export function recoveryOf({ healedMs, firstMs }: Darkness, { applied, frames }: DarkReport, freshMs: number): Recovery {
  const after = (ms: number | undefined): number => (ms === undefined ? Number.POSITIVE_INFINITY : msBetween(healedMs, ms));
  const since = applied.filter(({ atMs, isNewer }) => isNewer && after(atMs) >= 0);
  const fresh = since.find(({ ageMs }) => ageMs <= freshMs);
  const heardSince = (ms: number): number => after(frames.find((frame) => after(frame.atMs) >= 0 && after(frame.heardMs) >= ms)?.atMs);
  const [upAfterMs, downAfterMs] = [after(firstMs.up), after(firstMs.down)];
  return {
    upAfterMs,
    downAfterMs,
    freshAfterMs: after(fresh?.atMs),
    heardAfterMs: heardSince(0),
    freshAfterFirstMs: after(fresh?.atMs) - Math.min(upAfterMs, downAfterMs),
    heardAfterUpMs: heardSince(upAfterMs) - upAfterMs,
    agedStates: since.filter(({ ageMs }) => ageMs > freshMs).length,
    oldestAgeMs: Math.max(0, ...since.map(({ ageMs }) => ageMs)),
  };
}

/** What went backwards, in applying or in showing: nothing should. */
export function backwards({ applied, frames }: DarkReport): string[] {
  const found: string[] = [];
  for (const [index, { tick }] of applied.entries()) {
    const before = applied[index - 1]?.tick ?? 0;
    if (tick < before) found.push(`applied tick ${tick} after ${before}`);
  }
  for (const [index, frame] of frames.entries()) {
    const before = frames[index - 1];
    if (frame.clockTick > frame.newestTick) found.push(`showed tick ${frame.clockTick}, and ${frame.newestTick} was the newest known`);
    if (!before) continue;
    if (frame.viewTick < before.viewTick) found.push(`the view went from tick ${before.viewTick} to ${frame.viewTick}`);
    if (frame.clockTick < before.clockTick) found.push(`showed tick ${frame.clockTick} after ${before.clockTick}`);
    if (msBetween(before.heardMs, frame.heardMs) < 0) found.push(`showed an input of ${frame.heardMs} after ${before.heardMs}`);
  }
  return found;
}
