import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  Empty,
  Failure,
  inLanguage,
  momentText,
  useLoad,
  useScope,
  useStudio,
  useTask,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import * as calls from "../calls.ts";
import type { KnownRound, KnownWalk } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Check } from "../model/round-kind.ts";
import { CheckTrend } from "./check-trend.tsx";

interface ResultProps {
  readonly round: KnownRound;
  readonly at: Instant | undefined;
  readonly hasWorkOrders: boolean;
  readonly onBack: () => void;
  readonly onWalk: () => void;
}

/** What was found on the walks of a round, newest first, and how measured values went. */
export function RoundResults({ round, at, hasWorkOrders, onBack, onWalk }: ResultProps): ReactNode {
  const { branch } = useScope();
  const { t, language } = useWords();
  const { code, title, points } = round.fields;
  const query = { branch, ...(at !== undefined && { t: at }) };
  const loaded = useLoad(
    answerOf(calls.walks, { params: { round: code }, query }, { kinds: ["inspectionRound"], topics: { "rounds.changed": () => true } }),
  );
  const values = points.flatMap((point) => point.checks.filter(({ kind }) => kind === "value").map((check) => ({ point, check })));
  return (
    <>
      <header className="dw-rounds-head">
        <h2>{inLanguage(title, language)}</h2>
        <Button variant="default" onClick={onBack}>
          {t("rounds.back")}
        </Button>
        {at === undefined && points.length > 0 && <Button onClick={onWalk}>{t("rounds.start")}</Button>}
      </header>
      {loaded.value === undefined ? (
        loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : (
          <Waiting />
        )
      ) : loaded.value.length === 0 ? (
        <Empty title={t("rounds.noWalks")} text={t("rounds.noWalksText")} />
      ) : (
        <>
          {values.length > 0 && (
            <Card title={t("rounds.trends")}>
              <div className="dw-rounds-trends">
                {values.map(({ point, check }) => (
                  <CheckTrend key={`${point.id} ${check.id}`} round={code} point={point} check={check} at={at} />
                ))}
              </div>
            </Card>
          )}
          {loaded.value.map((walk: KnownWalk) => (
            <WalkCard
              key={walk.walk}
              round={round}
              walk={walk}
              hasWorkOrders={hasWorkOrders && at === undefined}
              onChanged={loaded.reload}
            />
          ))}
        </>
      )}
    </>
  );
}

function WalkCard({
  round: { fields },
  walk,
  hasWorkOrders,
  onChanged,
}: {
  readonly round: KnownRound;
  readonly walk: KnownWalk;
  readonly hasWorkOrders: boolean;
  readonly onChanged: () => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  const { startedAt, finishedAt, by, points } = walk;
  const skipped = fields.points.filter(({ id }) => !points.some(({ point }) => point === id));
  const end = finishedAt === undefined ? t("rounds.goesOn") : momentText(finishedAt, zone, language, false);
  return (
    <Card title={`${momentText(startedAt, zone, language, false)} – ${end}`} note={by}>
      <ul className="dw-rounds-answers">
        {points.map((point) => (
          <PointResult key={point.point} round={fields} walk={walk} point={point} hasWorkOrders={hasWorkOrders} onChanged={onChanged} />
        ))}
        {skipped.map(({ id, title }) => (
          <li key={id} className="dw-quiet-text">
            <b>{inLanguage(title, language)}</b> {t("rounds.notAnswered")}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function PointResult({
  round,
  walk,
  point,
  hasWorkOrders,
  onChanged,
}: {
  readonly round: KnownRound["fields"];
  readonly walk: KnownWalk;
  readonly point: KnownWalk["points"][number];
  readonly hasWorkOrders: boolean;
  readonly onChanged: () => void;
}): ReactNode {
  const { t, language, zone } = useWords();
  const known = round.points.find(({ id }) => id === point.point);
  return (
    <li>
      <p>
        <b>{known === undefined ? point.point : inLanguage(known.title, language)}</b>{" "}
        <small className="dw-quiet-text">
          {momentText(point.at, zone, language, false)}
          {point.corrected > 0 && ` · ${t("rounds.corrected", { count: point.corrected })}`}
          {point.how === "typed" && point.isScanned && ` · ${t("rounds.typedCode")}`}
        </small>
        {!point.isScanned && <span className="dw-rounds-mark">{t("rounds.notScanned")}</span>}
      </p>
      <dl>
        {point.answers.map((answer) => (
          <AnswerRow
            key={answer.check}
            round={round.code}
            check={known?.checks.find(({ id }) => id === answer.check)}
            answer={answer}
            {...(hasWorkOrders &&
              known?.shell !== undefined &&
              answer.isBeyond && { order: { walk: walk.walk, point: point.point, isOpen: point.workOrder !== undefined } })}
            onChanged={onChanged}
          />
        ))}
      </dl>
      {point.note !== undefined && <p>{point.note}</p>}
    </li>
  );
}

function AnswerRow({
  round,
  check,
  answer,
  order,
  onChanged,
}: {
  readonly round: string;
  readonly check: Check | undefined;
  readonly answer: KnownWalk["points"][number]["answers"][number];
  readonly order?: { readonly walk: string; readonly point: string; readonly isOpen: boolean };
  readonly onChanged: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("rounds.failed")));
  const open = (): void =>
    run(async () => {
      await calls.openWorkOrder(studio.client, {
        params: { round },
        body: { walk: order!.walk, point: order!.point, check: answer.check },
      });
      onChanged();
    });
  const { value } = answer;
  return (
    <>
      <dt>{check === undefined ? answer.check : inLanguage(check.title, language)}</dt>
      <dd className={answer.isBeyond ? "dw-rounds-beyond" : undefined}>
        {check?.kind === "photo" ? (
          <ShownPhoto round={round} photo={String(value)} alt={inLanguage(check.title, language)} />
        ) : typeof value === "boolean" ? (
          t(value ? "rounds.yes" : "rounds.no")
        ) : typeof value === "number" ? (
          `${value} ${check?.unit ?? ""}`
        ) : (
          value
        )}
        {order !== undefined &&
          (order.isOpen ? (
            <small className="dw-quiet-text"> {t("rounds.orderIsOpen")}</small>
          ) : (
            <Button size="compact-sm" variant="default" loading={busy} onClick={open}>
              {t("rounds.openOrder")}
            </Button>
          ))}
      </dd>
    </>
  );
}

/** A photo, asked for as whoever looks, once somebody wants to see it. */
function ShownPhoto({ round, photo, alt }: { readonly round: string; readonly photo: string; readonly alt: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [url, setUrl] = useState<string | undefined>(undefined);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("rounds.failed")));
  if (url !== undefined) return <img className="dw-rounds-shown" src={url} alt={alt} />;
  const show = (): void =>
    run(async () => {
      const bytes = await calls.photo(studio.client, { params: { round, photo } });
      const type = bytes[0] === 0x89 ? "image/png" : "image/jpeg";
      setUrl(`data:${type};base64,${btoa(Array.from(bytes as Uint8Array, (each) => String.fromCharCode(each)).join(""))}`);
    });
  return (
    <Button size="compact-sm" variant="default" loading={busy} onClick={show}>
      {t("rounds.showPhoto")}
    </Button>
  );
}
