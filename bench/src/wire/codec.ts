// What every codec under measure offers: a server that is given the trace's states and makes packets for each client, and a client that reads them back.
//
// The harness owns loss and acks: it tells the server which packets of an earlier snapshot a client has received, when that news would be here.
// Invariant: a codec reads nothing of the trace but the frame and the views of the snapshot at hand. Units: snapshots and clients from 0; bytes.

import type { Trace } from './trace.ts';

export interface Codec {
  readonly name: string;
  /** A server for the first `clients` clients of the trace. */
  serve(trace: Trace, clients: number): WireServer;
  /** A client of that server; undefined for a bound that only counts bytes. */
  connect(trace: Trace, server: WireServer, client: number): WireClient | undefined;
  /** Needs every message in order, and so a reliable channel: losing one is not this codec's case. */
  readonly isOrdered: boolean;
}

export interface WireServer {
  /** Puts the states up to this snapshot's into the server's world: called once for each snapshot, in order. */
  advance(snapshot: number): void;
  /** The packets of this snapshot for a client. The bytes are valid until the next call. @param packetsMax packets that the snapshot may have. */
  encode(client: number, packetsMax: number): readonly Uint8Array[];
  /** All clients of this snapshot have been served. */
  finish(): void;
  /** The client has these packets of a snapshot: bit i for packet i. */
  acknowledge(client: number, snapshot: number, packets: number): void;
  /** The state as a new client is sent it. */
  join(client: number): number;
}

export interface WireClient {
  /** @returns whether the packet was read; a codec that is sent wrong bytes says so. */
  receive(packet: Uint8Array): boolean;
  /** What the client has, by the trace's ids: the numbers of each row. */
  state(): Map<number, readonly number[]>;
}

/** Most packets of a snapshot, as the framework has it. */
export const packetsPerSnapshot = 4;
