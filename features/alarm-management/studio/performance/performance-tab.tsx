import { NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import {
  DataTable,
  Empty,
  Failure,
  fromLocal,
  inLanguage,
  momentText,
  NotReadAgain,
  numberText,
  percentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { AlarmPerformance } from "../../contract.ts";
import { formatManagement } from "../management-address.ts";
import { AdviceCard } from "./advice-card.tsx";
import { AsideCard, FloodCard, NuisanceCard, PriorityCard, StaleCard, TopCard } from "./finding-cards.tsx";
import { Figures } from "./figures.tsx";
import { formatSpan, instantsOf, parseSpan, SPAN_NAMES, type ChosenSpan } from "./performance-span.ts";
import { RateChart } from "./rate-chart.tsx";

/** Live it is read again so often; an instant of the past that is shown moves on in steps of a minute. */
const EVERY_MS = 60_000;
const STEP = 60e6;
/** There the spans have no room beside one another. */
const NARROW = "(max-width: 700px)";

/** How well the alarms serve the operators over a span up to the instant shown. */
export function PerformanceTab({ rest: [spanText, position = ""] }: { readonly rest: readonly string[] }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const span = parseSpan(spanText);
  const loaded = usePerformance(span, position);
  const go = (next: ChosenSpan, of = position): void =>
    studio.address.amend({ detail: formatManagement({ tab: "performance", rest: [formatSpan(next), ...(of === "" ? [] : [of])] }) });
  const found = loaded.value;
  return (
    <div className="dw-management-scroll">
      <div className="dw-management-tools">
        <SpanChoice span={span} onChoose={go} />
        {found !== undefined && found.positions.length > 1 && (
          <PositionChoice positions={found.positions} chosen={position} onChoose={(of) => go(span, of)} />
        )}
      </div>
      <NotReadAgain loaded={loaded} />
      {found === undefined ? (
        loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : (
          <Waiting />
        )
      ) : found.reading !== undefined ? (
        <Empty title={t("alarmManagement.reading", { percent: Math.round(found.reading * 100) })} />
      ) : (
        <Found found={found} />
      )}
    </div>
  );
}

function usePerformance(span: ChosenSpan, position: string) {
  const { time } = useScope();
  const { zone } = useWords();
  const shown = useStore(time.shown);
  const at = shown === undefined ? undefined : Math.ceil(shown / STEP) * STEP;
  return useLoad<AlarmPerformance>(
    {
      key: ["GET /alarm-performance", formatSpan(span), position, at],
      run: ({ client }, signal) => {
        const now = Math.round(at ?? time.instant()) + 1;
        const query = instantsOf(span, now, (date) => fromLocal(zone, Date.parse(date) * 1_000));
        return calls.performance(client, { query: { ...query, ...(position !== "" && { position }) } }, { signal });
      },
    },
    { everyMs: at === undefined ? EVERY_MS : undefined },
  );
}

function SpanChoice({ span, onChoose }: { readonly span: ChosenSpan; readonly onChoose: (span: ChosenSpan) => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const today = new Date(studio.now() / 1_000).toISOString().slice(0, 10);
  const own = "from" in span ? span : undefined;
  const data = [
    ...SPAN_NAMES.map((name) => ({ value: name as string, label: t(`alarmManagement.span.${name}`) })),
    { value: "own", label: t("alarmManagement.span.own") },
  ];
  const chosen = own === undefined ? formatSpan(span) : "own";
  const choose = (value: string): void => onChoose(value === "own" ? { from: today, to: today } : parseSpan(value));
  return (
    <>
      {globalThis.matchMedia?.(NARROW).matches ? (
        <NativeSelect
          size="sm"
          aria-label={t("alarmManagement.span")}
          value={chosen}
          data={data}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      ) : (
        <SegmentedControl size="sm" aria-label={t("alarmManagement.span")} value={chosen} data={data} onChange={choose} />
      )}
      {own !== undefined &&
        (["from", "to"] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            size="sm"
            aria-label={t(`alarmManagement.${end}`)}
            value={own[end]}
            max={today}
            onChange={({ currentTarget: { value } }) => {
              if (value === "") return;
              const next = { ...own, [end]: value };
              onChoose(next.from <= next.to ? next : { from: value, to: value });
            }}
          />
        ))}
    </>
  );
}

function PositionChoice({
  positions,
  chosen,
  onChoose,
}: {
  readonly positions: AlarmPerformance["positions"];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <NativeSelect
      size="sm"
      aria-label={t("alarmManagement.position")}
      value={chosen}
      data={positions.map(({ key, title }) => ({ value: key, label: inLanguage(title, language) }))}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}

function Found({ found }: { readonly found: AlarmPerformance }): ReactNode {
  const { t, language, zone } = useWords();
  const { from, to, raised } = found;
  const when = (at: number): string => momentText(at, zone, language, false);
  return (
    <>
      <p className="dw-management-span">{t("alarmManagement.raised", { count: raised, from: when(from), to: when(to) })}</p>
      <Figures found={found} />
      {found.positions.length > 1 && <Positions positions={found.positions} />}
      <RateChart found={found} />
      <div className="dw-management-cards">
        <TopCard found={found} />
        <NuisanceCard found={found} />
        <PriorityCard found={found} />
        <FloodCard found={found} />
        <StaleCard found={found} />
        <AsideCard found={found} />
      </div>
      <AdviceCard found={found} />
    </>
  );
}

/** What is compared most of each operator position. */
function Positions({ positions }: { readonly positions: AlarmPerformance["positions"] }): ReactNode {
  const { t, language } = useWords();
  type Row = AlarmPerformance["positions"][number];
  const columns: readonly Column<Row>[] = [
    { title: t("alarmManagement.position"), cell: ({ title }) => inLanguage(title, language) },
    { title: t("alarmManagement.count"), isNumber: true, sortBy: ({ raised }) => raised, cell: ({ raised }) => raised },
    { title: t("alarmManagement.figure.rate"), isNumber: true, cell: ({ per10Min }) => numberText(per10Min, 0.01) },
    { title: t("alarmManagement.figure.peak"), isNumber: true, cell: ({ peak }) => peak },
    { title: t("alarmManagement.figure.floodShare"), isNumber: true, cell: ({ floodShare }) => percentText(floodShare) },
  ];
  return <DataTable caption={t("alarmManagement.positions")} columns={columns} rows={positions} keyOf={({ key }) => key} />;
}
