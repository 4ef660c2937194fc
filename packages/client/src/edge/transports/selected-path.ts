// Which pair of candidates a peer connection of the browser uses, from its statistics.
//
// Browsers say it in two ways: by the transport's `selectedCandidatePairId` (Chromium, Safari), and by a mark on the pair itself (Firefox).
// Invariant: statistics are asked for at most every three seconds, and only while somebody looks at the path: they cost a browser about a millisecond.
// Units: milliseconds; the statistics themselves are in seconds.

import type { CandidateType, LinkPath } from '@tickwire/shared';

/** A part of RTCStatsReport. */
export interface Statistic {
  readonly id: string;
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The pair that carries the packets; undefined when the statistics name none. */
export function readPath(statistics: readonly Statistic[]): LinkPath | undefined {
  const byId = new Map(statistics.map((statistic) => [statistic.id, statistic]));
  const named = statistics.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId !== undefined);
  const pairs = statistics.filter(({ type }) => type === 'candidate-pair');
  const pair =
    byId.get(String(named?.['selectedCandidatePairId'])) ??
    pairs.find(({ selected }) => selected === true) ??
    pairs.find(({ nominated, state }) => nominated === true && state === 'succeeded');
  const [local, remote] = [byId.get(String(pair?.['localCandidateId'])), byId.get(String(pair?.['remoteCandidateId']))];
  if (!pair || !local || !remote) return undefined;
  const { currentRoundTripTime: seconds } = pair;
  const { protocol, relayProtocol } = local;
  return {
    local: local['candidateType'] as CandidateType,
    remote: remote['candidateType'] as CandidateType,
    protocol: String(protocol),
    ...(typeof relayProtocol === 'string' && relayProtocol !== '' ? { relayProtocol } : {}),
    rttMs: typeof seconds === 'number' ? seconds * 1000 : 0,
  };
}

/** Statistics of a browser's connection, as `readPath` reads them. */
export async function browserPath(connection: RTCPeerConnection): Promise<LinkPath | undefined> {
  const report = (await connection.getStats()) as unknown as ReadonlyMap<string, Statistic>;
  return readPath([...report.values()]);
}

/** The path of one link as last known. */
export class SelectedPath {
  readonly #ask: () => Promise<LinkPath | undefined>;
  #path: LinkPath | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(ask: () => Promise<LinkPath | undefined>) {
    this.#ask = ask;
  }

  /** Asks anew when what is known is old. */
  at(now: number): LinkPath | undefined {
    if (now - this.#askedAt > (this.#path ? REFRESH_MS : FIRST_MS)) {
      this.#askedAt = now;
      this.#ask().then(
        (path) => {
          this.#path = path ?? this.#path;
        },
        // A connection that is closed has none.
        () => {},
      );
    }
    return this.#path;
  }
}

const REFRESH_MS = 3000;

/** Until the first answer. */
const FIRST_MS = 100;
