// What a bad network does to packets, as numbers, and the named networks that tests, benches and the examples' network panel share.
//
// Invariant: a profile describes ONE direction; nothing here draws a random number.
// Units: milliseconds one way, probabilities from 0 to 1, bytes of payload (no packet headers) a second.

export interface NetworkProfile {
  /** What every packet takes, one way. */
  readonly delayMs: number;
  /**
   * Full width of a random extra delay: 0 to `jitterMs`, bell-shaped, half of it on average (the mean of three uniform numbers, so it spans six
   * standard deviations). A packet may overtake another by it.
   */
  readonly jitterMs?: number;
  /** Share of packets lost, each by its own coin. */
  readonly loss?: number;
  /** Loss that comes in runs. */
  readonly burst?: BurstLoss;
  /** Share of unreliable packets that arrive twice. */
  readonly duplicate?: number;
  /** Share of unreliable packets that take `reorderMs` longer, so that those sent after them arrive before them. */
  readonly reorder?: number;
  /** Default 60: more than one packet interval at 20 Hz. */
  readonly reorderMs?: number;
  /** What the bottleneck carries. Without it nothing waits. */
  readonly rateBytesPerSecond?: number;
  /** Bytes that may wait before the bottleneck; an unreliable packet that does not fit is dropped. Default 65,536. */
  readonly queueBytes?: number;
  /**
   * How long a reliable message waits before it is sent again after a loss; doubled for each further loss, up to 3 s.
   * Default a round trip + 200 ms, the least retransmission timeout of the SCTP stack under node-datachannel.
   */
  readonly retransmitMs?: number;
}

/** Gilbert-Elliott: each packet may first switch between a good and a bad state; `loss` of the profile counts in the good one, this one in the bad one. */
export interface BurstLoss {
  /** Probability that a packet finds the network turned bad. */
  readonly enter: number;
  /** Probability that a packet finds it turned good again: a bad spell lasts 1 / `leave` packets on average. */
  readonly leave: number;
  /** Share of packets lost in a bad spell. */
  readonly loss: number;
}

export type NetworkProfileName = 'clean' | 'lan' | '4g' | 'badWifi' | 'lossy20' | 'reordering' | 'duplicates' | 'slow' | 'far' | 'everything';

/** The networks that the tests name. For both directions alike the round trip is twice `delayMs` plus `jitterMs` on average. */
export const networkProfiles: Readonly<Record<NetworkProfileName, NetworkProfile>> = {
  clean: { delayMs: 0 },
  lan: { delayMs: 1, jitterMs: 1 },
  '4g': { delayMs: 25, jitterMs: 30, loss: 0.003, burst: { enter: 0.002, leave: 0.3, loss: 0.7 } },
  /** 50 ms of jitter is what makes other frameworks freeze; a bad spell of 4 packets comes about every 100. */
  badWifi: { delayMs: 10, jitterMs: 50, loss: 0.01, burst: { enter: 0.01, leave: 0.25, loss: 0.8 }, duplicate: 0.005 },
  lossy20: { delayMs: 40, jitterMs: 10, loss: 0.2 },
  reordering: { delayMs: 40, jitterMs: 20, reorder: 0.2 },
  duplicates: { delayMs: 40, jitterMs: 20, duplicate: 0.25 },
  /** 100 kbit/s behind a queue of 1.3 s. */
  slow: { delayMs: 40, jitterMs: 10, rateBytesPerSecond: 12_500, queueBytes: 16_384 },
  /** 600 ms there and back. */
  far: { delayMs: 295, jitterMs: 10 },
  everything: {
    delayMs: 60,
    jitterMs: 60,
    loss: 0.05,
    burst: { enter: 0.01, leave: 0.25, loss: 0.8 },
    duplicate: 0.05,
    reorder: 0.05,
    rateBytesPerSecond: 64_000,
    queueBytes: 32_768,
  },
};

/** A profile with every gap filled. */
export type CompleteProfile = Required<NetworkProfile>;

/** Fills the gaps of a profile, and refuses one that no network could have. */
export function completeProfile(profile: NetworkProfile): CompleteProfile {
  const complete: CompleteProfile = {
    delayMs: profile.delayMs,
    jitterMs: profile.jitterMs ?? 0,
    loss: profile.loss ?? 0,
    burst: profile.burst ?? NO_BURST,
    duplicate: profile.duplicate ?? 0,
    reorder: profile.reorder ?? 0,
    reorderMs: profile.reorderMs ?? REORDER_MS,
    rateBytesPerSecond: profile.rateBytesPerSecond ?? Number.POSITIVE_INFINITY,
    queueBytes: profile.queueBytes ?? QUEUE_BYTES,
    retransmitMs: profile.retransmitMs ?? 2 * profile.delayMs + RETRANSMIT_MS_MIN,
  };
  for (const name of ['delayMs', 'jitterMs', 'reorderMs', 'retransmitMs', 'queueBytes'] as const) {
    refuseUnless(complete[name] >= 0 && complete[name] < Number.POSITIVE_INFINITY, name, complete[name]);
  }
  // A retransmission that takes no time would be repeated for ever within one moment of a blackout.
  refuseUnless(complete.retransmitMs >= 1, 'retransmitMs', complete.retransmitMs);
  refuseUnless(complete.rateBytesPerSecond > 0, 'rateBytesPerSecond', complete.rateBytesPerSecond);
  for (const name of ['loss', 'duplicate', 'reorder'] as const) refuseUnless(isProbability(complete[name]), name, complete[name]);
  for (const name of ['enter', 'leave', 'loss'] as const) refuseUnless(isProbability(complete.burst[name]), `burst.${name}`, complete.burst[name]);
  return complete;
}

/** The share of packets that a profile loses in the long run. */
export function averageLoss(profile: CompleteProfile): number {
  const { enter, leave, loss } = profile.burst;
  const badShare = enter === 0 ? 0 : enter / (enter + leave);
  return (1 - badShare) * profile.loss + badShare * loss;
}

function isProbability(value: number): boolean {
  return value >= 0 && value <= 1;
}

function refuseUnless(holds: boolean, name: string, value: number): void {
  if (!holds) throw new RangeError(`NetworkProfile.${name}: ${value} is out of range`);
}

const NO_BURST: BurstLoss = { enter: 0, leave: 1, loss: 0 };
const REORDER_MS = 60;
const QUEUE_BYTES = 65_536;
/** libdatachannel sets usrsctp's least RTO to this; Chrome's is 400. */
const RETRANSMIT_MS_MIN = 200;
