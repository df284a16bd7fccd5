import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What the figures were seen on. To be asked before anything is measured: what the load says then comes from other programs. */
export function machineLines(): readonly string[] {
  const processors = cpus();
  const load = loadavg()[0]!;
  const busy =
    load > processors.length / 2
      ? ['Other programs use the processors: read the ratios by processor time, not those by the clock.']
      : [];
  return [
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}`,
    `Node ${process.version}; load of the machine at the start ${load.toFixed(2)}`,
    ...busy,
  ];
}
