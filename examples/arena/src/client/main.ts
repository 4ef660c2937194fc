// The page: title, join, play, and back to the title, for as long as it is open. Phaser loads behind the title.
//
// Invariant: whatever goes wrong ends in a sentence on the screen with a way out, never in a blank page.
// Units: milliseconds, radians.

import { Random } from '@tickwire/shared';
import { addressWith, type Choice, choiceIn } from './address.ts';
import type { ArenaScene } from './arena-scene.ts';
import { GamePage } from './game-page.ts';
import { type ArenaClientRoom, join } from './joining.ts';
import { element } from './page.ts';
import { playerName } from './player-name.ts';
import { endNotice, type Notice, refusalNotice } from './refusals.ts';
import { ask, hideScreen, showBusy } from './screen.ts';
import { readSetting } from './settings.ts';
import { type HookSource, installTestHook } from './test-hook.ts';
import { Title } from './title.ts';

const seen: HookSource = { room: undefined, view: undefined, frames: 0, chat: [] };
const page = new GamePage(element('stage'));
const title = new Title(playerName(location.search, readSetting('name'), new Random(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0)));
const staging = loadScene(element('stage'));

async function start(): Promise<void> {
  installTestHook(seen, { hands: page.hands, sounds: page.sounds, title });
  // Told when somebody wants to play.
  staging.catch(() => {});
  // Somebody has followed an invitation on the open page. (What the page itself writes there is not told.)
  addEventListener('hashchange', () => location.reload());
  let choice = choiceIn(location);
  while (true) {
    hideScreen();
    choice ??= await title.choose();
    choice = await visit(choice);
    if (!choice) history.replaceState(null, '', addressWith(undefined, location));
  }
}

/** From a choice to the end of the stay. @returns where to go next; undefined is back to the title. */
async function visit(choice: Choice): Promise<Choice | undefined> {
  let room: ArenaClientRoom;
  let scene: ArenaScene;
  try {
    const entered = await enter(choice);
    if (!entered) return undefined;
    [room, scene] = entered;
  } catch (error) {
    return wayOut(refusalNotice(error), choice, 'Try again');
  }
  const here: Choice = choice.how === 'quick' ? choice : { how: 'room', idOrCode: room.code ?? room.roomId };
  history.replaceState(null, '', addressWith(here, location));
  if (choice.how === 'private' && room.code !== undefined) page.menu.invite(room.code);
  const { code, message } = await play(room, scene);
  return code === 'left' ? undefined : wayOut(endNotice(code, message), here, 'Join again');
}

/** Joins while Phaser loads. Undefined when the player did not want to wait for it. */
async function enter(choice: Choice): Promise<[ArenaClientRoom, ArenaScene] | undefined> {
  showBusy('Joining', 'Looking for a place in the arena.');
  const joining = join(choice, title.name);
  let slow: ReturnType<typeof setTimeout> | undefined;
  const givenUp = new Promise<undefined>((resolve) => {
    slow = setTimeout(() => {
      ask('Still joining', 'This takes longer than usual. Where a network blocks UDP, the game takes another way.', [backToTitle], true).then(
        resolve,
      );
    }, slowMs);
  });
  try {
    const entered = await Promise.race([Promise.all([joining, staging]), givenUp]);
    if (!entered) leaveLater(joining);
    return entered;
  } catch (error) {
    leaveLater(joining);
    throw error;
  } finally {
    clearTimeout(slow);
  }
}

/** A place that nobody wants any more. */
function leaveLater(joining: Promise<ArenaClientRoom>): void {
  joining.then(
    (room) => room.leave(),
    () => {},
  );
}

function play(room: ArenaClientRoom, scene: ArenaScene): Promise<{ code: string; message: string }> {
  const still = { x: 0, y: 0 };
  const sight = () => ({ from: room.view.mine('player')?.pos ?? still, placeUnder: (at: typeof still) => scene.placeUnder(at) });
  seen.room = room;
  seen.view = room.view;
  page.begin(room, seen);
  room.onInput(() => page.hands.sample(sight()));
  scene.aim = () => page.hands.aim(sight());
  scene.onHurt = () => page.hurt();
  scene.onFrame = (view) => {
    page.draw(view, room);
    seen.frames += 1;
  };
  scene.play(room);
  hideScreen();
  room.onDrop(() => {
    ask('Connection lost', 'Your place is kept for a while. Coming back ...', [backToTitle], true).then(() => room.leave());
  });
  room.onReconnect(hideScreen);
  return new Promise((resolve) => {
    room.onLeave((code, message) => {
      scene.stop();
      page.end();
      seen.view = undefined;
      resolve({ code, message });
    });
  });
}

/** Says what went wrong and asks what to do about it. */
async function wayOut({ title: head, text, way }: Notice, choice: Choice, again: string): Promise<Choice | undefined> {
  // In development the game server starts anew at every change: the page comes back by itself.
  if (import.meta.env.DEV && way !== 'title') setTimeout(() => location.reload(), 1000);
  const first = {
    again: { label: again, answer: choice },
    quick: { label: 'Another room', answer: { how: 'quick' } as const },
    reload: { label: 'Reload the page', answer: 'reload' as const },
    title: undefined,
  }[way];
  const answer = await ask<Choice | 'reload' | undefined>(head, text, first ? [first, backToTitle] : [backToTitle]);
  if (answer !== 'reload') return answer;
  location.reload();
  return new Promise(() => {});
}

async function loadScene(stage: HTMLElement): Promise<ArenaScene> {
  if (!document.createElement('canvas').getContext('webgl')) {
    throw new Error('This browser cannot draw with WebGL. Turn on hardware acceleration in its settings, or try another browser.');
  }
  const { startStage } = await import('./stage.ts');
  return startStage(stage);
}

const backToTitle = { label: 'Back to the title', answer: undefined };
const slowMs = 3000;

start().catch((error: unknown) => wayOut(refusalNotice(error), { how: 'quick' }, 'Try again'));
