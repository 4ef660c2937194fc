// A game that shows whether links come and go unnoticed: a clock that ticks, and numbered events both ways.
//
// The server says what it heard in wrong order or number, the page what it was told so.

import { defineGame, entity, event, f } from '@tickwire/shared';

export const game = defineGame({
  name: 'fallback',
  tickHz: 60,
  snapshotHz: 20,
  entities: { clock: entity({ tick: f.tick(), joins: f.uint(100), leaves: f.uint(100), heard: f.uint(100_000), wrong: f.uint(1000) }) },
  events: { say: event({ number: f.uint(100_000) }), told: event({ number: f.uint(100_000) }) },
});
