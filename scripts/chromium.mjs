// Finds the Chrome or Chromium that the browser tests drive, and installs it where that can be done without asking.
//
// Order: the environment variable CHROME_PATH, the usual names on PATH, the usual places of macOS and Windows.
// Invariant: nothing is installed except as root on a Debian-like machine; everybody else gets told exactly what to do.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const namesOnPath = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'google-chrome-beta',
  'google-chrome-unstable',
];

const macApplications = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary',
];

const windowsPrograms = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe'];

/** Ten minutes: a slow mirror delivers 200 MB in that time, and `npm test` still ends inside its own limit. */
const INSTALL_LIMIT_MS = 600_000;

/**
 * The executable of an installed Chrome or Chromium.
 * @param {Record<string, string | undefined>} [environment]
 * @returns {string | undefined} undefined when there is none
 */
export function findChromium(environment = process.env) {
  const given = environment['CHROME_PATH'];
  if (given) return isExecutable(given) ? given : undefined;
  return candidates(environment).find(isExecutable);
}

/**
 * The executable of Chrome or Chromium, installed first if need be.
 * @returns {string}
 * @throws {Error} with a message that says what to do when there is none and none can be installed
 */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (!process.env['CHROME_PATH'] && canInstall()) {
    install();
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(whatToDo());
}

/**
 * @param {Record<string, string | undefined>} environment
 * @returns {string[]}
 */
function candidates(environment) {
  if (process.platform === 'win32') {
    const roots = [environment['PROGRAMFILES'], environment['PROGRAMFILES(X86)'], environment['LOCALAPPDATA']];
    return roots.filter((root) => root !== undefined).flatMap((root) => windowsPrograms.map((program) => join(root, program)));
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = namesOnPath.flatMap((name) => folders.map((folder) => join(folder, name)));
  if (process.platform !== 'darwin') return onPath;
  return [...['/Applications', join(homedir(), 'Applications')].flatMap((folder) => macApplications.map((app) => join(folder, app))), ...onPath];
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @returns {boolean} */
function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** The fonts are there so that screenshots show letters; everything apt prints goes to stderr. */
function install() {
  console.error('No Chrome or Chromium found: installing the package chromium with apt-get.');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation']]) {
    const { status, error } = spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: environment, timeout: INSTALL_LIMIT_MS });
    if (status !== 0) {
      console.error(`apt-get ${args.join(' ')} failed${error ? `: ${error.message}` : ` with status ${status}`}`);
      return;
    }
  }
}

/** @returns {string} */
function whatToDo() {
  const given = process.env['CHROME_PATH'];
  if (given) return `CHROME_PATH is ${given}, which is not an executable file. Set it to the executable of Chrome or Chromium, or unset it.`;
  const how =
    process.platform === 'darwin'
      ? 'brew install --cask google-chrome'
      : process.platform === 'win32'
        ? 'winget install Google.Chrome'
        : 'sudo apt-get update && sudo apt-get install -y chromium   (or your distribution’s package of Chromium)';
  return `The browser tests need Chrome or Chromium, and none was found. Do one of:\n  ${how}\n  CHROME_PATH=<path of the executable> npm test`;
}
