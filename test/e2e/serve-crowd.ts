// The arena's server with a crowd that plays by itself: the real room, in which players without a page walk about and shoot.
//
// Started with the folder of the page and how many they are. Prints its address as one line.

import { serve } from '@tickwire/server';
import type { JoinOptions } from '@tickwire/server/core';
import { botInput } from '../../examples/arena/src/bots.ts';
import { game } from '../../examples/arena/src/game.ts';
import { spawnPlayer } from '../../examples/arena/src/rules/spawning.ts';
import { ArenaRoom } from '../../examples/arena/src/server/arena-room.ts';

const [staticDir = '', count = '31'] = process.argv.slice(2);

class CrowdRoom extends ArenaRoom {
  override onCreate(options: JoinOptions): void {
    super.onCreate(options);
    for (let number = 0; number < Number(count); number++) spawnPlayer(this.world, `Walker ${number + 1}`, this.random);
  }

  override onTick(): void {
    super.onTick();
    for (const player of this.world.all('player')) {
      if (player.name.startsWith('Walker')) this.drive(player, botInput(this.tick, player.id));
    }
  }
}

const server = await serve({ rooms: { arena: { game, room: CrowdRoom } }, host: '127.0.0.1', port: 0, staticDir });
console.log(server.url);
