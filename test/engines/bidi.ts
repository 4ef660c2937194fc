// A session of WebDriver BiDi: commands, their answers, and events.
//
// Invariant: every command is answered, with a rejection when the browser ends. Units: none.

interface Message {
  readonly id?: number;
  readonly type: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}

export class Bidi {
  /** Told of events that were subscribed to. */
  heard: (method: string, event: Record<string, unknown>) => void = () => {};
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>();
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data)) as Message));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox closed its session'));
    });
  }

  static connect(address: string): Promise<Bidi> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(address);
      socket.addEventListener('open', () => resolve(new Bidi(socket)));
      socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${address}`)));
    });
  }

  ask(method: string, params: object): Promise<Record<string, unknown>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #receive({ id, type, method, params, result, error, message }: Message): void {
    if (type === 'event' && method !== undefined) this.heard(method, params ?? {});
    const asked = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !asked) return;
    this.#waiting.delete(id);
    if (type === 'success') asked.resolve(result ?? {});
    else asked.reject(new Error(`${error}: ${message}`));
  }
}
