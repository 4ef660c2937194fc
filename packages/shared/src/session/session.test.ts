import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import type { CloseCode } from '../link/close-codes.ts';
import type { Lane, Link } from '../link/link.ts';
import { eventsMessage, reliableAckMessage } from '../protocol/events.ts';
import { unpackPlain } from '../protocol/plain.ts';
import type { Sequence } from '../sequence.ts';
import { Session, Strikes } from './session.ts';

/** A link that notes what is sent and how it was closed. */
class NotedLink implements Link {
  readonly kind = 'memory';
  readonly sent: (readonly [lane: Lane, message: unknown[] | undefined])[] = [];
  closedWith: CloseCode | undefined;
  takes = true;

  listen(): void {}
  send(lane: Lane, bytes: Uint8Array): boolean {
    if (this.takes) this.sent.push([lane, unpackPlain(bytes)]);
    return this.takes;
  }
  backlog(): number {
    return 0;
  }
  maxBytes(): number {
    return limits.reliableBytes;
  }
  close(code: CloseCode): void {
    this.closedWith ??= code;
  }
  /** What was sent since the last call. */
  take(): (unknown[] | undefined)[] {
    return this.sent.splice(0).map(([, message]) => message);
  }
}

function events(sequence: number, ack = 0): unknown[] {
  return eventsMessage({ sequence, ack, tick: 0, events: [[0, sequence]] });
}

