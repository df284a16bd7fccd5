export interface Call {
  readonly id: number;
  readonly method: string;
  readonly parameters: unknown;
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export interface CpuUse {
  /** All threads of the process, milliseconds. */
  readonly milliseconds: number;
}

type Method = (parameters: never) => unknown;

/** What the parent process gave this one at its start. */
export function givenOptions<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}

/** Serves functions to the parent process, and ends when it goes away. `ready` and `cpu` are there by themselves. */
export function serveParent(methods: Readonly<Record<string, Method>>): void {
  const served: Readonly<Record<string, Method>> = { ready: () => true, cpu: cpuUse, ...methods };
  process.on('message', async ({ id, method, parameters }: Call) => {
    const answer = async (): Promise<Answer> => {
      try {
        const work = served[method];
        if (!work) throw new Error(`no method ${method}`);
        return { id, result: await work(parameters as never) };
      } catch (error) {
        return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
      }
    };
    process.send?.(await answer());
  });
  process.once('disconnect', () => process.exit(0));
}

function cpuUse(): CpuUse {
  const { user, system } = process.cpuUsage();
  return { milliseconds: (user + system) / 1000 };
}
