import { useCallback } from "react";
import { createStore, useStore, useStudio, type Store, type Studio } from "@doppelwerk/kit/studio";

type Kept = Map<string, Store<unknown>>;
const kept = new WeakMap<Studio, Kept>();

function storeOf<Value>(studio: Studio, key: string, initial: Value): Store<Value> {
  const stores: Kept = kept.get(studio) ?? new Map();
  kept.set(studio, stores);
  const held = stores.get(key) as Store<Value> | undefined;
  if (held !== undefined) return held;
  const made = createStore(initial);
  stores.set(key, made as unknown as Store<unknown>);
  return made;
}

/** What a person has put together stays when the page is left, drawn anew or shows another result: it is kept as long as the studio is open. */
export function useKeptState<Value>(key: string, initial: Value): readonly [Value, (change: (held: Value) => Value) => void] {
  const studio = useStudio();
  const store = storeOf(studio, key, initial);
  const change = useCallback((of: (held: Value) => Value) => store.update(of), [store]);
  return [useStore(store), change];
}

/** Gives what was put together under one key to another, such as that of the branch that was forked for it. */
export function passKeptState<Value>(studio: Studio, to: string, value: Value): void {
  storeOf(studio, to, value).set(value);
}
