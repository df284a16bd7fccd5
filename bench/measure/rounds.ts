/** One contender in one round. */
export interface Lap {
  /** What was done each second: requests, logins, tokens. */
  readonly perSecond: number;
  /** Processor milliseconds of the process under test, for each thing done. */
  readonly cpuEach: number;
  /** Share of one processor that the process under test used. */
  readonly busy: number;
  /** Share of one processor that the generator of the load used. */
  readonly generatorBusy: number;
}

/**
 * Lets the contenders run in turn, round by round, every second round in the opposite order, so that whatever else the machine does falls
 * on all of them. Many short laps are better than few long ones: what disturbs one disturbs its neighbours. The laps of each contender, in the order of rounds: laps of one round are to be compared with each other.
 */
export async function alternate<Name extends string>(
  contenders: Readonly<Record<Name, (seconds: number) => Promise<Lap>>>,
  plan: { readonly rounds: number; readonly lapSeconds: number; readonly warmUpSeconds: number },
): Promise<Readonly<Record<Name, readonly Lap[]>>> {
  const names = Object.keys(contenders) as Name[];
  const laps = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Lap[]>;
  for (const name of names) await contenders[name](plan.warmUpSeconds);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      laps[name].push(await contenders[name](plan.lapSeconds));
    }
  }
  return laps;
}
