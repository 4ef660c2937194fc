// What a page under test notes about itself, from before its first script on: its WebRTC connections and channels, what its policy refused, and what it
// asked its user for.
//
// Invariant: it only reads: the page gets the connections, channels and answers that it would have got without it.
// Units: milliseconds of the page's performance.now().

export interface PageProbe {
  readonly connections: RTCPeerConnection[];
  readonly channels: RTCDataChannel[];
  readonly violations: string[];
  /** Calls that make a browser ask its user for something. */
  readonly asked: string[];
}

declare global {
  interface Window {
    readonly probe: PageProbe;
  }
}

/** Runs in the page (an init script): it may use nothing from outside its body. */
export function installProbe(): void {
  const probe: PageProbe = { connections: [], channels: [], violations: [], asked: [] };
  Object.defineProperty(window, 'probe', { value: probe });
  document.addEventListener('securitypolicyviolation', (event) => {
    probe.violations.push(`${event.effectiveDirective}: ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
  });
  const asking: [object | undefined, string][] = [
    ...['getUserMedia', 'getDisplayMedia', 'enumerateDevices'].map((name): [object | undefined, string] => [navigator.mediaDevices, name]),
    [window.Notification, 'requestPermission'],
    [navigator.geolocation, 'getCurrentPosition'],
    [navigator.storage, 'persist'],
  ];
  for (const [owner, name] of asking) {
    const original = owner && (Reflect.get(owner, name) as ((...args: unknown[]) => unknown) | undefined);
    if (!owner || !original) continue;
    Object.defineProperty(owner, name, {
      value: (...args: unknown[]) => {
        probe.asked.push(name);
        return original.apply(owner, args);
      },
    });
  }
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      probe.connections.push(this);
      this.addEventListener('datachannel', ({ channel }) => probe.channels.push(channel));
    }
    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options);
      probe.channels.push(channel);
      return channel;
    }
  };
}

export interface Traffic {
  /** The candidate pair that ICE chose. */
  readonly pair: { readonly state: string; readonly protocol: string; readonly bytesSent: number; readonly bytesReceived: number };
  readonly channels: readonly { readonly label: string; readonly state: string; readonly messagesSent: number; readonly messagesReceived: number }[];
}

/** Runs in the page: the statistics of its newest connection. */
export async function readTraffic(): Promise<Traffic> {
  const connection = window.probe.connections.at(-1);
  if (!connection) throw new Error('the page has made no RTCPeerConnection');
  // The members of one report differ by their type; the DOM library types them as the little that they share.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const reports: any[] = [...(await connection.getStats()).values()];
  const transport = reports.find(({ type }) => type === 'transport');
  const pair = reports.find(({ id }) => id === transport?.selectedCandidatePairId);
  if (!pair) throw new Error('ICE has selected no candidate pair');
  const local = reports.find(({ id }) => id === pair.localCandidateId);
  return {
    pair: { state: pair.state, protocol: local.protocol, bytesSent: pair.bytesSent, bytesReceived: pair.bytesReceived },
    channels: reports
      .filter(({ type }) => type === 'data-channel')
      .map(({ label, state, messagesSent, messagesReceived }) => ({ label, state, messagesSent, messagesReceived })),
  };
}
