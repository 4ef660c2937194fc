// What the server sends and receives, in payload bytes: counted where a link is handed to its member, on both lanes.
//
// Invariant: only messages that the link took are counted. Payload is what Tickwire gives to the channel; SCTP, DTLS, UDP and IP come on top.

import type { Lobby } from '@tickwire/server';

export interface Traffic {
  downBytes: number;
  downPackets: number;
  /** The part of the above that went on the reliable lane: events and acks of them. */
  downReliableBytes: number;
  downReliablePackets: number;
  upBytes: number;
  upPackets: number;
  /** Ticks for which a client's input had not come. */
  inputsMissed: number;
}

/** Counts what every link accepted from now on sends. @returns what reads the totals. */
export function countTraffic(lobby: Lobby): () => Traffic {
  const down = { downBytes: 0, downPackets: 0, downReliableBytes: 0, downReliablePackets: 0 };
  const accept = lobby.accept.bind(lobby);
  lobby.accept = (roomId, sessionId, link) => {
    const send = link.send.bind(link);
    link.send = (lane, bytes, now) => {
      const sent = send(lane, bytes, now);
      if (!sent) return sent;
      down.downBytes += bytes.length;
      down.downPackets++;
      if (lane === 'reliable') {
        down.downReliableBytes += bytes.length;
        down.downReliablePackets++;
      }
      return sent;
    };
    return accept(roomId, sessionId, link);
  };
  return () => {
    const traffic: Traffic = { ...down, upBytes: 0, upPackets: 0, inputsMissed: 0 };
    for (const room of lobby.rooms.values()) {
      for (const { counters, inputs } of room.members.values()) {
        traffic.upBytes += counters.bytesReceived;
        traffic.upPackets += counters.packetsReceived;
        traffic.inputsMissed += inputs.missed;
      }
    }
    return traffic;
  };
}
