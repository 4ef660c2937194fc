// A WebRTC client that speaks geckos' signalling and nothing of Tickwire: for peers that are hostile, silent or slow.
//
// It may send any bytes or texts on both channels, open channels that nobody asked for, and keep quiet where a client would greet.

import { RELIABLE_CHANNEL_ID } from '@tickwire/shared';
import { type DataChannel, PeerConnection } from 'node-datachannel';
import { until } from './recorder.ts';

export interface RawPeer {
  readonly id: string;
  readonly connection: PeerConnection;
  readonly unreliable: DataChannel;
  readonly reliable: DataChannel;
  readonly texts: string[];
  isGone(): boolean;
  close(): void;
}

export interface RawOffer {
  readonly id: string;
  readonly localDescription: { readonly sdp: string; readonly type: string };
}

export function postOffer(url: string, authorization?: string, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
  return fetch(`${url}/.wrtc/v2/connections`, { method: 'POST', headers, ...init });
}

export function postAnswer(url: string, id: string, body: unknown): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/.wrtc/v2/connections/${id}/remote-description`, { method: 'POST', headers, body: text });
}

export async function getCandidates(url: string, id: string): Promise<{ candidate: string; sdpMid: string }[]> {
  const response = await fetch(`${url}/.wrtc/v2/connections/${id}/additional-candidates`);
  return (await response.json()) as { candidate: string; sdpMid: string }[];
}

export const greeting = Uint8Array.of(0xc1, 1);

export async function openRawPeer(url: string, authorization: string, greets = true): Promise<RawPeer> {
  const offer = (await (await postOffer(url, authorization)).json()) as RawOffer;
  const connection = new PeerConnection('raw', { iceServers: [], bindAddress: '127.0.0.1' });
  let unreliable: DataChannel | undefined;
  let gone = false;
  connection.onDataChannel((channel) => {
    unreliable = channel;
  });
  connection.onStateChange((state) => {
    gone ||= state === 'closed' || state === 'failed' || state === 'disconnected';
  });
  const answer = new Promise<string>((resolve) => connection.onLocalDescription(resolve));
  connection.setRemoteDescription(offer.localDescription.sdp.replace('a=setup:actpass', 'a=setup:active'), 'offer');
  await postAnswer(url, offer.id, { sdp: await answer, type: 'answer' });
  for (const { candidate, sdpMid } of await getCandidates(url, offer.id)) connection.addRemoteCandidate(candidate, sdpMid);
  await until('the unreliable channel arrives', () => unreliable !== undefined);
  const reliable = connection.createDataChannel('tickwire', { negotiated: true, id: RELIABLE_CHANNEL_ID });
  const texts: string[] = [];
  reliable.onMessage((message) => void texts.push(Buffer.from(message as Buffer).toString('hex')));
  await until('the reliable channel opens', () => reliable.isOpen());
  if (greets) reliable.sendMessageBinary(greeting);
  return {
    id: offer.id,
    connection,
    unreliable: unreliable as unknown as DataChannel,
    reliable,
    texts,
    isGone: () => gone,
    close: () => connection.close(),
  };
}
