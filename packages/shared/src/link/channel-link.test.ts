// The state machine of a link over two channels, on ports that the test holds in its hand: the orders that a real network gives too seldom.

import { expect, test } from 'vitest';
import { limits } from '../limits.ts';
import { ChannelLink, type ChannelPort } from './channel-link.ts';
import type { Lane } from './link.ts';

const READY = Uint8Array.of(0xc1, 1);
const CLOSE_KICKED = Uint8Array.of(0xc1, 2, 1);

/** A link with its port: what it sent, what its owner was told, and the tasks that wait for the next turn. */
function bench(greets: boolean) {
  const open = { unreliable: true, reliable: true };
  const backlog = { unreliable: 0, reliable: 0 };
  const sent: string[] = [];
  const calls: string[] = [];
  const events: string[] = [];
  const tasks: (() => void)[] = [];
  const lane = (name: Lane) => ({
    isOpen: () => open[name],
    backlog: () => backlog[name],
    send: (bytes: Uint8Array) => void sent.push(`${name} ${[...bytes].join()}`),
  });
  const port: ChannelPort = {
    unreliable: lane('unreliable'),
    reliable: lane('reliable'),
    ready: () => void events.push('ready'),
    ended: (code, lingerMs) => void events.push(`ended ${code}${lingerMs > 0 ? ' later' : ''}`),
    ignored: (why) => void events.push(`ignored ${why}`),
    soon: (task) => void tasks.push(task),
    threw: (error) => void events.push(`threw ${(error as Error).message}`),
  };
  const link = new ChannelLink(port, greets);
  const handler = {
    opened: () => void calls.push('opened'),
    received: (name: Lane, bytes: Uint8Array) => void calls.push(`${name} ${[...bytes].join()}`),
    closed: (code: string) => void calls.push(`closed ${code}`),
  };
  const turn = () => {
    for (const task of tasks.splice(0)) task();
  };
  return { link, port, open, backlog, sent, calls, events, handler, turn };
}

function opened(greets: boolean) {
  const end = bench(greets);
  end.link.laneOpened(1);
  end.link.receive('reliable', READY, 2);
  end.link.listen(end.handler);
  end.link.start(3);
  end.turn();
  end.events.length = 0;
  return end;
}

test('[WR2] the greeter speaks first, the host answers when its owner has the link', () => {
  const [client, server] = [bench(true), bench(false)];
  for (const end of [client, server]) end.link.laneOpened(1);
  expect([client.sent, server.sent]).toEqual([['reliable 193,1'], []]);
  expect(client.events).toEqual(['ready']);
  server.link.receive('reliable', READY, 2);
  expect([server.events, server.sent]).toEqual([['ready'], []]);
  server.link.listen(server.handler);
  server.link.start(2);
  expect([server.calls, server.sent]).toEqual([['opened'], ['reliable 193,1']]);
  client.link.listen(client.handler);
  client.turn();
  expect(client.calls).toEqual([]);
  client.link.start(4);
  expect(client.calls).toEqual(['opened']);
  client.link.receive('reliable', READY, 5);
  expect([client.events, client.calls]).toEqual([['ready'], ['opened']]);
});

test('[BC1] what comes right behind the greeting is kept until the host’s own half is open', () => {
  const { link, open, calls, events, handler, turn } = bench(false);
  open.unreliable = false;
  link.receive('reliable', Uint8Array.of(9), 0);
  link.receive('reliable', READY, 1);
  link.receive('reliable', Uint8Array.of(1), 1);
  expect(events).toEqual(['ignored early']);
  open.unreliable = true;
  link.laneOpened(2);
  link.listen(handler);
  link.start(2);
  turn();
  expect([events, calls]).toEqual([
    ['ignored early', 'ready'],
    ['opened', 'reliable 1'],
  ]);
});

test('[PL8] a handler that is set later takes the place of the first, and neither is told anything twice', () => {
  const { link, calls, handler, turn } = opened(true);
  const later: string[] = [];
  link.receive('reliable', Uint8Array.of(1), 4);
  link.listen({
    opened: () => later.push('opened'),
    received: (lane, bytes) => later.push(`${lane} ${[...bytes].join()}`),
    closed: (code) => later.push(code),
  });
  link.receive('unreliable', Uint8Array.of(2), 5);
  turn();
  link.listen(handler);
  link.receive('reliable', Uint8Array.of(3), 6);
  turn();
  expect([calls, later]).toEqual([['opened', 'reliable 1', 'reliable 3'], ['unreliable 2']]);
});

