// A small game for servers that end and start again: a count that everyone adds to, and a walker for each player.
//
// Invariant: what the server accepts of `add` changes `sum` once and is told to everyone as `added`, with a number of its own.

import { defineGame, entity, event, f } from '@tickwire/shared';

export const game = defineGame({
  name: 'drain',
  tickHz: 60,
  snapshotHz: 20,
  entities: { walker: entity({ x: f.fixed(-10_000, 10_000) }, { predict: 'owner' }) },
  state: { sum: f.uint(1_000_000_000) },
  input: { go: f.button() },
  events: {
    add: event({ number: f.uint(100_000) }),
    added: event({ number: f.uint(1_000_000), by: f.string(40), count: f.uint(100_000) }),
    draining: event({ seconds: f.uint(1000) }),
    finish: event({}),
  },
  steps: {
    walker(walker) {
      walker.x += 0.01;
    },
  },
});
