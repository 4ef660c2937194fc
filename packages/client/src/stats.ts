// What a client measures of its connection, for a status line, a net graph or a bug report.
//
// Units: in the names. Counters run from the start of the session.

import type { LinkPath } from '@tickwire/shared';
import { type Sequence, sequenceDistance } from '@tickwire/shared/internal';
import type { Timeline } from './timeline.ts';

export interface RoomStats {
  /** How the link runs: `webrtc`, `memory`. */
  transport: string;
  /** How a WebRTC link runs: candidate types, protocol, round trip of ICE. Undefined on other links, and before it is known. */
  path: LinkPath | undefined;
  /** Smoothed round-trip time; 0 before the first answer. Not measured while nothing happens: then it is the last one. */
  rttMs: number;
  /** How far inputs are made ahead of the newest state that could be here. */
  leadTicks: number;
  /** Where that is going: the least lead with which the share of missed ticks stays under `missTarget`. */
  leadTargetTicks: number;
  /** How far others are shown behind the newest state that could be here. */
  viewDelayMs: number;
  /** Parts of it, beside the time between two snapshots: for jitter, and for lost snapshots. */
  viewJitterMs: number;
  viewLossMs: number;
  /** How fast the clocks of inputs and of the view ran in the last frame; 1 is as fast as time. */
  inputRate: number;
  viewRate: number;
  /** Margin of the latest inputs at the server, in ticks; below 0 one came too late. */
  inputMarginTicks: number;
  /** Ticks at which the server had no input of this client. */
  inputsMissed: number;
  /** Share of such ticks, over the last minute. */
  inputMissShare: number;
  /** Predictions that the server corrected, and ticks simulated again for it. */
  corrections: number;
  replayedTicks: number;
  packetsReceived: number;
  bytesReceived: number;
  /** Snapshot packets that never came, judged by the gaps in their sequence. */
  packetsLost: number;
  /** Snapshot packets that waited through a dark moment of the path and were left out for the fresh ones behind them. */
  packetsStale: number;
  packetsSent: number;
  bytesSent: number;
  /** Packets that could not be read. */
  packetsWrong: number;
  /** Times this client asked for a fresh start because a base was not here, or because of a codec fault. */
  resyncs: number;
  /** Packets whose values were not those that the server hashed. Above 0 is a fault of this framework: please report it. */
  codecFaults: number;
}

export function emptyStats(): RoomStats {
  return {
    transport: '',
    path: undefined,
    rttMs: 0,
    leadTicks: 0,
    leadTargetTicks: 0,
    viewDelayMs: 0,
    viewJitterMs: 0,
    viewLossMs: 0,
    inputRate: 1,
    viewRate: 1,
    inputMarginTicks: 0,
    inputsMissed: 0,
    inputMissShare: 0,
    corrections: 0,
    replayedTicks: 0,
    packetsReceived: 0,
    bytesReceived: 0,
    packetsLost: 0,
    packetsStale: 0,
    packetsSent: 0,
    bytesSent: 0,
    packetsWrong: 0,
    resyncs: 0,
    codecFaults: 0,
  };
}

/**
 * Counts what the gap between the newest packet so far and this one says was lost; one that comes late was not.
 * @returns the packets between the two that have not come; -1 for a late one.
 */
export function countLost(stats: RoomStats, newestBefore: number, sequence: Sequence): number {
  const ahead = newestBefore < 0 ? 1 : sequenceDistance(sequence, newestBefore);
  const lost = ahead > 0 ? ahead - 1 : -1;
  stats.packetsLost = Math.max(0, stats.packetsLost + lost);
  return lost;
}

/** Notes where the clocks are. Once a frame. */
export function measure(
  stats: RoomStats,
  timeline: Timeline,
  predictor: { readonly corrections: number; readonly replayedTicks: number },
  tickHz: number,
  path: LinkPath | undefined,
): void {
  const tickMs = 1000 / tickHz;
  const { lead, viewDelay } = timeline;
  stats.path = path;
  stats.rttMs = timeline.rttMs;
  stats.leadTicks = timeline.leadTicks;
  stats.leadTargetTicks = timeline.targetLeadTicks;
  stats.inputMissShare = lead.missShare;
  stats.viewDelayMs = timeline.delayTicks * tickMs;
  stats.viewJitterMs = viewDelay.jitterTicks * tickMs;
  stats.viewLossMs = viewDelay.lossTicks * tickMs;
  stats.inputRate = timeline.inputRate;
  stats.viewRate = timeline.viewRate;
  stats.corrections = predictor.corrections;
  stats.replayedTicks = predictor.replayedTicks;
}
