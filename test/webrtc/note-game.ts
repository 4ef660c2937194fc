// A game of numbered notes both ways, and its room, which writes down what came.
//
// Units: none.

import { Room } from '@tickwire/server';
import { defineGame, entity, event, f } from '@tickwire/shared';

export const game = defineGame({
  name: 'notes',
  tickHz: 60,
  snapshotHz: 20,
  entities: { marker: entity({ at: f.uint(599) }) },
  events: { up: event({ number: f.uint(1_000_000) }), down: event({ number: f.uint(1_000_000) }) },
});

export class NoteRoom extends Room<typeof game> {
  /** Numbers that came, by client, in their order. */
  readonly came: Map<string, number[]> = new Map();

  override onCreate(): void {
    this.world.spawn('marker');
    this.on('up', ({ sessionId }, { number }) => {
      this.came.set(sessionId, this.came.get(sessionId) ?? []);
      this.came.get(sessionId)?.push(number);
    });
  }

  /** Something moves in every snapshot, as in a game. */
  override onTick(): void {
    for (const marker of this.world.all('marker')) marker.at = this.tick % 600;
  }
}
