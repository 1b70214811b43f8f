import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  DataTable,
  Empty,
  Failure,
  inLanguage,
  NotReadAgain,
  numberText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownPart, ListedParts } from "../contract.ts";
import type {} from "../message-codes.ts";
import { PartDialog } from "./part-dialog.tsx";
import { PartForm } from "./part-form.tsx";
import { daysText, reachText, useUnit } from "./stock-text.ts";

const EVERY_MS = 10_000;

/** Parts with their stock at the instant shown, those that are low first. */
export function PartList({ opened }: { readonly opened: string | undefined }): ReactNode {
  const studio = useStudio();
  const { branch, time } = useScope();
  const { t } = useWords();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.round(shown / 5_000_000) * 5_000_000;
  const [wanted, setWanted] = useState("");
  const [edited, setEdited] = useState<KnownPart | "new" | undefined>(undefined);
  const loaded = useLoad(
    {
      key: ["GET /spare-parts", branch, at],
      run: ({ client }, signal) => calls.list(client, { query: { branch, ...(at !== undefined && { t: at }) } }, { signal }),
      changedBy: { kinds: ["sparePart"], topics: { "stores.changed": () => true } },
    },
    { everyMs: () => (at === undefined ? EVERY_MS : undefined) },
  );
  const answer = loaded.value;
  if (answer === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const found = answer.parts.filter((part) => isWanted(part, wanted));
  const chosen = opened === undefined ? undefined : answer.parts.find(({ part }) => part === opened);
  const choose = (part: string | undefined): void => studio.address.amend({ detail: part });
  return (
    <>
      <header className="dw-stores-head">
        <TextInput size="sm" label={t("stores.search")} value={wanted} onChange={({ currentTarget: { value } }) => setWanted(value)} />
        <Button variant="default" onClick={() => setEdited("new")}>
          {t("stores.add")}
        </Button>
        <span className="dw-grow" />
        <Totals answer={answer} />
      </header>
      <NotReadAgain loaded={loaded} />
      {answer.parts.length === 0 ? (
        <Empty title={t("stores.none")} text={t("stores.noneText")} />
      ) : (
        <Card title={t("stores.parts")} note={t("stores.reachNote")}>
          <PartTable parts={found} onChoose={choose} />
        </Card>
      )}
      {chosen !== undefined && edited === undefined && (
        <PartDialog part={chosen} at={at} onClose={() => choose(undefined)} onChanged={loaded.reload} onEdit={() => setEdited(chosen)} />
      )}
      {edited !== undefined && (
        <PartForm {...(edited !== "new" && { part: edited })} onClose={() => setEdited(undefined)} onStored={loaded.reload} />
      )}
    </>
  );
}

function PartTable({ parts, onChoose }: { readonly parts: readonly KnownPart[]; readonly onChoose: (part: string) => void }): ReactNode {
  const { t, language } = useWords();
  const unitOf = useUnit();
  const columns: readonly Column<KnownPart>[] = [
    {
      title: t("stores.part"),
      className: "dw-stores-part",
      cell: ({ part, fields: { title } }) => (
        <span>
          <b>{part}</b> <span className="dw-quiet-text">{inLanguage(title, language)}</span>
        </span>
      ),
      sortBy: ({ part }) => part,
    },
    { title: t("stores.field.place"), cell: ({ fields: { place } }) => place ?? "–", sortBy: ({ fields: { place } }) => place ?? "" },
    {
      title: t("stores.available"),
      isNumber: true,
      cell: (part) => <Available part={part} />,
      sortBy: ({ available }) => available,
    },
    {
      title: t("stores.field.minimum"),
      isNumber: true,
      cell: ({ fields: { minimum, unit } }) => unitOf(minimum, unit),
      sortBy: ({ fields: { minimum } }) => minimum,
    },
    {
      title: t("stores.reach"),
      isNumber: true,
      cell: ({ reach }) => (reach === undefined ? <span className="dw-quiet-text">{t("stores.reachUnknown")}</span> : reachText(reach, t)),
      sortBy: ({ reach }) => reach?.days,
    },
    {
      title: t("stores.field.leadDays"),
      isNumber: true,
      cell: ({ fields: { leadDays } }) => (leadDays === undefined ? "–" : daysText(leadDays, t)),
      sortBy: ({ fields: { leadDays } }) => leadDays,
    },
    {
      title: t("stores.value"),
      isNumber: true,
      cell: ({ value, fields: { currency } }) => (value === undefined ? "–" : `${numberText(value, 1)} ${currency}`),
      sortBy: ({ value }) => value,
    },
    { title: t("stores.findings"), cell: (part) => <Findings part={part} /> },
  ];
  return (
    <DataTable
      caption={t("stores.parts")}
      columns={columns}
      rows={parts}
      keyOf={({ part }) => part}
      rowClass={({ isLow }) => (isLow ? "is-low" : undefined)}
      onChoose={({ part }) => onChoose(part)}
    />
  );
}

function Available({ part: { available, reserved, fields, isLow } }: { readonly part: KnownPart }): ReactNode {
  const { t } = useWords();
  const unitOf = useUnit();
  return (
    <>
      <b className={isLow ? "dw-stores-low" : undefined}>{unitOf(available, fields.unit)}</b>
      {reserved > 0 && <small className="dw-quiet-text">{t("stores.reservedBeside", { quantity: reserved })}</small>}
    </>
  );
}

function Findings({ part: { isLow, findings, reported, fields } }: { readonly part: KnownPart }): ReactNode {
  const { t } = useWords();
  const unitOf = useUnit();
  return (
    <ul className="dw-stores-findings">
      {isLow && <li className="dw-stores-low">{t("stores.low")}</li>}
      {findings.map((finding) => (
        <li key={finding} className={finding === "noMovement" ? "dw-quiet-text" : "dw-stores-low"}>
          {finding === "differs" && reported !== undefined
            ? t("stores.finding.differs", { source: reported.source, quantity: unitOf(reported.onHand, fields.unit) })
            : t(`stores.finding.${finding as "belowNothing"}`)}
        </li>
      ))}
    </ul>
  );
}

function Totals({ answer: { parts, values, withoutPrice } }: { readonly answer: ListedParts }): ReactNode {
  const { t } = useWords();
  const low = parts.filter(({ isLow }) => isLow).length;
  return (
    <p className="dw-stores-totals">
      <b>{t("stores.count", { count: parts.length })}</b>
      {low > 0 && <span className="dw-stores-low">{t("stores.lowCount", { count: low })}</span>}
      {values.map(({ currency, value }) => (
        <span key={currency}>{t("stores.valueOf", { value: numberText(value, 1), currency })}</span>
      ))}
      {withoutPrice > 0 && values.length > 0 && <span className="dw-quiet-text">{t("stores.withoutPrice", { count: withoutPrice })}</span>}
    </p>
  );
}

function isWanted({ part, fields: { title, place = "", fits } }: KnownPart, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === "" || [part, title.en, title.zh, place, ...fits].some((each) => each.toLowerCase().includes(text));
}
