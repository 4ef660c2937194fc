// One visit of a page by a real Chromium: from the navigation to the first snapshot, each step timed.
//
// Invariant: every visit has a context of its own, so nothing is cached and no connection is open. Units: milliseconds since the navigation began.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium.mjs';
import { installMarks, type Marks, readMarks } from './page-marks.ts';

/** Quiet: no request of the browser's own. */
const flags = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** A visit that takes longer has failed. */
const visitMs = 20_000;

export class Visitor {
  readonly #browser: Browser;
  readonly #folder: string | undefined;

  private constructor(browser: Browser, folder: string | undefined) {
    this.#browser = browser;
    this.#folder = folder;
  }

  /** @param prefix a command that starts the browser elsewhere, such as in a network namespace. */
  static async launch(prefix: readonly string[] = []): Promise<Visitor> {
    const chromiumPath = findChromium();
    if (!chromiumPath) throw new Error('no Chrome or Chromium: install one, or set CHROME_PATH');
    if (prefix.length === 0) return new Visitor(await chromium.launch({ executablePath: chromiumPath, args: flags }), undefined);
    const folder = mkdtempSync(join(tmpdir(), 'tickwire-visitor-'));
    const executablePath = join(folder, 'chromium');
    writeFileSync(executablePath, `#!/bin/sh\nexec ${[...prefix, chromiumPath].map((word) => `'${word}'`).join(' ')} "$@"\n`);
    chmodSync(executablePath, 0o755);
    return new Visitor(await chromium.launch({ executablePath, args: flags }), folder);
  }

  get version(): string {
    return this.#browser.version();
  }

  /** Opens the page and waits for its first snapshot. @returns the page, still playing, and its marks. */
  async visit(url: string): Promise<{ page: Page; marks: Marks; close(): Promise<void> }> {
    const context = await this.#browser.newContext();
    try {
      // tsx has functions named by a helper of its own, which a page does not have.
      await context.addInitScript(`globalThis.__name = (value) => value; (${installMarks})();`);
      const page = await context.newPage();
      await page.goto(url, { waitUntil: 'commit', timeout: visitMs });
      await page.waitForFunction(() => window.failed !== undefined || window.marks['snapshot'] !== undefined, undefined, {
        timeout: visitMs,
        polling: 20,
      });
      const failed = await page.evaluate(() => window.failed);
      if (failed !== undefined) throw new Error(`the page could not join: ${failed}`);
      return { page, marks: await page.evaluate(readMarks), close: () => context.close() };
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}
