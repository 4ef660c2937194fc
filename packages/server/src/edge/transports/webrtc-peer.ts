// One peer connection of the server: made by geckos.io, with our reliable channel beside geckos' unreliable one, as a ChannelLink.
//
// Owns the native objects: while it lives they are reachable, and `shut` closes them once. geckos' own handlers are replaced before the offer leaves
// the server: its message parser can be crashed and made to forge events by any peer, its state handler rejects when states change quickly.
// Invariant: the reliable half exists before the offer leaves, or the browser's first message would be lost and the channel with it.

import type { GeckosServer } from '@geckos.io/server';
import {
  ChannelLink,
  type ChannelPort,
  type CloseCode,
  feedNativeLane,
  guard,
  type NativeEdge,
  nativeLane,
  RELIABLE_CHANNEL_ID,
} from '@tickwire/shared';
import type { DataChannel, PeerConnection } from 'node-datachannel';
import type { Advertised } from '../advertised.ts';
import { makeConnection } from './geckos-connection.ts';
import { advertiseCandidates, advertiseDescription, withoutCandidates, withoutDefaultAddress } from './session-description.ts';

/** What the gate wants to hear of a peer. */
export interface PeerOwner extends NativeEdge {
  ready(peer: WebrtcPeer, now: number): void;
  ended(peer: WebrtcPeer, code: CloseCode): void;
  ignored: ChannelPort['ignored'];
  /** The native objects are closed. */
  gone(peer: WebrtcPeer): void;
}

export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string;
}

/** Has geckos make a connection and completes it. Rejects when the platform has no more to give (descriptors, ports). */
export async function makeWebrtcPeer(geckos: GeckosServer, advertised: Advertised | undefined, owner: PeerOwner): Promise<WebrtcPeer> {
  const connection = await makeConnection(geckos);
  const waiting = connection.additionalCandidates as unknown as Candidate[];
  return new WebrtcPeer(connection.peerConnection, connection.channel.dataChannel, waiting, advertised, owner);
}

export class WebrtcPeer {
  readonly link: ChannelLink;
  /** Kept when every address of this machine is known, or has been waited for long enough. */
  readonly gathered: Promise<void>;
  readonly #connection: PeerConnection;
  readonly #unreliable: DataChannel;
  readonly #reliable: DataChannel;
  readonly #advertised: Advertised | undefined;
  readonly #owner: PeerOwner;
  readonly #candidates: Candidate[];
  #answered = false;
  #wake: (() => void) | null = null;
  #shut = false;

  constructor(connection: PeerConnection, unreliable: DataChannel, candidates: Candidate[], advertised: Advertised | undefined, owner: PeerOwner) {
    this.#connection = connection;
    this.#unreliable = unreliable;
    this.#candidates = candidates;
    this.#advertised = advertised;
    this.#owner = owner;
    this.#reliable = connection.createDataChannel('tickwire', { negotiated: true, id: RELIABLE_CHANNEL_ID });
    this.link = new ChannelLink(this.#port(), false);
    this.gathered = this.#gather();
    this.#feed();
  }

  /** The offer, with every candidate known by now, or with none: then `takeCandidates` has them. */
  offer(withCandidates: boolean): { sdp: string; type: string } | null {
    const description = this.#connection.localDescription();
    if (description === null) return null;
    if (!withCandidates) return { sdp: withoutDefaultAddress(withoutCandidates(description.sdp)), type: description.type };
    this.#candidates.length = 0;
    return { sdp: advertiseDescription(description.sdp, this.#advertised), type: description.type };
  }

  /** Takes the browser's answer, once. */
  answer(sdp: string): boolean {
    if (this.#answered || this.#shut) return false;
    try {
      this.#connection.setRemoteDescription(sdp, 'answer');
      this.#answered = true;
      this.#wake?.();
      return true;
    } catch {
      return false;
    }
  }

  /** The candidates that the client has not got yet. Before the answer one caller waits for it, any other gets none. */
  async takeCandidates(): Promise<Candidate[]> {
    if (!this.#answered && !this.#shut) {
      if (this.#wake !== null) return [];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    await this.gathered;
    if (this.#shut) return [];
    const waiting = this.#candidates.splice(0);
    const sdpMid = waiting[0]?.sdpMid ?? '';
    const lines = waiting.map(({ candidate }) => candidate);
    return advertiseCandidates(lines, this.#advertised).map((candidate) => ({ candidate, sdpMid }));
  }

  /** Closes the native objects. */
  shut(): void {
    if (this.#shut) return;
    this.#shut = true;
    for (const part of [this.#unreliable, this.#reliable, this.#connection]) guard(this.#owner)(() => part.close())();
    this.#wake?.();
    this.#owner.gone(this);
  }

  #gather(): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.onGatheringStateChange(guard(this.#owner)((state: string) => void (state === 'complete' && resolve())));
      if (this.#connection.gatheringState() === 'complete') resolve();
      setTimeout(resolve, GATHER_MS).unref();
    });
  }

  #port(): ChannelPort {
    return {
      unreliable: nativeLane(this.#unreliable),
      reliable: nativeLane(this.#reliable),
      ready: (now) => this.#owner.ready(this, now),
      ignored: (why) => this.#owner.ignored(why),
      soon: (task) => void setImmediate(guard(this.#owner)(task)),
      threw: (error) => this.#owner.threw(error),
      ended: (code, lingerMs) => {
        this.#owner.ended(this, code);
        if (lingerMs === 0) this.shut();
        else setTimeout(() => this.shut(), lingerMs).unref();
      },
    };
  }

  #feed(): void {
    const guarded = guard(this.#owner);
    // In libdatachannel `disconnected` is as final as `failed`: the library closes the connection right after.
    this.#connection.onStateChange(
      guarded((state: string) => {
        if (state === 'disconnected' || state === 'failed' || state === 'closed') this.#isGone();
      }),
    );
    this.#connection.onDataChannel(
      guarded((channel: DataChannel) => {
        channel.close();
        this.link.ignore('foreign-channel', this.#owner.now());
      }),
    );
    feedNativeLane(this.link, 'unreliable', this.#unreliable, this.#owner);
    feedNativeLane(this.link, 'reliable', this.#reliable, this.#owner);
  }

  /** The other end left, on its own or because it got our close code. */
  #isGone(): void {
    this.link.lost(this.#owner.now());
    this.shut();
  }
}

/** Own addresses are there in a few milliseconds; what a STUN server has to say comes when it comes. */
const GATHER_MS = 50;
