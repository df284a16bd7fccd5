import { type PortcullisOptions, type RunningPortcullis, startPortcullis } from './portcullis.ts';

/** Two processes of one server: one public URL, one folder for state, one for keys, as behind a load balancer of one machine. */
export async function startTwoProcesses(
  options: PortcullisOptions = {},
): Promise<readonly [RunningPortcullis, RunningPortcullis]> {
  const first = await startPortcullis({ state: 'state', ...options });
  const second = await startPortcullis({
    state: 'state',
    ...options,
    home: first.home,
    publicUrl: first.url,
  });
  return [first, second];
}
