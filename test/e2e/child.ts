// A Node or npm process of the tests' own: what it prints, how it ends. Each is ended by its process id, at the latest with the test process.
//
// Invariant: it sees an environment without vitest's marks, so that it behaves as one that a person started.
// Units: milliseconds.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const rootFolder: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  /** Exit status, or null when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Child {
  readonly #process: ChildProcess;
  /** The process group to signal, as a terminal does with Ctrl-C; only of a child that was started as a group. */
  readonly #isGroup: boolean;
  out = '';
  errors = '';
  readonly ended: Promise<Ended>;
  #hasEnded = false;

  constructor(command: readonly [string, ...string[]], how: { environment?: Record<string, string>; asGroup?: boolean } = {}) {
    const [program, ...args] = command;
    const { VITEST: _mark, NODE_ENV: _mode, ...inherited } = process.env;
    this.#isGroup = how.asGroup === true;
    this.#process = spawn(program, args, { cwd: rootFolder, env: { ...inherited, ...how.environment }, detached: this.#isGroup });
    this.#process.stdin?.end();
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    this.ended = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      // `close` and not `exit`: everything that it printed has been read by then, and nothing that it started holds its pipes.
      this.#process.on('close', (status, signal) => {
        this.#hasEnded = true;
        process.off('exit', this.#atExit);
        resolve({ status, signal });
      });
    });
    process.on('exit', this.#atExit);
  }

  /** Waits until it prints the address that it serves. @throws with everything it printed when it ends or is late. */
  async address(patienceMs = 20_000): Promise<string> {
    for (const endMs = performance.now() + patienceMs; ; await pause(10)) {
      const found = /(http:\S+)\s/.exec(this.out)?.[1];
      if (found) return found;
      const isLate = performance.now() > endMs;
      if (isLate || this.#hasEnded) throw new Error(`no address ${isLate ? `in ${patienceMs} ms` : 'before it ended'}:\n${this.out}${this.errors}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined || this.#hasEnded) return;
    process.kill(this.#isGroup ? -pid : pid, signal);
  }

  /** Ends it at once, if it is still there. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    this.signal('SIGKILL');
    await this.ended;
  }

  readonly #atExit = (): void => {
    try {
      this.signal('SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  };
}

/** Runs a command to its end. @throws with what it printed when its exit status is not 0. */
export async function run(command: readonly [string, ...string[]]): Promise<void> {
  const child = new Child(command);
  const { status } = await child.ended;
  if (status !== 0) throw new Error(`${command.join(' ')} ended with status ${status}:\n${child.out}${child.errors}`);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
