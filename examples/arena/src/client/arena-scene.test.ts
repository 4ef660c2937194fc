// How much of the arena's scene speaks of the network.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('[PH9] at most 40 lines of the arena scene speak of the network', () => {
  const source = readFileSync(new URL('./arena-scene.ts', import.meta.url), 'utf8');
  const code = source.split('\n').filter((line) => !/^\s*(\/\/|\/?\*)/.test(line));
  const lines = code.filter((line) =>
    /tickwire|\b(net|room|view|stats|ClientRoom|RoomStats|View|SceneNet|Arena)\b/.test(line.replace(/#net/g, 'net')),
  );
  console.log(`  ${lines.length} of ${code.length} lines`);
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(lines.length).toBeGreaterThan(10);
});
