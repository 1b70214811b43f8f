import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  DataTable,
  durationText,
  Empty,
  Failure,
  inLanguage,
  momentText,
  useLoad,
  useStudio,
  useTask,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Andon } from "../contract.ts";
import type {} from "../message-codes.ts";
import { CALL_REASONS, type CallReason } from "../model/andon-kinds.ts";
import { RulesCard } from "./rules-card.tsx";
import "./andon.css";

const EVERY_MS = 10_000;

/** Which stations need somebody now, since when, and who is on it. */
export default function AndonPage(): ReactNode {
  const { t } = useWords();
  const loaded = useLoad(answerOf(calls.list, { query: { closed: 50 } }, { topics: { "andon.changed": () => true } }), {
    everyMs: EVERY_MS,
  });
  const answer = loaded.value;
  if (answer === undefined)
    return (
      <div className="dw-page dw-andon">
        {loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />}
      </div>
    );
  return (
    <div className="dw-page dw-andon">
      <CallForm stations={answer.stations} onCalled={loaded.reload} />
      {answer.open.length === 0 ? (
        <Empty title={t("andon.none.title")} text={t("andon.none.text")} />
      ) : (
        <ul className="dw-andon-open">
          {answer.open.map((each) => (
            <OpenAndon key={each.id} andon={each} onChanged={loaded.reload} />
          ))}
        </ul>
      )}
      <History closed={answer.closed} />
      <RulesCard stations={answer.stations} />
    </div>
  );
}

function CallForm({
  stations,
  onCalled,
}: {
  readonly stations: readonly { readonly station: string; readonly title: { readonly en: string; readonly zh: string } }[];
  readonly onCalled: () => void;
}): ReactNode {
  const { t, language } = useWords();
  const studio = useStudio();
  const { client } = studio;
  const [station, setStation] = useState(stations[0]?.station ?? "");
  const [reason, setReason] = useState<CallReason>("help");
  const [text, setText] = useState("");
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("andon.failed")));
  if (stations.length === 0) return null;
  const call = (): void =>
    run(async () => {
      await calls.raise(client, { body: { station, reason, ...(text.trim() !== "" && { text: text.trim() }) } });
      setText("");
      onCalled();
    });
  return (
    <form
      className="dw-andon-call"
      onSubmit={(event) => {
        event.preventDefault();
        call();
      }}
    >
      <NativeSelect
        label={t("andon.station")}
        value={station}
        data={stations.map((each) => ({ value: each.station, label: inLanguage(each.title, language) }))}
        onChange={(event) => setStation(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("andon.what")}
        value={reason}
        data={CALL_REASONS.map((value) => ({ value, label: t(`andon.reason.${value}`) }))}
        onChange={(event) => setReason(event.currentTarget.value as CallReason)}
      />
      <TextInput label={t("andon.text")} value={text} maxLength={500} onChange={(event) => setText(event.currentTarget.value)} />
      <Button type="submit" loading={busy}>
        {t("andon.call")}
      </Button>
    </form>
  );
}

/** Of a KPI its name and value, of a call what is called for. */
function useSubject(): (andon: Andon) => string {
  const { t } = useWords();
  return ({ reason, indicator, value }) =>
    reason === "kpi"
      ? t("andon.kpi", { kpi: t.or(`kpis.indicator.${indicator}`, indicator ?? ""), value: value?.toPrecision(3) ?? "–" })
      : t(`andon.reason.${reason}`);
}

function OpenAndon({ andon, onChanged }: { readonly andon: Andon; readonly onChanged: () => void }): ReactNode {
  const { t, language, zone } = useWords();
  const studio = useStudio();
  const { client } = studio;
  const subject = useSubject();
  const now = useNow();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("andon.failed")));
  const act = (what: () => Promise<unknown>): void =>
    run(async () => {
      await what();
      onChanged();
    });
  const params = { id: andon.id };
  return (
    <li className={andon.owner === undefined ? "is-waiting" : "is-taken"}>
      <b className="dw-andon-station">{inLanguage(andon.title, language)}</b>
      <span className="dw-andon-since" title={momentText(andon.raisedAt, zone, language, true)}>
        {durationText(Math.max(0, now - andon.raisedAt), language)}
      </span>
      <span className="dw-andon-subject">{subject(andon)}</span>
      {andon.text !== undefined && <span>{andon.text}</span>}
      <small>
        {andon.owner === undefined
          ? andon.step > 0
            ? t("andon.notified", { step: andon.step })
            : t("andon.waiting")
          : t("andon.ownedBy", { by: andon.owner.name })}
        {andon.by !== undefined && ` · ${t("andon.calledBy", { by: andon.by.name })}`}
      </small>
      <span className="dw-andon-acts">
        {andon.owner === undefined && (
          <Button size="compact-md" loading={busy} onClick={() => act(() => calls.take(client, { params }))}>
            {t("andon.take")}
          </Button>
        )}
        <Button size="compact-md" variant="default" loading={busy} onClick={() => act(() => calls.close(client, { params, body: {} }))}>
          {t("andon.close")}
        </Button>
      </span>
    </li>
  );
}

function History({ closed }: { readonly closed: readonly Andon[] }): ReactNode {
  const { t, language, zone } = useWords();
  const subject = useSubject();
  if (closed.length === 0) return null;
  const columns: readonly Column<Andon>[] = [
    { title: t("andon.raised"), cell: ({ raisedAt }) => momentText(raisedAt, zone, language, false) },
    { title: t("andon.station"), cell: ({ title }) => inLanguage(title, language) },
    { title: t("andon.what"), cell: (each) => [subject(each), each.text].filter(Boolean).join(" – ") },
    { title: t("andon.owner"), cell: ({ owner, closedBy }) => owner?.name ?? closedBy?.name ?? "–" },
    {
      title: t("andon.lasted"),
      isNumber: true,
      cell: ({ raisedAt, closedAt = raisedAt }) => durationText(closedAt - raisedAt, language),
      sortBy: ({ raisedAt, closedAt = raisedAt }) => closedAt - raisedAt,
    },
  ];
  return (
    <Card title={t("andon.history")}>
      <DataTable caption={t("andon.history")} columns={columns} rows={closed} keyOf={({ id }) => id} />
    </Card>
  );
}

/** Microseconds, every second anew. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now() * 1_000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() * 1_000), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
