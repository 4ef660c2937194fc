import { expect, test } from 'vitest';
import { addressWith, type Choice, choiceIn, inviteTo } from './address.ts';

test('[SX23] the address says where to play, and says it again for what is played', () => {
  expect(choiceIn({ search: '', hash: '' })).toBeUndefined();
  expect(choiceIn({ search: '?play=anything', hash: '#' })).toBeUndefined();
  expect(choiceIn({ search: '?name=Ada&play=quick', hash: '' })).toEqual({ how: 'quick' });
  expect(choiceIn({ search: '?play=private', hash: '' })).toEqual({ how: 'private' });
  expect(choiceIn({ search: '?play=quick', hash: '#f7c%20xmr' })).toEqual({ how: 'room', idOrCode: 'f7c xmr' });
  expect(choiceIn({ search: '', hash: '#%' })).toEqual({ how: 'room', idOrCode: '%' });
  const room: Choice = { how: 'room', idOrCode: 'a/b c' };
  for (const choice of [undefined, { how: 'quick' }, room] as const) {
    const { search, hash, pathname } = new URL(addressWith(choice, { pathname: '/games/', search: '?name=Ada&play=private' }), 'http://arena');
    expect(choiceIn({ search, hash })).toEqual(choice);
    expect(new URLSearchParams(search).get('name')).toBe('Ada');
    expect(pathname).toBe('/games/');
  }
});

test('[SX23] an invitation names the room and not the one who invites', () => {
  const link = inviteTo('F7CXMR', { origin: 'http://arena:9208', pathname: '/' });
  expect(link).toBe('http://arena:9208/#F7CXMR');
  expect(choiceIn(new URL(link))).toEqual({ how: 'room', idOrCode: 'F7CXMR' });
});
