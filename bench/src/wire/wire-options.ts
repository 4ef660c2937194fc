// The wire suite's options, from the command line to a plan.
//
// Invariant: what is wrong is said before anything starts, with the option's name. Units: seconds of trace; rounds of CPU passes.

import type { TraceName } from './trace.ts';

/** As the command line gives them. */
export interface WireOptions {
  trace?: unknown;
  only?: unknown;
  bytes?: boolean;
  seed?: unknown;
  quick?: boolean;
}

export interface WirePlan {
  readonly seed: number;
  readonly traces: readonly TraceName[];
  /** Names of the codecs to run; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** Bytes without CPU and heap. */
  readonly bytesOnly: boolean;
  readonly quick: boolean;
}

export const codecNames: readonly string[] = ['json', 'msgpackr', 'msgpackr-records', 'geckos-schema', 'colyseus', 'tickwire', 'near-limit'];
const traceNames: readonly TraceName[] = ['arena', 'crowd', 'bodies'];

/** @throws RangeError that names the option. */
export function wirePlan(options: WireOptions): WirePlan {
  const seed = Number(options.seed ?? 1);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31)
    throw new RangeError(`--seed: '${options.seed}' is not a whole number from 0 to ${2 ** 31 - 1}`);
  const traces = options.trace === undefined ? traceNames : listed('--trace', options.trace, traceNames);
  const only = options.only === undefined ? undefined : listed('--only', options.only, codecNames);
  return { seed, traces: traces as readonly TraceName[], only, bytesOnly: options.bytes === true, quick: options.quick === true };
}

function listed(name: string, given: unknown, known: readonly string[]): string[] {
  return String(given)
    .split(',')
    .map((text) => {
      if (known.includes(text)) return text;
      throw new RangeError(`${name}: '${text}' is none of ${known.join(', ')}`);
    });
}
