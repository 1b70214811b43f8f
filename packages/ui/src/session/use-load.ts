import { hashKey, skipToken, useQuery } from "@tanstack/react-query";
import { useCallback, useContext, useEffect, useId, useState } from "react";
import { errorCode, errorText } from "../language/error-text.ts";
import { useStore } from "../store/store.ts";
import { useStudio } from "./context.tsx";
import type { Load } from "./load.ts";
import { loadCacheOf } from "./load-cache.ts";
import { ScopeContext } from "./scope.tsx";

export type Loaded<Value> =
  | { readonly kind: "loading"; readonly value: Value | undefined }
  | { readonly kind: "ready"; readonly value: Value }
  | { readonly kind: "failed"; readonly value: Value | undefined; readonly message: string; readonly code?: string | undefined };

/** When to load again besides what the load itself is changed by. */
export interface Freshness<Value> {
  /** Milliseconds after the last answer, while the window is visible; by what was answered where it can tell that nothing more is to come. */
  readonly everyMs?: number | ((value: Value | undefined) => number | undefined) | undefined;
  /** Whenever this is another value. */
  readonly again?: unknown;
}

type Run<Value> = (signal: AbortSignal) => Promise<Value>;
type Loading<Value> = Loaded<Value> & { readonly reload: () => void };

/**
 * Loads what has a name; views that show the same share one request. What was loaded stays while it is loaded again, also when that fails; with another
 * key, branch or person it goes. `undefined` loads nothing.
 */
export function useLoad<Value>(load: Load<Value> | undefined, freshness?: Freshness<Value>): Loading<Value>;
/** The same for what only this view shows: `keys` say when it is another, and nothing is shared. */
export function useLoad<Value>(load: Run<Value> | undefined, keys: readonly unknown[], everyMs?: number, again?: unknown): Loading<Value>;
export function useLoad<Value>(
  given: Load<Value> | Run<Value> | undefined,
  second: readonly unknown[] | Freshness<Value> = {},
  everyMs?: number,
  again?: unknown,
): Loading<Value> {
  const own = useId();
  if (isKeys(second)) {
    const run = given as Run<Value> | undefined;
    return useShared(run && { key: [own, ...second], run: (_, signal) => run(signal) }, [own, ...second], { everyMs, again });
  }
  return useShared(given as Load<Value> | undefined, [own], second);
}

function isKeys(given: readonly unknown[] | object): given is readonly unknown[] {
  return Array.isArray(given);
}

function useShared<Value>(
  load: Load<Value> | undefined,
  keyWhenOff: readonly unknown[],
  { everyMs, again }: Freshness<Value>,
): Loading<Value> {
  const studio = useStudio();
  const cache = loadCacheOf(studio);
  const scope = useContext(ScopeContext);
  const { personId } = useStore(studio.preferences);
  const queryKey = [scope?.world, scope?.branch, personId, ...(load?.key ?? keyWhenOff)];
  const hash = hashKey(queryKey);
  const isKept = load?.changedBy?.kinds !== undefined;
  const { data, status, error } = useQuery(
    {
      queryKey,
      // an answer may be nothing, which the cache takes for a missing one
      queryFn: load === undefined ? skipToken : async ({ signal }) => ({ value: await load.run(studio, signal) }),
      meta: load?.changedBy as Record<string, unknown> | undefined,
      staleTime: () => (isKept ? cache.currentForMs() : 0),
      refetchInterval: ({ state }) => (typeof everyMs === "function" ? everyMs(state.data?.value) : everyMs) ?? false,
      refetchOnWindowFocus: everyMs === undefined ? false : "always",
    },
    cache.client,
  );
  const [reloading, setReloading] = useState<string | undefined>(undefined);
  const reload = useCallback(() => {
    setReloading(hash);
    void cache.reload(hash).finally(() => setReloading(undefined));
  }, [cache, hash]);
  useEffect(() => {
    if (again !== undefined && load !== undefined) cache.changed(hash, again);
  }, [cache, hash, again, load === undefined]);
  const value = data?.value;
  if (reloading === hash) return { kind: "loading", value, reload };
  // one that failed stays so while it is asked for again
  const failure = error ?? (status === "pending" ? cache.failureOf(hash) : null);
  if (failure !== null) return { kind: "failed", value, message: errorText(failure), code: errorCode(failure), reload };
  return data === undefined ? { kind: "loading", value: undefined, reload } : { kind: "ready", value: data.value, reload };
}
