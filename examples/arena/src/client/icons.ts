// Small pictures for the page, drawn as strokes: fonts differ, and a shape says what a colour alone must not.
//
// Units: a square of 20.

export type IconName = keyof typeof paths;

export function icon(name: IconName, label?: string): SVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.classList.add('icon');
  const path = document.createElementNS(svgNamespace, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  if (label === undefined) {
    svg.setAttribute('aria-hidden', 'true');
  } else {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  }
  return svg;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

const paths = {
  rifle: 'M2 8h14v3H2zM16 9.5h3M4 11l-1 4h3l1.500-4M10 11v3h2v-3',
  launcher: 'M2 7h13v5H2zM15 6l3-1v9l-3-1zM6 12v4h2.500v-4M5 7V4.500h3V7',
  rocket: 'M3 10l3-3h7c2.500 0 4 1.500 5 3c-1 1.500-2.500 3-5 3H6zM6 7L4 4.500M6 13l-2 2.500',
  heart: 'M10 16.500C4 12 2.500 9.500 2.500 7a3.500 3.500 0 0 1 7.500-1.500A3.500 3.500 0 0 1 17.500 7c0 2.500-1.500 5-7.500 9.500z',
  dash: 'M2 6h6M4 10h6M2 14h6M11 5l5 5l-5 5',
  swap: 'M4 7h12l-3-3M16 13H4l3 3',
  menu: 'M3 5h14M3 10h14M3 15h14',
  sound: 'M3 8v4h3l4 3.500v-11L6 8zM13 7c1.500 1.500 1.500 4.500 0 6M15.500 4.500c3 3 3 8 0 11',
  muted: 'M3 8v4h3l4 3.500v-11L6 8zM13 7.500l5 5M18 7.500l-5 5',
  goal: 'M10 2.500a7.500 7.500 0 1 0 .01 0M10 6.500l3.300 2.400l-1.250 3.900h-4.100L6.700 8.900z',
} as const;
