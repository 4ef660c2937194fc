// Who frames a room.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { driveFrames } from './frame-loop.ts';

test('[PH1] the frames of the page leave out a room whose loop is manual just then', async () => {
  const frames: string[] = [];
  const room = { ended: undefined as string | undefined, loop: 'manual' as 'auto' | 'manual', frame: () => void frames.push(room.loop) };
  driveFrames(room);
  await pause(50);
  room.loop = 'auto';
  await pause(50);
  room.ended = 'left';
  expect(frames.length).toBeGreaterThan(0);
  expect(new Set(frames)).toEqual(new Set(['auto']));
});
