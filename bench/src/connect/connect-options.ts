// The connect suite's options, from the command line to a plan.
//
// Invariant: what is wrong is said before anything starts, with the option's name.

export interface ConnectOptions {
  runs?: unknown;
  quick?: boolean;
  /** cac makes this of `--no-lab`. */
  lab?: boolean;
}

export interface ConnectPlan {
  /** Visits of each page on each network; the trouble rows take a third of them. */
  readonly runs: number;
  /** Whether the rows that need namespaces are made. */
  readonly hasLab: boolean;
  readonly reconnects: number;
}

/** @throws RangeError that names the option. */
export function connectPlan({ runs, quick, lab }: ConnectOptions): ConnectPlan {
  const count = Number(runs ?? (quick ? 3 : 15));
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw new RangeError(`--runs: '${runs}' is not a whole number from 1 to 1000`);
  return { runs: count, hasLab: lab !== false, reconnects: quick ? 10 : 50 };
}
