import type { ReactNode } from "react";
import {
  answerOf,
  CardPart,
  DataTable,
  Failure,
  messageText,
  momentText,
  useLoad,
  useWords,
  type AlarmOfBlock,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Notification } from "../contract.ts";
import type {} from "../message-codes.ts";
import "./notifications.css";

const LIMIT = 100;
/** A message may be about an alarm a little before its raise as it is known now: late values move it. */
const BEFORE = 120e6;

/** Who was notified of one annunciation of an alarm, when and by which channel; what failed, expired, and who acknowledged by a link. */
export default function NotifiedBlock({ alarm }: { readonly alarm: AlarmOfBlock }): ReactNode {
  const { t } = useWords();
  const query = { alarm: alarm.rule, from: alarm.raised - BEFORE, limit: LIMIT };
  const loaded = useLoad(answerOf(calls.list, { query }, { topics: { "notifications.changed": () => true } }));
  const facts = loaded.value?.notifications;
  if (facts === undefined && loaded.kind === "failed")
    return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (facts === undefined) return null;
  const columns: readonly Column<Notification>[] = [
    { title: t("notifications.when"), cell: ({ at }) => <When at={at} /> },
    { title: t("notifications.what"), cell: (fact) => <Became fact={fact} /> },
    { title: t("notifications.whom"), cell: ({ person }) => person?.name ?? "" },
    { title: t("notifications.channel"), cell: ({ channel }) => channel?.name ?? "" },
  ];
  return (
    <CardPart title={t("notifications.block")}>
      <DataTable
        caption={t("notifications.block")}
        columns={columns}
        rows={facts}
        keyOf={({ id }) => id}
        empty={t(alarm.isWaiting ? "notifications.blockNobodyYet" : "notifications.blockNobody")}
      />
    </CardPart>
  );
}

function When({ at }: { readonly at: number }): ReactNode {
  const { zone, language } = useWords();
  return <span className="dw-number">{momentText(at, zone, language)}</span>;
}

function Became({ fact: { type, reason, by, byLink, step, rule } }: { readonly fact: Notification }): ReactNode {
  const { t } = useWords();
  const acknowledged = type === "notification.acknowledged" && [by, byLink === true && t("notifications.blockByLink")];
  const facts = [rule?.name, step !== undefined && step > 1 && t("notifications.stepNumber", { step }), ...(acknowledged || [])];
  return (
    <>
      {t(`notifications.event.${type.slice("notification.".length) as "sent"}`)}{" "}
      <small className="dw-quiet">{facts.filter(Boolean).join(" · ")}</small>
      {reason !== undefined && <div className="dw-quiet">{messageText("", reason)}</div>}
    </>
  );
}
