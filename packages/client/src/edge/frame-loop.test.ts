// Who frames a room, and what a stay listens to on its page.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { driveFrames, leaveWithPage, watchHidden, watchOnline } from './frame-loop.ts';

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

test('[HL5] what listens to the page for a stay is gone with it, and a page that goes leaves by a request', () => {
  const [page, dom] = [new Pages(), new Pages()];
  const beacons: unknown[] = [];
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('document', Object.assign(dom, { visibilityState: 'visible' }));
  vi.stubGlobal('navigator', { onLine: true, sendBeacon: (...sent: unknown[]) => beacons.push(sent) });
  onTestFinished(() => void vi.unstubAllGlobals());
  const handlers: (() => void)[] = [];
  const room = {
    ended: undefined as string | undefined,
    hidden: false,
    isOnline: false,
    keeper: undefined,
    reconnectionToken: 'room.session.token',
    frame: () => {},
    onLeave: (handler: () => void) => handlers.push(handler),
    leave: () => {
      room.ended = 'left';
      for (const handler of handlers) handler();
    },
  };
  watchHidden(room);
  watchOnline(room);
  leaveWithPage('https://play.example', room);
  expect([page.listeners, dom.listeners, room.isOnline]).toEqual([3, 2, true]);
  page.dispatchEvent(new Event('pagehide'));
  expect([beacons, room.ended]).toEqual([[['https://play.example/tickwire/leave', 'room.session.token']], 'left']);
  expect([page.listeners, dom.listeners]).toEqual([0, 0]);
  leaveWithPage('https://play.example', room);
  expect(page.listeners).toBe(0);
});

class Pages extends EventTarget {
  listeners = 0;
  override addEventListener(...listening: Parameters<EventTarget['addEventListener']>): void {
    this.listeners++;
    super.addEventListener(...listening);
  }
  override removeEventListener(...listening: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners--;
    super.removeEventListener(...listening);
  }
}
