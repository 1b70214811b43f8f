import type { Slot, View } from "./slot.ts";

/** The views of one window. Made once, before the first picture; nothing registers later, save for what an author of a pack changes. */
export interface Registry {
  /** The views of a slot by `order`, then by id. */
  of<Data extends object, Loaded>(slot: Slot<Data, Loaded>): readonly View<Data, Loaded>[];
  find(id: string): View | undefined;
}

/** A registry whose views are others from then on. Whoever asked before asks again: the shell draws itself again. */
export interface ChangingRegistry extends Registry {
  replace(views: readonly View[]): void;
}

/** Refuses two views of one id, naming both slots. */
export function createRegistry(views: readonly View[]): ChangingRegistry {
  let index = indexOf(views);
  return {
    of: <Data extends object, Loaded>({ at }: Slot<Data, Loaded>) =>
      (index.bySlot.get(at) ?? []) as unknown as readonly View<Data, Loaded>[],
    find: (id) => index.byId.get(id),
    replace(next) {
      index = indexOf(next);
    },
  };
}

function indexOf(views: readonly View[]): {
  readonly byId: ReadonlyMap<string, View>;
  readonly bySlot: ReadonlyMap<string, readonly View[]>;
} {
  const byId = new Map<string, View>();
  const bySlot = new Map<string, View[]>();
  for (const view of views) {
    const other = byId.get(view.id);
    if (other !== undefined) throw new Error(`two views are called ${view.id}: one in ${other.at}, one in ${view.at}`);
    byId.set(view.id, view);
    bySlot.set(view.at, [...(bySlot.get(view.at) ?? []), view]);
  }
  for (const list of bySlot.values()) list.sort((a, b) => orderOf(a) - orderOf(b) || (a.id < b.id ? -1 : 1));
  return { byId, bySlot };
}

function orderOf(view: View): number {
  const { order } = view.data as { readonly order?: number };
  return order ?? Number.MAX_SAFE_INTEGER;
}
