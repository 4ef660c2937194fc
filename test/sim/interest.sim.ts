// Interest in a whole system: what a client may not see never reaches it in any form.

import { networkProfiles } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Stepper } from '../stepper.ts';
import { differences } from './compare.ts';
import { SimRoom, simGame } from './sim-game.ts';

describe('interest', () => {
  it('[IN6] a client knows exactly what is near it, also on a bad network, and comes to know what it walks up to', () => {
    const room = new SimRoom();
    room.interest = { radius: 150, leaveRadius: 180 };
    const stepper = new Stepper({ game: simGame, room, seed: 5, profile: networkProfiles.badWifi, options: { movers: 120 } });
    const peers = [stepper.join(), stepper.join()];
    for (const peer of peers) peer.room.onInput(() => ({ move: { x: 1, y: 0.2 }, run: true }));
    let entered = 0;
    const known = new Set<number>();
    stepper.run(6000, (peer) => {
      if (peer !== peers[0]) return;
      for (const entity of peer.room.received.entities) if (entity && !known.has(entity.id) && known.add(entity.id)) entered++;
    });
    stepper.setProfile(networkProfiles.clean);
    room.freeze();
    stepper.run(1000);
    expect(stepper.errors).toEqual([]);
    for (const peer of peers) {
      expect(differences(stepper, peer)).toEqual([]);
      expect(peer.room.received.entities.filter((one) => one !== undefined).length).toBeLessThan(60);
    }
    expect(entered).toBeGreaterThan(20);
  });
});
