// Two ends in one process without signalling: to let either of them take up its channels late, which the gate and the client never do.
//
// The host owns native channels from the start, as the gate does, but reads them late; the client makes its reliable half late.

import { ChannelLink, feedNativeLane, nativeLane, RELIABLE_CHANNEL_ID } from '@tickwire/shared';
import { type DataChannel, PeerConnection } from 'node-datachannel';
import { withoutCandidates } from '../../packages/server/src/edge/transports/session-description.ts';
import { now, pause, Recorder, until } from './recorder.ts';

export interface NativePair {
  readonly host: Recorder;
  readonly client: Recorder;
  close(): void;
}

export async function openNativePair({ hostLateMs, clientLateMs }: { hostLateMs: number; clientLateMs: number }): Promise<NativePair> {
  const config = { iceServers: [], bindAddress: '127.0.0.1' };
  const [hostConnection, clientConnection] = [new PeerConnection('host', config), new PeerConnection('client', config)];
  let arrived: DataChannel | undefined;
  clientConnection.onDataChannel((channel) => {
    arrived = channel;
  });
  const candidates: [candidate: string, mid: string][] = [];
  hostConnection.onLocalCandidate((...candidate) => void candidates.push(candidate));
  // As at the gate: the client gets candidates once its answer is in, or ICE may connect before the host has stored its fingerprint.
  clientConnection.onLocalDescription((sdp) => {
    hostConnection.setRemoteDescription(sdp, 'answer');
    for (const candidate of candidates) clientConnection.addRemoteCandidate(...candidate);
  });
  hostConnection.onGatheringStateChange((state) => {
    const offer = hostConnection.localDescription();
    if (state !== 'complete' || offer === null) return;
    clientConnection.setRemoteDescription(withoutCandidates(offer.sdp).replace('actpass', 'active'), 'offer');
  });
  const hostUnreliable = hostConnection.createDataChannel('unreliable', { unordered: true, maxRetransmits: 0 });
  const hostReliable = hostConnection.createDataChannel('reliable', { negotiated: true, id: RELIABLE_CHANNEL_ID });

  const host = (async () => {
    await until('the host is connected', () => hostConnection.state() === 'connected');
    await pause(hostLateMs);
    return linkOver(hostUnreliable, hostReliable, false);
  })();
  const client = (async () => {
    await until('the unreliable channel arrives', () => arrived !== undefined);
    await pause(clientLateMs);
    const reliable = clientConnection.createDataChannel('reliable', { negotiated: true, id: RELIABLE_CHANNEL_ID });
    return linkOver(arrived as DataChannel, reliable, true);
  })();
  return {
    host: await host,
    client: await client,
    close() {
      hostConnection.close();
      clientConnection.close();
    },
  };
}

function linkOver(unreliable: DataChannel, reliable: DataChannel, greets: boolean): Recorder {
  const fail = (error: unknown): never => {
    throw error;
  };
  const soon = (task: () => void) => void setImmediate(task);
  const link = new ChannelLink(
    {
      unreliable: nativeLane(unreliable),
      reliable: nativeLane(reliable),
      ready: () => soon(() => link.start(now())),
      ended() {},
      ignored() {},
      soon,
      threw: (error) => soon(() => fail(error)),
    },
    greets,
  );
  const recorder = new Recorder(link);
  for (const [lane, channel] of [
    ['unreliable', unreliable],
    ['reliable', reliable],
  ] as const) {
    feedNativeLane(link, lane, channel, { now, threw: (error) => soon(() => fail(error)) });
  }
  return recorder;
}
