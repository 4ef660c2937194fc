// Real Chromium, and pages whose every complaint is kept: errors on the console, exceptions, crashes, requests that failed.
//
// Invariant: each page has a context of its own, as two people on two machines have. Units: page pixels.

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';
import { installProbe } from './page-probe.ts';

/** Quiet: no request of the browser's own. */
const flags = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Closes the page and its context, as closing the browser window does. */
  close(): Promise<void>;
}

export class WatchedBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(executablePath: string | undefined = findChromium()): Promise<WatchedBrowser> {
    if (!executablePath) throw new Error('No Chrome or Chromium: `npm test -- e2e` installs it or says how to.');
    return new WatchedBrowser(await chromium.launch({ executablePath, args: flags }));
  }

  /** A new page in a new context; nothing is loaded yet. */
  async newPage(options: BrowserContextOptions = { viewport: { width: 1280, height: 720 } }): Promise<WatchedPage> {
    const context = await this.#browser.newContext(options);
    await context.addInitScript(installProbe);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => complaints.push(`exception: ${error.stack ?? error.message}`));
    page.on('crash', () => complaints.push('the page crashed'));
    return { page, complaints, close: () => context.close() };
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
