import { Button } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { answerOf, Failure, useLoad, useScope, useStore, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownRound } from "../contract.ts";
import type {} from "../message-codes.ts";
import { RoundList } from "./round-list.tsx";
import { RoundResults } from "./round-results.tsx";
import { WalkMemory } from "./walk-memory.ts";
import { WalkView } from "./walk-view.tsx";
import "./rounds.css";

const EVERY_MS = 20_000;

/** Rounds: what is due, a walk on the phone, and what was found. */
export default function RoundsPage(): ReactNode {
  const studio = useStudio();
  const { branch, time, world } = useScope();
  const { detail } = useStore(studio.address.store);
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.round(shown / 5_000_000) * 5_000_000;
  const memory = useMemo(() => new WalkMemory(studio.client, world), [studio.client, world]);
  useEffect(() => () => memory.close(), [memory]);
  const loaded = useLoad(
    answerOf(
      calls.list,
      { query: { branch, ...(at !== undefined && { t: at }) } },
      { kinds: ["inspectionRound"], topics: { "rounds.changed": () => true } },
    ),
    { everyMs: () => (at === undefined ? EVERY_MS : undefined) },
  );
  const { value } = loaded;
  useEffect(() => {
    // in a cellar a page that is opened again has the rounds that it had
    if (value !== undefined && at === undefined) memory.set("rounds", value);
  }, [value, at, memory]);
  const [kept] = useState(() => memory.get<NonNullable<typeof value>>("rounds"));
  const answer = value ?? (loaded.kind === "failed" && at === undefined ? kept : undefined);
  if (answer === undefined)
    return (
      <div className="dw-page dw-rounds">
        {loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />}
      </div>
    );
  const [mode, code] = detail?.split(":", 2) ?? [];
  const round = answer.rounds.find((each: KnownRound) => each.round === code);
  const go = (next: string | undefined): void => studio.address.amend({ detail: next });
  return (
    <div className="dw-page dw-rounds">
      <Waits memory={memory} />
      {round !== undefined && mode === "walk" && (
        <WalkView
          key={round.round}
          round={round}
          memory={memory}
          onEnd={() => go(`results:${round.round}`)}
          onLeave={() => go(undefined)}
        />
      )}
      {round !== undefined && mode === "results" && (
        <RoundResults
          round={round}
          at={at}
          hasWorkOrders={answer.hasWorkOrders}
          onBack={() => go(undefined)}
          onWalk={() => go(`walk:${round.round}`)}
        />
      )}
      {(round === undefined || (mode !== "walk" && mode !== "results")) && (
        <RoundList rounds={answer.rounds} isPast={at !== undefined} memory={memory} onGo={go} onStored={loaded.reload} />
      )}
    </div>
  );
}

/** What is not at the server yet, and what it did not take. */
function Waits({ memory }: { readonly memory: WalkMemory }): ReactNode {
  const { t } = useWords();
  const { waiting, failure, refused } = useStore(memory.state);
  return (
    <>
      {waiting > 0 && (
        <p className="dw-rounds-waits" role="status">
          {t("rounds.waits", { count: waiting })} {failure !== undefined && <small>{failure}</small>}
          <Button size="compact-sm" variant="default" onClick={() => void memory.send()}>
            {t("rounds.sendNow")}
          </Button>
        </p>
      )}
      {refused.map(({ name, text }) => (
        <p key={name} className="dw-rounds-waits is-refused" role="alert">
          {t("rounds.refused", { reason: text })}
          <Button size="compact-sm" variant="default" onClick={() => memory.dismiss(name)}>
            {t("frame.close")}
          </Button>
        </p>
      ))}
    </>
  );
}
