import { Select } from "@mantine/core";
import { lazy } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { Empty, Failure, answerOf, momentText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { isOfLine, useFollowLine, useShownLine } from "../decide/use-follow-line.ts";
import { useLineNames } from "../decide/use-line-names.ts";
import { OptimiseHead, optimiseKinds } from "./optimise-head.tsx";
import { LineAnswer } from "./line-answer.tsx";
import { LineRequest } from "./line-request.tsx";
import "../decide/decide.css";
import "./optimise.css";
import * as simulate from "../../calls.ts";

/** Schedules, balances, charges and layouts come with searches of their own, only when someone looks at them. */
const SchedulePage = lazy(() => import("./schedule-page.tsx").then((page) => ({ default: page.SchedulePage })));
const BalancePage = lazy(() => import("./balance-page.tsx").then((page) => ({ default: page.BalancePage })));
const BlendPage = lazy(() => import("./blend-page.tsx").then((page) => ({ default: page.BlendPage })));
const LayoutPage = lazy(() => import("./layout-page.tsx").then((page) => ({ default: page.LayoutPage })));

/** Where people let the computer look for something better: the line, a schedule, a balance, a layout, a charge. `detail` is `optimise:kind:id`. */
export default function Optimise({ branch, detail }: { readonly branch: string; readonly detail: string }): ReactNode {
  const [, kind, ...rest] = detail.split(":");
  const id = rest.length === 0 ? undefined : rest.join(":");
  switch (optimiseKinds.find((known) => known === kind) ?? "line") {
    case "line":
      return <OptimiseLine key={branch} branch={branch} chosen={id} />;
    case "schedule":
      return <SchedulePage branch={branch} />;
    case "balance":
      return <BalancePage branch={branch} />;
    case "blend":
      return <BlendPage branch={branch} />;
    case "layout":
      return <LayoutPage branch={branch} />;
  }
}

const LOOK_EVERY_MS = 1_000;

function OptimiseLine({ branch, chosen }: { readonly branch: string; readonly chosen: string | undefined }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const list = useLoad(branch === LIVE ? undefined : answerOf(simulate.listOptimisations, { params: { branch } }), { again: chosen ?? "" });
  const newest = (list.value ?? []).toSorted((a, b) => b.startedAt - a.startedAt);
  const lines = useShownLine(branch);
  // one that is named is shown, of whichever line; else the newest of the line that is shown
  const named = newest.find(({ id }) => id === chosen);
  const shown = lines.isKnown ? (named ?? newest.find((each) => isOfLine(each, lines.shown, lines.first))) : undefined;
  useFollowLine(branch, named);
  const nameOf = useLineNames(branch);
  const hasSeveral = new Set(newest.map(({ line }) => line ?? "")).size > 1;
  const isOver = shown !== undefined && ["done", "cancelled", "failed"].includes(shown.state);
  const answer = useLoad(shown && answerOf(simulate.readOptimisation, { params: { id: shown.id } }), {
    everyMs: isOver ? undefined : LOOK_EVERY_MS,
  });
  const reload = (): void => {
    list.reload();
    answer.reload();
  };
  return (
    <div className="dw-page dw-decide dw-optimise">
      <div className="dw-decide-left">
        <OptimiseHead kind="line" />
        <LineRequest branch={branch} onStarted={list.reload} />
      </div>
      <div className="dw-decide-right">
        {lines.isKnown && newest.length > (shown === undefined ? 0 : 1) && (
          <Select
            size="sm"
            aria-label={t("simulate.optimise.earlier")}
            value={shown?.id ?? null}
            placeholder={t("simulate.optimise.earlier")}
            onChange={(id) => studio.address.go({ detail: `optimise:line:${id ?? ""}` })}
            data={newest.map(({ id, title, line, startedAt }) => ({
              value: id,
              label: `${hasSeveral && line !== undefined ? `${nameOf(line)} · ` : ""}${title} · ${momentText(startedAt, zone, language, false)}`,
            }))}
            allowDeselect={false}
            maw={420}
          />
        )}
        {list.kind === "failed" && <Failure message={list.message} code={list.code} onRetry={reload} />}
        {answer.kind === "failed" && answer.value === undefined && (
          <Failure message={answer.message} code={answer.code} onRetry={answer.reload} />
        )}
        {shown === undefined ? (
          (branch === LIVE || (list.kind === "ready" && lines.isKnown)) && (
            <Empty title={t("simulate.optimise.none")} text={t("simulate.optimise.noneText")} />
          )
        ) : (
          <Answer answer={answer.value} reload={reload} />
        )}
      </div>
    </div>
  );
}

function Answer({
  answer,
  reload,
}: {
  readonly answer: Parameters<typeof LineAnswer>[0]["answer"] | undefined;
  readonly reload: () => void;
}): ReactNode {
  return answer === undefined ? null : <LineAnswer key={answer.id} answer={answer} reload={reload} />;
}
