// Every maximum of the framework, in one place, with the sum that made it.
//
// Invariant: nothing that a peer can fill grows past a number of this file.
// Units: in the names; `...Bits` are bits on the wire.

export const limits = {
  /** Largest unreliable message. One SCTP packet holds 1144 to 1160 bytes of payload in the stacks we measured; 1100 leaves room for SACK blocks. */
  packetBytes: 1100,
  /** Largest reliable message. MDN: 16 KiB is safe between all browsers. */
  reliableBytes: 16_384,
  /** Largest reliable event, request or answer in msgpack: with the head of its message (32) it fits one packet, as all that is urgent does. */
  eventBytes: 1068,
  /** Packets of one snapshot to one client. 4 x 1100 B x 20 Hz is 88 kB/s, about what SCTP carries at 80 ms RTT and 3 % loss. */
  packetsPerSnapshot: 4,
  /** Bytes a second to one client, headers counted, when the room does not say: 16 full packets, 190 kbit/s. */
  budgetBytes: 24_000,
  /** The least budget: two full packets at once, and two a second. */
  budgetBytesLeast: 5_000,
  /** What IPv4 (20), UDP (8), DTLS (37) and SCTP (28) put around a packet. */
  overheadBytes: 93,
  /**
   * A client sends no packet while more than this waits in its own queue: the next one says all that the waiting ones say. Measured after 3 s of darkness:
   * without it 140 stale packets arrive, with it 2.
   */
  backlogBytes: 400,
  /**
   * What may wait in a WebSocket for an unreliable message to be taken, at either end: one snapshot with its frames. Behind a full one the message is dropped:
   * the next one says what it said.
   */
  socketBacklogBytes: 4480,
  /** WebSockets that are told in a second why they are not let in. Each costs a handshake; the others get an HTTP status. */
  socketRefusalsPerSecond: 50,
  /** Priorities are from 1 / this to this. */
  priorityMax: 64,
  /** Entities alive in one world: a slot is 14 bits. */
  worldSlots: 16_384,
  /** Ticks of the history ring: 64 at 60 Hz is about one second of baselines and rewind. */
  historyTicks: 64,
  /** Snapshots sent and not acknowledged before the server stops sending; the client keeps at least as many states for each entity. */
  snapshotsInFlight: 32,
  /** Ticks that a client predicts at most before they are compared: a round trip of 800 ms at 128 Hz, and what stands around it. */
  predictedTicks: 128,
  /** What a client has spawned ahead of the server at once: a shot a tick over a round trip of a second at 60 Hz. */
  predictedSpawns: 64,
  /** States that a client keeps for an entity: those in flight and as many again for a view that trails behind. */
  clientStates: 64,
  /** Packets that a session remembers: 32 snapshots in flight x 4 packets. */
  packetsRemembered: 128,
  /** Effects in one packet: as many wait for an ack at most. */
  effectsPerPacket: 128,
  /** Inputs in one packet: 16 at 60 Hz is 266 ms of loss covered. */
  inputsPerPacket: 16,
  /** Inputs that wait in the server's queue for their tick: 1 s at 64 Hz. */
  inputsQueued: 64,
  /** Reliable messages that wait for the peer's ack before the session is closed with `overflow`. */
  outboxMessages: 1024,
  /** The same in bytes. */
  outboxBytes: 1_048_576,
  /** Unreadable packets of one session before it is closed with `protocol-error`. */
  strikes: 20,
  /** Messages a client may send in one second on the unreliable lane (inputs 60, acks 20, and bursts). The rest is dropped; for more than 3 s: `flood`. */
  unreliablePerSecond: 240,
  /** The same in bytes: 119 full packets. A packet of 16 held inputs is mostly under 100 bytes, 60 of them a second 6 kB. */
  unreliableBytesPerSecond: 131_072,
  /** More than this in one second end a client at once. A network that held three seconds back lets 180 go together; this is five times as much. */
  unreliableFlood: 960,
  /** Messages a second that a client may send on the reliable lane: a flush of events each frame at 60 Hz, bare acks (10), and as many again. Saved up: `outboxMessages`. */
  reliablePerSecond: 120,
  /** The same in bytes: 120 flushes of half a packet. Saved up: `outboxBytes`. */
  reliableBytesPerSecond: 65_536,
  /** Events a second that a client may send: four in each frame at 60 Hz. */
  eventsPerSecond: 240,
  /** Events that may come at once, and wait for the room's handlers: two for each message that an outbox holds. */
  eventsWaiting: 2048,
  /** Requests of one client that wait for an answer. */
  asksOpen: 16,
  /** Bytes of the reason with which a room refuses a request. */
  reasonBytes: 200,
  /** Messages on a link before its hello. A correct client sends the hello first. */
  beforeHello: 32,
  /** Bytes of a room name, a session id, an option key. */
  nameBytes: 64,
  /** Characters of a seat's token: a signed ticket has about 330. */
  tokenBytes: 1024,
  /** Bytes of join options, packed. */
  optionsBytes: 4096,
  /** Levels of arrays and objects in them. */
  optionsDepth: 32,
  /** Characters of a page's origin: a host name has 253 at most. */
  originBytes: 300,
  /** Bytes of what a room shows of itself in the list of rooms, packed. 100 rooms of a list are 100 kB then. */
  metadataBytes: 1024,
  /** Rooms in one answer to a list request. */
  roomsListed: 100,
  /** Rooms of one server. */
  rooms: 1000,
  /** Clients of one room when the game does not say. */
  clientsPerRoom: 64,
  /** A saved room: its file, and what is read of one. 16,384 entities of 1 kB, four times over. */
  savedRoomBytes: 67_108_864,
  /** Timers waiting in one room. */
  timersPerRoom: 4096,
  /** Offers answered by nobody yet, server-wide. */
  handshakesOpen: 200,
  /** STUN and TURN servers that a client is handed, and addresses of each. Browsers warn above five. */
  iceServers: 8,
  /** Of them with one address: a class of 30 behind one router that starts at the same moment. */
  handshakesPerAddress: 32,
  /** Offers made in one second: each costs the game's thread about a millisecond and a certificate. */
  offersPerSecond: 100,
  /** Rooms made for players of one address that wait for their connection: each is simulated, and nobody plays in it. */
  roomsWaitingPerAddress: 8,
  /** HTTP requests of one address in ten seconds. Connecting takes five: 20 players behind one router. */
  requestsPer10Seconds: 100,
  /** HTTP requests of all addresses in one second: about 200 players who connect, a fifth of a core. */
  requestsPerSecond: 1000,
  /** Requests of one address that are being answered: each handshake may wait in one, and as many rooms in their onAuth. */
  requestsInFlightPerAddress: 64,
  /** The same of all addresses: 200 handshakes, and a slow onAuth (an account server in trouble) for 800 players. */
  requestsInFlight: 1000,
  /** Milliseconds in which a request must have arrived, headers and body. At 1 kB/s an answer of 600 bytes takes less than one second. */
  requestMs: 10_000,
  /** Sockets of the HTTP server; a player on WebSocket holds one. */
  sockets: 10_000,
  /** The same from one address. */
  socketsPerAddress: 256,
  /** Milliseconds without a sign of life (a request, an open link) after which a seat whose link was not welcomed is free again; also from an offer to its open link. */
  handshakeMs: 15_000,
  /** Milliseconds from a join to the last moment at which its ticket may begin a link: four handshakes that each failed at the very end. */
  ticketMs: 60_000,
  /** Milliseconds that a room's onAuth may take. */
  authMs: 10_000,
  /**
   * Wrong room codes of one address (or one /64 of IPv6) in a minute. There are 16.7 million codes: with 1,000 private rooms, whoever guesses at this rate
   * finds one of them after 28 hours, and a certain one after 3 years.
   */
  wrongCodesPerMinute: 10,
  /** Addresses whose wrong codes are counted: the oldest is forgotten for the next. */
  addressesWatched: 4096,
  /** Links of one session that have not said hello: of each kind one. */
  linksWaiting: 2,
  /** The longest time that a session is kept without a link: a day. */
  reconnectSeconds: 86_400,
  /** Milliseconds without any packet after which a link is dead, and the session without one. */
  sessionTimeoutMs: 10_000,
} as const;
