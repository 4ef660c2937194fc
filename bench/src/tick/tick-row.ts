// A row of the tick suite: what a cell measured, for each client and second, and whether the load generator was what limited it.
//
// Invariant: everything here is computed from one window's measures; nothing is smoothed or left out.
// Units: in the names. Bytes are payload: what Tickwire gives to a channel, both lanes.

import { type Column, rounded } from '../report.ts';
import type { BotMeasure } from './bots-process.ts';
import type { ServerMeasure } from './server-process.ts';
import type { TickCell } from './tick-cell.ts';
import type { TickTimes } from './tick-recorder.ts';

export interface TickRow extends TickTimes {
  players: number;
  tickHz: number;
  snapshotHz: number;
  seconds: number;
  transport: 'webrtc';
  /** Bots are whole clients: they predict their own player and draw the view of the others. */
  prediction: 'on';
  /** Clients in the room when the window ended. */
  joined: number;
  serverCpuPercent: number;
  /** The part of it that is the game's own thread; the rest is the native library's. Null where unknown. */
  serverMainThreadPercent: number | null;
  /** Time in which the server had work and other processes had its core: what is late then is the machine's doing. Null where unknown. */
  serverCoreWaitPercent: number | null;
  /** The server's growth over its idle state, room included, for each player. */
  rssPerClientBytes: number;
  heapPerClientBytes: number;
  downBytesPerClientSecond: number;
  downPacketsPerClientSecond: number;
  /** The part of the above on the reliable lane. */
  downReliableBytesPerClientSecond: number;
  downReliablePacketsPerClientSecond: number;
  upBytesPerClientSecond: number;
  upPacketsPerClientSecond: number;
  inputsMissed: number;
  inputsMissedPercent: number;
  botProcesses: number;
  /** All bot processes together, in per cent of the cores that they may use. */
  botCpuPercent: number;
  /** Of the worst bot process. */
  botLagP99Ms: number;
  botFramesPerSecond: number;
  /** Packets that the bots received, of those that the server sent. */
  deliveredPercent: number;
  packetsWrong: number;
  resyncs: number;
  corrections: number;
  /** Of the median bot, the worst process of several. */
  rttMs: number;
  inputMarginTicks: number;
  viewDelayMs: number;
  /** Why the generator, not the server, may have decided this row; null when it kept up. */
  generatorLimit: string | null;
}

/** A page that is this late with its frames has missed one. */
const lagLimitMs = 16.7;
/** Beyond this there is no core left for the bots. */
const cpuLimitPercent = 90;

export function makeTickRow(cell: TickCell, server: ServerMeasure, bots: readonly BotMeasure[], botCores: number): TickRow {
  const { players, tickHz, snapshotHz } = cell;
  const seconds = server.windowMs / 1000;
  const share = (total: number): number => total / players / seconds;
  const sum = (of: (bot: BotMeasure) => number): number => bots.reduce((total, bot) => total + of(bot), 0);
  const botCpuPercent = sum((bot) => bot.cpuPercent) / botCores;
  const botLagP99Ms = Math.max(...bots.map((bot) => bot.lagP99Ms));
  const { ticks, ticksSkipped, tickP50Ms, tickP95Ms, tickP99Ms, tickMaxMs, latenessP50Ms, latenessP99Ms, lateTicksPercent } = server;
  return {
    players,
    tickHz,
    snapshotHz,
    seconds,
    transport: 'webrtc',
    prediction: 'on',
    joined: server.clients,
    ...{ ticks, ticksSkipped, tickP50Ms, tickP95Ms, tickP99Ms, tickMaxMs, latenessP50Ms, latenessP99Ms, lateTicksPercent },
    serverCpuPercent: server.cpuPercent,
    serverMainThreadPercent: server.mainThreadPercent,
    serverCoreWaitPercent: server.coreWaitPercent,
    rssPerClientBytes: server.rssBytes / players,
    heapPerClientBytes: server.heapBytes / players,
    downBytesPerClientSecond: share(server.downBytes),
    downPacketsPerClientSecond: share(server.downPackets),
    downReliableBytesPerClientSecond: share(server.downReliableBytes),
    downReliablePacketsPerClientSecond: share(server.downReliablePackets),
    upBytesPerClientSecond: share(server.upBytes),
    upPacketsPerClientSecond: share(server.upPackets),
    inputsMissed: server.inputsMissed,
    inputsMissedPercent: (server.inputsMissed / (players * ticks)) * 100,
    botProcesses: bots.length,
    botCpuPercent,
    botLagP99Ms,
    botFramesPerSecond: sum((bot) => bot.framesPerBotSecond) / bots.length,
    deliveredPercent: (sum((bot) => bot.packetsReceived) / server.downPackets) * 100,
    packetsWrong: sum((bot) => bot.packetsWrong),
    resyncs: sum((bot) => bot.resyncs),
    corrections: sum((bot) => bot.corrections),
    rttMs: Math.max(...bots.map((bot) => bot.rttMs)),
    inputMarginTicks: Math.min(...bots.map((bot) => bot.inputMarginTicks)),
    viewDelayMs: Math.max(...bots.map((bot) => bot.viewDelayMs)),
    generatorLimit: generatorLimit(botCpuPercent, botLagP99Ms),
  };
}

