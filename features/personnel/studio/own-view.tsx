import type { ReactNode } from "react";
import { answerOf, Card, clockText, DataTable, Empty, Failure, useLoad, useWords, Waiting } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import { HintList } from "./roster-view.tsx";
import { KINDS } from "./use-day.ts";

/** All that this feature keeps of whoever looks at it. */
export function OwnView(): ReactNode {
  const { t, zone } = useWords();
  const loaded = useLoad(answerOf(calls.own, {}, { kinds: KINDS }));
  const own = loaded.value;
  if (own === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (own.worker === undefined) return <Empty title={t("personnel.ownNobody")} text={t("personnel.ownNobodyText")} />;
  const facts = [
    t("personnel.ownNumber", { worker: own.worker }),
    ...(own.team === undefined ? [] : [t("personnel.ownTeam", { team: own.team })]),
  ];
  return (
    <>
      <Card title={own.name ?? own.worker} note={facts.join(" · ")}>
        <p className="dw-note">{t("personnel.ownNote")}</p>
        <HintList hints={own.hints} />
      </Card>
      <Card title={t("personnel.ownSkills")}>
        <DataTable
          caption={t("personnel.ownSkills")}
          empty={t("personnel.noneYet")}
          columns={[
            { title: t("personnel.column.skill"), cell: ({ skill }) => skill },
            { title: t("personnel.column.level"), isNumber: true, cell: ({ level }) => level },
            { title: t("personnel.column.validUntil"), cell: ({ validUntil }) => validUntil ?? "–" },
            { title: t("personnel.column.evidence"), cell: ({ evidence }) => evidence ?? "–" },
          ]}
          rows={own.qualifications}
          keyOf={({ skill }) => skill}
        />
      </Card>
      <Card title={t("personnel.ownShifts")}>
        <DataTable
          caption={t("personnel.ownShifts")}
          empty={t("personnel.noneYet")}
          columns={[
            { title: t("personnel.column.date"), cell: ({ date }) => date, sortBy: ({ date }) => date, sortsFirst: "descending" },
            { title: t("personnel.column.shift"), cell: ({ shift }) => shift },
            {
              title: t("personnel.when"),
              cell: ({ from, to }) => `${clockText(from, zone, false)}–${clockText(to, zone, false)}`,
            },
            { title: t("personnel.place"), cell: ({ station }) => station || t("personnel.anywhere") },
          ]}
          rows={own.shifts}
          keyOf={({ date, shift, station }) => `${date} ${shift} ${station}`}
        />
      </Card>
    </>
  );
}
