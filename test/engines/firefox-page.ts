// A page in a real Firefox, as the engine tests need it: empty, running scripts.
//
// Invariant: the browser has this one page and ends with it.

import type { EnginePage } from './engine-page.ts';
import { FirefoxBrowser } from './firefox-browser.ts';

export async function openFirefox(): Promise<EnginePage> {
  const browser = await FirefoxBrowser.launch();
  const window = await browser.newWindow();
  return {
    name: browser.name,
    clear: () => window.goto('about:blank'),
    run: (script) => window.run(script),
    close: () => browser.close(),
  };
}
