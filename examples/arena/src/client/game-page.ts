// What lies over the arena while somebody plays, as one: made once, shown for each stay in a room.
//
// Invariant: between two stays nothing of the first is left on the page.

import type { View } from '@tickwire/client';
import type { game } from '../game.ts';
import { Arrivals } from './arrivals.ts';
import { Chat } from './chat.ts';
import { Hands } from './controls.ts';
import { Feed } from './feed.ts';
import { topLayer } from './focus-walk.ts';
import { GamepadControls } from './gamepad.ts';
import { tellHappenings } from './happenings.ts';
import { Hud } from './hud.ts';
import { icon } from './icons.ts';
import type { ArenaClientRoom } from './joining.ts';
import { KeyboardMouse } from './keyboard-mouse.ts';
import { MatchBar } from './match-bar.ts';
import { Menu } from './menu.ts';
import { Notes } from './notes.ts';
import { element } from './page.ts';
import { listenToGamepad, listenToKeys } from './page-keys.ts';
import { Result } from './result.ts';
import { Scoreboard } from './scoreboard.ts';
import { SoundCues } from './sound-cues.ts';
import { Sounds } from './sounds.ts';
import type { HookSource } from './test-hook.ts';
import { TouchSticks } from './touch-sticks.ts';

export class GamePage {
  readonly hands: Hands;
  readonly menu = new Menu();
  readonly sounds = new Sounds();
  readonly #layer = element('hud');
  readonly #hud = new Hud();
  readonly #bar = new MatchBar();
  readonly #chat = new Chat();
  readonly #feed = new Feed();
  readonly #notes = new Notes();
  readonly #scoreboard = new Scoreboard();
  readonly #result = new Result();
  #arrivals = new Arrivals();
  #cues = new SoundCues(this.sounds);
  #phase: string | undefined;

  constructor(stage: HTMLElement) {
    const sticks = new TouchSticks(stage);
    const gamepad = new GamepadControls();
    this.hands = new Hands([new KeyboardMouse(stage), gamepad, sticks], () => this.#chat.isOpen || topLayer() !== undefined);
    this.hands.onDevice = (device) => {
      sticks.show(device === 'touch');
      this.#layer.classList.toggle('touch', device === 'touch');
      this.#hud.hint(device);
    };
    const actions = {
      openMenu: () => this.menu.open(),
      showScores: (areShown: boolean) => this.#scoreboard.show(areShown),
      openChat: () => this.#chat.start(),
      toggleSound: () => {
        this.sounds.isMuted = !this.sounds.isMuted;
      },
    };
    listenToKeys(actions);
    listenToGamepad(gamepad, actions);
    for (const button of document.querySelectorAll<HTMLElement>('.mute')) button.addEventListener('click', actions.toggleSound);
    this.sounds.onMuted = showMuted;
    showMuted(this.sounds.isMuted);
  }

  /** A stay begins. */
  begin(room: ArenaClientRoom, seen: HookSource): void {
    this.#arrivals = new Arrivals();
    this.#cues = new SoundCues(this.sounds);
    this.#phase = undefined;
    this.menu.room = room;
    this.#chat.onSay = (text) => {
      if (!room.ended) room.emit('say', { text });
    };
    tellHappenings(room, {
      hud: this.#hud,
      feed: this.#feed,
      notes: this.#notes,
      sounds: this.sounds,
      chat: (line) => {
        this.#chat.add(line);
        seen.chat.push({ name: line.name, text: line.text });
      },
    });
    this.#layer.hidden = false;
    this.hands.onDevice(this.hands.device);
  }

  /** A frame of it. */
  draw(view: View<typeof game>, room: ArenaClientRoom): void {
    const players = view.all('player');
    const me = view.mine('player');
    const ticksLeft = view.state.endsAt - view.tick;
    this.#bar.match(view.state.phase === 'play' ? ticksLeft : 0, players);
    this.#bar.connection(room.stats, room.connection);
    if (me) this.#hud.update(me, view.inputTick);
    this.#scoreboard.update(players);
    if (view.state.phase === 'result') this.#result.show(view.state.winner, ticksLeft, players);
    else this.#result.hide();
    if (this.#phase === 'result' && view.state.phase === 'play') this.#notes.banner('Fight!', 'A new match begins');
    this.#phase = view.state.phase;
    this.#cues.update(view);
    const { came, went } = this.#arrivals.update(
      players.filter(({ isBot }) => !isBot),
      performance.now(),
    );
    for (const one of came) this.#chat.note(`${one} joined`);
    for (const one of went) this.#chat.note(`${one} left`);
  }

  /** The own player was hit. */
  hurt(): void {
    this.#hud.hurt();
    this.sounds.play('hurt');
  }

  /** The stay is over. */
  end(): void {
    this.#layer.hidden = true;
    this.menu.room = undefined;
    this.#chat.onSay = () => {};
    this.#chat.clear();
    this.#feed.clear();
    this.#notes.clear();
    this.#scoreboard.show(false);
    this.#result.hide();
  }
}

function showMuted(isMuted: boolean): void {
  for (const button of document.querySelectorAll('.mute'))
    button.replaceChildren(icon(isMuted ? 'muted' : 'sound'), isMuted ? 'Sound off' : 'Sound on');
}
