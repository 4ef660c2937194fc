// A real Chromium whose tabs can be hidden, driven by the DevTools protocol itself.
//
// Playwright keeps every page visible and its timers fast (focus emulation, three switches of its own): a hidden tab needs a browser without it. Tabs share one
// window: the one in front is visible, the others are hidden, as a person has them.
// Invariant: the browser has a profile of its own in a temporary folder, and both are gone after `close`. Units: milliseconds.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../scripts/chromium.mjs';
import { pause } from '../e2e/child.ts';

/** Quiet: no request of the browser's own. Nothing here touches timers or visibility. */
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

/** A first start makes the profile: a second on two cores, much more on a busy machine. */
const START_LIMIT_MS = 30_000;
const LOAD_LIMIT_MS = 10_000;

interface Answer {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export interface Tab {
  /** Brings it to the front: it is visible, and the tab that was there is hidden. */
  show(): Promise<void>;
  /** The value of an expression in the page, awaited when it is a promise. @throws with what the page threw. */
  evaluate<T>(expression: string): Promise<T>;
}

export class TabbedChromium {
  readonly #process: ChildProcess;
  readonly #profile: string;
  #socket: WebSocket | undefined;
  readonly #waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>();
  #next = 1;

  private constructor(executable: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'tickwire-chromium-'));
    this.#process = spawn(executable, [...flags, `--user-data-dir=${this.#profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: each tab is a process.
      detached: true,
    });
    process.on('exit', this.#end);
  }

  static async launch(): Promise<TabbedChromium> {
    const executable = findChromium();
    if (!executable) throw new Error('No Chrome or Chromium: `npm test -- e2e` installs it or says how to.');
    const browser = new TabbedChromium(executable);
    try {
      await browser.#connect(await addressOf(browser.#process));
    } catch (error) {
      browser.#end();
      throw error;
    }
    return browser;
  }

  /** A new tab in front of the others, loaded. */
  async open(url: string): Promise<Tab> {
    const { targetId } = await this.#ask('Target.createTarget', { url: 'about:blank' });
    await this.#ask('Target.activateTarget', { targetId });
    const { sessionId } = await this.#ask('Target.attachToTarget', { targetId, flatten: true });
    const tab = this.#tab(targetId as string, sessionId as string);
    if (url === 'about:blank') return tab;
    await this.#ask('Page.navigate', { url }, sessionId as string);
    const isThere = `location.href !== 'about:blank' && document.readyState === 'complete'`;
    for (const endMs = performance.now() + LOAD_LIMIT_MS; !(await tab.evaluate<boolean>(isThere)); await pause(20))
      if (performance.now() > endMs) throw new Error(`${url} did not load within ${LOAD_LIMIT_MS} ms`);
    return tab;
  }

  #tab(targetId: string, sessionId: string): Tab {
    return {
      show: async () => void (await this.#ask('Target.activateTarget', { targetId })),
      evaluate: async <T>(expression: string) => {
        const asked = await this.#ask('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
        const { result, exceptionDetails } = asked as { result: { value?: T; description?: string }; exceptionDetails?: object };
        if (exceptionDetails) throw new Error(`in the page: ${result.description}`);
        return result.value as T;
      },
    };
  }

  async close(): Promise<void> {
    this.#socket?.close();
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#kill();
    await ended;
    this.#end();
  }

  async #connect(address: string): Promise<void> {
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as Answer));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium closed its connection'));
      this.#waiting.clear();
    });
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${address}`)));
    });
  }

  #ask(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket?.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
    });
  }

  #receive({ id, result, error }: Answer): void {
    const asked = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !asked) return;
    this.#waiting.delete(id);
    if (error) asked.reject(new Error(error.message));
    else asked.resolve(result ?? {});
  }

  #kill(): void {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }

  readonly #end = (): void => {
    process.off('exit', this.#end);
    this.#kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
}

/** Waits for the line in which Chromium tells where it listens. */
function addressOf(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = '';
    const timer = setTimeout(() => reject(new Error(`Chromium did not listen within ${START_LIMIT_MS} ms:\n${told}`)), START_LIMIT_MS);
    browser.stderr?.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      const [, address] = /DevTools listening on (ws:\S+)/.exec(told) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    browser.once('error', reject);
    browser.once('exit', (status) => reject(new Error(`Chromium ended with status ${status} before it listened:\n${told}`)));
  });
}
