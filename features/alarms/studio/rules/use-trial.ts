import { useEffect, useState } from "react";
import { DAY } from "@doppelwerk/world";
import { useScope, useStore, useStudio } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { AlarmRuleFields, RuleTrial } from "../../contract.ts";
import { useAttempt } from "./use-attempt.ts";

const ASK_EVERY_MS = 400;

/** A rule over the last days of the record: starting the test, how far it is, cancelling it. */
export function useTrial(id: string | undefined, fields: AlarmRuleFields | undefined, days: number) {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const { time } = useScope();
  const { state, attempt, cancel } = useAttempt<{ readonly trial: RuleTrial; readonly fields: AlarmRuleFields }>();
  const [name, setName] = useState<string>();
  const progress = useProgress(state?.kind === "asking" ? name : undefined);
  const start = (): void => {
    if (fields === undefined) return;
    const trial = crypto.randomUUID();
    const to = time.instant();
    const body = { from: to - days * DAY, to, rules: [{ fields, ...(id !== undefined && { id }) }], trial };
    setName(trial);
    attempt(async (signal) => ({ trial: await calls.tryRules(studio.client, { query: { branch }, body }, { signal }), fields }));
  };
  return { state, start, cancel, progress };
}

/** From 0 to 1; undefined while nothing is known of it. */
function useProgress(name: string | undefined): number | undefined {
  const { client } = useStudio();
  const [known, setKnown] = useState<{ readonly name: string; readonly progress: number }>();
  useEffect(() => {
    if (name === undefined) return undefined;
    const abort = new AbortController();
    const ask = (): void => {
      calls.trialProgress(client, { params: { id: name } }, { signal: abort.signal }).then(
        ({ progress }) => {
          if (progress !== undefined && !abort.signal.aborted) setKnown({ name, progress });
        },
        () => {}, // the test itself says what failed
      );
    };
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [client, name]);
  return known !== undefined && known.name === name ? known.progress : undefined;
}
