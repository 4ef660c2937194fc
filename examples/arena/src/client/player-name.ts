// What a visitor is called: `?name=Ada` in the address, else what the page was told the last time, else a friendly name by chance.

import type { Random } from '@tickwire/shared';

/** @param kept the name of the last visit, if there was one. */
export function playerName(search: string, kept: string | null, random: Random): string {
  const wanted = new URLSearchParams(search).get('name')?.trim();
  return wanted || kept?.trim() || `${random.pick(tempers)} ${random.pick(animals)}`;
}

const tempers = ['Swift', 'Brave', 'Calm', 'Clever', 'Jolly', 'Lucky', 'Mighty', 'Nimble', 'Quiet', 'Rapid', 'Sunny', 'Witty'];
const animals = ['Otter', 'Falcon', 'Badger', 'Heron', 'Lynx', 'Marten', 'Newt', 'Osprey', 'Puffin', 'Raven', 'Stoat', 'Wren'];
