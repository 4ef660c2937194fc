// The graphs: one uPlot for each figure, over the last 30 seconds.
//
// Invariant: what is not known is a gap; the arrays that are drawn stay and are filled anew; nothing is drawn while the graphs are not shown. Units: as the
// sampler has them.

import uPlot from 'uplot';
import { make, say } from './elements.ts';
import { numberText, shareText } from './figures.ts';
import { seriesColours } from './panel-style.ts';
import { type Column, last, mean, most, type Sampler, sampleMs, samplesInSecond, samplesKept } from './sampler.ts';

interface Line {
  readonly name: string;
  readonly values: Float64Array;
}

interface GraphPlan {
  readonly title: string;
  readonly lines: readonly Line[];
  /** What is said of a line: its newest value, or one of its last second. */
  read(values: Float64Array): number;
  /** The values so read, in words. */
  text(newest: readonly number[]): string;
  /** What the scale reaches at least. */
  readonly least: number;
  readonly isWide?: boolean;
  readonly isShare?: boolean;
}

const graphHeight = 46;

const meanOfSecond = (values: Float64Array): number => mean(values, samplesInSecond);
const mostOfSecond = (values: Float64Array): number => most(values, samplesInSecond);

const scaleText = (top: number): string => (top >= 1000 ? `${(top / 1000).toFixed(1)} k` : String(Math.round(top)));

const milliseconds = ([value = Number.NaN]: readonly number[]): string => `${numberText(value)} ms`;
const perSecond = ([value = Number.NaN]: readonly number[]): string => `${numberText(value)} /s`;
const kilobytes = (values: readonly number[]): string => `${(values.reduce((sum, value) => sum + value, 0) / 1000).toFixed(2)} kB/s`;

export class Graphs {
  readonly element: HTMLElement = make('div', { class: 'graphs' });
  readonly #sampler: Sampler;
  readonly #graphs: readonly Graph[];
  readonly #resized: ResizeObserver;
  readonly #seconds: Float64Array = Float64Array.from({ length: samplesKept }, (_, at) => ((at + 1 - samplesKept) * sampleMs) / 1000);

  constructor(sampler: Sampler) {
    this.#sampler = sampler;
    this.#graphs = plans(sampler).map((plan) => new Graph(plan));
    this.element.append(...this.#graphs.map(({ element }) => element));
    this.#resized = new ResizeObserver(() => {
      for (const graph of this.#graphs) graph.fit();
    });
    this.#resized.observe(this.element);
  }

  draw(): void {
    for (const graph of this.#graphs) graph.draw(this.#seconds, this.#sampler.count);
  }

  close(): void {
    this.#resized.disconnect();
    for (const graph of this.#graphs) graph.close();
  }
}

function plans({ series, down, up }: Sampler): readonly GraphPlan[] {
  const one = (title: string, column: Column, text: GraphPlan['text'], least: number, read: GraphPlan['read'] = last): GraphPlan => ({
    title,
    read,
    lines: [{ name: title, values: series[column] }],
    text,
    least,
  });
  return [
    one('Round trip', 'rttMs', milliseconds, 20),
    one('Jitter', 'jitterMs', milliseconds, 10),
    {
      title: 'Loss down, up',
      read: last,
      lines: [
        { name: 'down', values: series.lossDown },
        { name: 'up', values: series.lossUp },
      ],
      text: (values) => values.map(shareText).join(', '),
      least: 0.05,
      isShare: true,
    },
    one('Snapshot age', 'ageMs', milliseconds, 100),
    one('Interpolation delay', 'delayMs', milliseconds, 100),
    one('Input lead', 'leadMs', milliseconds, 50),
    one('Inputs missing', 'missed', perSecond, 5, meanOfSecond),
    one('Corrections', 'corrections', perSecond, 5, meanOfSecond),
    { title: 'Bytes down', lines: down, read: last, text: kilobytes, least: 500, isWide: true },
    { title: 'Bytes up', lines: up, read: last, text: kilobytes, least: 500 },
    one('Frame, the longest', 'frameMs', milliseconds, 20, mostOfSecond),
  ];
}

class Graph {
  readonly element: HTMLElement;
  readonly #plan: GraphPlan;
  readonly #value = make('b');
  readonly #place = make('div');
  /** Of the scale. */
  readonly #top = make('small', { class: 'top' });
  readonly #legend: readonly HTMLElement[];
  /** By line: what is drawn. */
  readonly #drawn: readonly (number | null)[][];
  #plot: uPlot | undefined;

  constructor(plan: GraphPlan) {
    this.#plan = plan;
    const { title, lines, isWide } = plan;
    this.#drawn = lines.map(() => new Array<number | null>(samplesKept).fill(null));
    this.#legend = isWide ? lines.map(() => make('b')) : [];
    this.element = make(
      'section',
      { class: isWide ? 'graph wide' : 'graph' },
      make('h3', {}, title, this.#value),
      make('div', { class: 'plot' }, this.#top, this.#place),
    );
    if (!isWide) return;
    const marks = lines.map(({ name }, index) => {
      const mark = make('i');
      mark.style.background = seriesColours[index % seriesColours.length] as string;
      return make('span', {}, mark, `${name} `, this.#legend[index] as HTMLElement);
    });
    this.element.append(make('p', { class: 'legend' }, ...marks));
  }

  draw(seconds: Float64Array, count: number): void {
    const { lines, read, text, isShare } = this.#plan;
    const values = lines.map((line) => read(line.values));
    say(this.#value, text(values));
    for (const [index, place] of this.#legend.entries()) say(place, numberText(values[index] as number));
    this.#plot ??= this.#makePlot();
    for (const [index, { values }] of lines.entries()) this.#fill(this.#drawn[index] as (number | null)[], values, count);
    this.#plot?.setData([seconds, ...this.#drawn]);
    say(this.#top, scaleText((this.#plot?.scales['y']?.max ?? 0) * (isShare ? 100 : 1)));
  }

  #fill(drawn: (number | null)[], values: Float64Array, count: number): void {
    for (let at = samplesKept - count; at < samplesKept; at++) {
      const value = values[at] as number;
      drawn[at] = Number.isNaN(value) ? null : value;
    }
  }

  fit(): void {
    const width = this.#place.clientWidth;
    if (width > 0 && this.#plot && this.#plot.width !== width) this.#plot.setSize({ width, height: graphHeight });
  }

  close(): void {
    this.#plot?.destroy();
  }

  /** @returns undefined while the graph has no place on the page. */
  #makePlot(): uPlot | undefined {
    const { lines, least } = this.#plan;
    const width = this.#place.clientWidth;
    if (width === 0) return undefined;
    const options: uPlot.Options = {
      width,
      height: graphHeight,
      padding: [4, 0, 2, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, range: [-30, 0] },
        y: { range: (_plot, _from, to) => [0, Math.max(least, (to ?? 0) * 1.1)] },
      },
      axes: [{ show: false }, { show: false }],
      series: [
        {},
        ...lines.map((_, index) => {
          const stroke = seriesColours[index % seriesColours.length] as string;
          return { stroke, width: 1.25, points: { show: false }, ...(lines.length === 1 && { fill: `${stroke}22` }) };
        }),
      ],
    };
    return new uPlot(options, [[]], this.#place);
  }
}
