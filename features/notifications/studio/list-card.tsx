import type { ReactNode } from "react";
import {
  answerOf,
  inLanguage,
  ListPart,
  LoadedCard,
  messageText,
  momentText,
  useLoad,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Notification } from "../contract.ts";
import type {} from "../message-codes.ts";
import "./notifications.css";

const LIMIT = 500;
const CHANGED = { topics: { "notifications.changed": () => true } };

/** What was sent, failed, expired and was acknowledged by a link, newest first; and channels that take nothing now. */
export default function ListCard(): ReactNode {
  const { t } = useWords();
  const loaded = useLoad(answerOf(calls.list, { query: { limit: LIMIT } }, CHANGED), { everyMs: 30_000 });
  const columns: readonly Column<Notification>[] = [
    { title: t("notifications.when"), cell: ({ at }) => <Moment at={at} /> },
    { title: t("notifications.what"), cell: (each) => <What fact={each} /> },
    { title: t("notifications.whom"), cell: ({ person, channel }) => [person?.name, channel?.name].filter(Boolean).join(" · ") },
    { title: t("notifications.alarms"), cell: (each) => <Alarms fact={each} /> },
  ];
  return (
    <LoadedCard title={t("notifications.list")} note={() => t("notifications.listNote")} loaded={loaded}>
      {({ notifications }) => (
        <>
          <State />
          <ListPart
            caption={t("notifications.list")}
            columns={columns}
            rows={notifications as readonly Notification[]}
            keyOf={({ id }) => id}
            empty={t("notifications.listNone")}
            textOf={({ person, channel, rule, alarms, type }) =>
              [person?.name, channel?.name, rule?.name, type, ...alarms.flatMap(({ title }) => [title.en, title.zh])].join(" ")
            }
          />
        </>
      )}
    </LoadedCard>
  );
}

function Moment({ at }: { readonly at: number }): ReactNode {
  const { zone, language } = useWords();
  return <span className="dw-number">{momentText(at, zone, language)}</span>;
}

function What({ fact: { type, reason, isFinal, step, by, rule } }: { readonly fact: Notification }): ReactNode {
  const { t } = useWords();
  const facts = [
    rule?.name,
    step !== undefined && step > 1 && t("notifications.stepNumber", { step }),
    isFinal === false && t("notifications.triedAgain"),
    type === "notification.acknowledged" && by,
  ];
  return (
    <>
      {t(`notifications.event.${type.slice("notification.".length) as "sent"}`)}{" "}
      <small className="dw-quiet">{facts.filter(Boolean).join(" · ")}</small>
      {reason !== undefined && <div className="dw-quiet">{messageText("", reason)}</div>}
    </>
  );
}

function Alarms({ fact: { alarms, count } }: { readonly fact: Notification }): ReactNode {
  const { t, language } = useWords();
  const [first] = alarms;
  if (first === undefined) return t("notifications.alarmCount", { count });
  return (
    <>
      {inLanguage(first.title, language)}
      {count > 1 && <small className="dw-quiet"> {t("notifications.andOthers", { count: count - 1 })}</small>}
    </>
  );
}

/** Channels that take nothing, and watchdogs that stopped asking. */
function State(): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const state = useLoad((signal) => calls.state(studio.client, {}, { signal }), [], 10_000).value;
  if (state === undefined) return null;
  const silent = state.watchdogs.filter(({ isSilent }) => isSilent);
  return (
    <>
      {state.failing.map(({ channel, reason, since }) => (
        <p key={channel.id} className="dw-note is-trouble" role="status">
          {t("notifications.failing", { channel: channel.name, time: momentText(since, zone, language, false) })} {messageText("", reason)}
        </p>
      ))}
      {silent.map(({ name, at }) => (
        <p key={name} className="dw-note is-trouble" role="status">
          {t("notifications.watchdogSilent", { name, time: momentText(at, zone, language, false) })}
        </p>
      ))}
      {state.waiting > 0 && <p className="dw-fine">{t("notifications.waiting", { count: state.waiting })}</p>}
    </>
  );
}
