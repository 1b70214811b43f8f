import { Button, UnstyledButton } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  answerOf,
  clockText,
  messageText,
  momentText,
  numberText,
  OriginMark,
  useLoad,
  useScope,
  useStudio,
  useTask,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import * as calls from "../calls.ts";
import type { StopEffect } from "../contract.ts";
import type {} from "../message-codes.ts";
import "./losses.css";

export interface KnownEffects {
  readonly effects: readonly StopEffect[];
  reload(): void;
}

/** What was simulated of stops of a period, on the branches that are open. */
export function useEffects(span: { readonly from: Instant; readonly to: Instant; readonly line?: string | undefined }): KnownEffects {
  const loaded = useLoad(answerOf(calls.effects, { query: span }, { kinds: ["stopEffect"] }));
  return { effects: loaded.value ?? [], reload: loaded.reload };
}

interface Props {
  readonly line: string | undefined;
  readonly station: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly known: KnownEffects;
}

/** One click forks before the stop and simulates its shift without it; then it says how many units that is, with an interval. */
export function WhatIf({ line, station, from, to, known }: Props): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const { branch } = useScope();
  const task = useTask((_, error) => studio.notifyFailure(error, t("losses.whatIf.failed")));
  const own = known.effects.find((each) => each.station === station && each.from <= from && each.to > from);
  if (own !== undefined) return <Gained own={own} />;
  const moment = momentText(from, zone, language, false);
  return (
    <Button
      className="dw-what-if dw-screen-only"
      size="compact-xs"
      variant="subtle"
      leftSection={<IconGitFork size={12} />}
      loading={task.busy}
      aria-label={`${t("losses.whatIf.ask")} ${t("losses.whatIf.askOf", { station, moment })}`}
      title={t("losses.whatIf.askOf", { station, moment })}
      onClick={() =>
        task.run(async () => {
          const name = t("losses.whatIf.name", { station, moment: `${moment}:${clockText(from, zone).slice(-2)}` }).slice(0, 80);
          const { why } = await calls.whatIf(studio.client, { query: { branch }, body: { line, station, from, to, name } });
          if (why !== undefined) studio.notify("trouble", t("losses.whatIf.failed"), messageText("", why));
          else known.reload();
        })
      }
    >
      {task.busy ? t("losses.whatIf.running") : t("losses.whatIf.ask")}
    </Button>
  );
}

function Gained({ own: { branch, effect } }: { readonly own: StopEffect }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const whole = (units: number): string => numberText(Math.round(units), 1);
  const { gained, without, replications } = effect;
  return (
    <span
      className="dw-what-if"
      title={t("losses.whatIf.gainedLong", {
        mean: whole(gained.mean),
        low: whole(gained.low),
        high: whole(gained.high),
        replications,
        without: whole(without.mean),
        with: whole(effect.with.mean),
      })}
    >
      {t("losses.whatIf.gained", { mean: whole(gained.mean), low: whole(gained.low), high: whole(gained.high) })}{" "}
      <OriginMark origin="simulated" />{" "}
      <UnstyledButton
        className="dw-what-if-open dw-screen-only"
        aria-label={t("losses.whatIf.open")}
        onClick={() => studio.address.go({ branch })}
      >
        <IconGitFork size={12} />
      </UnstyledButton>
    </span>
  );
}
