// Samples what the room and its links measure ten times a second, and keeps the last 30 seconds of each figure.
//
// Invariant: a sample writes into typed arrays that stay; the newest stands at the end. Units: milliseconds; per second; shares of 0 to 1; bytes of payload.

import type { AnyGame } from '@tickwire/shared';
import type { ClientRoom } from '../../client-room.ts';
import type { Corrections } from './corrections.ts';
import type { Figures } from './figures.ts';
import type { LinkMeter } from './link-meter.ts';

export const sampleMs = 100;
/** 30 seconds. */
export const samplesKept = 300;
/** Samples of the window over which losses are counted: 80 packets at 20 Hz. */
const lossWindow = 40;
export const samplesInSecond = 10;
/** Until the figures of the last second are those of another network. */
const settlingSamples = 15;
const seenLeast = 20;
const lossyShare = 0.15;
/** Packets that a report tells of. */
const packetsOfReport = 28;
/** Samples between two looks at how late the server is. */
const slipSamples = 25;

/** What is sampled of every game; bytes by type come behind them. */
export const columns = ['rttMs', 'jitterMs', 'lossDown', 'lossUp', 'ageMs', 'delayMs', 'leadMs', 'missed', 'corrections', 'frameMs'] as const;
export type Column = (typeof columns)[number];

/** Counters that only grow: of each the increments are kept. */
const counters = ['received', 'lost', 'gaps', 'upSeen', 'upLost', 'reports', 'reportsOfLoss', 'roundTrips', 'roundTripMsSum'] as const;

export class Sampler {
  /** Samples taken so far, `samplesKept` at most. */
  count = 0;
  readonly series: Readonly<Record<Column, Float64Array>>;
  /** Bytes a second, by what they are of: the game's entity types, its state, and the rest. */
  readonly down: readonly { readonly name: string; readonly values: Float64Array }[];
  readonly up: readonly { readonly name: string; readonly values: Float64Array }[];
  readonly #room: ClientRoom<AnyGame>;
  readonly #meter: LinkMeter;
  readonly #corrections: Corrections;
  readonly #hasState: boolean;
  readonly #steps: Readonly<Record<(typeof counters)[number], Float64Array>>;
  readonly #lateMs = makeSeries(Number.NaN);
  readonly #frameMeans = makeSeries(Number.NaN);
  readonly #before = new Map<string, number>();
  #samplesOfPath = 0;
  #frames = 0;
  #frameMsSum = 0;
  #frameMsWorst = 0;
  #measuredMs = 0;
  #ageMsWorst = 0;