test('[WR30] a greeting that overtakes what opens the unreliable lane is kept', () => {
  const { link, open, events } = bench(false);
  open.unreliable = false;
  link.receive('reliable', READY, 1);
  expect(events).toEqual([]);
  open.unreliable = true;
  link.laneOpened(2);
  expect(events).toEqual(['ready']);
});

test('[WR30] an unreliable message that overtakes the host’s greeting is not lost', () => {
  const { link, events, calls, handler } = bench(true);
  link.laneOpened(1);
  link.receive('unreliable', Uint8Array.of(7), 2);
  expect(events).toEqual(['ready']);
  link.listen(handler);
  link.receive('reliable', READY, 3);
  link.start(4);
  expect(calls).toEqual(['opened', 'unreliable 7']);
  expect(events).toEqual(['ready']);
});

test('[WR31] what arrives before the owner listens waits in order, a close included', () => {
  const { link, calls, handler, turn } = bench(true);
  link.laneOpened(1);
  link.receive('reliable', READY, 2);
  link.receive('reliable', Uint8Array.of(1), 3);
  link.receive('reliable', CLOSE_KICKED, 4);
  link.start(5);
  link.listen(handler);
  expect(calls).toEqual([]);
  turn();
  expect(calls).toEqual(['opened', 'reliable 1', 'closed kicked']);
});

test('[WR31] more than the inbox holds is dropped on the unreliable lane and closes the link on the reliable one', () => {
  const { link, events } = bench(true);
  link.laneOpened(1);
  link.receive('reliable', READY, 2);
  for (let count = 0; count < 1000; count++) link.receive('unreliable', Uint8Array.of(1), 3);
  expect(events).toEqual(['ready']);
  link.receive('reliable', Uint8Array.of(1), 4);
  expect(events).toEqual(['ready', 'ended overflow later']);
});

test('[WR32] the link’s own messages cannot be sent by the session, and do not reach it', () => {
  const { link, sent, calls } = opened(true);
  sent.length = 0;
  expect(link.send('reliable', READY, 4)).toBe(false);
  expect(link.send('reliable', CLOSE_KICKED, 4)).toBe(false);
  expect(link.send('unreliable', READY, 4)).toBe(true);
  link.receive('unreliable', READY, 5);
  link.receive('reliable', Uint8Array.of(0xc1, 9), 5);
  expect(sent).toEqual(['unreliable 193,1']);
  expect(calls).toEqual(['opened', 'unreliable 193,1']);
});

test('[WR33] the owner is never called from within its own calls', () => {
  const { link, calls, handler, turn } = opened(false);
  link.listen(handler);
  link.send('reliable', Uint8Array.of(1), 4);
  link.close('left', 5);
  expect(calls).toEqual(['opened']);
  turn();
  expect(calls).toEqual(['opened', 'closed left']);
});

test('[WR34] send gives false and does not throw when the platform throws, the lane is shut or its queue is full', () => {
  const { link, port, open, backlog } = opened(true);
  open.unreliable = false;
  expect(link.send('unreliable', Uint8Array.of(1), 4)).toBe(false);
  backlog.reliable = limits.outboxBytes;
  expect(link.send('reliable', Uint8Array.of(1), 4)).toBe(false);
  backlog.reliable = 0;
  expect(link.send('reliable', Uint8Array.of(1), 4)).toBe(true);
  Object.assign(port.reliable, {
    send() {
      throw new Error('closed natively');
    },
    backlog() {
      throw new Error('closed natively');
    },
  });
  expect(link.send('reliable', Uint8Array.of(1), 4)).toBe(false);
  expect(link.backlog('reliable')).toBe(0);
});

test('[WR4] a close lingers only where its code could be sent, and an end from the other side stands', () => {
  const closing = opened(true);
  closing.link.close('left', 4);
  closing.link.receive('reliable', CLOSE_KICKED, 5);
  closing.link.lost(6);
  closing.turn();
  expect([closing.events, closing.calls]).toEqual([['ended left later'], ['opened', 'closed left']]);
  const shut = opened(true);
  shut.open.reliable = false;
  shut.link.close('left', 4);
  expect(shut.events).toEqual(['ended left']);
  const closed = opened(false);
  closed.link.receive('reliable', CLOSE_KICKED, 4);
  closed.link.close('left', 5);
  closed.turn();
  expect([closed.events, closed.calls]).toEqual([['ended kicked'], ['opened', 'closed kicked']]);
});
