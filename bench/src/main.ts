// `npm run bench -- SUITE`: measures, prints a table or one JSON document on stdout, and exits with 0 when every gate holds, 1 when one does not.
//
// Invariant: stdout carries the report and nothing else; progress and errors go to stderr; no child process outlives this one.
// Exit status: 2 for a command line that cannot be run, 1 for a failed run or gate, 130 after Ctrl-C.

import { type CAC, cac } from 'cac';
import { type ConnectOptions, connectPlan } from './connect/connect-options.ts';
import { type FeelOptions, feelPlan, profileNames } from './feel/feel-options.ts';
import { type HostileOptions, hostilePlan, phaseNames } from './hostile/hostile-options.ts';
import { exitStatus, type Report } from './report.ts';
import { leaks, type SoakOptions, soakPlan } from './soak/soak-options.ts';
import { runSoakSuite, soakLines } from './soak/soak-suite.ts';
import { type TickOptions, tickCells } from './tick/tick-options.ts';
import { runTickSuite, tickLines } from './tick/tick-suite.ts';
import type { SideTask } from './wire/cpu-process.ts';
import { canMeasure, runMeasuring } from './wire/measuring-process.ts';
import { codecNames, type WireOptions, wirePlan } from './wire/wire-options.ts';

const ending = new AbortController();

