// The child processes of a run: started on their cores, asked over IPC, ended by pid.
//
// Invariant: every wait has a limit; no child outlives the group: `end` lets them finish and then kills, `kill` only kills. A child's stdout goes to
// stderr, because stdout belongs to the report. Units: milliseconds.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Answer, stopQuestion } from './answering.ts';

/** A child that was asked to stop has this long. */
const stopMs = 4000;

export class ProcessGroup {
  readonly #children = new Set<Child>();

  /** @param cores a list for taskset, or null. @param nodeOptions for the child's Node, after those of this process. */
  start(title: string, entry: URL, cores: string | null, nodeOptions: readonly string[] = []): Child {
    const node = [process.execPath, ...process.execArgv, ...nodeOptions, fileURLToPath(entry)];
    const [command = '', ...args] = cores === null ? node : ['taskset', '-c', cores, ...node];
    const child = new Child(title, spawn(command, args, { stdio: ['ignore', 2, 2, 'ipc'] }));
    this.#children.add(child);
    return child;
  }

  /** Asks every child to stop, the latest first; whoever does not is killed. */
  async end(): Promise<void> {
    for (const child of [...this.#children].reverse()) {
      await child.stop();
      this.#children.delete(child);
    }
  }

  kill(): void {
    for (const child of this.#children) child.kill();
  }
}

export class Child {
  readonly title: string;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<string, Waiting>();
  readonly #exited: Promise<void>;
  #ended: string | undefined;

  constructor(title: string, process: ChildProcess) {
    this.title = title;
    this.#process = process;
    process.on('message', (message) => this.#answered(message as Answer));
    this.#exited = new Promise((resolve) => {
      const over = (how: string): void => {
        this.#ended ??= how;
        for (const { reject } of this.#waiting.values()) reject(new Error(`${title} ${how}`));
        this.#waiting.clear();
        resolve();
      };
      process.once('exit', (code, signal) => over(`ended with ${signal ?? `status ${code}`}`));
      process.once('error', (error) => over(`did not start: ${error.message}`));
    });
  }

  /** Asks one thing. @throws Error when the child fails at it, ends, or takes longer than `limitMs`. */
  async ask<Result>(question: string, about: unknown, limitMs: number): Promise<Result> {
    if (this.#ended !== undefined) throw new Error(`${this.title} ${this.#ended}`);
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(question, { resolve, reject }));
    const timer = setTimeout(
      () => this.#waiting.get(question)?.reject(new Error(`${this.title}: no answer to '${question}' in ${limitMs} ms`)),
      limitMs,
    );
    try {
      this.#process.send({ question, about });
      return (await answer) as Result;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(question);
    }
  }

  async stop(): Promise<void> {
    await this.ask(stopQuestion, undefined, stopMs).catch(() => {});
    const timer = setTimeout(() => this.kill(), stopMs);
    await this.#exited;
    clearTimeout(timer);
  }

  kill(): void {
    if (this.#ended === undefined) this.#process.kill('SIGKILL');
  }

  #answered({ question, result, error }: Answer): void {
    const waiting = this.#waiting.get(question);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`${this.title}: ${error}`));
  }
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}
