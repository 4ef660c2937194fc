// The verdict over many figures: what is said, how bad it is, and that nothing is said of what is well.

import { describe, expect, test } from 'vitest';
import type { Figures } from './figures.ts';
import { verdict } from './verdict.ts';

const well: Figures = {
  connection: 'connected',
  transport: 'webrtc',
  measuredMs: 10_000,
  rttMs: 32,
  rttLeastMs: 30,
  jitterMs: 4,
  lossDown: 0,
  lossUp: 0,
  lossRun: Number.NaN,
  ageMs: 50,
  intervalMs: 50,
  viewDelayMs: 62,
  viewJitterMs: 2,
  viewLossMs: 0,
  leadMs: 60,
  missedPerSecond: 0,
  correctionsPerSecond: 0,
  downBytesPerSecond: 900,
  upBytesPerSecond: 500,
  snapshotsPerSecond: 20,
  tickMs: 1000 / 60,
  serverTickMs: 1000 / 60,
  frameMs: 16.7,
  frameMsWorst: 18,
  simulator: undefined,
};

function said(changes: Partial<Figures>): string[] {
  return verdict({ ...well, ...changes }).map(({ mood, text }) => `${mood}: ${text}`);
}

describe('the verdict', () => {
  test('[PL1] where all is well it says so, with the two figures that a player feels', () => {
    expect(said({})).toEqual(['good: All is well: 32 ms there and back, others are shown 62 ms behind.']);
    expect(said({ rttMs: Number.NaN })).toEqual(['good: All is well.']);
  });

  test('[PL1] before anything was measured it says nothing else', () => {
    expect(said({ measuredMs: 900, lossDown: 0.5 })).toEqual(['good: Measuring.']);
    expect(said({ measuredMs: 900, connection: 'reconnecting' })[0]).toMatch(/^bad: The connection is lost/);
  });

  test.each<[string, Partial<Figures>, string]>([
    [
      'bursts and what they cost',
      { lossDown: 0.04, lossUp: 0.036, lossRun: 3, viewJitterMs: 5, viewLossMs: 30 },
      'fair: Your connection loses 4 % in bursts; the framework added 35 ms of delay.',
    ],
    ['single losses', { lossDown: 0.04, lossUp: 0.04, lossRun: 1.04 }, 'fair: Your connection loses 4 %.'],
    [
      'downward losses only',
      { lossDown: 0.2, lossRun: 1.25, viewLossMs: 110 },
      'bad: Your connection loses 20 % on the way down; the framework added 112 ms of delay.',
    ],
    ['upward losses only', { lossUp: 0.06 }, 'bad: Your connection loses 6 % on the way up.'],
    ['different losses', { lossDown: 0.02, lossUp: 0.1, lossRun: 1 }, 'bad: Your connection loses 2 % on the way down and 10 % on the way up.'],
    ['jitter', { jitterMs: 40, viewJitterMs: 38 }, 'fair: Packets come unevenly, up to 40 ms late; the framework added 38 ms of delay.'],
    ['a far server', { rttMs: 310, rttLeastMs: 300 }, 'bad: The server is far: 310 ms there and back.'],
    ['a queue', { rttMs: 240, rttLeastMs: 40 }, 'bad: Packets are under way for 200 ms longer than at best: a queue on the way, or another way.'],
    ['a late server', { serverTickMs: 22 }, 'bad: The server is late: a tick takes it 22 ms of 17, as its snapshots tell.'],
    ['late inputs', { missedPerSecond: 3 }, 'bad: 3.0 inputs a second come too late for their tick.'],
    [
      'corrections without late inputs',
      { correctionsPerSecond: 2 },
      'fair: 2.0 predictions a second are corrected though no input was late: others or the room change what is predicted here, or a step is not the same on both ends.',
    ],
    ['slow frames', { frameMs: 41, frameMsWorst: 60 }, 'fair: This page is slow: a frame takes 41 ms.'],
    ['one long frame', { frameMsWorst: 420 }, 'bad: This page stood still for 420 ms.'],
    [
      'a WebSocket',
      { transport: 'websocket' },
      'fair: It plays over a WebSocket, since no WebRTC connection was to be had: what is lost delays all that is behind it.',
    ],
  ])('[PL1] %s', (_name, changes, sentence) => {
    expect(said(changes)).toEqual([sentence]);
  });

  test.each<[Partial<Figures>, string]>([
    [{ connection: 'ended' }, 'The stay in the room is over.'],
    [{ connection: 'reconnecting', lossDown: 0.3 }, 'The connection is lost; another one is being looked for.'],
    [{ connection: 'suspect', ageMs: 1230 }, 'Nothing has come from the server for 1.2 s.'],
    [{ ageMs: 820 }, 'Nothing has come from the server for 800 ms.'],
  ])('[PL1] without a working link nothing else is judged: %j', (changes, text) => {
    expect(verdict({ ...well, ...changes })).toEqual([{ mood: 'bad', text }]);
  });

  test('[PL1] a world in which nothing happens is no silence', () => {
    expect(said({ ageMs: 560 })).toHaveLength(1);
    expect(said({ ageMs: 560 })[0]).toMatch(/^good/);
  });

  test('[PL1] the worst comes first, and the simulator is always named', () => {
    const sentences = said({ jitterMs: 20, lossDown: 0.3, lossRun: 1.4, simulator: 'Train' });
    expect(sentences.map((sentence) => sentence.slice(0, 24))).toEqual([
      'bad: Your connection los',
      'fair: Packets come uneve',
      'fair: The network simula',
    ]);
    expect(said({ simulator: 'Train' })).toHaveLength(2);
  });

  test('[PL1] of what is not known nothing is said', () => {
    const unknown = Object.fromEntries(
      Object.entries(well).map(([name, value]) => [name, typeof value === 'number' && name !== 'measuredMs' ? Number.NaN : value]),
    );
    expect(verdict(unknown as unknown as Figures)).toEqual([{ mood: 'good', text: 'All is well.' }]);
  });
});
