// The verdict: how the connection is, in plain sentences, the worst first.
//
// A pure function of figures. Invariant: there is always a sentence, and each names what was measured; where the cause cannot be known from this end it says
// what is known. Units: as in `figures.ts`.

import { type Figures, numberText, shareText } from './figures.ts';

export type Mood = 'good' | 'fair' | 'bad';

export interface Sentence {
  readonly mood: Mood;
  readonly text: string;
}

/** Before so much was measured, nothing is said but what is plain at once. */
const measuringMs = 1500;
/** A state that is older than this and two intervals is missed by the player. */
const ageMsMax = 200;
const lossFrom = { fair: 0.005, bad: 0.05 } as const;
const addedMsFrom = { fair: 15, bad: 80 } as const;
const jitterMsFrom = { fair: 15, bad: 60 } as const;
const rttMsFrom = { fair: 120, bad: 250 } as const;
const queueMsFrom = { fair: 60, bad: 200 } as const;
/** Ticks that take longer than by the schema, as a share. */
const lateFrom = { fair: 0.04, bad: 0.15 } as const;
const missedFrom = { fair: 0.2, bad: 2 } as const;
/** Never a bad sign by itself: what the room alone decides, such as damage, is a correction too. */
const correctionsFrom = { fair: 2, bad: Number.POSITIVE_INFINITY } as const;
const frameMsFrom = { fair: 24, bad: 50 } as const;
const frameMsWorstFrom = { fair: 100, bad: 300 } as const;

/** What there is to say, the worst first. */
export function verdict(figures: Figures): readonly Sentence[] {
  const broken = brokenLink(figures);
  const simulated: Sentence[] = figures.simulator === undefined ? [] : [{ mood: 'fair', text: `The network simulator is on: ${figures.simulator}.` }];
  if (broken) return [broken, ...simulated];
  if (figures.measuredMs < measuringMs) return [{ mood: 'good', text: 'Measuring.' }, ...simulated];
  const found = [server(figures), loss(figures), jitter(figures), distance(figures), inputs(figures), frames(figures), stream(figures)];
  const sentences = found.filter((sentence) => sentence !== undefined).sort((one, other) => rank[one.mood] - rank[other.mood]);
  return sentences.length > 0 ? [...sentences, ...simulated] : [{ mood: 'good', text: allIsWell(figures) }, ...simulated];
}

const rank = { bad: 0, fair: 1, good: 2 } as const;

function brokenLink({ connection, ageMs, intervalMs }: Figures): Sentence | undefined {
  if (connection === 'ended') return { mood: 'bad', text: 'The stay in the room is over.' };
  if (connection === 'reconnecting') return { mood: 'bad', text: 'The connection is lost; another one is being looked for.' };
  // In a world where nothing happens a snapshot comes each half second.
  if (connection !== 'suspect' && !(ageMs > Math.max(ageMsMax, 2 * intervalMs) + quietMs)) return undefined;
  return { mood: 'bad', text: `Nothing has come from the server for ${secondsText(ageMs)}.` };
}

const quietMs = 500;

function server({ tickMs, serverTickMs }: Figures): Sentence | undefined {
  const mood = moodOf(serverTickMs / tickMs - 1, lateFrom);
  return (
    mood && { mood, text: `The server is late: a tick takes it ${numberText(serverTickMs)} ms of ${numberText(tickMs)}, as its snapshots tell.` }
  );
}

function loss({ lossDown, lossUp, lossRun, viewJitterMs, viewLossMs }: Figures): Sentence | undefined {
  const most = Math.max(lossDown || 0, lossUp || 0);
  const mood = moodOf(most, lossFrom);
  if (!mood) return undefined;
  const ways =
    !(lossUp >= lossFrom.fair) || !(lossDown >= lossFrom.fair)
      ? `${shareText(most)} on the way ${lossDown >= lossUp || Number.isNaN(lossUp) ? 'down' : 'up'}`
      : Math.abs(lossDown - lossUp) < most / 3
        ? shareText((lossDown + lossUp) / 2)
        : `${shareText(lossDown)} on the way down and ${shareText(lossUp)} on the way up`;
  // By chance alone losses stand in rows of 1 / (1 - loss).
  const isBurst = lossDown >= lossFrom.fair && lossRun > 1.6 / (1 - Math.min(lossDown, 0.5));
  return { mood, text: `Your connection loses ${ways}${isBurst ? ' in bursts' : ''}${added(viewJitterMs + viewLossMs)}.` };
}

function added(ms: number): string {
  return moodOf(ms, addedMsFrom) ? `; the framework added ${numberText(ms)} ms of delay` : '';
}

function jitter({ jitterMs, lossDown, lossUp, viewJitterMs, viewLossMs }: Figures): Sentence | undefined {
  const mood = moodOf(jitterMs, jitterMsFrom);
  if (!mood) return undefined;
  const isSaid = moodOf(Math.max(lossDown || 0, lossUp || 0), lossFrom) !== undefined;
  return { mood, text: `Packets come unevenly, up to ${numberText(jitterMs)} ms late${isSaid ? '' : added(viewJitterMs + viewLossMs)}.` };
}

function distance({ rttMs, rttLeastMs }: Figures): Sentence | undefined {
  const queueMs = rttMs - rttLeastMs;
  const queued = moodOf(queueMs, queueMsFrom);
  if (queued && queueMs > rttLeastMs / 2)
    return { mood: queued, text: `Packets are under way for ${numberText(queueMs)} ms longer than at best: a queue on the way, or another way.` };
  const mood = moodOf(rttMs, rttMsFrom);
  return mood && { mood, text: `The server is far: ${numberText(rttMs)} ms there and back.` };
}

function inputs({ missedPerSecond, correctionsPerSecond }: Figures): Sentence | undefined {
  const missed = moodOf(missedPerSecond, missedFrom);
  if (missed) return { mood: missed, text: `${numberText(missedPerSecond)} inputs a second come too late for their tick.` };
  const mood = moodOf(correctionsPerSecond, correctionsFrom);
  const why = 'others or the room change what is predicted here, or a step is not the same on both ends';
  return mood && { mood, text: `${numberText(correctionsPerSecond)} predictions a second are corrected though no input was late: ${why}.` };
}

function frames({ frameMs, frameMsWorst }: Figures): Sentence | undefined {
  const slow = moodOf(frameMs, frameMsFrom);
  if (slow) return { mood: slow, text: `This page is slow: a frame takes ${numberText(frameMs)} ms.` };
  const mood = moodOf(frameMsWorst, frameMsWorstFrom);
  return mood && { mood, text: `This page stood still for ${numberText(frameMsWorst)} ms.` };
}

function stream({ transport }: Figures): Sentence | undefined {
  if (transport !== 'websocket') return undefined;
  return { mood: 'fair', text: 'It plays over a WebSocket, since no WebRTC connection was to be had: what is lost delays all that is behind it.' };
}

function allIsWell({ rttMs, viewDelayMs }: Figures): string {
  return Number.isNaN(rttMs)
    ? 'All is well.'
    : `All is well: ${numberText(rttMs)} ms there and back, others are shown ${numberText(viewDelayMs)} ms behind.`;
}

function moodOf(value: number, from: { readonly fair: number; readonly bad: number }): Mood | undefined {
  return value >= from.bad ? 'bad' : value >= from.fair ? 'fair' : undefined;
}

function secondsText(ms: number): string {
  return ms < 950 ? `${Math.round(ms / 50) * 50} ms` : `${(ms / 1000).toFixed(1)} s`;
}
