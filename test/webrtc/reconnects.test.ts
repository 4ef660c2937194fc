// Fifty real forced reconnects, which `npm run bench -- connect` makes too: of WebRTC links, of WebSocket links, and from one to the other.
//
// Units: milliseconds.

import { expect, test } from 'vitest';
import { countOf, runReconnects } from './reconnect-run.ts';

test('[BC6] over 50 forced reconnects no reliable event is lost, doubled or reordered, in either direction', async () => {
  const row = await runReconnects(50, new AbortController().signal);
  expect(row).toMatchObject({ reconnects: 50, lost: 0, doubled: 0, reordered: 0 });
  expect(row.sent).toBeGreaterThan(1000);
});

test('[BC6] what was lost, doubled or reordered would be seen', () => {
  expect(countOf([0, 1, 2], 3)).toEqual({ sent: 3, lost: 0, doubled: 0, reordered: 0 });
  expect(countOf([0, 2, 2], 3)).toEqual({ sent: 3, lost: 1, doubled: 1, reordered: 0 });
  expect(countOf([0, 2, 1], 3)).toEqual({ sent: 3, lost: 0, doubled: 0, reordered: 1 });
});
