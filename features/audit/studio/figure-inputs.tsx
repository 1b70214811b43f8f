import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import {
  clockText,
  DataTable,
  durationText,
  Failure,
  messageText,
  momentText,
  saveFile,
  stateLook,
  useLoad,
  useStudio,
  useWords,
  type Column,
  type Zone,
} from "@doppelwerk/kit/studio";
import type { AuditItem, FigureAudit } from "@doppelwerk/ports";
import * as calls from "../calls.ts";
import type { AuditInputs, RawSignal, StateSpan } from "../contract.ts";
import type { AuditQuestion } from "./figure-section.tsx";
import { quantityText, secondsText } from "./quantity.ts";

/** Groups of figures that have pieces. */
const itemGroups: ReadonlySet<FigureAudit["group"]> = new Set(["output", "losses", "alarms", "energy"]);

/** What a figure was computed of: pieces, readings, states, planned time, gaps, and the way to the raw samples. */
export function FigureInputs({
  figure,
  question,
  zone,
}: {
  readonly figure: FigureAudit;
  readonly question: AuditQuestion;
  readonly zone: Zone;
}): ReactNode {
  const { t } = useWords();
  const hasInputs =
    (figure.signals ?? []).length > 0 ||
    (figure.stations ?? []).length > 0 ||
    figure.isPlannedTime === true ||
    itemGroups.has(figure.group);
  const loaded = useLoad(
    hasInputs
      ? {
          key: ["GET /audit/inputs", question, figure.id],
          run: ({ client }, signal) => calls.inputs(client, { query: { ...question, figure: figure.id } }, { signal }),
        }
      : undefined,
  );
  if (!hasInputs) return null;
  const inputs = loaded.value;
  if (inputs === undefined && loaded.kind === "failed")
    return <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />;
  if (inputs === undefined) return <p className="dw-quiet">{t("frame.loading")}</p>;
  return (
    <>
      {inputs.items.length > 0 && <Items inputs={inputs} zone={zone} />}
      {inputs.signals.length > 0 && <Signals inputs={inputs} zone={zone} />}
      {inputs.plan !== undefined && <Plan plan={inputs.plan} zone={zone} />}
      {inputs.states.map((states) => (
        <States key={states.station} states={states} zone={zone} />
      ))}
      {inputs.plan !== undefined && inputs.states.length > 0 && <Gaps gaps={inputs.gaps} zone={zone} />}
      {inputs.hidden > 0 && <p className="dw-quiet">{t("audit.hidden", { count: inputs.hidden })}</p>}
    </>
  );
}

/** The pieces that a figure is the sum or count of, with those that are no part of it and why. */
function Items({ inputs: { items, itemCount }, zone }: { readonly inputs: AuditInputs; readonly zone: Zone }): ReactNode {
  const { t, language } = useWords();
  const isMixed = items.some(({ isCounted, why }) => !isCounted || why !== undefined);
  const columns: readonly Column<AuditItem & { readonly index: number }>[] = [
    { title: t("audit.piece"), cell: ({ title }) => messageText("", title) },
    { title: t("audit.start"), cell: ({ from }) => momentText(from, zone, language), sortBy: ({ from }) => from },
    { title: t("audit.end"), cell: ({ to }) => (to === undefined ? t("audit.lasts") : momentText(to, zone, language)) },
    {
      title: t("audit.adds"),
      isNumber: true,
      cell: ({ value, unit }) => (unit === "s" ? secondsText(value) : quantityText(value, unit, t)),
      sortBy: ({ value }) => value,
    },
    ...(isMixed
      ? [
          {
            title: t("audit.isCounted"),
            cell: ({ isCounted, why }: AuditItem) =>
              [t(isCounted ? "audit.yes" : "audit.no"), why && messageText("", why)].filter((text) => text !== undefined).join(": "),
          },
        ]
      : []),
  ];
  const counted = items.filter(({ isCounted }) => isCounted).length;
  const title = t("audit.pieces", { count: itemCount, counted: counted === items.length ? itemCount : counted });
  return (
    <>
      <h3>{title}</h3>
      <DataTable
        caption={title}
        columns={columns}
        rows={items.map((item, index) => ({ ...item, index }))}
        keyOf={({ index }) => String(index)}
        isDense
        maxHeight={280}
      />
      {itemCount > items.length && <p className="dw-quiet">{t("audit.moreSpans", { count: itemCount - items.length })}</p>}
    </>
  );
}

