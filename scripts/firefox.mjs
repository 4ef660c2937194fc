// The Firefox that the engine tests drive, as any other user has it: FIREFOX_PATH, or what is installed.

import { ensureBrowser, findBrowser } from './installed-browser.mjs';

/** @type {import('./installed-browser.mjs').Browser} */
const firefox = {
  name: 'Firefox',
  variable: 'FIREFOX_PATH',
  namesOnPath: ['firefox', 'firefox-esr', 'firefox-developer-edition', 'firefox-nightly'],
  macApplications: [
    'Firefox.app/Contents/MacOS/firefox',
    'Firefox Developer Edition.app/Contents/MacOS/firefox',
    'Firefox Nightly.app/Contents/MacOS/firefox',
  ],
  windowsPrograms: ['Mozilla Firefox\\firefox.exe', 'Firefox Developer Edition\\firefox.exe', 'Firefox Nightly\\firefox.exe'],
  packages: ['firefox-esr'],
  install: {
    darwin: 'brew install --cask firefox',
    win32: 'winget install Mozilla.Firefox',
    other: 'sudo apt-get update && sudo apt-get install -y firefox-esr   (or your distribution’s package of Firefox)',
  },
};

/**
 * The executable of an installed Firefox.
 * @param {Record<string, string | undefined>} [environment]
 * @returns {string | undefined} undefined when there is none
 */
export function findFirefox(environment = process.env) {
  return findBrowser(firefox, environment);
}

/**
 * The executable of Firefox, installed first if need be.
 * @returns {string}
 * @throws {Error} with a message that says what to do when there is none and none can be installed
 */
export function ensureFirefox() {
  return ensureBrowser(firefox);
}
