// Finds a browser that the tests drive, and installs it where that can be done without asking.
//
// Order: the browser's own environment variable, the usual places of macOS and Windows, the usual names on PATH.
// Invariant: nothing is installed except as root on a Debian-like machine; everybody else gets told exactly what to do.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * What is known of one browser.
 * @typedef {object} Browser
 * @property {string} name as a person reads it
 * @property {string} variable of the environment that holds the path of its executable
 * @property {readonly string[]} namesOnPath
 * @property {readonly string[]} macApplications below a folder of applications
 * @property {readonly string[]} windowsPrograms below a folder of programs
 * @property {readonly string[]} packages of Debian
 * @property {{ darwin: string, win32: string, other: string }} install the commands that install it
 */

/** Ten minutes: a slow mirror delivers 200 MB in that time, and `npm test` still ends inside its own limit. */
const INSTALL_LIMIT_MS = 600_000;

/**
 * The executable of a browser that is installed.
 * @param {Browser} browser
 * @param {Record<string, string | undefined>} environment
 * @returns {string | undefined} undefined when there is none
 */
export function findBrowser(browser, environment) {
  const given = environment[browser.variable];
  if (given) return isExecutable(given) ? given : undefined;
  return candidates(browser, environment).find(isExecutable);
}

/**
 * The executable of a browser, installed first if need be.
 * @param {Browser} browser
 * @returns {string}
 * @throws {Error} with a message that says what to do when there is none and none can be installed
 */
export function ensureBrowser(browser) {
  const found = findBrowser(browser, process.env);
  if (found) return found;
  if (!process.env[browser.variable] && canInstall()) {
    installPackages(browser.name, browser.packages);
    const installed = findBrowser(browser, process.env);
    if (installed) return installed;
  }
  throw new Error(whatToDo(browser, process.env, process.platform));
}

/**
 * @param {Browser} browser
 * @param {Record<string, string | undefined>} environment
 * @param {string} platform
 * @returns {string} for a person whose machine has no such browser
 */
export function whatToDo({ name, variable, install: commands }, environment, platform) {
  const given = environment[variable];
  if (given) return `${variable} is ${given}, which is not an executable file. Set it to the executable of ${name}, or unset it.`;
  const how = platform === 'darwin' ? commands.darwin : platform === 'win32' ? commands.win32 : commands.other;
  return `The browser tests need ${name}, and none was found. Do one of:\n  ${how}\n  ${variable}=<path of the executable> npm test`;
}

/**
 * @param {Browser} browser
 * @param {Record<string, string | undefined>} environment
 * @returns {string[]}
 */
function candidates({ namesOnPath, macApplications, windowsPrograms }, environment) {
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

/** @returns {boolean} whether packages may be installed without asking */
export function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/**
 * Everything that apt prints goes to stderr.
 * @param {string} name what is missing, as a person reads it
 * @param {readonly string[]} packages of Debian
 */
export function installPackages(name, packages) {
  console.error(`No ${name} found: installing ${packages.join(' and ')} with apt-get.`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, error } = spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: environment, timeout: INSTALL_LIMIT_MS });
    if (status !== 0) {
      console.error(`apt-get ${args.join(' ')} failed${error ? `: ${error.message}` : ` with status ${status}`}`);
      return;
    }
  }
}
