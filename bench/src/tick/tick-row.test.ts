import { expect, test } from 'vitest';
import type { BotMeasure } from './bots-process.ts';
import type { ServerMeasure } from './server-process.ts';
import { makeTickRow } from './tick-row.ts';

const cell = { players: 4, tickHz: 60, snapshotHz: 20, seconds: 2, warmUpSeconds: 0, seed: 1 };
const server: ServerMeasure = {
  ...{
    ticks: 120,
    ticksSkipped: 0,
    tickP50Ms: 1,
    tickP95Ms: 2,
    tickP99Ms: 3,
    tickMaxMs: 4,
    latenessP50Ms: 0.1,
    latenessP99Ms: 0.2,
    lateTicksPercent: 0,
  },
  ...{ downBytes: 8000, downPackets: 160, downReliableBytes: 800, downReliablePackets: 8, upBytes: 4000, upPackets: 240, inputsMissed: 48 },
  ...{ windowMs: 2000, clients: 4, cpuPercent: 20, mainThreadPercent: 9, coreWaitPercent: 1, rssBytes: 4_000_000, heapBytes: 400_000 },
};
const bots: BotMeasure = {
  ...{ cpuPercent: 30, lagP99Ms: 2, framesPerBotSecond: 60, packetsReceived: 80, packetsWrong: 0, resyncs: 0, corrections: 1 },
  ...{ rttMs: 1, inputMarginTicks: 1, viewDelayMs: 60 },
};

test('[BE6] totals become figures for each client and second', () => {
  expect(makeTickRow(cell, server, [bots, bots], 1)).toMatchObject({
    ...{ downBytesPerClientSecond: 1000, downPacketsPerClientSecond: 20, downReliableBytesPerClientSecond: 100, upBytesPerClientSecond: 500 },
    ...{ upPacketsPerClientSecond: 30, inputsMissedPercent: 10, rssPerClientBytes: 1_000_000, heapPerClientBytes: 100_000 },
    ...{ deliveredPercent: 100, botProcesses: 2, botCpuPercent: 60, corrections: 2, generatorLimit: null },
  });
});

test('[BE6] a row says when the bots, not the server, were at their limit', () => {
  const limit = (bot: Partial<BotMeasure>, cores: number) => makeTickRow(cell, server, [bots, { ...bots, ...bot }], cores).generatorLimit;
  expect(limit({ cpuPercent: 65 }, 1)).toBe('the bots used 95 % of their cores');
  expect(limit({ cpuPercent: 65 }, 2)).toBe(null);
  expect(limit({ lagP99Ms: 40 }, 1)).toBe("the bots' frames were 40 ms late (p99)");
});
