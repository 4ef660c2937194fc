// The WebRTC transport of the Node client (bots, tests): node-datachannel directly, with geckos.io's signalling over fetch.
//
// geckos' own client needs a browser's classes; on their imitation a bot costs half as much again.
// The server is made to begin DTLS: between two libdatachannel ends the answerer is connected first, and its first flight can reach an offerer that
// does not listen yet; the next comes a second later (2 of 25 openings on loopback took 1056 ms instead of 57).
// Invariants: nothing is left open when opening fails; no candidate of ours is sent, the server learns the address from our checks.
// Units: milliseconds, bytes.

import {
  type CandidateType,
  ChannelLink,
  type CloseCode,
  feedNativeLane,
  guard,
  type IceServer,
  type Link,
  type LinkPath,
  type NativeEdge,
  nativeLane,
  RELIABLE_CHANNEL_ID,
  TickwireError,
  UNRELIABLE_CHANNEL_LABEL,
} from '@tickwire/shared';
import type { LinkOffer } from '@tickwire/shared/internal';
import { type DataChannel, type IceServer as NativeIceServer, PeerConnection } from 'node-datachannel';
import { hasRelay, noRelay } from '../transports/relay-trouble.ts';
import { SelectedPath } from '../transports/selected-path.ts';
import {
  abandonConnection,
  beginningDtls,
  type Candidate,
  OPEN_TIMEOUT_MS,
  signallingError,
  signallingUrl,
  type WebrtcLinkOptions,
} from '../transports/webrtc-options.ts';

export interface NodeWebrtcLinkOptions extends WebrtcLinkOptions {
  /** Local address for the UDP socket. Tests and benches: 127.0.0.1. */
  bindAddress?: string;
}

/** Opens a link. Rejects with the same codes as the browser's. */
export function openWebrtcLink(options: NodeWebrtcLinkOptions): Promise<Link> {
  if (options.signal?.aborted) return Promise.reject(new TickwireError('left'));
  if (options.relayOnly && !hasRelay(options.iceServers)) return Promise.reject(new TickwireError('no-data-channel', noRelay));
  return new Opening(options).link;
}

class Opening {
  readonly link: Promise<Link>;
  readonly #options: NodeWebrtcLinkOptions;
  readonly #edge: NativeEdge;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #resolve: (link: Link) => void = () => {};
  #reject: (error: TickwireError) => void = () => {};
  #settled = false;
  #id: string | undefined;
  #connection: PeerConnection | null = null;
  #unreliable: DataChannel | null = null;
  #reliable: DataChannel | null = null;

  constructor(options: NodeWebrtcLinkOptions) {
    this.#options = options;
    this.#edge = { now: () => options.now(), threw: throwLater };
    this.link = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => {
      this.#fail(this.#connection ? new TickwireError('no-data-channel') : new TickwireError('unreachable', 'no answer in time'));
    }, options.timeoutMs ?? OPEN_TIMEOUT_MS);
    options.signal?.addEventListener('abort', () => this.#fail(new TickwireError('left')));
    this.#open().catch((error: unknown) => this.#fail(error instanceof TickwireError ? error : new TickwireError('no-data-channel', String(error))));
  }

