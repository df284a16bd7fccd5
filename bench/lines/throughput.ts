import type { Lap } from '../measure/rounds.ts';
import type { Child } from '../processes/child.ts';

/** One lap: the generator works against the server for a while; both say what processor time that took. */
export async function lapOf(
  generator: Child,
  server: Child,
  work: () => Promise<{ readonly done: number; readonly seconds: number }>,
): Promise<Lap> {
  const [serverBefore, generatorBefore] = [await server.cpu(), await generator.cpu()];
  const { done, seconds } = await work();
  const [serverAfter, generatorAfter] = [await server.cpu(), await generator.cpu()];
  const used = serverAfter.milliseconds - serverBefore.milliseconds;
  return {
    perSecond: done / seconds,
    cpuEach: used / done,
    busy: used / 1000 / seconds,
    generatorBusy: (generatorAfter.milliseconds - generatorBefore.milliseconds) / 1000 / seconds,
  };
}
