// @tickwire/client/panel: the net panel. Graphs of the connection, a verdict, the state with what was corrected, and a simulated bad network on the real one.
//
// This file is small and is loaded with the page; the panel itself is loaded when it is first opened. Invariant: a room has one panel at most, and a panel that is
// closed leaves nothing behind, in the room or on the page. Units: in the names.

import type { AnyGame, EntityName, EntityOf } from '@tickwire/shared';
import type { ClientRoom } from '../client-room.ts';
import { Ghosts } from './panel/ghosts.ts';
import type { NetPanel } from './panel/net-panel.ts';
import { SessionLog } from './panel/session-log.ts';

/** The panel of a room, open or not. */
export interface RoomPanel<G extends AnyGame> {
  readonly isOpen: boolean;
  /** Opens it: a promise that is kept when it is on the page. One that is open stays as it is. */
  open(): Promise<void>;
  /** Closes it, if it is open: the simulated network ends with it. */
  close(): void;
  /**
   * Where the server last said that the entities of a type are, to be drawn beside where they are shown; empty while nobody asked for ghosts in the panel.
   * `for (const { pos } of panel.ghosts('player')) outline(pos)`. The objects are the panel's own, and are filled anew in the next call.
   */
  ghosts<Name extends EntityName<G>>(type: Name): readonly EntityOf<G, Name>[];
  /** Everything that the panel knows, as text; undefined while it is closed. */
  report(): string | undefined;
  /** Closes the panel and lets go of the room and the key. */
  dispose(): void;
}

/** Opens the net panel of a room. */
export async function openPanel<G extends AnyGame>(room: ClientRoom<G>): Promise<RoomPanel<G>> {
  const panel = panelOf(room);
  await panel.open();
  return panel;
}

/**
 * Has a key open and close the net panel of a room: F3, or another `KeyboardEvent.key`. When the stay ends the key is free for the panel of the next room; a
 * panel that is open then stays to be read until it is closed.
 */
export function panelOnF3<G extends AnyGame>(room: ClientRoom<G>, key = 'F3'): RoomPanel<G> {
  const panel = panelOf(room);
  const toggle = (event: KeyboardEvent): void => {
    if (event.key !== key || event.repeat) return;
    // The browser's own find bar.
    event.preventDefault();
    if (panel.isOpen) panel.close();
    else if (room.ended === undefined) void panel.open();
    letGo();
  };
  const letGo = (): void => {
    if (room.ended !== undefined && !panel.isOpen) panel.dispose();
  };
  const forget = room.onLeave(letGo);
  addEventListener('keydown', toggle);
  const { dispose } = panel;
  panel.dispose = () => {
    removeEventListener('keydown', toggle);
    forget();
    dispose();
  };
  return panel;
}

function panelOf<G extends AnyGame>(room: ClientRoom<G>): RoomPanel<G> {
  const any = room as unknown as ClientRoom<AnyGame>;
  const log = new SessionLog(room, () => performance.now());
  const ghosts = new Ghosts(any);
  let opening: Promise<void> | undefined;
  let shown: NetPanel | undefined;
  const load = async (): Promise<void> => {
    const module = await import('./panel/net-panel.ts');
    // It was closed meanwhile.
    if (!opening) return;
    shown = new module.NetPanel(any, log, ghosts, () => {
      shown = undefined;
      opening = undefined;
    });
  };
  const close = (): void => {
    opening = undefined;
    shown?.close();
  };
  return {
    get isOpen(): boolean {
      return opening !== undefined;
    },
    open() {
      opening ??= load();
      return opening;
    },
    close,
    ghosts: (type) => ghosts.all(type),
    report: () => shown?.report(),
    dispose() {
      close();
      log.close();
    },
  };
}
