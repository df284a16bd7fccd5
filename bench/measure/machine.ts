import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What the figures were seen on. */
export function machineLines(): readonly string[] {
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}`,
    `Node ${process.version}; load of the machine at the start ${loadavg()[0]!.toFixed(2)}`,
  ];
}
