// The Chrome or Chromium that the browser tests drive: CHROME_PATH, or what is installed.

import { ensureBrowser, findBrowser } from './installed-browser.mjs';

/** @type {import('./installed-browser.mjs').Browser} */
const chromium = {
  name: 'Chrome or Chromium',
  variable: 'CHROME_PATH',
  namesOnPath: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'google-chrome-beta', 'google-chrome-unstable'],
  macApplications: [
    'Google Chrome.app/Contents/MacOS/Google Chrome',
    'Chromium.app/Contents/MacOS/Chromium',
    'Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary',
  ],
  windowsPrograms: ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'],
  // The fonts are there so that screenshots show letters.
  packages: ['chromium', 'fonts-liberation'],
  install: {
    darwin: 'brew install --cask google-chrome',
    win32: 'winget install Google.Chrome',
    other: 'sudo apt-get update && sudo apt-get install -y chromium   (or your distribution’s package of Chromium)',
  },
};

/**
 * The executable of an installed Chrome or Chromium.
 * @param {Record<string, string | undefined>} [environment]
 * @returns {string | undefined} undefined when there is none
 */
export function findChromium(environment = process.env) {
  return findBrowser(chromium, environment);
}

/**
 * The executable of Chrome or Chromium, installed first if need be.
 * @returns {string}
 * @throws {Error} with a message that says what to do when there is none and none can be installed
 */
export function ensureChromium() {
  return ensureBrowser(chromium);
}
