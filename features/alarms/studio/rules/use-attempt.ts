import { useEffect, useRef, useState } from "react";
import { errorText } from "@doppelwerk/kit/studio";

export type Attempt<Done extends object> =
  | { readonly kind: "asking" }
  | { readonly kind: "failed"; readonly message: string }
  | ({ readonly kind: "done" } & Done);

/** Something long that a person starts: starting it again, and leaving, abort what is under way. */
export function useAttempt<Done extends object>() {
  const [state, setState] = useState<Attempt<Done>>();
  const under = useRef<AbortController>(undefined);
  useEffect(() => () => under.current?.abort(), []);
  const attempt = (run: (signal: AbortSignal) => Promise<Done>): void => {
    under.current?.abort();
    const abort = new AbortController();
    under.current = abort;
    setState({ kind: "asking" });
    run(abort.signal).then(
      (done) => {
        if (!abort.signal.aborted) setState({ kind: "done", ...done });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ kind: "failed", message: errorText(error) });
      },
    );
  };
  const cancel = (): void => {
    under.current?.abort();
    setState(undefined);
  };
  return { state, attempt, cancel };
}
