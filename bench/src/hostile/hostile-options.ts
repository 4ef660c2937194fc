// The hostile suite's options, from the command line to a plan.
//
// Invariant: what is wrong is said before anything starts, with the option's name. Units: seconds.

export interface HostileOptions {
  seconds?: unknown;
  rounds?: unknown;
  only?: unknown;
  cpuProfile?: unknown;
  seed?: unknown;
  quick?: boolean;
}

export const phaseNames = ['rounds', 'offers'] as const;

export interface HostilePlan {
  readonly phases: readonly (typeof phaseNames)[number][];
  readonly seconds: number;
  /** Pairs of a window without and one with hostile clients. */
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly honest: number;
  readonly hostile: number;
  /** Offers that nobody answers, and the time in which they are asked for. */
  readonly offers: number;
  readonly offerSeconds: number;
  /** The server closes them after this. */
  readonly deadlineSeconds: number;
  /** Both server configurations at one time, and only the second one's offers: figures of time mean nothing then. */
  readonly quick: boolean;
  readonly seed: number;
  /** Folder for CPU profiles of the servers. */
  readonly profileFolder?: string;
}

/** @throws RangeError that names the option. */
export function hostilePlan(options: HostileOptions): HostilePlan {
  const quick = options.quick === true;
  const seconds = wholeNumber('--seconds', options.seconds ?? (quick ? 5 : 60), 1, 3600);
  const rounds = wholeNumber('--rounds', options.rounds ?? (quick ? 1 : 5), 1, 99);
  const seed = wholeNumber('--seed', options.seed ?? 1, 0, 2 ** 31 - 1);
  const size = quick
    ? { honest: 5, hostile: 19, offers: 300, offerSeconds: 3, deadlineSeconds: 4 }
    : { honest: 20, hostile: 20, offers: 5000, offerSeconds: 60, deadlineSeconds: 15 };
  const phases = phasesOf(String(options.only ?? phaseNames.join()));
  const profile = options.cpuProfile === undefined ? {} : { profileFolder: String(options.cpuProfile) };
  return { ...profile, phases, seconds, rounds, seed, quick, warmUpSeconds: quick ? 0.5 : 3, ...size };
}

function phasesOf(list: string): HostilePlan['phases'] {
  const named = list.split(',');
  const unknown = named.find((name) => !phaseNames.some((phase) => phase === name));
  if (unknown !== undefined) throw new RangeError(`--only: there is no phase '${unknown}'. There is: ${phaseNames.join(', ')}`);
  return phaseNames.filter((phase) => named.includes(phase));
}

function wholeNumber(name: string, given: unknown, least: number, most: number): number {
  const number = Number(given);
  if (String(given).trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`${name}: '${given}' is not a whole number from ${least} to ${most}`);
}