  async #open(): Promise<void> {
    const { id, localDescription: offer } = this.#options.offer ?? (await this.#askOffer());
    this.#id = id;
    if (this.#settled) return abandonConnection(this.#options.url, id);
    const { bindAddress, iceServers = [], relayOnly } = this.#options;
    const connection = new PeerConnection('tickwire', {
      iceServers: iceServers.flatMap(nativeIceServers),
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
      ...(bindAddress !== undefined && { bindAddress }),
    });
    this.#connection = connection;
    const guarded = guard(this.#edge);
    const answer = new Promise<string>((resolve) => connection.onLocalDescription(guarded(resolve)));
    connection.onStateChange(
      guarded((state: string) => {
        if (state === 'disconnected' || state === 'failed' || state === 'closed') this.#fail(new TickwireError('no-data-channel'));
      }),
    );
    connection.onDataChannel(guarded((channel: DataChannel) => this.#channelCame(connection, channel)));
    connection.setRemoteDescription(beginningDtls(offer.sdp), 'offer');
    await this.#ask(`/${id}/remote-description`, { method: 'POST', body: JSON.stringify({ sdp: await answer, type: 'answer' }) });
    if (!offer.sdp.includes('a=candidate:')) await this.#awaitCandidates(connection);
  }

  /** The server had no candidate at the time of its offer, or kept them back until it had our answer. */
  async #awaitCandidates(connection: PeerConnection): Promise<void> {
    for (const pauseMs of CANDIDATE_PAUSES_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      if (this.#settled || this.#unreliable !== null) return;
      const candidates = await this.#ask<Candidate[]>(`/${this.#id}/additional-candidates`, {});
      if (this.#settled) return;
      for (const { candidate, sdpMid } of candidates) connection.addRemoteCandidate(candidate, sdpMid);
    }
  }

  #askOffer(): Promise<LinkOffer> {
    return this.#ask('', { method: 'POST', headers: { authorization: this.#options.authorization } });
  }

  async #ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(signallingUrl(this.#options.url) + path, { ...init, signal: this.#abort.signal }).catch(() => undefined);
    if (!response?.ok) throw signallingError(response?.status);
    return (await response.json()) as Answer;
  }

  #channelCame(connection: PeerConnection, channel: DataChannel): void {
    if (this.#unreliable !== null || this.#settled || channel.getLabel() !== UNRELIABLE_CHANNEL_LABEL) {
      channel.close();
      return;
    }
    this.#unreliable = channel;
    this.#reliable = connection.createDataChannel('tickwire', { negotiated: true, id: RELIABLE_CHANNEL_ID });
    const link = this.#makeLink(channel, this.#reliable);
    connection.onStateChange(
      guard(this.#edge)((state: string) => {
        if (state !== 'disconnected' && state !== 'failed' && state !== 'closed') return;
        link.lost(this.#edge.now());
        this.#shut();
      }),
    );
    feedNativeLane(link, 'unreliable', channel, this.#edge);
    feedNativeLane(link, 'reliable', this.#reliable, this.#edge);
  }

  #makeLink(unreliable: DataChannel, reliable: DataChannel): ChannelLink {
    const soon = (task: () => void): void => void setImmediate(guard(this.#edge)(task));
    const path = new SelectedPath(async () => (this.#connection ? nativePath(this.#connection) : undefined));
    const link = new ChannelLink(
      {
        unreliable: nativeLane(unreliable),
        reliable: nativeLane(reliable),
        path: (now) => path.at(now),
        soon,
        ready: () => {
          if (!this.#settle()) return;
          this.#resolve(link);
          soon(() => link.start(this.#edge.now()));
        },
        ended: (code: CloseCode, lingerMs: number) => {
          if (lingerMs === 0) this.#shut();
          else setTimeout(() => this.#shut(), lingerMs).unref();
          this.#fail(new TickwireError(code));
        },
        ignored: () => {},
        threw: throwLater,
      },
      true,
    );
    return link;
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    return true;
  }

  #fail(error: TickwireError): void {
    if (!this.#settle()) return;
    this.#abort.abort();
    this.#shut();
    abandonConnection(this.#options.url, this.#id);
    this.#reject(error);
  }

  #shut(): void {
    for (const part of [this.#unreliable, this.#reliable, this.#connection]) guard(this.#edge)(() => part?.close())();
  }
}

function nativePath(connection: PeerConnection): LinkPath | undefined {
  const pair = connection.getSelectedCandidatePair();
  if (!pair) return undefined;
  const [local, remote] = [pair.local.type as CandidateType, pair.remote.type as CandidateType];
  return { local, remote, protocol: pair.local.transportType.toLowerCase(), rttMs: Math.max(0, connection.rtt()) };
}

function nativeIceServers({ urls, username, credential }: IceServer): (string | NativeIceServer)[] {
  return [urls].flat().map((url) => {
    const [, scheme, hostname, port = '3478', transport] = ICE_URL.exec(url) ?? [];
    if (hostname === undefined || !scheme?.startsWith('turn') || username === undefined || credential === undefined) return url;
    const relayType = scheme === 'turns' ? 'TurnTls' : transport === 'tcp' ? 'TurnTcp' : 'TurnUdp';
    return { hostname, port: Number(port), username, password: credential, relayType };
  });
}

/** What the owner's code threw goes the way of every uncaught exception, outside the native callback, where it would abort the process. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

const ICE_URL = /^(stun|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/;

const CANDIDATE_PAUSES_MS = [0, 50, 100, 200, 400, 800, 1600];