describe('Session', () => {
  it('[SS7] the first link is active; a second one waits, and becomes active by carrying a packet, which closes the first', () => {
    const session = new Session('s', 't', 5);
    const [first, second] = [new NotedLink(), new NotedLink()];
    expect([session.sendUnreliable(Uint8Array.of(1), 5), session.heardAt, session.epoch]).toEqual([false, 5, 0]);
    session.attach(first);
    session.attach(second);
    expect([session.active, session.standby, session.epoch]).toEqual([first, second, 2]);
    session.carried(first, 10);
    expect([session.active, session.heardAt, second.closedWith]).toEqual([first, 10, undefined]);
    session.sendUnreliable(Uint8Array.of(0x91, 1), 11);
    session.carried(second, 12);
    expect([session.active, session.standby, first.closedWith, second.closedWith]).toEqual([second, undefined, 'link-replaced', undefined]);
    session.sendUnreliable(Uint8Array.of(0x91, 2), 13);
    expect([first.take(), second.take()]).toEqual([[[1]], [[2]]]);
    expect(session.detach(first)).toBe(true);
    expect([session.active, session.heardAt]).toEqual([second, 12]);
    // A link that is neither cannot take the session over.
    session.carried(first, 14);
    expect([session.active, second.closedWith]).toEqual([second, undefined]);
    expect([session.detach(second), session.active]).toEqual([false, undefined]);
  });

  it('[SS7] when the active link ends, the one that waits takes over and is sent what was not acknowledged', () => {
    const session = new Session('s', 't', 0);
    const [first, second, third] = [new NotedLink(), new NotedLink(), new NotedLink()];
    session.attach(first);
    session.outbox.add([0, 1], 1);
    session.flush(1, 0);
    session.attach(second);
    session.attach(third);
    // Only two links are kept: the one that waited before is closed, not forgotten.
    expect([second.closedWith, session.standby]).toEqual(['link-replaced', third]);
    expect(session.detach(second)).toBe(true);
    expect([session.active, session.standby]).toEqual([first, third]);
    expect(session.detach(first)).toBe(true);
    session.flush(2, 0);
    expect(third.take()).toEqual([eventsMessage({ sequence: 1, ack: 0, tick: 1, events: [[0, 1]] })]);
    session.attach(first);
    expect(session.detach(first)).toBe(true);
    session.close('left', 9);
    expect([third.closedWith, first.closedWith, session.active, session.flush(3, 0)]).toEqual(['left', undefined, undefined, undefined]);
  });

  it('[SS7] close ends both links with its code', () => {
    const session = new Session('s', 't', 0);
    const links = [new NotedLink(), new NotedLink()];
    for (const link of links) session.attach(link);
    session.close('room-closed', 1);
    expect(links.map(({ closedWith }) => closedWith)).toEqual(['room-closed', 'room-closed']);
    expect([session.active, session.standby]).toEqual([undefined, undefined]);
  });

  it('[SS8] reliable messages are taken in order, each once', () => {
    const session = new Session('s', 't', 0);
    const delivered = [1, 1, 2, 3, 2, 1, 3, 4].map((sequence) => session.receiveReliable(events(sequence), 0));
    expect(delivered.map((one) => (typeof one === 'object' ? one.sequence : one))).toEqual([1, undefined, 2, 3, undefined, undefined, undefined, 4]);
    expect(session.reliableReceived).toBe(4);
  });

  it('[SS9] what no correct peer sends is wrong and changes nothing: a gap, number 0, an ack of what was not sent, another message', () => {
    const session = new Session('s', 't', 0);
    session.attach(new NotedLink());
    session.outbox.add([0], 1);
    session.flush(1, 0);
    for (const message of [
      events(2),
      events(0),
      events(7),
      events(1, 2),
      events(1, 1e9),
      reliableAckMessage(2),
      [5, 1, 1, 1, 1],
      [],
      [9],
      ['6', 1, 0, 0],
    ]) {
      expect(session.receiveReliable(message, 0), JSON.stringify(message)).toBe('wrong');
    }
    expect([session.reliableReceived, session.outbox.isEmpty]).toEqual([0, false]);
    expect(session.receiveReliable(events(1, 1), 0)).toMatchObject({ sequence: 1 });
    expect(session.outbox.isEmpty).toBe(true);
    expect(session.receiveReliable(reliableAckMessage(1), 0)).toBeUndefined();
    expect(session.receiveReliable(reliableAckMessage(0), 0)).toBeUndefined();
  });

  it('[SS10] what arrived is acknowledged with the next events, or alone within 100 ms, once', () => {
    const session = new Session('s', 't', 0);
    const link = new NotedLink();
    session.attach(link);
    session.flush(1, 1000);
    session.receiveReliable(events(1), 1000);
    session.receiveReliable(events(2), 1060);
    session.flush(1, 1099);
    expect(link.take()).toEqual([]);
    session.flush(1, 1100);
    expect(link.take()).toEqual([reliableAckMessage(2)]);
    session.flush(1, 1300);
    expect(link.take()).toEqual([]);
    session.receiveReliable(events(3), 2000);
    session.outbox.add([0], 2);
    session.flush(2, 2010);
    session.flush(2, 2200);
    expect(link.take()).toEqual([eventsMessage({ sequence: 1, ack: 3, tick: 2, events: [[0]] })]);
    // A repeated message means that the ack was lost.
    session.receiveReliable(events(3), 3000);
    session.flush(3, 3100);
    expect(link.take()).toEqual([reliableAckMessage(3)]);
  });

  it('[SS10] what the link refuses is sent later: events and acks', () => {
    const session = new Session('s', 't', 0);
    const link = new NotedLink();
    session.attach(link);
    session.receiveReliable(events(1), 0);
    link.takes = false;
    session.flush(1, 500);
    session.outbox.add([0, 'x'], 1);
    session.flush(1, 600);
    session.outbox.acknowledge(0);
    link.takes = true;
    session.flush(2, 601);
    expect(link.take()).toEqual([eventsMessage({ sequence: 1, ack: 1, tick: 1, events: [[0, 'x']] })]);
    session.receiveReliable(events(2), 700);
    link.takes = false;
    session.flush(2, 900);
    link.takes = true;
    session.flush(2, 901);
    session.flush(2, 1200);
    expect(link.take()).toEqual([reliableAckMessage(2)]);
  });

  it('[SS11] a peer that takes nothing any more ends the session with overflow, with a link and without', () => {
    const silent = new Session('s', 't', 0);
    silent.attach(new NotedLink());
    let flushes = 0;
    let code: CloseCode | undefined;
    while (!code && flushes++ < 5000) {
      silent.outbox.add([0], flushes);
      code = silent.flush(flushes, 0);
    }
    expect([code, flushes]).toEqual(['overflow', limits.outboxMessages + 1]);

    const alone = new Session('s', 't', 0);
    let bytes = 0;
    for (code = undefined; !code && bytes < 4 * limits.outboxBytes; bytes += 1000) {
      alone.outbox.add([0, 'x'.repeat(1000)], 1);
      code = alone.flush(1, 0);
    }
    expect(code).toBe('overflow');
    expect(bytes).toBeLessThan(limits.outboxBytes * 1.1);
  });

  it('[SS12] unreliable packets are numbered from 0, around the circle, and each is taken once', () => {
    const session = new Session('s', 't', 0);
    const taken = Array.from({ length: 65_537 }, () => session.takeSequence());
    expect([taken[0], taken[1], taken[65_535], taken[65_536]]).toEqual([0, 1, 65_535, 0]);
    expect([5, 5, 7, 6, 6, 5, 65_500].map((sequence) => session.receive(sequence as Sequence, 1))).toEqual([
      true,
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(session.received.newest).toBe(7);
  });

  it('[SS12] the hold time is that of the newest packet, however late an older one comes, and at most 255', () => {
    const session = new Session('s', 't', 0);
    session.receive(9 as Sequence, 0);
    session.receive(8 as Sequence, 30);
    expect(session.holdMs(40)).toBe(40);
    session.receive(10 as Sequence, 50);
    session.receive(10 as Sequence, 60);
    expect([session.holdMs(50), session.holdMs(71.4), session.holdMs(40), session.holdMs(10_000)]).toEqual([0, 21, 0, 255]);
  });

  it('[SS13] strikes are counted, and the one after the limit is one too many', () => {
    const strikes = new Strikes();
    for (let strike = 0; strike < limits.strikes; strike++) expect(strikes.add()).toBe(false);
    expect([strikes.add(), strikes.count]).toEqual([true, limits.strikes + 1]);
  });
});
