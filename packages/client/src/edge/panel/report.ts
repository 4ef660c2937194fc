// The facts of a session, and the report that a player can send to the game's author: everything that the panel knows, as text.
//
// Invariant: there is nothing in it that lets anybody in (no token, no code) and no address, neither of the player nor of anybody else. Units: in the lines.

import type { AnyGame } from '@tickwire/shared';
import { protocolVersion } from '@tickwire/shared/internal';
import type { ClientRoom } from '../../client-room.ts';
import { type Figures, numberText, shareText } from './figures.ts';
import type { SessionLog } from './session-log.ts';
import type { Sentence } from './verdict.ts';

/** Of this package. */
export const version = '0.1.0';

/** A name and what there is to say: a line of a table. */
export type Fact = readonly [name: string, value: string];

/** What is so for the whole session. */
export function sessionFacts(room: ClientRoom<AnyGame>, log: SessionLog, now: number): readonly Fact[] {
  const { game, stats, keeper } = room;
  const { path } = stats;
  return [
    ['Connection', room.connection],
    ['Transport', stats.transport],
    [
      'Path',
      path ? `${path.local} to ${path.remote} over ${path.protocol}${path.relayProtocol ? `, relay over ${path.relayProtocol}` : ''}` : 'not known',
    ],
    ['ICE round trip', path ? `${numberText(path.rttMs)} ms` : '–'],
    ['Drops, reconnects', `${log.dropCount}, ${log.reconnectCount}`],
    ...log.drops.slice(-5).map(({ at, code, backMs }): Fact => [`  ${numberText((now - at) / 1000)} s ago`, dropText(code, backMs)]),
    [
      'Links tried',
      keeper ? `${keeper.counters.dialed}, ${keeper.counters.suspected} suspected, ${keeper.counters.falseAlarms} wrongly` : 'none by itself',
    ],
    ['Room', room.roomId],
    ['Session', room.sessionId],
    ['Game', `${game.name}, schema ${game.hash}`],
    ['Rates', `${game.tickHz} ticks, ${game.snapshotHz} snapshots, ${game.inputHz} input packets a second`],
    ['Packets in', `${stats.packetsReceived}, ${stats.packetsLost} lost, ${stats.packetsStale} stale, ${stats.packetsWrong} wrong`],
    ['Packets out', String(stats.packetsSent)],
    ['Bytes in, out', `${stats.bytesReceived}, ${stats.bytesSent}`],
    ['Corrections', `${stats.corrections}, ${stats.replayedTicks} ticks run again`],
    ['Inputs missed', `${stats.inputsMissed}, ${shareText(stats.inputMissShare)} in the last minute`],
    ['Fresh starts', `${stats.resyncs}, codec faults ${stats.codecFaults}`],
    ['Versions', `client ${version}, protocol ${protocolVersion}`],
  ];
}

/** What the graphs show last. */
export function figureFacts(figures: Figures): readonly Fact[] {
  return [
    ['Round trip', `${msText(figures.rttMs)}, at best ${msText(figures.rttLeastMs)}`],
    ['Jitter', msText(figures.jitterMs)],
    ['Loss down, up', `${shareText(figures.lossDown)}, ${shareText(figures.lossUp)}; ${numberText(figures.lossRun)} in a row`],
    ['Snapshot age', `${numberText(figures.ageMs)} ms of ${numberText(figures.intervalMs)} ms between two`],
    [
      'Shown behind by',
      `${numberText(figures.viewDelayMs)} ms, for jitter ${numberText(figures.viewJitterMs)} ms, for losses ${numberText(figures.viewLossMs)} ms`,
    ],
    ['Inputs ahead by', `${numberText(figures.leadMs)} ms`],
    ['Inputs missing', `${numberText(figures.missedPerSecond)} a second`],
    ['Corrections', `${numberText(figures.correctionsPerSecond)} a second`],
    ['Bytes down, up', `${Math.round(figures.downBytesPerSecond)}, ${Math.round(figures.upBytesPerSecond)} a second`],
    ['Snapshot packets', `${figures.snapshotsPerSecond} a second`],
    ['Server tick', `${numberText(figures.serverTickMs)} ms of ${numberText(figures.tickMs)} ms`],
    ['Frame', `${numberText(figures.frameMs)} ms, at worst ${numberText(figures.frameMsWorst)} ms`],
    ['Simulator', figures.simulator ?? 'off'],
  ];
}

/** @param platform what the page runs on, as the browser says. */
export function reportText(
  sentences: readonly Sentence[],
  figures: readonly Fact[],
  bytes: readonly Fact[],
  session: readonly Fact[],
  platform: string,
): string {
  const part = (title: string, facts: readonly Fact[]): string =>
    `\n${title}\n${facts.map(([name, value]) => `${name.padEnd(18)} ${value}`).join('\n')}\n`;
  const head = `Tickwire net report\n${sentences.map(({ text }) => text).join('\n')}\n`;
  return `${head}${part('FIGURES', figures)}${part('BYTES A SECOND', bytes)}${part('SESSION', session)}\n${platform}\n`;
}

function dropText(code: string, backMs: number | undefined): string {
  return `${code}, ${backMs === undefined ? 'not back' : `back after ${numberText(backMs / 1000)} s`}`;
}

function msText(ms: number): string {
  return Number.isNaN(ms) ? 'not known' : `${numberText(ms)} ms`;
}
