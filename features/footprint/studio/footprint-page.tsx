import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Message } from "@doppelwerk/kit";
import type { ReactNode } from "react";
import {
  Card,
  Chart,
  DataTable,
  DAY,
  Empty,
  Failure,
  linesOf,
  messageText,
  MINUTE,
  NotReadAgain,
  numberText,
  OriginMark,
  percentText,
  periodText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
  withUnit,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Footprints, ProductFootprint } from "../contract.ts";
import type {} from "../message-codes.ts";
import { GridDialog } from "./grid-dialog.tsx";
import "./footprint.css";

const DAYS = { day: 1, week: 7, month: 30 } as const;
const EVERY_MS = 60_000;

/** What the making of products gives off, from gate to gate: a part of their footprint, with its factors. */
export default function FootprintPage(): ReactNode {
  const studio = useStudio();
  const { branch, line, time } = useScope();
  const { t } = useWords();
  const { detail } = useStore(studio.address.store);
  const shown = useStore(time.shown);
  const [isNaming, setNaming] = useState(false);
  const lines = useLoad(linesOf(branch));
  const [named = "", scope = ""] = (detail ?? "").split(".");
  const span = Object.hasOwn(DAYS, named) ? (named as keyof typeof DAYS) : "day";
  const isPlant = scope === "plant";
  const asked = isPlant ? undefined : (line ?? lines.value?.[0]?.id);
  const isKnown = isPlant || line !== undefined || lines.kind !== "loading";
  const to = (): number => Math.floor(time.instant() / MINUTE) * MINUTE;
  const loaded = useLoad(
    isKnown
      ? {
          key: ["GET /carbon-footprints", branch, asked, span, shown === undefined ? "live" : to()],
          run: ({ client }, signal) =>
            calls.ofProducts(client, { query: { branch, line: asked, from: to() - DAYS[span] * DAY, to: to() } }, { signal }),
          changedBy: { kinds: ["gridCarbonDay", "gridCarbonSource", "carbonFactor", "energyMeter"] },
        }
      : undefined,
    { everyMs: shown === undefined ? EVERY_MS : undefined },
  );
  const go = (next: string): void => studio.address.amend({ detail: next });
  return (
    <div className="dw-page dw-footprint dw-report">
      <div className="dw-footprint-tools dw-screen-only">
        <SegmentedControl
          size="xs"
          aria-label={t("footprint.page.scope")}
          data={["line", "plant"].map((value) => ({ value, label: t(`footprint.scope.${value as "line" | "plant"}`) }))}
          value={isPlant ? "plant" : "line"}
          onChange={(value) => go(`${span}.${value}`)}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("footprint.page.span")}
          data={Object.keys(DAYS).map((value) => ({ value, label: t(`footprint.span.${value as keyof typeof DAYS}`) }))}
          value={span}
          onChange={(value) => go(`${value}.${isPlant ? "plant" : "line"}`)}
        />
        <Button size="compact-sm" variant="default" onClick={() => setNaming(true)}>
          {t("footprint.grid.change")}
        </Button>
      </div>
      <Shown loaded={loaded} />
      {isNaming && <GridDialog onClose={() => setNaming(false)} onStored={loaded.reload} />}
    </div>
  );
}

