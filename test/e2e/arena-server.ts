// The arena as the browser tests play it: the page built by Vite into a folder of the tests, the real server from its sources in a child process.
//
// Invariant: node-datachannel never loads in the test process. Units: milliseconds, but for matches.

import { join } from 'node:path';
import { Child, rootFolder, run } from './child.ts';

const pageFolder = join(rootFolder, '.artifacts/e2e/arena-page');
const vite = join(rootFolder, 'node_modules/vite/bin/vite.js');

/** Builds the page anew, so that the tests play what the sources say. */
export async function buildArenaPage(): Promise<void> {
  await run([process.execPath, vite, 'build', 'examples/arena', '--outDir', pageFolder, '--emptyOutDir', '--logLevel', 'error']);
}

export interface ArenaServerOptions {
  /** 0 for any free one. */
  readonly port?: number;
  /** Players in all that bots fill a room up to. */
  readonly bots?: number;
  readonly matchSeconds?: number;
  /** Where everybody appears who joins; a spawn point by chance when left out, and then mostly not in the middle of the screen. */
  readonly startsAt?: { readonly x: number; readonly y: number };
}

export class ArenaServer {
  readonly url: string;
  readonly #child: Child;

  private constructor(url: string, child: Child) {
    this.url = url;
    this.#child = child;
  }

  static async start({ port = 0, bots = 0, matchSeconds = 300, startsAt }: ArenaServerOptions = {}): Promise<ArenaServer> {
    const child = new Child([
      process.execPath,
      '--conditions=@tickwire/source',
      '--import',
      'tsx',
      'test/e2e/serve-arena.ts',
      pageFolder,
      ...[port, bots, matchSeconds].map(String),
      startsAt ? `${startsAt.x},${startsAt.y}` : '',
    ]);
    return new ArenaServer(await child.address(), child);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** What it logged: warnings and worse. */
  get log(): string {
    return this.#child.errors + this.#child.out.replace(`${this.url}\n`, '');
  }

  /** Stops the process where it is: it answers nothing until `thaw`. */
  freeze(): void {
    this.#child.signal('SIGSTOP');
  }

  thaw(): void {
    this.#child.signal('SIGCONT');
  }

  /** Ends it as an operator does. */
  async stop(): Promise<void> {
    this.#child.signal('SIGTERM');
    await this.#child.ended;
  }

  /** Ends it without a word to anyone. */
  kill(): Promise<void> {
    return this.#child.kill();
  }
}