function commands(): CAC {
  const cli = cac('npm run bench --');
  cli
    .command('tick', 'A real server and real WebRTC bots: tick time, late ticks, CPU, bytes and memory per client')
    .option('--players <list>', 'Bots, comma-separated for several rows (default: 10,50; quick: 10)')
    .option('--seconds <n>', 'Length of the measured window (default: 10; quick: 3)')
    .option('--tick-hz <list>', 'Simulation steps a second (default: 60)')
    .option('--snapshot-hz <list>', 'Snapshots a second to each client; divides the tick rate (default: 20)')
    .option('--seed <n>', 'Decides what the bots do (default: 1)')
    .option('--json', 'One JSON document on stdout and nothing else')
    .option('--quick', 'Fewer and shorter rows')
    .option('--cpu-profile <folder>', 'Also write a V8 CPU profile of the server')
    .example('  npm run bench -- tick --players 10,50 --seconds 10')
    .action(async (options: TickOptions & { json?: boolean }) => {
      const cells = usable(() => tickCells(options));
      const report = await runTickSuite(cells, ending.signal, progress);
      print(report, options.json === true, tickLines(report));
    });
  cli
    .command('wire', 'What a snapshot costs: bytes, CPU and heap of Tickwire and of other codecs on the same states')
    .option('--trace <list>', 'arena, crowd, bodies (default: all)')
    .option('--only <list>', `Codecs: ${codecNames.join(', ')} (default: all)`)
    .option('--bytes', 'Bytes without CPU and heap')
    .option('--seed <n>', 'Decides what happens in the traces (default: 1)')
    .option('--json', 'One JSON document on stdout and nothing else')
    .option('--quick', 'Shorter traces and fewer rows, for CI')
    .example('  npm run bench -- wire --only tickwire --bytes --trace arena')
    .action(async (options: WireOptions & { json?: boolean }) => {
      const plan = usable(() => wirePlan(options));
      if (!plan.bytesOnly && !canMeasure()) {
        process.exitCode = await runMeasuring(ending.signal);
        return;
      }
      const { runWireSuite, wireLines } = await import('./wire/wire-suite.ts');
      const report = runWireSuite(plan, progress);
      print(report, options.json === true, wireLines(report));
    });
  cli
    .command('feel', 'Human input over bad networks on a virtual clock: corrections, lead, delay, errors, freezes; next to what else there is')
    .option('--profile <list>', `${profileNames.join(', ')} (default: all)`)
    .option('--seconds <n>', 'Measured time of each profile, with four players (default: 150; quick: 15)')
    .option('--seed <n>', 'Decides the fates of packets in the first run; the others have the seeds after it (default: 1)')
    .option('--runs <n>', 'Runs of each profile, whose figures are taken together (default: 3; quick: 1)')
    .option('--json', 'One JSON document on stdout and nothing else')
    .option('--quick', 'Shorter runs, for CI')
    .example('  npm run bench -- feel --profile badWifi')
    .action(async (options: FeelOptions & { json?: boolean }) => {
      const plan = usable(() => feelPlan(options));
      const { runFeelSuite, feelLines } = await import('./feel/feel-suite.ts');
      const report = runFeelSuite(plan, progress);
      print(report, options.json === true, feelLines(report));
    });
  cli
    .command('hostile', 'Honest bots without and beside hostile clients, in turns, and thousands of offers that nobody answers')
    .option('--seconds <n>', 'Length of each window (default: 60; quick: 5)')
    .option('--rounds <n>', 'Pairs of windows (default: 5; quick: 1)')
    .option('--only <list>', `${phaseNames.join(', ')} (default: all)`)
    .option('--seed <n>', 'Decides what bots and hostile clients do (default: 1)')
    .option('--json', 'One JSON document on stdout and nothing else')
    .option('--quick', 'Fewer clients and offers, for CI: whether the server lives, not how late it is')
    .option('--cpu-profile <folder>', 'Also write V8 CPU profiles of the servers')
    .example('  npm run bench -- hostile --seconds 10 --rounds 3')
    .action(async (options: HostileOptions & { json?: boolean }) => {
      const plan = usable(() => hostilePlan(options));
      const { runHostileSuite, hostileLines } = await import('./hostile/hostile-suite.ts');
      const report = await runHostileSuite(plan, ending.signal, progress);
      print(report, options.json === true, hostileLines(report));
    });
  cli
    .command('soak', 'Clients that join, play, lose links, reload and leave for hours: does the server hold more and more?')
    .option('--minutes <n>', 'Length of the churn (default: 120; CI: 4)')
    .option('--clients <n>', 'Clients at once (default: 100)')
    .option('--seed <n>', 'Decides what clients do (default: 1)')
    .option('--plant-leak <what>', `A fault for the gates to find: ${leaks.join(', ')} (default: none)`)
    .option('--json', 'One JSON document on stdout and nothing else')
    .example('  npm run bench -- soak --minutes 5 --clients 25')
    .action(async (options: SoakOptions & { json?: boolean }) => {
      const report = await runSoakSuite(
        usable(() => soakPlan(options)),
        ending.signal,
        progress,
      );
      print(report, options.json === true, soakLines(report));
    });
  cli
    .command('connect', 'A real Chromium and a real server: page to first snapshot, phase by phase, next to plain geckos.io; and when networks fail')
    .option('--runs <n>', 'Visits of each page on each network (default: 15; quick: 3)')
    .option('--no-lab', 'Only what needs no network namespaces: for machines without root, nftables or python3')
    .option('--json', 'One JSON document on stdout and nothing else')
    .option('--quick', 'Fewer runs')
    .example('  npm run bench -- connect --runs 5 --no-lab')
    .action(async (options: ConnectOptions & { json?: boolean }) => {
      const plan = usable(() => connectPlan(options));
      const { runConnectSuite, connectLines } = await import('./connect/connect-suite.ts');
      const report = await runConnectSuite(plan, ending.signal, progress);
      print(report, options.json === true, connectLines(report));
    });
  cli.command('wire-side <task>', 'One side of one trace, for the suite `wire` itself').action(async (task: string) => {
    const { sideOf } = await import('./wire/cpu-rows.ts');
    const { makeTrace } = await import('./wire/byte-rows.ts');
    const { trace, plan, side } = JSON.parse(task) as SideTask;
    process.stdout.write(JSON.stringify(sideOf(makeTrace(trace, plan), plan, side, progress)));
  });
  cli.help();
  return cli;
}

async function main(argv: string[]): Promise<void> {
  const cli = commands();
  const { args, options } = usable(() => cli.parse(argv, { run: false }));
  if (options['help'] === true) return;
  if (!cli.matchedCommand) {
    const suites = cli.commands.map(({ name }) => name).join(', ');
    refuse(args[0] === undefined ? `which suite? There is: ${suites}` : `there is no suite '${args[0]}'. There is: ${suites}`);
  }
  await usable(() => cli.runMatchedCommand());
}

/** Runs what may find the command line wrong: cac's complaints and our own are one line, without a stack. */
function usable<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && error.name === 'CACError')) refuse(error.message);
    throw error;
  }
}

function print(report: Report, asJson: boolean, lines: readonly string[]): void {
  process.stdout.write(asJson ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
  process.exitCode = exitStatus(report);
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function refuse(why: string): never {
  process.stderr.write(`bench: ${why}\n`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    ending.abort(new Error(`ended by ${signal}`));
    process.exitCode = 130;
  });
}
main(process.argv).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = process.exitCode || 1;
});