function Signals({ inputs, zone }: { readonly inputs: AuditInputs; readonly zone: Zone }): ReactNode {
  const { client, notifyFailure } = useStudio();
  const { t, language } = useWords();
  const { from, to } = inputs.figure;
  const reading = (of: RawSignal["first"], unit: string | undefined): string =>
    of === undefined ? "–" : `${quantityText(of.value, unit ?? "", t)} · ${momentText(of.at, zone, language)}`;
  const held = (of: NonNullable<RawSignal["texts"]>[number] | undefined): string | undefined =>
    of === undefined ? undefined : `${of.text} · ${momentText(of.at, zone, language)}`;
  const columns: readonly Column<RawSignal>[] = [
    { title: t("audit.signal"), cell: ({ title }) => messageText("", title), hint: ({ name }) => name },
    { title: t("audit.samples"), isNumber: true, cell: ({ samples }) => samples },
    { title: t("audit.first"), cell: ({ first, unit, texts }) => held(texts?.[0]) ?? reading(first, unit) },
    { title: t("audit.last"), cell: ({ last, unit, texts }) => held(texts?.at(-1)) ?? reading(last, unit) },
    {
      title: t("audit.counted"),
      isNumber: true,
      cell: ({ counted, unit }) => (counted === undefined ? "–" : quantityText(counted, unit ?? "", t)),
    },
    { title: t("audit.bad"), isNumber: true, cell: ({ bad }) => bad },
  ];
  const download = (): void => {
    const signals = inputs.signals.map(({ signal }) => signal);
    client.exportSamples({ signals, from, to, format: "csv" }).then(
      (file) => saveFile(`${inputs.figure.id} ${new Date(from / 1_000).toISOString().slice(0, 16).replaceAll(":", "")}.csv`, file),
      (error: unknown) => notifyFailure(error, t("audit.csvFailed")),
    );
  };
  return (
    <>
      <h3>{t("audit.inputs")}</h3>
      <DataTable caption={t("audit.inputs")} columns={columns} rows={inputs.signals} keyOf={({ signal }) => signal} />
      {inputs.signals
        .filter(({ falls = [] }) => falls.length > 0)
        .map(({ signal, falls = [] }) => (
          <p key={signal} className="dw-quiet">
            {t("audit.falls", {
              count: falls.length,
              places: falls
                .map(({ at, before, after }) =>
                  t("audit.fall", { clock: clockText(at, zone), before: quantityText(before, "", t), after: quantityText(after, "", t) }),
                )
                .join("; "),
            })}
          </p>
        ))}
      {inputs.signals.map((signal) => (
        <Texts key={signal.signal} of={signal} from={from} zone={zone} />
      ))}
      <Button size="compact-sm" variant="default" onClick={download}>
        {t("audit.csv")}
      </Button>
    </>
  );
}

/** What a signal of texts said: at the beginning of the span, and each change. */
function Texts({
  of: { title, texts = [], textCount = texts.length },
  from,
  zone,
}: {
  readonly of: RawSignal;
  readonly from: number;
  readonly zone: Zone;
}): ReactNode {
  const { t, language } = useWords();
  if (texts.length === 0) return null;
  const caption = t("audit.changesOf", { signal: messageText("", title), count: textCount });
  return (
    <>
      <h3>{caption}</h3>
      <DataTable
        caption={caption}
        columns={[
          { title: t("audit.start"), cell: ({ at }) => momentText(at, zone, language) },
          { title: t("audit.textValue"), cell: ({ text, at }) => (at < from ? t("audit.heldBefore", { value: text }) : text) },
        ]}
        rows={texts}
        keyOf={({ at }) => String(at)}
        isDense
        maxHeight={280}
      />
      {textCount > texts.length && <p className="dw-quiet">{t("audit.moreSpans", { count: textCount - texts.length })}</p>}
    </>
  );
}

function Plan({ plan, zone }: { readonly plan: NonNullable<AuditInputs["plan"]>; readonly zone: Zone }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <h3>{t("audit.plan")}</h3>
      <DataTable
        caption={t("audit.plan")}
        columns={[{ title: t("audit.plan"), cell: ({ kind }) => t(`audit.${kind}`) }, ...useSpanColumns(zone)]}
        rows={plan}
        keyOf={({ from }) => String(from)}
      />
    </>
  );
}

function States({
  states: { station, spans, count },
  zone,
}: {
  readonly states: AuditInputs["states"][number];
  readonly zone: Zone;
}): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<StateSpan>[] = [
    {
      title: t("audit.state"),
      cell: ({ state }) => (
        <>
          <i className={`dw-chip is-${stateLook(state)}`} /> {t.or(`state.${stateLook(state)}`, state)}
        </>
      ),
    },
    { title: t("audit.word"), cell: ({ word }) => word ?? "–" },
    ...useSpanColumns(zone),
  ];
  const title = t("audit.states", { station, count });
  return (
    <>
      <h3>{title}</h3>
      <DataTable caption={title} columns={columns} rows={spans} keyOf={({ from }) => String(from)} isDense maxHeight={280} />
      {count > spans.length && <p className="dw-quiet">{t("audit.moreSpans", { count: count - spans.length })}</p>}
    </>
  );
}

function useSpanColumns(zone: Zone): readonly Column<{ readonly from: number; readonly to: number }>[] {
  const { t } = useWords();
  return [
    { title: t("audit.start"), cell: ({ from }) => clockText(from, zone) },
    { title: t("audit.end"), cell: ({ to }) => clockText(to, zone) },
    {
      title: t("audit.duration"),
      isNumber: true,
      cell: ({ from, to }) => secondsText((to - from) / 1e6),
      sortBy: ({ from, to }) => to - from,
    },
  ];
}

function Gaps({ gaps, zone }: { readonly gaps: AuditInputs["gaps"]; readonly zone: Zone }): ReactNode {
  const { t, language } = useWords();
  return (
    <>
      <h3>{t("audit.gaps")}</h3>
      {gaps.length === 0 && <p className="dw-quiet">{t("audit.noGaps")}</p>}
      {gaps.map(({ station, from, to }) => (
        <p key={`${station} ${from}`}>
          {t("audit.gap", { station, from: clockText(from, zone), to: clockText(to, zone), duration: durationText(to - from, language) })}
        </p>
      ))}
    </>
  );
}
