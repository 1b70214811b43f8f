import type { ReactNode } from "react";
import {
  clockText,
  fixedText,
  inLanguage,
  Spark,
  StateStrip,
  stateLook,
  useSignal,
  useWords,
  withUnit,
  numberText,
} from "@doppelwerk/kit/studio";
import type { Cause, LimitedValue, LineFigures, PlaceSums, Summary } from "../contract.ts";
import { AlarmCounts } from "./alarm-counts.tsx";
import { atLeast, useWhy } from "./known.ts";
import { limitNow } from "./limit-now.ts";
import { CostText } from "./cost-cell.tsx";
import { EndOfShift, GoodBar } from "./output-cells.tsx";
import { Unknown } from "./unknown.tsx";
import { signalTitle } from "./value-list.tsx";

interface Rows {
  readonly summary: Summary;
  readonly selected: string | undefined;
  readonly onSelect: (row: string) => void;
  readonly onOpen: (place: string) => void;
}

/** A row for each place right in the place, its lines below it where it has several, and the sums last. */
export function PlaceTable({ summary, selected, onSelect, onOpen }: Rows): ReactNode {
  const { t, language } = useWords();
  const { rows, total, causes, shift, at } = summary;
  const hasCost = summary.priced;
  const first = causes.find((cause) => cause.priority !== undefined)?.row;
  const hasLines = total.lines.length > 0;
  return (
    <table className="dw-places" aria-label={t("places.table.caption", { place: inLanguage(total.place.title, language) })}>
      <thead>
        <tr>
          <th scope="col">{t("places.table.area")}</th>
          {hasLines ? <LineHeads shift={shift} /> : <AreaHeads />}
          <th scope="col">{t("places.table.alarms")}</th>
          <th scope="col" className="is-number">
            kWh
          </th>
          {hasCost && (
            <th scope="col" className="is-number">
              {t("places.table.cost")}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <PlaceRows
            key={row.place.id}
            sums={row}
            at={at}
            hasCost={hasCost}
            isFirst={row.place.id === first}
            isSelected={row.place.id === selected}
            cause={causes.find((cause) => cause.row === row.place.id)}
            onSelect={() => onSelect(row.place.id)}
            onOpen={onOpen}
          />
        ))}
        <TotalRow sums={total} at={at} hasCost={hasCost} hasRows={rows.length > 0} />
      </tbody>
    </table>
  );
}

function LineHeads({ shift }: Pick<Summary, "shift">): ReactNode {
  const { t, zone } = useWords();
  return (
    <>
      <th scope="col">
        {shift === undefined ? t("places.table.state") : t("places.table.stateSince", { clock: clockText(shift.from, zone, false) })}
      </th>
      <th scope="col">{t("places.table.good")}</th>
      <th scope="col">{t("places.table.end")}</th>
      <th scope="col" className="is-number" title={t("places.table.oeeHint")}>
        OEE, %
      </th>
      <th scope="col" title={t("places.table.lostHint")}>
        {t("places.table.lost")}
      </th>
    </>
  );
}

/** Where no place has a line: as many columns, with what `WithoutFlow` shows. */
function AreaHeads(): ReactNode {
  const { t } = useWords();
  return (
    <>
      <th scope="col">{t("places.table.trend")}</th>
      <th scope="col" colSpan={3}>
        {t("places.table.values")}
      </th>
      <th scope="col">{t("places.table.signals")}</th>
    </>
  );
}

interface RowProps {
  readonly sums: PlaceSums;
  readonly at: number;
  readonly hasCost: boolean;
  readonly isFirst: boolean;
  readonly isSelected: boolean;
  readonly cause: Cause | undefined;
  readonly onSelect: () => void;
  readonly onOpen: (place: string) => void;
}

function PlaceRows({ sums, at, hasCost, isFirst, isSelected, cause, onSelect, onOpen }: RowProps): ReactNode {
  const { t, language } = useWords();
  const { place, lines, alarms, energy } = sums;
  const only = lines.length === 1 ? lines[0] : undefined;
  const names = ["is-link", isFirst ? `needs-first dw-p${cause?.priority ?? 3}` : "", isSelected ? "is-selected" : ""];
  return (
    <>
      <tr
        className={names.filter((name) => name !== "").join(" ")}
        aria-current={isSelected ? true : undefined}
        onClick={onSelect}
        onDoubleClick={() => onOpen(place.id)}
      >
        <th scope="row">
          <button type="button" className="dw-place-link" title={inLanguage(place.title, language)} onClick={() => onOpen(place.id)}>
            {inLanguage(place.title, language)}
          </button>
          <small>{only !== undefined && only.id !== place.id ? inLanguage(only.title, language) : t(`places.kind.${place.kind}`)}</small>
        </th>
        {lines.length === 0 ? (
          <WithoutFlow sums={sums} />
        ) : (
          <>
            <td data-label={t("places.table.state")}>{only !== undefined && <LineStrip line={only} at={at} />}</td>
            <ShiftCells of={sums} only={only} lines={lines.length} />
          </>
        )}
        <td data-label={t("places.table.alarms")}>
          <AlarmCounts counts={alarms} />
        </td>
        <td className="is-number" data-label="kWh">
          <EnergyText energy={energy} />
        </td>
        {hasCost && <CostCell sums={sums} />}
      </tr>
      {lines.length > 1 &&
        lines.map((line) => <LineRow key={line.id} line={line} at={at} hasCost={hasCost} onOpen={() => onOpen(line.id)} />)}
    </>
  );
}

