// The key of the net panel without a page: what it does with a room that has ended. What it looks like is tested in a browser.

import type { CloseCode } from '@tickwire/shared';
import { afterEach, expect, test, vi } from 'vitest';
import type { ClientRoom } from '../../packages/client/src/client-room.ts';
import { panelOnF3 } from '../../packages/client/src/edge/panel.ts';

afterEach(() => vi.unstubAllGlobals());

/** A room's handlers, and those of the page's keys. */
function stage() {
  const handlers = { drop: new Set<unknown>(), reconnect: new Set<unknown>(), leave: new Set<() => void>(), key: new Set<(event: object) => void>() };
  const adding =
    <Handler>(set: Set<Handler>) =>
    (handler: Handler) => {
      set.add(handler);
      return () => set.delete(handler);
    };
  const room = {
    ended: undefined as CloseCode | undefined,
    onDrop: adding(handlers.drop),
    onReconnect: adding(handlers.reconnect),
    onLeave: adding(handlers.leave),
  };
  vi.stubGlobal('addEventListener', (_name: string, handler: (event: object) => void) => handlers.key.add(handler));
  vi.stubGlobal('removeEventListener', (_name: string, handler: (event: object) => void) => handlers.key.delete(handler));
  const press = (key: string, repeat = false): boolean => {
    let isTaken = false;
    for (const handler of handlers.key) handler({ key, repeat, preventDefault: () => (isTaken = true) });
    return isTaken;
  };
  const sizes = () => Object.values(handlers).map(({ size }) => size);
  return { room, panel: panelOnF3(room as unknown as ClientRoom<never>), handlers, press, sizes };
}

test('[PL13] with the end of the stay the key and every handler are let go of', () => {
  const { room, handlers, press, sizes } = stage();
  expect(sizes()).toEqual([1, 1, 1, 1]);
  expect([press('a'), press('F3', true)]).toEqual([false, false]);
  room.ended = 'left';
  for (const handler of handlers.leave) handler();
  expect(sizes()).toEqual([0, 0, 0, 0]);
  expect(press('F3')).toBe(false);
});

test('[PL13] a panel that is open at the end stays until it is closed, and does not open again', () => {
  const { room, panel, handlers, press, sizes } = stage();
  // It waits for a page that is not here.
  panel.open().catch(() => {});
  room.ended = 'room-closed';
  for (const handler of handlers.leave) handler();
  expect([panel.isOpen, sizes()]).toEqual([true, [1, 1, 1, 1]]);
  expect(press('F3')).toBe(true);
  expect([panel.isOpen, sizes()]).toEqual([false, [0, 0, 0, 0]]);
});

test('[PL13] one that was closed by its own button after the end does not open again, and the key is let go of', () => {
  const { room, panel, handlers, press, sizes } = stage();
  panel.open().catch(() => {});
  room.ended = 'room-closed';
  for (const handler of handlers.leave) handler();
  panel.close();
  expect(press('F3')).toBe(true);
  expect([panel.isOpen, sizes()]).toEqual([false, [0, 0, 0, 0]]);
});