function generatorLimit(cpuPercent: number, lagP99Ms: number): string | null {
  if (cpuPercent > cpuLimitPercent) return `the bots used ${Math.round(cpuPercent)} % of their cores`;
  if (lagP99Ms > lagLimitMs) return `the bots' frames were ${Math.round(lagP99Ms)} ms late (p99)`;
  return null;
}

const cell: readonly Column<TickRow>[] = [
  { heading: 'players', text: (row) => `${row.players}` },
  { heading: 'tick Hz', text: (row) => `${row.tickHz}` },
  { heading: 'snap Hz', text: (row) => `${row.snapshotHz}` },
];

/** For people: when the server's ticks happen and what they take. */
export const timeColumns: readonly Column<TickRow>[] = [
  ...cell,
  { heading: 'tick ms p50', text: (row) => rounded(row.tickP50Ms) },
  { heading: 'p95', text: (row) => rounded(row.tickP95Ms) },
  { heading: 'p99', text: (row) => rounded(row.tickP99Ms) },
  { heading: 'max', text: (row) => rounded(row.tickMaxMs) },
  { heading: 'begun late ms p50', text: (row) => rounded(row.latenessP50Ms) },
  { heading: 'p99', text: (row) => rounded(row.latenessP99Ms) },
  { heading: 'late ticks %', text: (row) => rounded(row.lateTicksPercent) },
  { heading: 'skipped', text: (row) => `${row.ticksSkipped}` },
  { heading: 'server CPU %', text: (row) => rounded(row.serverCpuPercent) },
  { heading: 'game thread %', text: (row) => rounded(row.serverMainThreadPercent ?? Number.NaN) },
  { heading: 'waited for core %', text: (row) => rounded(row.serverCoreWaitPercent ?? Number.NaN) },
  { heading: 'bots CPU %', text: (row) => rounded(row.botCpuPercent) },
  { heading: 'bots late ms p99', text: (row) => rounded(row.botLagP99Ms) },
];

/** For people: what each client costs. */
export const clientColumns: readonly Column<TickRow>[] = [
  ...cell,
  { heading: 'down B/s', text: (row) => rounded(row.downBytesPerClientSecond) },
  { heading: 'packets/s', text: (row) => rounded(row.downPacketsPerClientSecond) },
  { heading: 'up B/s', text: (row) => rounded(row.upBytesPerClientSecond) },
  { heading: 'packets/s', text: (row) => rounded(row.upPacketsPerClientSecond) },
  { heading: 'inputs missed %', text: (row) => rounded(row.inputsMissedPercent) },
  { heading: 'view behind ms', text: (row) => rounded(row.viewDelayMs) },
  { heading: 'rss kB', text: (row) => rounded(row.rssPerClientBytes / 1000) },
  { heading: 'heap kB', text: (row) => rounded(row.heapPerClientBytes / 1000) },
];
