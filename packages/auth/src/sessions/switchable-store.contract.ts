import { type Store, StoreUnavailable } from '../store/store.ts';

/** Which calls fail: all, none, or those that this says. `when: 'after'`: the store does the work and the answer is lost. */
export type Outage = 'none' | 'all' | ((method: string, kind: unknown) => boolean);

/** A store that can be switched off, as a whole or call by call. */
export function switchableStore(inner: Store) {
  const control: { outage: Outage; when: 'before' | 'after'; calls: string[] } = {
    outage: 'none',
    when: 'before',
    calls: [],
  };
  const isDown = (method: string, kind: unknown) =>
    typeof control.outage === 'function' ? control.outage(method, kind) : control.outage === 'all';
  const store = new Proxy(inner, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const method = String(name);
      return async (...args: unknown[]) => {
        control.calls.push(`${method} ${String(args[0])}`);
        const down = isDown(method, args[0]);
        if (down && control.when === 'before') throw new StoreUnavailable('switched off');
        const outcome: unknown = await Reflect.apply(member, target, args);
        if (down) throw new StoreUnavailable('the answer was lost');
        return outcome;
      };
    },
  });
  return { store, control };
}
