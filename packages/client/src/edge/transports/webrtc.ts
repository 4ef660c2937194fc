// The WebRTC transport of the browser: geckos.io's client makes the connection, then this file reads the channels itself.
//
// geckos' client parses texts, drops every listener at the soft state `disconnected`, ignores `failed` and never gives up: none of that is used.
// Its inside is reached by name (`GeckosInside`), which the pinned version makes safe.
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
import { abandonConnection, OPEN_TIMEOUT_MS, signallingError, type WebrtcLinkOptions } from './webrtc-options.ts';

/** Opens a link. Rejects with `unreachable`, `ticket-invalid`, `too-many-requests`, `no-data-channel`, or the code with which the server closed. */
export function openWebrtcLink(options: WebrtcLinkOptions): Promise<Link> {
  const channel = geckos({
    url: options.url.replace(/\/+$/, ''),
    port: 0, // the url has it
    authorization: options.authorization,
    label: UNRELIABLE_CHANNEL_LABEL,
    iceServers: (options.iceServers ?? []) as RTCIceServer[],
    iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
  });
  const inside = (channel as unknown as GeckosInside).connectionsManager;
  return new Promise<Link>((resolve, reject) => {
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      // geckos asks for candidates ten times over ten seconds, whatever has happened by then.
      inside.fetchAdditionalCandidates = () => Promise.resolve();
      return true;
    };
    const fail = (error: TickwireError): void => {
      if (!settle()) return;
      inside.localPeerConnection?.close();
      abandonConnection(options.url, inside.remotePeerConnection?.id);
      reject(error);
    };
    const timer = setTimeout(
      () => fail(inside.localPeerConnection ? new TickwireError('no-data-channel') : new TickwireError('unreachable', 'no answer in time')),
      options.timeoutMs ?? OPEN_TIMEOUT_MS,
    );
    channel
      .onConnect((error) => {
        if (settled) return inside.localPeerConnection?.close();
        const { localPeerConnection: connection, dataChannel: unreliable } = inside;
        if (error || !connection || !unreliable) return fail(connectError(error, connection));
        if (unreliable.ordered || unreliable.maxRetransmits !== 0)
          return fail(new TickwireError('no-data-channel', 'the channel is not an unreliable one'));
        link(
          connection,
          unreliable,
          options,
          (opened) => settle() && resolve(opened),
          (code) => fail(new TickwireError(code)),
        );
      })
      // No RTCPeerConnection in this browser, or a session description that it does not take.
      .catch((error: unknown) => fail(new TickwireError('no-data-channel', String(error))));
  });
}

/** Wires both channels to a link. `opened` may be called once; `refused` when the link ends before it. */
function link(
  connection: RTCPeerConnection,
  unreliable: RTCDataChannel,
  options: WebrtcLinkOptions,
  opened: (link: Link) => void,
  refused: (code: CloseCode) => void,
): void {
  const { now } = options;
  const reliable = connection.createDataChannel('tickwire', { negotiated: true, id: RELIABLE_CHANNEL_ID, ordered: true });
  const shut = (): void => connection.close();
  const soon = (task: () => void): void => void setTimeout(task, 0);
  const channelLink = new ChannelLink(
    {
      unreliable: lane(unreliable),
      reliable: lane(reliable),
      soon,
      ready() {
        opened(channelLink);
        soon(() => channelLink.start(now()));
      },
      ended(code, lingerMs) {
        if (lingerMs === 0) shut();
        else setTimeout(shut, lingerMs);
        refused(code);
      },
      ignored() {},
      threw: reportError,
    },
    true,
  );
  const lost = (): void => {
    channelLink.lost(now());
    shut();
  };
  // `disconnected` is soft in browsers: ICE may recover by itself, and the session above has its own timeout.
  connection.onconnectionstatechange = () => {
    if (connection.connectionState === 'failed' || connection.connectionState === 'closed') lost();
  };
  connection.ondatachannel = ({ channel }) => channel.close();
  feed(channelLink, 'unreliable', unreliable, now, lost);
  feed(channelLink, 'reliable', reliable, now, lost);
}

function lane(channel: RTCDataChannel): LanePort {
  return {
    isOpen: () => channel.readyState === 'open',
    backlog: () => channel.bufferedAmount,
    send: (bytes) => channel.send(bytes as Uint8Array<ArrayBuffer>),
  };
}

function feed(link: ChannelLink, lane: Lane, channel: RTCDataChannel, now: () => number, lost: () => void): void {
  channel.binaryType = 'arraybuffer';
  channel.onopen = () => link.laneOpened(now());
  channel.onclose = lost;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) link.receive(lane, new Uint8Array(data), now());
    else link.ignore('text', now());
  };
  link.laneOpened(now());
}

function connectError(error: (Error & { status?: number }) | undefined, connection: RTCPeerConnection | undefined): TickwireError {
  return connection ? new TickwireError('no-data-channel', error?.message) : signallingError(error?.status);
}

/** The parts of geckos' client 3.1 that have no public way to them. */
interface GeckosInside {
  connectionsManager: {
    localPeerConnection: RTCPeerConnection | undefined;
    dataChannel: RTCDataChannel | undefined;
    remotePeerConnection: { id: string } | undefined;
    fetchAdditionalCandidates(host: string, id: string): Promise<void>;
  };
}
