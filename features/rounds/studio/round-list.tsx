import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Empty, inLanguage, momentText, useWords } from "@doppelwerk/kit/studio";
import type { KnownRound } from "../contract.ts";
import type {} from "../message-codes.ts";
import { RoundForm } from "./round-form.tsx";
import { currentWalk } from "./walk-view.tsx";
import type { WalkMemory } from "./walk-memory.ts";

interface ListProps {
  readonly rounds: readonly KnownRound[];
  readonly isPast: boolean;
  readonly memory: WalkMemory;
  readonly onGo: (detail: string) => void;
  readonly onStored: () => void;
}

/** Rounds, what is due first. */
export function RoundList({ rounds, isPast, memory, onGo, onStored }: ListProps): ReactNode {
  const { t } = useWords();
  const [edited, setEdited] = useState<KnownRound | "new" | undefined>(undefined);
  return (
    <>
      {rounds.length === 0 && <Empty title={t("rounds.none")} text={t("rounds.noneText")} />}
      <ul className="dw-rounds-list">
        {rounds.map((round) => (
          <RoundCard key={round.round} round={round} isPast={isPast} memory={memory} onGo={onGo} onEdit={() => setEdited(round)} />
        ))}
      </ul>
      <div>
        <Button variant="default" onClick={() => setEdited("new")}>
          {t("rounds.add")}
        </Button>
      </div>
      {edited !== undefined && (
        <RoundForm {...(edited !== "new" && { round: edited })} onClose={() => setEdited(undefined)} onStored={onStored} />
      )}
    </>
  );
}

function RoundCard({
  round,
  isPast,
  memory,
  onGo,
  onEdit,
}: Pick<ListProps, "isPast" | "memory" | "onGo"> & { readonly round: KnownRound; readonly onEdit: () => void }): ReactNode {
  const { t, language, zone } = useWords();
  const { fields, due, next, lastWalk } = round;
  const last = due?.at(-1);
  const isBegun = currentWalk(memory, round.round) !== undefined;
  return (
    <li className={last === undefined ? undefined : `is-${last.state}`}>
      <h2>{inLanguage(fields.title, language)}</h2>
      <p className="dw-rounds-due">
        {last === undefined
          ? t(fields.schedule.kind === "none" ? "rounds.notScheduled" : "rounds.notYet")
          : t(`rounds.due.${last.state}`, { at: momentText(last.to, zone, language, false) })}
        {next !== undefined && last?.state !== "due" && ` ${t("rounds.next", { at: momentText(next, zone, language, false) })}`}
      </p>
      <DueStrip due={due ?? []} />
      <p className="dw-quiet-text">
        {t("rounds.points", { count: fields.points.length })}
        {lastWalk !== undefined && ` · ${t("rounds.lastWalk", { at: momentText(lastWalk.at, zone, language, false), by: lastWalk.by })}`}
      </p>
      {lastWalk !== undefined && (lastWalk.beyond > 0 || lastWalk.notScanned > 0) && (
        <p className="dw-rounds-beyond">
          {[
            lastWalk.beyond > 0 && t("rounds.beyond", { count: lastWalk.beyond }),
            lastWalk.notScanned > 0 && t("rounds.notScannedCount", { count: lastWalk.notScanned }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      )}
      <div className="dw-rounds-acts">
        {!isPast && fields.points.length > 0 && (
          <Button onClick={() => onGo(`walk:${round.round}`)}>{t(isBegun ? "rounds.resume" : "rounds.start")}</Button>
        )}
        <Button variant="default" onClick={() => onGo(`results:${round.round}`)}>
          {t("rounds.results")}
        </Button>
        <Button variant="subtle" onClick={onEdit}>
          {t("rounds.edit")}
        </Button>
      </div>
    </li>
  );
}

/** The spans of the last days, a mark each. */
function DueStrip({ due }: { readonly due: NonNullable<KnownRound["due"]> }): ReactNode {
  const { t, language, zone } = useWords();
  const shown = due.slice(-14);
  const missed = shown.filter(({ state }) => state === "missed").length;
  if (shown.length === 0) return null;
  return (
    <p className="dw-rounds-strip">
      {shown.map(({ from, to, state }) => (
        <i
          key={from}
          className={`is-${state}`}
          title={`${momentText(from, zone, language, false)} ${t(`rounds.due.${state}`, { at: momentText(to, zone, language, false) })}`}
        />
      ))}
      <small>{t("rounds.missedOf", { missed, count: shown.length })}</small>
    </p>
  );
}
