// The smallest game that sends something all the time: one entity that moves.

import { defineGame, entity, f } from '@tickwire/shared';

export const game = defineGame({
  name: 'lab',
  tickHz: 60,
  snapshotHz: 20,
  entities: { dot: entity({ x: f.uint(1000) }) },
});
