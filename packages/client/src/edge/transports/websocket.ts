// The WebSocket transport of the client: what plays where UDP is blocked or there is no WebRTC. In browsers, and in Node with the class of `ws`.
//
// What authorises the link is offered as the second subprotocol: browsers let a page set no header of a WebSocket, and addresses end up in logs.
// Invariant: an opening that fails leaves no socket open. Units: milliseconds, bytes.

import {
  ChannelLink,
  type CloseCode,
  codeOfSocketClose,
  feedSocketFrame,
  isCloseCode,
  type Link,
  SOCKET_PATH,
  SOCKET_PROTOCOL,
  socketCloseNumber,
  socketLanes,
  TickwireError,
} from '@tickwire/shared';

export interface WebsocketLinkOptions {
  /** Origin of the server: `http://127.0.0.1:9208`, `https://play.example`. */
  url: string;
  /** `${roomId}.${sessionId}.${token}` */
  authorization: string;
  /** From the call to the open link. Default 8000. */
  timeoutMs?: number;
  /** Gives the opening up: it fails with `left`. */
  signal?: AbortSignal;
  now(): number;
}

/** What this needs of a WebSocket: the browser's, or that of `ws`. */
export interface Socket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** The subprotocol that the server took. */
  readonly protocol: string;
  binaryType: string;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  send(frame: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** Makes a socket that offers these subprotocols. */
export type MakeSocket = (url: string, protocols: string[]) => Socket;

/**
 * Opens a link. Rejects with `unreachable` when the server cannot be reached by WebSocket in time, or with the code with which it refused or closed.
 * @param threw is given what the link's owner throws, to throw it where it is seen.
 */
export function openWebsocketLink(
  options: WebsocketLinkOptions,
  make: MakeSocket = (url, protocols) => new WebSocket(url, protocols) as unknown as Socket,
  threw: (error: unknown) => void = reportError,
): Promise<Link> {
  return new Opening(options, make, threw).link;
}

class Opening {
  readonly link: Promise<Link>;
  readonly #options: WebsocketLinkOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  #resolve: (link: Link) => void = () => {};
  #reject: (error: TickwireError) => void = () => {};
  #settled = false;
  #socket: Socket | undefined;

  constructor(options: WebsocketLinkOptions, make: MakeSocket, threw: (error: unknown) => void) {
    this.#options = options;
    this.link = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => this.#fail(new TickwireError('unreachable', 'no WebSocket in time')), options.timeoutMs ?? OPEN_TIMEOUT_MS);
    options.signal?.addEventListener('abort', () => this.#fail(new TickwireError('left')));
    try {
      const url = `${options.url.replace(/\/+$/, '').replace(/^http/, 'ws')}${SOCKET_PATH}`;
      this.#wire(make(url, [SOCKET_PROTOCOL, options.authorization]), threw);
    } catch (error) {
      // The page's policy forbids it, or the address is none.
      this.#fail(new TickwireError('unreachable', String(error)));
    }
  }

  #wire(socket: Socket, threw: (error: unknown) => void): void {
    const { now } = this.#options;
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    const soon = (task: () => void): void => void setTimeout(task, 0);
    // A page that goes says so. Whether the player comes back (a reload) is the session's question.
    const leave = (): void => link.close('link-lost', now());
    const link: ChannelLink = new ChannelLink(
      {
        ...socketLanes({
          isOpen: () => socket.readyState === OPEN,
          backlog: () => socket.bufferedAmount,
          send: (frame) => socket.send(frame as Uint8Array<ArrayBuffer>),
        }),
        soon,
        ready: () => {
          if (!this.#settle()) return;
          this.#resolve(link);
          soon(() => link.start(now()));
          if (hasPage()) addEventListener('pagehide', leave);
        },
        ended: (code: CloseCode) => {
          if (hasPage()) removeEventListener('pagehide', leave);
          // Behind everything that was sent. The platform cuts off a peer that does not answer.
          socket.close(socketCloseNumber(code));
          this.#fail(new TickwireError(code));
        },
        ignored() {},
        threw,
      },
      true,
      'websocket',
    );
    socket.onopen = () => {
      // Any other subprotocol says that a close code is all that will come.
      if (!this.#settled && socket.protocol === SOCKET_PROTOCOL) link.laneOpened(now());
    };
    socket.onmessage = ({ data }: { data: unknown }) => feedSocketFrame(link, data, now());
    socket.onclose = ({ code }: { code: number }) => {
      const why = codeOfSocketClose(code);
      this.#fail(why === undefined ? new TickwireError('unreachable', 'no WebSocket could be opened') : new TickwireError(why));
      link.lost(now(), why !== undefined && isCloseCode(why) ? why : 'link-lost');
    };
    // `close` follows, with all that a page may know.
    socket.onerror = () => {};
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    return true;
  }

  #fail(error: TickwireError): void {
    if (!this.#settle()) return;
    this.#socket?.close();
    this.#reject(error);
  }
}

/** Node has no page that could go. */
function hasPage(): boolean {
  return typeof document !== 'undefined';
}

const OPEN = 1;

/** As for WebRTC. */
const OPEN_TIMEOUT_MS = 8000;
