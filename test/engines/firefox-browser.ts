// A real Firefox and its windows, driven by WebDriver BiDi: the protocol that Firefox speaks without any patch or driver program.
//
// Invariant: the browser has a profile of its own in a temporary folder, and both are gone after `close`. A WebSocket of Node's own is needed, which
// Node before 22 has behind a flag that vitest.config.ts sets.
// Units: milliseconds.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findFirefox } from '../../scripts/firefox.mjs';
import { Bidi } from './bidi.ts';

/** What a script gave: a value, or what it threw. */
interface Evaluated {
  readonly type: 'success' | 'exception';
  readonly result?: { readonly type: string; readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

interface LogEntry {
  readonly level: string;
  readonly text: string;
  readonly source: { readonly context?: string };
}

/** No request of the browser's own: neither updates nor settings nor news. And WebRTC with servers on 127.0.0.1, which Firefox leaves out by itself. */
const preferences = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'media.peerconnection.ice.loopback': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
};

/** A first start makes the profile: two seconds on two cores, much more on a busy machine. */
const START_LIMIT_MS = 45_000;

export class FirefoxBrowser {
  readonly name: string;
  readonly #session: Bidi;
  readonly #process: ChildProcess;
  readonly #end: () => void;
  readonly #windows = new Map<string, FirefoxWindow>();

  private constructor(name: string, session: Bidi, browser: ChildProcess, end: () => void) {
    this.name = name;
    this.#session = session;
    this.#process = browser;
    this.#end = end;
    session.heard = (method, event) => {
      const { level, text, source } = event as unknown as LogEntry;
      if (method === 'log.entryAdded' && level === 'error') this.#windows.get(source.context ?? '')?.complaints.push(text);
    };
  }

  /**
   * @param origins whose pages may use the microphone, though none asks for it: to others Firefox hides all addresses but that of the default route, and
   * with that one it does not reach a server that listens on 127.0.0.1 alone.
   */
  static async launch(origins: readonly string[] = []): Promise<FirefoxBrowser> {
    const executable = findFirefox();
    if (!executable) throw new Error('No Firefox: `npm test -- engines` installs it or says how to.');
    const profile = mkdtempSync(join(tmpdir(), 'tickwire-firefox-'));
    const permissions = join(profile, 'permissions');
    writeFileSync(permissions, origins.map((origin) => `origin\tmicrophone\t1\t${origin}\n`).join(''));
    const all = { ...preferences, 'permissions.manager.defaultsUrl': pathToFileURL(permissions).href };
    const lines = Object.entries(all).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
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
      await session.ask('session.subscribe', { events: ['log.entryAdded'] });
      const { browserName, browserVersion } = capabilities as { browserName: string; browserVersion: string };
      return new FirefoxBrowser(`${browserName} ${browserVersion}`, session, browser, end);
    } catch (error) {
      end();
      throw error;
    }
  }

  /** A window of its own: a tab behind another has no animation frames. */
  async newWindow(): Promise<FirefoxWindow> {
    const { context } = await this.#session.ask('browsingContext.create', { type: 'window' });
    const window = new FirefoxWindow(this.#session, String(context));
    this.#windows.set(String(context), window);
    return window;
  }

  async close(): Promise<void> {
    this.#session.close();
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    killGroup(this.#process);
    await ended;
    this.#end();
  }
}

export class FirefoxWindow {
  /** Errors on the console, exceptions that nobody caught. */
  readonly complaints: string[] = [];
  readonly #session: Bidi;
  readonly #context: string;

  constructor(session: Bidi, context: string) {
    this.#session = session;
    this.#context = context;
  }

  async goto(url: string): Promise<void> {
    await this.#session.ask('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  /** Runs a classic script. @returns the value of its last expression, awaited when it is a promise: a string, a number or undefined. */
  async run(script: string): Promise<unknown> {
    const params = { expression: script, target: { context: this.#context }, awaitPromise: true, resultOwnership: 'none' };
    const { type, result, exceptionDetails } = (await this.#session.ask('script.evaluate', params)) as unknown as Evaluated;
    if (type === 'exception') throw new Error(exceptionDetails?.text);
    return result?.value;
  }

  /** A key goes down or up. @param key as WebDriver names it: `'\uE014'` is the right arrow. */
  async key(type: 'keyDown' | 'keyUp', key: string): Promise<void> {
    const actions = [{ type: 'key', id: 'keyboard', actions: [{ type, value: key }] }];
    await this.#session.ask('input.performActions', { context: this.#context, actions });
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

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
