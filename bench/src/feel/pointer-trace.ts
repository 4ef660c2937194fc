// A human pointer over time, from the recordings in bench/fixtures (see the note on their origin there).
//
// Invariant: a place for every time: between two points the pointer went straight, and after the end the recording starts over.
// Units: milliseconds; units of the recording, whose field is 512 by 384; the pointer sometimes leaves it.

import { readFileSync } from 'node:fs';

export interface PointerTrace {
  /** Ascending, from 0. */
  readonly ms: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export type PointerTraceName = 'a' | 'b';

export function loadPointerTrace(name: PointerTraceName): PointerTrace {
  return readPointerTrace(readFileSync(new URL(`../../fixtures/pointer-${name}.csv`, import.meta.url), 'utf8'));
}

/** Reads `t_ms,x,y` lines under a heading. */
export function readPointerTrace(text: string): PointerTrace {
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const column = (index: number): number[] => rows.map((row) => row[index] ?? Number.NaN);
  return { ms: column(0), x: column(1), y: column(2) };
}

/** Puts the pointer's place at a time into `into`. */
export function pointerAt({ ms, x, y }: PointerTrace, atMs: number, into: { x: number; y: number }): void {
  const time = atMs % (ms[ms.length - 1] as number);
  let [low, high] = [0, ms.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((ms[middle] as number) <= time) low = middle;
    else high = middle;
  }
  const [from, to] = [ms[low] as number, ms[high] as number];
  const share = (time - from) / (to - from);
  into.x = (x[low] as number) + ((x[high] as number) - (x[low] as number)) * share;
  into.y = (y[low] as number) + ((y[high] as number) - (y[low] as number)) * share;
}
