// The net panel: joins what measures a room, what judges it, what spoils its network, and what shows all that.
//
// Loaded when it is first opened. Invariant: everything that it puts into the room (a meter and a simulated network on its links, a probe) and on the page is
// gone after `close`; it has one loop, that of the page's frames, and stands still in a page that nobody sees. Units: milliseconds of performance.now().

import type { AnyGame } from '@tickwire/shared';
import type { ClientRoom } from '../../client-room.ts';
import { Corrections } from './corrections.ts';
import { make, say } from './elements.ts';
import type { Figures } from './figures.ts';
import type { Ghosts } from './ghosts.ts';
import { Graphs } from './graphs.ts';
import { LinkMeter } from './link-meter.ts';
import { type Conditions, clean } from './network-presets.ts';
import { type Clock, NetworkSimulator } from './network-simulator.ts';
import { PanelFrame, type Tab } from './panel-frame.ts';
import { type Fact, figureFacts, reportText, sessionFacts } from './report.ts';
import { mean, Sampler, sampleMs, samplesInSecond } from './sampler.ts';
import type { SessionLog } from './session-log.ts';
import { SimulatorForm } from './simulator-form.ts';
import { StateTree } from './state-tree.ts';
import { verdict } from './verdict.ts';

/** Samples between two drawings of graphs and texts. */
const drawEvery = 2;

const clock: Clock = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

export class NetPanel {
  isClosed = false;
  readonly #room: ClientRoom<AnyGame>;
  readonly #log: SessionLog;
  readonly #ghosts: Ghosts;
  readonly #closed: () => void;
  readonly #simulator = new NetworkSimulator(clock);
  readonly #meter: LinkMeter;
  readonly #corrections: Corrections;
  readonly #sampler: Sampler;
  readonly #graphs: Graphs;
  readonly #form: SimulatorForm;
  readonly #tree: StateTree;
  readonly #session = make('tbody');
  readonly #frame: PanelFrame;
  /** What the simulator was set to; undefined while it is off. */
  #network: string | undefined;
  #isSimulating = false;
  #frameAt = performance.now();
  #sampledAt = this.#frameAt;
  #samples = 0;
  #turn = 0;