function Shown({ loaded }: { readonly loaded: ReturnType<typeof useLoad<Footprints>> }): ReactNode {
  const { t } = useWords();
  const found = loaded.value;
  if (found === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (found.total.parts.length === 0) return <Empty title={t("footprint.page.none")} text={t("footprint.page.noneText")} />;
  return (
    <>
      <NotReadAgain loaded={loaded} />
      <Head found={found} />
      <Intensity found={found} />
      <Parts found={found} />
      <Rows found={found} kind="product" />
      <Rows found={found} kind="order" />
    </>
  );
}

/** `12.4 kg`, or at least as much; undefined where nothing of it is known. */
function kgText(kg: number, isWhole: boolean): string | undefined {
  if (kg === 0 && !isWhole) return undefined;
  const size = Math.abs(kg);
  const text = withUnit(numberText(kg, size >= 100 ? 1 : size >= 1 ? 0.01 : 0.0001), "kg");
  return isWhole ? text : `≥ ${text}`;
}

function Head({ found }: { readonly found: Footprints }): ReactNode {
  const { t, zone, language } = useWords();
  const { total, unknownShare, from, to } = found;
  const kg = kgText(total.kg, total.unknown.length === 0);
  return (
    <header className="dw-footprint-head">
      <h2>
        {kg === undefined ? t("footprint.page.unknown") : t("footprint.page.total", { kg })}
        <span className="dw-badge">{t("footprint.page.partial")}</span>
        {found.isSimulated && <OriginMark origin="simulated" />}
      </h2>
      <p className="dw-quiet-text">
        {periodText(from, to, zone, language)}
        {found.zone !== undefined && ` · ${t("footprint.page.zone", { zone: found.zone })}`}
        {unknownShare > 0 && ` · ${t("footprint.page.unknownShare", { share: percentText(unknownShare) })}`}
      </p>
      {found.findings.length > 0 && (
        <ul>
          {found.findings.map((finding, at) => (
            <li key={at}>{messageText("", finding as Message)}</li>
          ))}
        </ul>
      )}
    </header>
  );
}

function Intensity({ found: { hours } }: { readonly found: Footprints }): ReactNode {
  const { t } = useWords();
  if (!hours.some(({ g }) => g !== undefined)) return null;
  return (
    <Chart
      label={t("footprint.page.intensity")}
      x={{ kind: "time", from: hours[0]!.at, to: hours.at(-1)!.at + 3_600_000_000 }}
      y={{ kind: "number", unit: "g/kWh", name: t("footprint.page.intensity"), include: [0], digits: 0 }}
      height={150}
      marks={[
        {
          kind: "line",
          name: t("footprint.page.intensity"),
          tone: "hue",
          isStepped: true,
          points: hours.map(({ at, g }) => ({ x: at, y: g })),
        },
      ]}
    />
  );
}

function Parts({ found }: { readonly found: Footprints }): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("footprint.parts.title")} note={t("footprint.parts.note")}>
      <DataTable
        caption={t("footprint.parts.title")}
        rows={found.total.parts}
        keyOf={({ of }) => of}
        columns={[
          { title: t("footprint.parts.of"), cell: ({ of }) => t(`footprint.of.${of as "gas"}`) },
          { title: t("footprint.parts.amount"), isNumber: true, cell: ({ amount, unit }) => withUnit(numberText(amount, 0.1), unit) },
          { title: "CO₂e", isNumber: true, cell: ({ kg, unknownAmount }) => kgText(kg, unknownAmount === 0) ?? t("footprint.unknown") },
          {
            title: t("footprint.parts.unknown"),
            isNumber: true,
            cell: ({ amount, unknownAmount }) => (amount > 0 && unknownAmount > 0 ? percentText(unknownAmount / amount) : "–"),
          },
          { title: t("footprint.parts.sources"), cell: ({ sources }) => sources.join(", ") || "–" },
        ]}
      />
    </Card>
  );
}

function Rows({ found, kind }: { readonly found: Footprints; readonly kind: "product" | "order" }): ReactNode {
  const { t } = useWords();
  const rows = found.rows.filter((row) => row.kind === kind);
  const title = t(`footprint.rows.${kind}`);
  return (
    <Card title={title} note={t("footprint.rows.note")}>
      <DataTable<ProductFootprint>
        caption={title}
        rows={rows}
        keyOf={({ id }) => id}
        empty={t("footprint.rows.none")}
        columns={[
          { title: t(`footprint.rows.${kind}Name`), cell: ({ id }) => id },
          ...(kind === "order" ? [{ title: t("footprint.rows.productName"), cell: ({ product }: ProductFootprint) => product }] : []),
          { title: t("footprint.rows.good"), isNumber: true, cell: ({ good }) => (good === undefined ? "–" : String(good)) },
          {
            title: "CO₂e",
            isNumber: true,
            cell: ({ kg, unknown }) => kgText(kg, unknown.length === 0) ?? t("footprint.unknown"),
            sortBy: ({ kg }) => kg,
          },
          {
            title: t("footprint.rows.each"),
            isNumber: true,
            cell: ({ each }) => (each === undefined ? "–" : kgText(each, true)),
            sortBy: ({ each }) => each,
          },
        ]}
      />
    </Card>
  );
}
