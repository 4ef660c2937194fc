// What a visitor is called: `?name=Ada` in the address, else a friendly name by chance.

import type { Random } from '@tickwire/shared';

export function playerName(search: string, random: Random): string {
  const wanted = new URLSearchParams(search).get('name')?.trim();
  return wanted || `${random.pick(tempers)} ${random.pick(animals)}`;
}

const tempers = ['Swift', 'Brave', 'Calm', 'Clever', 'Jolly', 'Lucky', 'Mighty', 'Nimble', 'Quiet', 'Rapid', 'Sunny', 'Witty'];
const animals = ['Otter', 'Falcon', 'Badger', 'Heron', 'Lynx', 'Marten', 'Newt', 'Osprey', 'Puffin', 'Raven', 'Stoat', 'Wren'];
