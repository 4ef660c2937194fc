// What the panel measures, as numbers over the last seconds: what the graphs show the newest of, the verdict judges and the report lists.
//
// Invariant: NaN stands for what is not known, never for zero. Units: in the names; shares are 0 to 1.

import { valueText } from '@tickwire/shared/internal';
import type { ConnectionState } from '../../room-links.ts';

export interface Figures {
  readonly connection: ConnectionState;
  /** `webrtc`, `websocket`, `memory`. */
  readonly transport: string;
  /** For how long has been measured. */
  readonly measuredMs: number;
  /** Mean of the last second, and the least of the last 30 on this network. */
  readonly rttMs: number;
  readonly rttLeastMs: number;
  /** By how much later than the earliest 95 of 100 snapshots came. */
  readonly jitterMs: number;
  readonly lossDown: number;
  readonly lossUp: number;
  /** Packets that were lost in a row, on average. */
  readonly lossRun: number;
  /** How old the newest state is, beside the least that the path takes. */
  readonly ageMs: number;
  readonly intervalMs: number;
  /** How far behind the newest state that could be here others are shown, and which parts of it jitter and losses ask for. */
  readonly viewDelayMs: number;
  readonly viewJitterMs: number;
  readonly viewLossMs: number;
  /** How far ahead of the newest state that could be here inputs are made. */
  readonly leadMs: number;
  readonly missedPerSecond: number;
  readonly correctionsPerSecond: number;
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  readonly snapshotsPerSecond: number;
  /** What a tick takes, by the schema and as the snapshots' ticks go on. */
  readonly tickMs: number;
  readonly serverTickMs: number;
  /** From one frame of the page to the next, on average and at worst, over the last second. */
  readonly frameMs: number;
  readonly frameMsWorst: number;
  /** What the simulator does, while it is on. */
  readonly simulator: string | undefined;
}

/** A number for people: whole from 10 on, with a digit behind the point below. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 9.95 || value === 0) return String(Math.round(value));
  return value.toFixed(1);
}

/** A value of a field in as few characters as do. */
export function shortText(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(2);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value)) return valueText(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${shortText(part)}`)
    .join(', ');
}

/** A share in per cent. */
export function shareText(share: number): string {
  if (Number.isNaN(share)) return '–';
  const percent = share * 100;
  return `${percent > 0 && percent < 0.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}
