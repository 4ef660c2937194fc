// The WebRTC transport of the browser: geckos.io's client makes the connection, then this file reads the channels itself.
//
// geckos' client parses texts, drops every listener at the soft state `disconnected`, ignores `failed`, asks for candidates ten times whatever happens
// and never gives up: none of that is left to it. Its inside is reached by name (`GeckosInside`), which the pinned version makes safe.
// Invariant: an opening that fails leaves nothing behind, here or (after one request) on the server.
// Units: milliseconds, bytes.

import geckos from '@geckos.io/client';
import {
  ChannelLink,
  type CloseCode,
  type Lane,
  type LanePort,
  type Link,
  RELIABLE_CHANNEL_ID,
  TickwireError,
  UNRELIABLE_CHANNEL_LABEL,
} from '@tickwire/shared';
import type { LinkOffer } from '@tickwire/shared/internal';
import { hasRelay, noRelay, RelayWatch } from './relay-trouble.ts';
import { browserPath, SelectedPath } from './selected-path.ts';
import {
  abandonConnection,
  beginningDtls,
  type Candidate,
  OPEN_TIMEOUT_MS,
  signallingError,
  signallingUrl,
  type WebrtcLinkOptions,
} from './webrtc-options.ts';

/** Opens a link. Rejects with `no-webrtc`, `unreachable`, `ticket-invalid`, `too-many-requests`, `no-data-channel`, or the code with which the server closed. */
export function openWebrtcLink(options: WebrtcLinkOptions): Promise<Link> {
  if (typeof RTCPeerConnection === 'undefined') return Promise.reject(new TickwireError('no-webrtc'));
  if (options.signal?.aborted) return Promise.reject(new TickwireError('left'));
  if (options.relayOnly && !hasRelay(options.iceServers)) return Promise.reject(new TickwireError('no-data-channel', noRelay));
  return new Opening(options).link;
}

class Opening {
  readonly link: Promise<Link>;
  readonly #options: WebrtcLinkOptions;
  readonly #inside: GeckosInside;
  readonly #timer: ReturnType<typeof setTimeout>;
  #resolve: (link: Link) => void = () => {};
  #reject: (error: TickwireError) => void = () => {};
  #settled = false;
  #madeAt = 0;
  #connection: RTCPeerConnection | undefined;
  #relays: RelayWatch | undefined;
  #channelLink: ChannelLink | undefined;

