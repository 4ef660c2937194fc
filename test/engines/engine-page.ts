// A page in some engine, as the engine tests need it: empty, running scripts. And the one in Chromium, driven by Playwright.

import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';

export interface EnginePage {
  /** The browser and its version. */
  readonly name: string;
  /** Makes it empty again: nothing of what ran before is there. */
  clear(): Promise<void>;
  /** Runs a classic script. @returns the value of its last expression, awaited when it is a promise: a string or undefined. */
  run(script: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function openChromium(): Promise<EnginePage> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chrome or Chromium: `npm test -- engines` installs it or says how to.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--no-first-run', '--disable-background-networking'] });
  const page = await browser.newPage();
  return {
    name: `chromium ${browser.version()}`,
    clear: async () => void (await page.goto('about:blank')),
    run: (script) => page.evaluate(script),
    close: () => browser.close(),
  };
}