interface ShiftCellsProps {
  readonly of: Pick<PlaceSums, "good" | "due" | "unknownS" | "forecast" | "plan" | "lostS">;
  /** The one line that it is of; OEE is never summed (P6). */
  readonly only: LineFigures | undefined;
  readonly lines: number;
  readonly oeeHint?: string;
}

/** Output, end of shift, OEE and lost time of the shift so far. */
function ShiftCells({ of, only, lines, oeeHint }: ShiftCellsProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <td data-label={t("places.table.good")}>
        <GoodBar good={of.good} due={of.due} unknownS={of.unknownS} />
      </td>
      <td data-label={t("places.table.end")}>
        <EndOfShift forecast={of.forecast} plan={of.plan} />
      </td>
      <td className="is-number" data-label="OEE, %" title={oeeHint}>
        {only === undefined ? "–" : oeeText(only)}
      </td>
      <td data-label={t("places.table.lost")}>
        <Lost lostS={of.lostS} unknownS={of.unknownS} losses={only?.losses ?? []} lines={lines} />
      </td>
    </>
  );
}

function LineRow({
  line,
  at,
  hasCost,
  onOpen,
}: {
  readonly line: LineFigures;
  readonly at: number;
  readonly hasCost: boolean;
  readonly onOpen: () => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <tr className="is-line" onDoubleClick={onOpen}>
      <th scope="row">
        <button type="button" className="dw-place-link" title={inLanguage(line.title, language)} onClick={onOpen}>
          {inLanguage(line.title, language)}
        </button>
      </th>
      <td data-label={t("places.table.state")}>
        <LineStrip line={line} at={at} />
      </td>
      <ShiftCells of={line} only={line} lines={1} />
      <td data-label={t("places.table.alarms")}>
        <AlarmCounts counts={line.alarms} />
      </td>
      <td className="is-number" data-label="kWh">
        <EnergyText energy={line.energy} />
      </td>
      {hasCost && <CostCell sums={line} />}
    </tr>
  );
}

function CostCell({ sums: { cost, unknownS } }: { readonly sums: Pick<PlaceSums, "cost" | "unknownS"> }): ReactNode {
  const { t } = useWords();
  const why = useWhy(unknownS);
  return (
    <td className="is-number" data-label={t("places.table.cost")}>
      {cost === undefined ? <Unknown why={why.unknown ?? t("places.table.noCost")} /> : <CostText cost={cost} unknownS={unknownS} />}
    </td>
  );
}

function EnergyText({ energy }: { readonly energy: PlaceSums["energy"] }): ReactNode {
  const why = useWhy();
  return energy === undefined ? <Unknown why={why.unknown} /> : fixedText(energy.kWh, 0);
}

function oeeText({ oee }: Pick<LineFigures, "oee">): string {
  return fixedText(oee === undefined ? undefined : oee * 100, 1);
}

function LineStrip({ line: { states, shift }, at }: { readonly line: LineFigures; readonly at: number }): ReactNode {
  const spans = states.map(({ from, state }, index) => ({ from, to: states[index + 1]?.from ?? at, state }));
  const from = shift?.from ?? spans[0]?.from ?? at - 1;
  return <StateStrip spans={spans} from={from} to={Math.max(at, from + 1)} height={14} />;
}