  /** @param closed told when the panel closes itself. */
  constructor(room: ClientRoom<AnyGame>, log: SessionLog, ghosts: Ghosts, closed: () => void) {
    this.#room = room;
    this.#log = log;
    this.#ghosts = ghosts;
    this.#closed = closed;
    this.#meter = new LinkMeter(room.game.tickHz, clock.now);
    this.#corrections = new Corrections(room.game, clock.now);
    this.#sampler = new Sampler(room, this.#meter, this.#corrections);
    this.#graphs = new Graphs(this.#sampler);
    this.#tree = new StateTree(room, this.#corrections);
    this.#form = new SimulatorForm(this.#makePort());
    const state = make('div', {}, this.#makeGhostChoice(), this.#tree.element);
    const session = make('table', {}, this.#session);
    const tabs: readonly Tab[] = [
      { title: 'Graphs', element: this.#graphs.element, draw: () => this.#graphs.draw() },
      { title: 'Simulator', element: this.#form.element },
      { title: 'State', element: state, draw: (now) => this.#tree.draw(now) },
      { title: 'Session', element: session, draw: (now) => this.#drawSession(now) },
    ];
    this.#frame = new PanelFrame(tabs, this.#form.quick, () => navigator.clipboard.writeText(this.report()), this.close);
    room.probe = this.#corrections;
    this.#interpose();
    this.#turn = requestAnimationFrame(this.#onFrame);
  }

  /** Everything that the panel knows, as text. */
  report(): string {
    const figures = this.#figures();
    const bytes = [...this.#sampler.down.map((line) => ['down', line] as const), ...this.#sampler.up.map((line) => ['up', line] as const)].map(
      ([way, { name, values }]): Fact => [`${way}: ${name}`, String(Math.round(mean(values, samplesInSecond)))],
    );
    const platform = `${navigator.userAgent}, ${innerWidth}x${innerHeight}`;
    return reportText(verdict(figures), figureFacts(figures), bytes, sessionFacts(this.#room, this.#log, clock.now()), platform);
  }

  readonly close = (): void => {
    if (this.isClosed) return;
    this.isClosed = true;
    cancelAnimationFrame(this.#turn);
    this.#simulator.end();
    this.#room.interpose(undefined);
    this.#room.probe = undefined;
    this.#ghosts.isOn = false;
    this.#graphs.close();
    this.#frame.close();
    this.#closed();
  };

  /** Puts the meter on the room's links, and the simulated network between them and it. */
  #interpose(): void {
    this.#room.interpose((link) => this.#meter.join(this.#isSimulating ? this.#simulator.join(link) : link));
  }

  #makePort(): ConstructorParameters<typeof SimulatorForm>[0] {
    const simulator = this.#simulator;
    return {
      down: clean,
      up: clean,
      seed: simulator.seed,
      get blackoutMs(): number {
        return simulator.blackoutMs;
      },
      set: (name, down, up, seed) => this.#simulate(name, down, up, seed),
      blackout: (ms) => {
        if (!this.#isSimulating) this.#simulate(this.#network, simulator.down, simulator.up, simulator.seed);
        simulator.blackout(ms);
      },
    };
  }

  #simulate(name: string | undefined, down: Conditions, up: Conditions, seed: number): void {
    const simulator = this.#simulator;
    this.#network = name;
    const isAnew = !this.#isSimulating || seed !== simulator.seed;
    simulator.seed = seed;
    simulator.set(down, up);
    this.#sampler.begin();
    if (!isAnew) return;
    simulator.end();
    this.#isSimulating = true;
    this.#interpose();
  }

  /** Nothing is set any more, and no blackout runs: the links go straight again. */
  #rest(): void {
    if (!this.#isSimulating || this.#network !== undefined || this.#simulator.blackoutMs > 0) return;
    this.#isSimulating = false;
    this.#simulator.end();
    this.#interpose();
  }

  #makeGhostChoice(): HTMLElement {
    const box = make('input', { type: 'checkbox', checked: this.#ghosts.isOn, name: 'ghosts' });
    box.addEventListener('change', () => {
      this.#ghosts.isOn = box.checked;
    });
    return make('p', { class: 'row' }, make('label', {}, box, 'Ghosts: the game outlines where the server last said that everything is'));
  }

  #figures(): Figures {
    const { blackoutMs } = this.#simulator;
    const network = blackoutMs > 0 ? `dark for ${(blackoutMs / 1000).toFixed(0)} s more` : this.#network;
    return this.#sampler.figures(network);
  }

  readonly #onFrame = (now: number): void => {
    this.#turn = requestAnimationFrame(this.#onFrame);
    this.#sampler.frame(now - this.#frameAt);
    this.#frameAt = now;
    if (now - this.#sampledAt < sampleMs) return;
    const passedMs = now - this.#sampledAt;
    this.#sampledAt = now;
    this.#rest();
    this.#sampler.sample(passedMs);
    if (this.#samples++ % drawEvery === 0) this.#draw();
  };

  #draw(): void {
    const now = clock.now();
    this.#frame.say(verdict(this.#figures()), now);
    this.#form.draw();
    this.#frame.shown?.draw?.(now);
  }

  #drawSession(now: number): void {
    const facts = sessionFacts(this.#room, this.#log, now);
    while (this.#session.rows.length > facts.length) this.#session.deleteRow(-1);
    while (this.#session.rows.length < facts.length) this.#session.append(make('tr', {}, make('th', { scope: 'row' }), make('td')));
    for (const [index, [name, value]] of facts.entries()) {
      const [title, text] = this.#session.rows[index]?.cells ?? [];
      if (title) say(title, name);
      if (text) say(text, value);
    }
  }
}
