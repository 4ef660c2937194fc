// What the network lab needs: Linux, root for its namespaces, and four programs, installed first where that can be done without asking.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstall, installPackages } from './installed-browser.mjs';

/** Programs, and the Debian packages that have them. */
const programs = { ip: 'iproute2', nft: 'nftables', turnserver: 'coturn', python3: 'python3' };

/**
 * @returns {string} what was found, for the log
 * @throws {Error} with a message that says what to do
 */
export function ensureNetlab() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('The network lab makes namespaces, which needs Linux and root. Run `sudo npm test -- tabs`, or the other steps by their names.');
  if (!existsSync('/dev/net/tun'))
    throw new Error('The network lab needs /dev/net/tun. In a container: --device /dev/net/tun --cap-add NET_ADMIN --cap-add SYS_ADMIN.');
  if (missing().length > 0 && canInstall()) installPackages('network tools', missing());
  if (missing().length > 0) throw new Error(`The network lab needs: ${missing().join(', ')} (names of Debian packages). Install them.`);
  return Object.keys(programs).join(', ');
}

/** @returns {string[]} packages of programs that are not on PATH */
function missing() {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return Object.entries(programs)
    .filter(([program]) => !folders.some((folder) => existsSync(join(folder, program))))
    .map(([, name]) => name);
}