  constructor(room: ClientRoom<AnyGame>, meter: LinkMeter, corrections: Corrections) {
    this.#room = room;
    this.#meter = meter;
    this.#corrections = corrections;
    this.series = Object.fromEntries(columns.map((name) => [name, makeSeries(Number.NaN)])) as Record<Column, Float64Array>;
    this.#steps = Object.fromEntries(counters.map((name) => [name, makeSeries(0)])) as Record<(typeof counters)[number], Float64Array>;
    const [state, ...types] = room.game.types;
    this.#hasState = (state?.layout.fields.length ?? 0) > 0;
    const names = [...types.map(({ name }) => name), ...(this.#hasState ? ['room state'] : []), 'heads, effects', 'events'];
    this.down = names.map((name) => ({ name, values: makeSeries(0) }));
    this.up = ['inputs, acks', 'events'].map((name) => ({ name, values: makeSeries(0) }));
    // What was counted before says nothing of the first sample.
    this.#readCounters();
    this.#readBytes(1);
  }

  /** A frame of the page, so long after the one before. */
  frame(ms: number): void {
    this.#frames++;
    const { view, received, stats, game } = this.#room;
    // The tick that would arrive now on the least delayed path is that of the view and its delay.
    const ageMs = received.newestTick < 0 ? 0 : ((view.tick - received.newestTick) * 1000) / game.tickHz + stats.viewDelayMs;
    this.#ageMsWorst = Math.max(this.#ageMsWorst, ageMs);
    this.#frameMsSum += ms;
    this.#frameMsWorst = Math.max(this.#frameMsWorst, ms);
  }

  /** Takes a sample. @param passedMs since the last one. */
  sample(passedMs: number): void {
    this.count = Math.min(samplesKept, this.count + 1);
    this.#samplesOfPath++;
    this.#measuredMs += passedMs;
    const seconds = passedMs / 1000;
    const { series } = this;
    const { stats, game } = this.#room;
    this.#readCounters();
    this.#readBytes(seconds);
    const roundTrips = this.#sum('roundTrips', samplesInSecond);
    // While nothing happens no round trip is measured.
    const rttMs = roundTrips > 0 ? this.#sum('roundTripMsSum', samplesInSecond) / roundTrips : stats.rttMs || Number.NaN;
    push(series.rttMs, rttMs);
    push(series.jitterMs, this.#meter.jitterMs());
    push(series.lossDown, share(this.#sum('lost', lossWindow), this.#sum('received', lossWindow) + this.#sum('lost', lossWindow)));
    push(series.lossUp, this.#lossUp());
    push(series.ageMs, this.#ageMsWorst);
    push(series.delayMs, stats.viewDelayMs);
    push(series.leadMs, (stats.leadTicks * 1000) / game.tickHz);
    push(series.missed, this.#step('missed', stats.inputsMissed) / seconds);
    push(series.corrections, this.#step('corrections', stats.corrections) / seconds);
    push(series.frameMs, this.#frameMsWorst);
    push(this.#frameMeans, this.#frames > 0 ? this.#frameMsSum / this.#frames : Number.NaN);
    push(this.#lateMs, this.#meter.leastLateMs());
    this.#frames = 0;
    this.#frameMsSum = 0;
    this.#frameMsWorst = 0;
    this.#ageMsWorst = 0;
  }

  /** The network is another from now on: what was measured of it before is compared with nothing. */
  begin(): void {
    this.#samplesOfPath = -settlingSamples;
  }

  /** The newest of everything. */
  figures(simulator: string | undefined): Figures {
    const { stats, game, connection } = this.#room;
    const { series } = this;
    const tickMs = 1000 / game.tickHz;
    return {
      connection,
      transport: stats.transport,
      measuredMs: this.#measuredMs,
      rttMs: last(series.rttMs),
      rttLeastMs: least(series.rttMs, Math.min(this.count, this.#samplesOfPath)),
      jitterMs: last(series.jitterMs),
      lossDown: last(series.lossDown),
      lossUp: last(series.lossUp),
      lossRun: this.#sum('lost', lossWindow) / this.#sum('gaps', lossWindow),
      ageMs: last(series.ageMs),
      intervalMs: 1000 / game.snapshotHz,
      viewDelayMs: stats.viewDelayMs,
      viewJitterMs: stats.viewJitterMs,
      viewLossMs: stats.viewLossMs,
      leadMs: last(series.leadMs),
      missedPerSecond: mean(series.missed, samplesInSecond),
      correctionsPerSecond: mean(series.corrections, samplesInSecond),
      downBytesPerSecond: this.down.reduce((sum, { values }) => sum + mean(values, samplesInSecond), 0),
      upBytesPerSecond: this.up.reduce((sum, { values }) => sum + mean(values, samplesInSecond), 0),
      snapshotsPerSecond: this.#sum('received', samplesInSecond),
      tickMs,
      serverTickMs: tickMs / (1 - this.#slip()),
      frameMs: mean(this.#frameMeans, samplesInSecond),
      frameMsWorst: most(series.frameMs, samplesInSecond),
      simulator,
    };
  }

  /**
   * By how much snapshots come ever later, as a share of time; what round trips have grown by is the path's, and not counted. The lesser of two spans, one
   * behind the other: a step is in one of them only.
   */
  #slip(): number {
    const slip = Math.min(this.#slipOf(0), this.#slipOf(slipSamples));
    return slip > 0 ? Math.min(0.9, slip) : 0;
  }

  #slipOf(ago: number): number {
    const grown = (values: Float64Array): number => before(values, ago) - before(values, ago + slipSamples);
    return (grown(this.#lateMs) - Math.max(0, grown(this.series.rttMs))) / (slipSamples * sampleMs);
  }

  /**
   * Reports without a loss say that there is none. With many that tell of one, single acks say how much, where enough of them say anything; else the share of
   * clear reports, which by chance is (1 - loss)^28.
   */
  #lossUp(): number {
    const reports = this.#sum('reports', lossWindow);
    const ofLoss = this.#sum('reportsOfLoss', lossWindow);
    const seen = this.#sum('upSeen', lossWindow);
    if (reports === 0) return Number.NaN;
    if (ofLoss / reports > lossyShare && seen >= seenLeast) return this.#sum('upLost', lossWindow) / seen;
    return 1 - (1 - Math.min(ofLoss, reports - 0.5) / reports) ** (1 / packetsOfReport);
  }

  #readCounters(): void {
    for (const name of counters) push(this.#steps[name], this.#step(name, this.#meter[name]));
  }

  #readBytes(seconds: number): void {
    const { recordBytes } = this.#corrections;
    const { bytesDown, bytesUp } = this.#meter;
    let records = 0;
    for (let number = 0; number < recordBytes.length; number++) {
      const bytes = this.#step(`type ${number}`, recordBytes[number] as number);
      records += bytes;
      if (number > 0 || this.#hasState) pushTo(this.down[number === 0 ? recordBytes.length - 1 : number - 1], bytes / seconds);
    }
    pushTo(this.down.at(-2), Math.max(0, this.#step('down', bytesDown.unreliable) - records) / seconds);
    pushTo(this.down.at(-1), this.#step('down events', bytesDown.reliable) / seconds);
    pushTo(this.up[0], this.#step('up', bytesUp.unreliable) / seconds);
    pushTo(this.up[1], this.#step('up events', bytesUp.reliable) / seconds);
  }

  /** How much a counter has grown since the last look. */
  #step(name: string, value: number): number {
    const step = value - (this.#before.get(name) ?? value);
    this.#before.set(name, value);
    return step;
  }

  #sum(name: (typeof counters)[number], samples: number): number {
    const values = this.#steps[name];
    let sum = 0;
    for (let at = samplesKept - samples; at < samplesKept; at++) sum += values[at] as number;
    return sum;
  }
}

function makeSeries(unknown: number): Float64Array {
  return new Float64Array(samplesKept).fill(unknown);
}

function push(values: Float64Array, value: number): void {
  values.copyWithin(0, 1);
  values[samplesKept - 1] = value;
}

/** Smoothed over half a second: packets come a few to a sample. */
function pushTo(series: { readonly values: Float64Array } | undefined, value: number): void {
  if (series) push(series.values, last(series.values) + (value - last(series.values)) / 5);
}

export function last(values: Float64Array): number {
  return values[samplesKept - 1] as number;
}

function before(values: Float64Array, samples: number): number {
  return values[samplesKept - 1 - samples] as number;
}

export function mean(values: Float64Array, samples: number): number {
  let sum = 0;
  let count = 0;
  for (let at = samplesKept - samples; at < samplesKept; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

export function most(values: Float64Array, samples: number): number {
  let top = 0;
  for (let at = samplesKept - samples; at < samplesKept; at++) if ((values[at] as number) > top) top = values[at] as number;
  return top;
}

function least(values: Float64Array, samples: number): number {
  let bottom = Number.POSITIVE_INFINITY;
  for (let at = samplesKept - samples; at < samplesKept; at++) if ((values[at] as number) < bottom) bottom = values[at] as number;
  return bottom === Number.POSITIVE_INFINITY ? Number.NaN : bottom;
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.max(0, part / whole) : Number.NaN;
}
