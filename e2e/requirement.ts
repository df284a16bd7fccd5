/** Something that this version promises, or that a specification demands of it. */
export interface Requirement {
  readonly id: string;
  /** Where the demand comes from. */
  readonly source: string;
  /** What someone outside can see. */
  readonly behaviour: string;
  /** Where the whole of it is not proved by this version: how far the proof goes. */
  readonly scope?: string;
}

export function promise(id: string, behaviour: string, scope?: string): Requirement {
  return demand(id, 'promise of this project', behaviour, scope);
}

export function demand(id: string, source: string, behaviour: string, scope?: string): Requirement {
  return { id, source, behaviour, ...(scope === undefined ? {} : { scope }) };
}