  constructor(options: WebrtcLinkOptions) {
    this.#options = options;
    this.link = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => {
      this.#fail(this.#connection ? this.#noChannel() : new TickwireError('unreachable', 'no answer in time'));
    }, options.timeoutMs ?? OPEN_TIMEOUT_MS);
    options.signal?.addEventListener('abort', () => this.#fail(new TickwireError('left')));
    const channel = geckos({
      url: options.url.replace(/\/+$/, ''),
      port: 0, // the url has it
      authorization: options.authorization,
      label: UNRELIABLE_CHANNEL_LABEL,
      iceServers: (options.iceServers ?? []) as RTCIceServer[],
      iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
    });
    this.#inside = (channel as unknown as { connectionsManager: GeckosInside }).connectionsManager;
    this.#takeOver();
    offering(options.offer, () => channel.onConnect((error) => this.#connected(error)))
      // No RTCPeerConnection in this browser, or a session description that it does not take.
      .catch((error: unknown) => this.#fail(new TickwireError('no-data-channel', String(error))));
  }

  /** geckos tells nobody when it makes the connection: a property in place of its field does. */
  #takeOver(): void {
    const inside = this.#inside;
    inside.fetchAdditionalCandidates = () => this.#fetchCandidates();
    Object.defineProperty(inside, 'localPeerConnection', {
      get: () => this.#connection,
      set: (connection: RTCPeerConnection) => {
        this.#connection = connection;
        this.#madeAt = this.#options.now();
        const { localDescription: offer } = inside.remotePeerConnection ?? {};
        // Firefox in its turn drops what comes before ICE has chosen a pair, and begins only then: it may choose.
        if (offer && !navigator.userAgent.includes('Firefox/')) offer.sdp = beginningDtls(offer.sdp);
        this.#relays = new RelayWatch(connection, () => {
          if (this.#options.relayOnly) this.#fail(this.#noChannel());
        });
        // `disconnected` is soft in browsers: ICE may recover by itself, and the session above has its own timeout.
        connection.addEventListener('connectionstatechange', () => {
          if (connection.connectionState === 'failed' || connection.connectionState === 'closed') this.#lost();
        });
        void this.#fetchCandidates();
      },
    });
  }

  /**
   * The server holds its answer to the first of these until it has our session description. Where the offer has candidates, others are asked for only when
   * those do not do: a request would take the one connection that is open to the server, and our answer would wait a round trip for another.
   */
  async #fetchCandidates(): Promise<void> {
    const { id, localDescription: offer } = this.#inside.remotePeerConnection ?? {};
    if (this.#settled || id === undefined) return;
    if (offer?.sdp.includes('a=candidate:') && !(this.#options.now() - this.#madeAt > FEW_CANDIDATES_MS)) return;
    try {
      const response = await fetch(`${signallingUrl(this.#options.url)}/${id}/additional-candidates`);
      const candidates = (await response.json()) as Candidate[];
      for (const candidate of candidates) await this.#connection?.addIceCandidate(candidate);
    } catch {
      // The connection was closed meanwhile, or the server is gone: the deadline covers both.
    }
  }

  #connected(error: (Error & { status?: number }) | undefined): void {
    const [connection, unreliable] = [this.#connection, this.#inside.dataChannel];
    if (this.#settled) connection?.close();
    else if (connection === undefined) this.#fail(signallingError(error?.status));
    else if (error || !unreliable) this.#fail(new TickwireError('no-data-channel', error?.message));
    else if (unreliable.ordered || unreliable.maxRetransmits !== 0)
      this.#fail(new TickwireError('no-data-channel', 'the channel is not an unreliable one'));
    else this.#wire(connection, unreliable);
  }

  #wire(connection: RTCPeerConnection, unreliable: RTCDataChannel): void {
    const { now } = this.#options;
    const reliable = connection.createDataChannel('tickwire', { negotiated: true, id: RELIABLE_CHANNEL_ID, ordered: true });
    const path = new SelectedPath(() => browserPath(connection));
    connection.ondatachannel = ({ channel }) => channel.close();
    const soon = (task: () => void): void => void setTimeout(task, 0);
    // A page that goes says so: without a word the server needs 13 s to notice. Whether the player comes back (a reload) is the session's question.
    const leave = (): void => link.close('link-lost', now());
    const link = new ChannelLink(
      {
        unreliable: lanePort(unreliable),
        reliable: lanePort(reliable),
        path: (at) => path.at(at),
        soon,
        ready: () => {
          if (!this.#settle()) return;
          this.#resolve(link);
          soon(() => link.start(now()));
          addEventListener('pagehide', leave);
        },
        ended: (code: CloseCode, lingerMs: number) => {
          removeEventListener('pagehide', leave);
          if (lingerMs === 0) connection.close();
          else setTimeout(() => connection.close(), lingerMs);
          this.#fail(new TickwireError(code));
        },
        ignored() {},
        threw: reportError,
      },
      true,
    );
    this.#channelLink = link;
    this.#feed(link, 'unreliable', unreliable);
    this.#feed(link, 'reliable', reliable);
  }

  #feed(link: ChannelLink, lane: Lane, channel: RTCDataChannel): void {
    const { now } = this.#options;
    channel.binaryType = 'arraybuffer';
    channel.onopen = () => link.laneOpened(now());
    channel.onclose = () => this.#lost();
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) link.receive(lane, new Uint8Array(data), now());
      else link.ignore('text', now());
    };
    link.laneOpened(now());
  }

  #lost(): void {
    this.#channelLink?.lost(this.#options.now());
    this.#connection?.close();
    this.#fail(this.#noChannel());
  }

  #noChannel(): TickwireError {
    return new TickwireError('no-data-channel', this.#relays?.detail);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    return true;
  }

  #fail(error: TickwireError): void {
    if (!this.#settle()) return;
    this.#connection?.close();
    abandonConnection(this.#options.url, this.#inside.remotePeerConnection?.id);
    this.#reject(error);
  }
}

/**
 * geckos asks for its connection in the very call of `onConnect`, by `fetch`. With an offer at hand that request is answered here; all others go their way,
 * as `fetch` is the page's again before anything else can run.
 */
function offering<Result>(offer: LinkOffer | undefined, connect: () => Result): Result {
  if (!offer) return connect();
  const { fetch } = globalThis;
  globalThis.fetch = async () => Response.json({ userData: {}, ...offer });
  try {
    return connect();
  } finally {
    globalThis.fetch = fetch;
  }
}

function lanePort(channel: RTCDataChannel): LanePort {
  return {
    isOpen: () => channel.readyState === 'open',
    backlog: () => channel.bufferedAmount,
    send: (bytes) => channel.send(bytes as Uint8Array<ArrayBuffer>),
  };
}

/** ICE on good candidates takes a round trip or two. geckos asks at 525, 944, 1700 milliseconds and on. */
const FEW_CANDIDATES_MS = 500;

/** The parts of geckos' client 3.1 that have no public way to them. */
interface GeckosInside {
  localPeerConnection: RTCPeerConnection | undefined;
  dataChannel: RTCDataChannel | undefined;
  remotePeerConnection: { id: string; localDescription: { sdp: string } } | undefined;
  fetchAdditionalCandidates(host: string, id: string): Promise<void>;
}
