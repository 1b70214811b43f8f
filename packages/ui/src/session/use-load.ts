import { useCallback, useEffect, useRef, useState } from "react";
import { DoppelwerkError } from "@doppelwerk/world";
import { errorText } from "../language/error-text.ts";

export type Loaded<Value> =
  | { readonly kind: "loading"; readonly value: Value | undefined }
  | { readonly kind: "ready"; readonly value: Value }
  | { readonly kind: "failed"; readonly value: Value | undefined; readonly message: string };

/**
 * Loads when `keys` change, and again every `everyMs` and whenever `again` changes, where they are given. What was loaded stays while it is loaded again,
 * also when that fails; with other keys it goes. `undefined` loads nothing.
 */
export function useLoad<Value>(
  load: ((signal: AbortSignal) => Promise<Value>) | undefined,
  keys: readonly unknown[],
  everyMs?: number,
  again?: unknown,
): Loaded<Value> & { readonly reload: () => void } {
  const [state, setState] = useState<Loaded<Value>>({ kind: "loading", value: undefined });
  const [turn, setTurn] = useState(0);
  const latestLoad = useRef(load);
  latestLoad.current = load;
  const off = load === undefined;
  const key = JSON.stringify(keys);
  const lastKey = useRef(key);
  const current = useRef<() => void>(undefined);
  useEffect(() => {
    current.current = undefined;
    if (off) return undefined;
    const abort = new AbortController();
    const fresh = lastKey.current !== key;
    lastKey.current = key;
    setState((held) => ({ kind: "loading", value: fresh ? undefined : held.value }));
    let [isUnderWay, isAskedAgain] = [false, false];
    // One at a time: where others write faster than this is read, it is still read.
    const run = async (): Promise<void> => {
      isAskedAgain = isUnderWay;
      if (isUnderWay || abort.signal.aborted) return;
      isUnderWay = true;
      try {
        const value = await latestLoad.current!(abort.signal);
        if (!abort.signal.aborted) setState({ kind: "ready", value });
      } catch (error) {
        if (!abort.signal.aborted && !(error instanceof DoppelwerkError && error.code === "DW_CANCELLED"))
          setState((held) => ({ kind: "failed", value: held.value, message: errorText(error) }));
      }
      isUnderWay = false;
      if (isAskedAgain) void run();
    };
    current.current = () => void run();
    void run();
    const timer = everyMs === undefined ? undefined : setInterval(() => void run(), everyMs);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [key, turn, everyMs, off]);
  const lastAgain = useRef(again);
  useEffect(() => {
    if (lastAgain.current === again) return;
    lastAgain.current = again;
    current.current?.();
  }, [again]);
  const reload = useCallback(() => setTurn((held) => held + 1), []);
  return { ...state, reload };
}
