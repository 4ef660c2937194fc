// A page in a real Firefox, driven by WebDriver BiDi: the protocol that Firefox speaks without any patch or driver program.
//
// Invariant: the browser has a profile of its own in a temporary folder, and both are gone after `close`. A WebSocket of Node's own is needed, which
// Node before 22 has behind a flag that vitest.config.ts sets.
// Units: milliseconds.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFirefox } from '../../scripts/firefox.mjs';
import type { EnginePage } from './engine-page.ts';

interface Answer {
  readonly id?: number;
  readonly type: string;
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}

/** What a script gave: a value, or what it threw. */
interface Evaluated {
  readonly type: 'success' | 'exception';
  readonly result?: { readonly type: string; readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

/** No request of the browser's own: neither updates nor settings nor news. */
const preferences = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
};

/** A first start makes the profile: two seconds on two cores, much more on a busy machine. */
const START_LIMIT_MS = 45_000;

export async function openFirefox(): Promise<EnginePage> {
  const executable = findFirefox();
  if (!executable) throw new Error('No Firefox: `npm test -- engines` installs it or says how to.');
  const profile = mkdtempSync(join(tmpdir(), 'tickwire-firefox-'));
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const browser = spawn(executable, ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile, 'about:blank'], {
    env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: the executable may be a script, and each page is a process.
    detached: true,
  });
  const end = (): void => {
    process.off('exit', end);
    killGroup(browser);
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  process.on('exit', end);
  try {
    const session = await Bidi.connect(`${await addressOf(browser)}/session`);
    const { capabilities } = await session.ask('session.new', { capabilities: {} });
    const { context } = await session.ask('browsingContext.create', { type: 'tab' });
    const { browserName, browserVersion } = capabilities as { browserName: string; browserVersion: string };
    return {
      name: `${browserName} ${browserVersion}`,
      clear: async () => void (await session.ask('browsingContext.navigate', { context, url: 'about:blank', wait: 'complete' })),
      run: async (script) => {
        const params = { expression: script, target: { context }, awaitPromise: true, resultOwnership: 'none' };
        const { type, result, exceptionDetails } = (await session.ask('script.evaluate', params)) as unknown as Evaluated;
        if (type === 'exception') throw new Error(exceptionDetails?.text);
        return result?.value;
      },
      close: async () => {
        session.close();
        const ended = new Promise((resolve) => browser.once('exit', resolve));
        killGroup(browser);
        await ended;
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** Waits for the line in which Firefox tells where it listens. */
function addressOf(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = '';
    const timer = setTimeout(() => reject(new Error(`Firefox did not listen within ${START_LIMIT_MS} ms:\n${told}`)), START_LIMIT_MS);
    browser.stderr?.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(told) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    browser.once('error', reject);
    browser.once('exit', (status) => reject(new Error(`Firefox ended with status ${status} before it listened:\n${told}`)));
  });
}

/** A session of commands and answers; events are not asked for. */
class Bidi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as Answer));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox closed its session'));
    });
  }

  static connect(address: string): Promise<Bidi> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(address);
      socket.addEventListener('open', () => resolve(new Bidi(socket)));
      socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${address}`)));
    });
  }

  ask(method: string, params: object): Promise<Record<string, unknown>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #receive({ id, type, result, error, message }: Answer): void {
    const asked = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !asked) return;
    this.#waiting.delete(id);
    if (type === 'success') asked.resolve(result ?? {});
    else asked.reject(new Error(`${error}: ${message}`));
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
