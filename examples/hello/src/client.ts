// The page: keys in, squares out. The own square moves at once, the others as the server says.
import { connect } from '@tickwire/client';
import { panelOnF3 } from '@tickwire/client/panel';
import { game } from './game.ts';

const canvas = document.querySelector('canvas') as HTMLCanvasElement;
const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
pen.strokeStyle = 'white';
pen.lineWidth = 3;
const note = document.querySelector('p') as HTMLElement;

const keys = new Set<string>();
addEventListener('keydown', (event) => keys.add(event.code));
addEventListener('keyup', (event) => keys.delete(event.code));
addEventListener('blur', () => keys.clear());
const axis = (less: string, more: string) => Number(keys.has(more)) - Number(keys.has(less));

try {
  const room = await connect().joinOrCreate('hello', game);
  const panel = panelOnF3(room);
  room.onInput(() => ({ move: { x: axis('ArrowLeft', 'ArrowRight'), y: axis('ArrowUp', 'ArrowDown') } }));
  room.onRender((view) => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    for (const { pos, hue, mine } of view.all('square')) {
      pen.fillStyle = `hsl(${hue} 70% 60%)`;
      pen.fillRect(pos.x, pos.y, 40, 40);
      if (mine) pen.strokeRect(pos.x, pos.y, 40, 40);
    }
    for (const { pos } of panel.ghosts('square')) pen.strokeRect(pos.x + 10, pos.y + 10, 20, 20);
    note.textContent = `${view.all('square').length} here. Arrow keys move you.`;
  });
  room.onLeave((_code, message) => {
    note.textContent = message;
  });
} catch (error) {
  note.textContent = error instanceof Error ? error.message : String(error);
}
