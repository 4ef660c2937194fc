// Players in the lab: a Chromium where the client is, and what the page of lab-page.ts says of its connection.
//
// Invariant: one browser for a lab, a context for each join, as it were another person each time.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectOptions } from '@tickwire/client';
import type { ServeOptions } from '@tickwire/server';
import { findChromium } from '../../scripts/chromium.mjs';
import { type Child, rootFolder } from '../e2e/child.ts';
import { WatchedBrowser } from '../e2e/watched-browser.ts';
import { sourceScript } from '../engines/page-bundle.ts';
import type { Lab } from './lab.ts';
import type { Joined, NotJoined } from './lab-page.ts';

export const HTTP_PORT = 9300;
export const UDP_PORT = 40_000;

/** Starts the game server where the server is, and waits until it listens. */
export async function startServer(lab: Lab, options: Partial<ServeOptions> = {}): Promise<Child> {
  const all = { port: HTTP_PORT, udpPorts: { min: UDP_PORT, max: UDP_PORT }, ...options };
  const program = [process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'test/netlab/serve-lab.ts', JSON.stringify(all)];
  const server = lab.runInServer(program);
  await server.address();
  return server;
}

export class LabPlayers {
  readonly #browser: WatchedBrowser;
  readonly #script: string;

  private constructor(browser: WatchedBrowser, script: string) {
    this.#browser = browser;
    this.#script = script;
  }

  static async launch(lab: Lab): Promise<LabPlayers> {
    // Playwright talks to a browser over pipes, which no namespace stops.
    const starter = join(lab.folder(), 'chromium');
    writeFileSync(starter, `#!/bin/sh\nexec ${lab.clientPrefix.join(' ')} ${findChromium()} "$@"\n`);
    chmodSync(starter, 0o755);
    const script = sourceScript(join(rootFolder, 'test/netlab/lab-page.ts'), 'lab');
    return new LabPlayers(await WatchedBrowser.launch(starter), await script);
  }

  /** A player on a page of this server. */
  async open(url: string): Promise<LabPlayer> {
    const { page, complaints, close } = await this.#browser.newPage();
    await page.goto(`${url}/health`);
    await page.evaluate(`${this.#script}; undefined`);
    return {
      complaints,
      close,
      join: (options = {}) => page.evaluate(`lab.join(${JSON.stringify(options)})`),
      look: () => page.evaluate('lab.look()'),
      descriptions: () =>
        page.evaluate(() => {
          const connection = window.probe.connections.at(-1);
          return { offer: connection?.remoteDescription?.sdp ?? '', answer: connection?.localDescription?.sdp ?? '' };
        }),
    };
  }

  /** One join of a player who then leaves. */
  async join(url: string, options: ConnectOptions = {}): Promise<Joined | NotJoined> {
    const player = await this.open(url);
    const joined = await player.join(options);
    await player.close();
    return joined;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

export interface LabPlayer {
  readonly complaints: readonly string[];
  join(options?: ConnectOptions): Promise<Joined | NotJoined>;
  look(): Promise<Joined>;
  /** Of the newest connection: what the server told the page, and what the page has to tell. */
  descriptions(): Promise<{ readonly offer: string; readonly answer: string }>;
  close(): Promise<void>;
}
