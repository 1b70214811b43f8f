import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  AddressLink,
  Card,
  DataTable,
  dateText,
  Empty,
  Failure,
  inLanguage,
  messageText,
  momentText,
  numberText,
  useLoad,
  useScope,
  useStore,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownPlan } from "../contract.ts";
import type {} from "../message-codes.ts";
import { InstructionsDialog } from "./instructions-dialog.tsx";
import { JudgedPlan } from "./judged-plan.tsx";
import { PlanDialog } from "./plan-dialog.tsx";

const EVERY_MS = 30_000;

/** Plans of the branch: when each is due next, from which rate, and what it opened. */
export function PlanList(): ReactNode {
  const { branch, time } = useScope();
  const { t } = useWords();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.round(shown / 60_000_000) * 60_000_000;
  const loaded = useLoad(
    {
      key: ["GET /maintenance-plans", branch, at],
      run: ({ client }, signal) => calls.plans(client, { query: { branch, ...(at !== undefined && { t: at }) } }, { signal }),
      changedBy: { kinds: ["maintenancePlan"], topics: { "maintenance.changed": () => true } },
    },
    { everyMs: () => (at === undefined ? EVERY_MS : undefined) },
  );
  const [edited, setEdited] = useState<KnownPlan | "new" | undefined>(undefined);
  const [isAsset, setAsset] = useState(false);
  const columns = usePlanColumns(branch, loaded.reload);
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const add = (
    <span className="dw-plan-buttons">
      <Button variant="default" size="compact-md" onClick={() => setAsset(true)}>
        {t("maintenance.instructions.open")}
      </Button>
      <Button variant="default" size="compact-md" onClick={() => setEdited("new")}>
        {t("maintenance.addPlan")}
      </Button>
    </span>
  );
  return (
    <>
      {loaded.value.length === 0 ? (
        <Empty title={t("maintenance.noPlans")} text={t("maintenance.noPlansText")}>
          {add}
        </Empty>
      ) : (
        <Card title={t("maintenance.plans")} note={add}>
          <DataTable
            caption={t("maintenance.plans")}
            columns={columns}
            rows={loaded.value}
            keyOf={({ fields }) => fields.code}
            onChoose={setEdited}
          />
        </Card>
      )}
      {isAsset && <InstructionsDialog branch={branch} onClose={() => setAsset(false)} onTaken={loaded.reload} />}
      {edited !== undefined && (
        <PlanDialog
          {...(edited !== "new" && { plan: edited.fields })}
          branch={branch}
          onClose={() => setEdited(undefined)}
          onStored={loaded.reload}
        />
      )}
    </>
  );
}

function usePlanColumns(branch: string, onJudged: () => void): readonly Column<KnownPlan>[] {
  const { t, language } = useWords();
  return [
    {
      title: t("maintenance.plan"),
      cell: ({ fields: { code, title, isOn } }) => (
        <span className="dw-plan-name">
          <b>{inLanguage(title, language)}</b>
          <small>
            {code}
            {!isOn && ` · ${t("maintenance.isOff")}`}
          </small>
        </span>
      ),
      sortBy: ({ fields }) => inLanguage(fields.title, language),
    },
    { title: t("maintenance.asset"), cell: ({ asset }) => inLanguage(asset, language) },
    { title: t("maintenance.when"), cell: ({ fields }) => <When fields={fields} /> },
    { title: t("maintenance.next"), cell: ({ next }) => <Next next={next} />, sortBy: ({ next }) => next.at },
    {
      title: t("maintenance.nowOpen"),
      className: "dw-plan-number",
      cell: ({ open }) =>
        open === undefined ? "–" : <AddressLink to={{ view: "maintenance", detail: open.id }}>{open.number}</AddressLink>,
    },
    {
      title: t("maintenance.lastDone"),
      cell: ({ lastDone, done }) => <LastDone at={lastDone} done={done} />,
      sortBy: ({ lastDone }) => lastDone,
    },
    { title: t("maintenance.judge.effect"), cell: (plan) => <JudgedPlan plan={plan} branch={branch} onJudged={onJudged} /> },
  ];
}

function When({ fields: { trigger } }: Pick<KnownPlan, "fields">): ReactNode {
  const { t } = useWords();
  if (trigger.kind === "time") return t("maintenance.everyTime", { every: trigger.every, unit: trigger.unit });
  if (trigger.kind === "count") return t("maintenance.everyCount", { every: numberText(trigger.every), unit: trigger.counter });
  return t("maintenance.everyAlarm", { times: trigger.times });
}

/** The predicted date, the interval that has it with 95 %, and the rate that it is from. */
function Next({ next: { at, low, high, remaining, rate, why } }: Pick<KnownPlan, "next">): ReactNode {
  const { t, language, zone } = useWords();
  const left = remaining === undefined ? undefined : t("maintenance.remaining", { remaining: numberText(remaining, 1) });
  if (at === undefined)
    return (
      <span className="dw-plan-name">
        <span>{why === undefined ? "–" : messageText("", why)}</span>
        {left !== undefined && <small>{left}</small>}
      </span>
    );
  if (rate === undefined) return momentText(at, zone, language, false);
  const day = (instant: number): string => dateText(instant, zone, language);
  return (
    <span className="dw-plan-name">
      <b>{day(at)}</b>
      {low !== undefined && (
        <small>
          {high === undefined
            ? t("maintenance.nextFrom", { low: day(low) })
            : t("maintenance.nextBetween", { low: day(low), high: day(high) })}{" "}
          (95 %)
        </small>
      )}
      <small>
        {left} · {t("maintenance.rate", { perDay: numberText(rate.perDay, 1), n: rate.n })}
      </small>
    </span>
  );
}

function LastDone({ at, done }: { readonly at: number | undefined; readonly done: number }): ReactNode {
  const { t, language, zone } = useWords();
  if (at === undefined) return <span className="dw-quiet-text">{t("maintenance.never")}</span>;
  return `${momentText(at, zone, language, false)} (${done})`;
}
