// A server with the WebRTC gate on 127.0.0.1, and everything that it hands out or logs.
//
// Any Authorization header is a seat, except `no`; the tests give their own `authorize` where that matters.

import type { Link } from '@tickwire/shared';
import Fastify, { type FastifyInstance } from 'fastify';
import {
  openWebrtcTransport,
  type WebrtcEvent,
  type WebrtcOptions,
  type WebrtcTransport,
} from '../../packages/server/src/edge/transports/webrtc-gate.ts';
import { now, Recorder, until } from './recorder.ts';

export interface GateServer {
  readonly url: string;
  readonly transport: WebrtcTransport<string>;
  readonly served: Recorder[];
  readonly log: WebrtcEvent[];
  /** The link of a seat, once the server has opened it. */
  linkOf(seat: string): Promise<Recorder>;
  close(): Promise<void>;
}

export interface GateServerOptions extends Partial<WebrtcOptions<string>> {
  /** Sees the app before it listens: to change what clients are answered. */
  prepare?(app: FastifyInstance): void;
}

export async function startGateServer({ prepare, ...options }: GateServerOptions = {}): Promise<GateServer> {
  const served: Recorder[] = [];
  const log: WebrtcEvent[] = [];
  const transport = await openWebrtcTransport<string>({
    authorize: (authorization) => (authorization === undefined || authorization === 'no' ? null : authorization),
    onLink: (link: Link, seat) => void served.push(new Recorder(link, seat)),
    now,
    bindAddress: '127.0.0.1',
    log: (event) => void log.push(event),
    ...options,
  });
  // Tests choose where their client is by the header x-forwarded-for.
  const app = Fastify({ trustProxy: true });
  prepare?.(app);
  transport.register(app);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    transport,
    served,
    log,
    async linkOf(seat) {
      const find = () => served.find((recorder) => recorder.seat === seat && recorder.isOpen);
      await until(`the server opens ${seat}`, () => find() !== undefined);
      return find() as Recorder;
    },
    async close() {
      await transport.close();
      await app.close();
    },
  };
}