/** Lost minutes with the states that they went to; of several lines a sum of line minutes. */
function Lost({
  lostS,
  unknownS,
  losses,
  lines,
}: {
  readonly lostS: number | undefined;
  readonly unknownS: number | undefined;
  readonly losses: LineFigures["losses"];
  readonly lines: number;
}): ReactNode {
  const { t } = useWords();
  const why = useWhy(unknownS);
  if (lostS === undefined) return <Unknown why={why.unknown} />;
  const minutes = (seconds: number): string => fixedText(seconds / 60, Math.abs(seconds) < 600 ? 1 : 0);
  const words = losses
    .filter(({ seconds }) => seconds >= 30)
    .slice(0, 2)
    .map(({ state, seconds }) => `${lossWord(state, t)} ${minutes(seconds)}`);
  return (
    <span className="dw-place-lost">
      <b title={why.atLeast}>{atLeast(minutes(lostS), unknownS)}</b>{" "}
      <small>{lines > 1 ? t("places.table.lineMinutes", { lines }) : words.join(" · ")}</small>
    </span>
  );
}

function lossWord(state: string, t: ReturnType<typeof useWords>["t"]): string {
  if (state === "speed" || state === "reject" || state === "rework") return t(`places.table.${state}`);
  return t.or(`state.${stateLook(state)}`, state).toLowerCase();
}

/** Values against limits in place of counts, and how its signals are. */
function WithoutFlow({ sums: { values, signals, connections } }: { readonly sums: PlaceSums }): ReactNode {
  const { t } = useWords();
  const [first] = values;
  const unwell = signals.bad + signals.silent + signals.uncertain;
  return (
    <>
      <td data-label={t("places.table.trend")}>
        {first !== undefined && (
          <Spark
            id={first.signal}
            minutes={60}
            height={26}
            width={190}
            {...(first.low !== undefined && { low: first.low })}
            {...(first.high !== undefined && { high: first.high })}
          />
        )}
      </td>
      <td colSpan={3} data-label={t("places.table.values")} className="dw-place-values">
        {values.length === 0 ? (
          <span className="dw-quiet-text">{t("places.table.noValues")}</span>
        ) : (
          values.slice(0, 3).map((value) => <ShownLimit key={value.signal} value={value} />)
        )}
      </td>
      <td data-label={t("places.table.signals")}>
        <small className={connections.troubled.length > 0 ? "is-trouble" : "dw-quiet-text"}>
          {connections.troubled.length > 0
            ? t("places.table.lostConnections", { names: connections.troubled.map(({ name }) => name).join(", ") })
            : signals.total === 0
              ? t("places.table.noSignals")
              : unwell === 0
                ? t("places.table.allGood", { count: signals.total })
                : t("places.table.someGood", { good: signals.good, count: signals.total })}
        </small>
      </td>
    </>
  );
}

/** `5.4 bar air main, limit 5.8`, as it comes in: the limit only where it is passed. */
function ShownLimit({ value }: { readonly value: LimitedValue }): ReactNode {
  const { t, language } = useWords();
  const { low, high, unit } = value;
  const { value: now, state } = limitNow(value, useSignal(value.signal).value);
  const limit = state === "low" ? low : state === "high" ? high : undefined;
  return (
    <span className={`dw-place-value ${limit === undefined ? "" : "is-outside"}`}>
      <b data-signal={value.signal}>{now === undefined ? "–" : withUnit(numberText(now), unit)}</b> {signalTitle(value, language)}
      {limit !== undefined && <small> {t("places.table.limit", { limit: withUnit(numberText(limit), unit) })}</small>}
    </span>
  );
}

function TotalRow({ sums, at, hasCost, hasRows }: Pick<RowProps, "sums" | "at" | "hasCost"> & { readonly hasRows: boolean }): ReactNode {
  const { t, language } = useWords();
  const { place, lines, alarms, energy, signals } = sums;
  const only = !hasRows && lines.length === 1 ? lines[0] : undefined;
  return (
    <tr className="is-total">
      <th scope="row">
        {inLanguage(place.title, language)}
        <small>{hasRows ? t("places.table.sum") : t(`places.kind.${place.kind}`)}</small>
      </th>
      <td data-label={t("places.table.signals")} colSpan={lines.length === 0 ? 5 : 1}>
        {only === undefined ? (
          <small className="dw-quiet-text">
            {[
              t("places.table.allSignals", { good: signals.good, count: signals.total }),
              ...(energy?.unallocatedKWh === undefined ? [] : [t("places.table.unallocated", { kWh: energy.unallocatedKWh.toFixed(0) })]),
            ].join(" · ")}
          </small>
        ) : (
          <LineStrip line={only} at={at} />
        )}
      </td>
      {lines.length > 0 && <ShiftCells of={sums} only={only} lines={lines.length} oeeHint={t("places.table.oeeHint")} />}
      <td data-label={t("places.table.alarms")}>
        <AlarmCounts counts={alarms} />
      </td>
      <td className="is-number" data-label="kWh">
        <EnergyText energy={energy} />
      </td>
      {hasCost && <CostCell sums={sums} />}
    </tr>
  );
}
