// Statistics of real browsers, shortened, and the path in them.

import { expect, test } from 'vitest';
import { browserPath, readPath, SelectedPath, type Statistic } from './selected-path.ts';

const candidates: Statistic[] = [
  { id: 'local-1', type: 'local-candidate', candidateType: 'prflx', protocol: 'udp' },
  { id: 'local-2', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'udp' },
  { id: 'remote-1', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' },
];
const pairs: Statistic[] = [
  { id: 'pair-1', type: 'candidate-pair', state: 'succeeded', nominated: false, localCandidateId: 'local-1', remoteCandidateId: 'remote-1' },
  {
    id: 'pair-2',
    type: 'candidate-pair',
    state: 'succeeded',
    nominated: true,
    localCandidateId: 'local-2',
    remoteCandidateId: 'remote-1',
    currentRoundTripTime: 0.052,
  },
];
const relayed = { local: 'relay', remote: 'host', protocol: 'udp', relayProtocol: 'udp', rttMs: 52 };

test('[NA5] the path is the pair that the transport names, the pair that is marked, or the nominated one', () => {
  expect(readPath([{ id: 'T', type: 'transport', selectedCandidatePairId: 'pair-2' }, ...pairs, ...candidates])).toEqual(relayed);
  // Firefox: no transport, and the pair is marked.
  expect(readPath([...pairs.map((pair) => ({ ...pair, selected: pair.id === 'pair-1' })), ...candidates])).toEqual({
    local: 'prflx',
    remote: 'host',
    protocol: 'udp',
    rttMs: 0,
  });
  expect(readPath([...pairs, ...candidates])).toEqual(relayed);
});

test('[NA5] statistics that name no pair, or half of one, have no path', () => {
  expect(readPath([])).toBeUndefined();
  expect(readPath([{ id: 'T', type: 'transport' }, pairs[0] as Statistic, ...candidates])).toBeUndefined();
  expect(readPath(pairs)).toBeUndefined();
});

test('[NA5] statistics are asked for when somebody looks, and every three seconds at most', async () => {
  let asked = 0;
  const connection = {
    getStats: async () => {
      asked += 1;
      return new Map([...pairs, ...candidates].map((statistic) => [statistic.id, statistic]));
    },
  } as unknown as RTCPeerConnection;
  const path = new SelectedPath(() => browserPath(connection));
  expect(path.at(0)).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve, 0));
  for (let now = 16; now < 3000; now += 16) expect(path.at(now)).toEqual(relayed);
  expect(asked).toBe(1);
  path.at(3001);
  expect(asked).toBe(2);
});
