// The page: joins the arena while Phaser loads, then gives each frame's view to the scene and the HUD.
//
// Invariant: whatever goes wrong ends in a sentence on the screen, never in a blank page.
// Units: milliseconds, radians.

import { type ClientRoom, connect, type View } from '@tickwire/client';
import { Random } from '@tickwire/shared';
import { game } from '../game.ts';
import type { ArenaScene } from './arena-scene.ts';
import { Arrivals } from './arrivals.ts';
import { Chat } from './chat.ts';
import { Controls } from './controls.ts';
import { Hud } from './hud.ts';
import { element } from './page.ts';
import { colourOf, palette } from './palette.ts';
import { playerName } from './player-name.ts';
import { Scoreboard } from './scoreboard.ts';
import { hideScreen, showConnecting, showEnded, showError } from './screen.ts';
import { type HookSource, installTestHook } from './test-hook.ts';

type Room = ClientRoom<typeof game>;

const seen: HookSource = { room: undefined, players: [], rockets: [], frames: 0, chat: [] };

async function start(): Promise<void> {
  installTestHook(seen);
  showConnecting('Looking for the arena.');
  const stage = element('stage');
  const name = playerName(location.search, new Random(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0));
  const joining = connect().joinOrCreate('arena', game, { name });
  const [joined, staged] = await Promise.allSettled([joining, loadScene(stage)]);
  if (joined.status === 'rejected') throw joined.reason;
  if (staged.status === 'rejected') {
    joined.value.leave();
    throw staged.reason;
  }
  play(joined.value, staged.value, new Controls(stage));
}

async function loadScene(stage: HTMLElement): Promise<ArenaScene> {
  if (!document.createElement('canvas').getContext('webgl')) {
    throw new Error('This browser cannot draw with WebGL. Turn on hardware acceleration in its settings, or try another browser.');
  }
  const { startStage } = await import('./stage.ts');
  return startStage(stage);
}

function play(room: Room, scene: ArenaScene, controls: Controls): void {
  const hud = new Hud();
  const scoreboard = new Scoreboard();
  const arrivals = new Arrivals();
  const chat = new Chat(controls, (text) => {
    if (!room.ended) room.emit('say', { text });
  });
  const aim = (): number => aimOf(room.view, scene, controls);
  seen.room = room;
  room.onInput(() => {
    const { move, fire, dash, swap } = controls.sample();
    if (move.x !== 0 || move.y !== 0) hud.hideHint();
    return { move, fire, dash, swap, aim: aim() };
  });
  room.onDrop(() => showConnecting('The connection was lost. Coming back ...'));
  room.onReconnect(() => hideScreen());
  room.onLeave((code, message) => {
    scene.stop();
    showEnded(code, message);
  });
  scene.onHurt = () => hud.hurt();
  scene.aim = aim;
  scene.onFrame = (view) => {
    const { came, went } = arrivals.update(view.all('player'), performance.now());
    for (const one of came) chat.note(`${one} joined`);
    for (const one of went) chat.note(`${one} left`);
    draw(view, room, { hud, scoreboard });
  };
  tellEvents(room, hud, chat);
  scene.play(room);
  hud.show(controls.sticks.areShown);
  hideScreen();
}

function draw(view: View<typeof game>, room: Room, to: { hud: Hud; scoreboard: Scoreboard }): void {
  const players = view.all('player');
  const rockets = view.all('rocket');
  const me = view.mine('player');
  to.scoreboard.update(players);
  to.hud.status(room.stats.rttMs, players.length);
  if (me) to.hud.health(me.hp);
  if (me && me.hp === 0) to.hud.dead(me.respawnAt - view.inputTick);
  else to.hud.alive();
  seen.players = players;
  seen.rockets = rockets;
  seen.frames += 1;
}

function tellEvents(room: Room, hud: Hud, chat: Chat): void {
  const { view } = room;
  const colourById = (id: Parameters<typeof view.get>[0]): number => {
    const found = view.get(id);
    return found?.type === 'player' ? colourOf(found) : palette.ink;
  };
  room.on('kill', ({ victim, victimName, killer, killerName }) => {
    const isVictim = view.get(victim)?.mine === true;
    if (isVictim) hud.killedBy(killerName);
    hud.kill(
      { name: killerName, colour: colourById(killer) },
      { name: victimName, colour: colourById(victim) },
      isVictim || view.get(killer)?.mine === true,
    );
  });
  room.on('chat', (line) => {
    chat.add(line);
    seen.chat.push({ name: line.name, text: line.text });
  });
}

/** The direction from the own player to the mouse, or of the aiming thumb. */
function aimOf(view: View<typeof game>, scene: ArenaScene, controls: Controls): number {
  const me = view.mine('player');
  if (!me) return 0;
  if (controls.aimsWithThumb) {
    const stick = controls.sticks.aim;
    return stick ? Math.atan2(stick.y, stick.x) : me.aim;
  }
  const target = scene.placeUnder(controls.pointer);
  return Math.atan2(target.y - me.pos.y, target.x - me.pos.x);
}

start().catch(showError);
