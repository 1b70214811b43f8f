import type { ReactNode } from "react";
import {
  clockText,
  fixedText,
  inLanguage,
  OriginMark,
  Spark,
  StateStrip,
  useSignal,
  useStore,
  useStudio,
  useWords,
  withUnit,
  numberText,
} from "@doppelwerk/kit/studio";
import type { Cause, LimitedValue, LineFigures, PlaceSums, Summary } from "../contract.ts";
import { TablePart } from "./board-part.tsx";
import { remainderOf } from "../model/remainder.ts";
import { LineBreak, LineStopped, LineWaits } from "./line-waits.tsx";
import { lossWords, lostMinutes } from "./loss-words.ts";
import { AlarmCounts } from "./alarm-counts.tsx";
import { atLeast, useWhy } from "./known.ts";
import { limitNow } from "./limit-now.ts";
import { CostText, moneyText } from "./cost-cell.tsx";
import { EnergyText } from "./energy-text.tsx";
import { EndOfShift, GoodBar } from "./output-cells.tsx";
import { shownKind } from "./shown-kind.ts";
import { Unknown } from "./unknown.tsx";
import { signalTitle } from "./value-list.tsx";

interface Rows {
  readonly summary: Summary;
  readonly selected: string | undefined;
  readonly onOpen: (place: string) => void;
  /** Opens how the OEE of a line is computed; undefined where nothing shows that. */
  readonly onOee?: ((line: string) => void) | undefined;
}

/** A row for each place right in the place, its lines below it where it has several, and the sums last. */
export function PlaceTable({ summary, selected, onOpen, onOee }: Rows): ReactNode {
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
            <HeadMark origin="machine" />
          </th>
          {hasCost && (
            <th scope="col" className="is-number">
              {t("places.table.cost")}
              <HeadMark origin="derived" />
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <TablePart key={row.place.id} name={inLanguage(row.place.title, language)} at={at}>
            <PlaceRows
              above={summary.path.at(-1)}
              sums={row}
              at={at}
              hasCost={hasCost}
              isFirst={row.place.id === first}
              isSelected={row.place.id === selected}
              cause={causes.find((cause) => cause.row === row.place.id)}
              onOpen={onOpen}
              onOee={onOee}
            />
          </TablePart>
        ))}
        {rows.length > 0 && (
          <TablePart name={t("places.table.remainder")} at={at}>
            <RemainderRow rows={rows} total={total} hasCost={hasCost} />
          </TablePart>
        )}
        <TablePart name={inLanguage(total.place.title, language)} at={at}>
          <TotalRow sums={total} above={summary.path.at(-2)} at={at} hasCost={hasCost} hasRows={rows.length > 0} onOee={onOee} />
        </TablePart>
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
      <th scope="col">
        {t("places.table.good")}
        <HeadMark origin="derived" />
      </th>
      <th scope="col">
        {t("places.table.end")}
        <HeadMark origin="forecast" />
      </th>
      <th scope="col" className="is-number" title={t("places.table.oeeHint")}>
        OEE, %
        <HeadMark origin="derived" />
      </th>
      <th scope="col" title={t("places.table.lostHint")}>
        {t("places.table.lost")}
        <HeadMark origin="derived" />
      </th>
    </>
  );
}

/** Where what stands in a column is from; `machine`: measured, or of simulated machines in a demonstration. A value that is from elsewhere has its own mark. */
function HeadMark({ origin }: { readonly origin: "machine" | "derived" | "forecast" }): ReactNode {
  const isDemo = useStore(useStudio().world)?.demo === true;
  return (
    <small className="dw-place-origin">
      {" "}
      <OriginMark origin={origin === "machine" ? (isDemo ? "simulated" : "measured") : origin} />
    </small>
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
        <HeadMark origin="machine" />
      </th>
      <th scope="col">{t("places.table.signals")}</th>
    </>
  );
}

interface RowProps {
  readonly sums: PlaceSums;
  readonly at: number;
  readonly hasCost: boolean;
  /** The place around it. */
  readonly above: Summary["path"][number] | undefined;
  readonly isFirst: boolean;
  readonly isSelected: boolean;
  readonly cause: Cause | undefined;
  readonly onOpen: (place: string) => void;
  readonly onOee: Rows["onOee"];
}

function PlaceRows({ sums, at, hasCost, above, isFirst, isSelected, cause, onOpen, onOee }: RowProps): ReactNode {
  const { t, language } = useWords();
  const { place, lines, alarms } = sums;
  const isStorage = place.kind === "storageZone" || above?.kind === "storageZone";
  const only = lines.length === 1 ? lines[0] : undefined;
  const names = ["is-link", isFirst ? `needs-first dw-p${cause?.priority ?? 3}` : "", isSelected ? "is-selected" : ""];
  return (
    <>
      <tr
        className={names.filter((name) => name !== "").join(" ")}
        aria-current={isSelected ? true : undefined}
        onClick={() => onOpen(place.id)}
      >
        <th scope="row">
          <PlaceLink title={inLanguage(place.title, language)} />
          <small>
            {only !== undefined && only.id !== place.id ? inLanguage(only.title, language) : t(`places.kind.${shownKind(place, above)}`)}
          </small>
        </th>
        {lines.length === 0 ? (
          <WithoutFlow sums={sums} isStorage={isStorage} />
        ) : (
          <>
            <td data-label={t("places.table.state")}>{only !== undefined && <LineStrip line={only} at={at} />}</td>
            <ShiftCells of={sums} only={only} lines={lines.length} onOee={onOee} />
          </>
        )}
        <td data-label={t("places.table.alarms")}>
          <AlarmCounts counts={alarms} />
        </td>
        <td className="is-number" data-label="kWh">
          <EnergyText of={sums} />
        </td>
        {hasCost && <CostCell sums={sums} />}
      </tr>
      {lines.length > 1 &&
        lines.map((line) => <LineRow key={line.id} line={line} at={at} hasCost={hasCost} onOpen={() => onOpen(line.id)} onOee={onOee} />)}
    </>
  );
}

/** The name that heads a row. Its click is that of the row around it: the whole row opens the place, and a keyboard does it here. */
function PlaceLink({ title }: { readonly title: string }): ReactNode {
  return (
    <button type="button" className="dw-place-link">
      {title}
    </button>
  );
}

interface ShiftCellsProps {
  readonly of: Pick<PlaceSums, "good" | "due" | "unknownS" | "forecast" | "noForecast" | "plan" | "lostS">;
  /** The one line that it is of; OEE is never summed (P6). */
  readonly only: LineFigures | undefined;
  readonly lines: number;
  readonly oeeHint?: string;
  readonly onOee: Rows["onOee"];
}

/** Output, end of shift, OEE and lost time of the shift so far. */
function ShiftCells({ of, only, lines, oeeHint, onOee }: ShiftCellsProps): ReactNode {
  const { t } = useWords();
  return (
    <>
      <td data-label={t("places.table.good")}>
        <GoodBar good={of.good} due={of.due} unknownS={of.unknownS} />
      </td>
      <td data-label={t("places.table.end")}>
        <EndOfShift forecast={of.forecast} noForecast={of.noForecast} plan={of.plan} lines={lines} />
      </td>
      <td className="is-number" data-label="OEE, %" title={oeeHint}>
        {only === undefined ? "–" : <Oee line={only} onOpen={onOee && (() => onOee(only.id))} />}
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
  onOee,
}: {
  readonly line: LineFigures;
  readonly at: number;
  readonly hasCost: boolean;
  readonly onOpen: () => void;
  readonly onOee: Rows["onOee"];
}): ReactNode {
  const { t, language } = useWords();
  return (
    <tr className="is-link is-line" onClick={onOpen}>
      <th scope="row">
        <PlaceLink title={inLanguage(line.title, language)} />
      </th>
      <td data-label={t("places.table.state")}>
        <LineStrip line={line} at={at} />
      </td>
      <ShiftCells of={line} only={line} lines={1} onOee={onOee} />
      <td data-label={t("places.table.alarms")}>
        <AlarmCounts counts={line.alarms} />
      </td>
      <td className="is-number" data-label="kWh">
        <EnergyText of={line} />
      </td>
      {hasCost && <CostCell sums={line} />}
    </tr>
  );
}

function CostCell({
  sums: { cost, unknownS, energy },
  isMain = false,
}: {
  readonly sums: Pick<PlaceSums, "cost" | "unknownS" | "energy">;
  /** It is that of all rows: it says so where its energy is no sum of theirs. */
  readonly isMain?: boolean;
}): ReactNode {
  const { t } = useWords();
  const why = useWhy(unknownS);
  return (
    <td className="is-number" data-label={t("places.table.cost")}>
      <span className="dw-place-cost">
        {cost === undefined ? <Unknown why={why.unknown ?? t("places.table.noCost")} /> : <CostText cost={cost} unknownS={unknownS} />}
        {isMain && energy?.isOwn && cost?.energy !== undefined && (
          <small className="dw-place-of" title={t("places.energy.mainHint")}>
            {t(cost.scrap === undefined ? "places.energy.main" : "places.cost.mainAndScrap")}
          </small>
        )}
      </span>
    </td>
  );
}

/** The OEE of a line in per cent; a click leads to how it is computed. */
function Oee({ line: { oee }, onOpen }: { readonly line: LineFigures; readonly onOpen: (() => void) | undefined }): ReactNode {
  const { t } = useWords();
  const text = fixedText(oee === undefined ? undefined : oee * 100, 1);
  if (oee === undefined || onOpen === undefined) return text;
  return (
    <button
      type="button"
      className="dw-place-oee"
      title={t("kpi.howComputed")}
      onClick={(event) => {
        // it opens the computation, not the row
        event.stopPropagation();
        onOpen();
      }}
    >
      {text}
    </button>
  );
}

function LineStrip({ line, at }: { readonly line: LineFigures; readonly at: number }): ReactNode {
  const { states, shift } = line;
  const spans = states.map(({ from, state }, index) => ({ from, to: states[index + 1]?.from ?? at, state }));
  const from = shift?.from ?? spans[0]?.from ?? at - 1;
  return (
    <>
      <StateStrip spans={spans} from={from} to={Math.max(at, from + 1)} height={14} />
      <LineBreak line={line} at={at} />
      <LineStopped line={line} />
      <LineWaits line={line} />
    </>
  );
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
  return (
    <span className="dw-place-lost">
      <b title={why.atLeast}>{atLeast(lostMinutes(lostS), unknownS !== undefined)}</b>{" "}
      {(lines > 1 ? [t("places.table.lineMinutes", { lines })] : lossWords(losses, t)).map((words) => (
        <small key={words}>{words}</small>
      ))}
    </span>
  );
}

/** Values against limits in place of counts, and how its signals are. */
function WithoutFlow({
  sums: { values, signals, connections },
  isStorage,
}: {
  readonly sums: PlaceSums;
  readonly isStorage: boolean;
}): ReactNode {
  const { t } = useWords();
  const [first] = values;
  const shown = values.slice(0, 3);
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
          shown.map((value) => (
            <ShownLimit
              key={value.signal}
              value={value}
              isStock={isStorage}
              isNamed={shown.some((other) => other !== value && other.name === value.name)}
            />
          ))
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
                : [
                    t("places.table.someGood", { good: signals.good, count: signals.total }),
                    ...(signals.silent > 0 ? [t("places.table.signalsSilent", { count: signals.silent })] : []),
                    ...(signals.uncertain > 0 ? [t("places.table.signalsUncertain", { count: signals.uncertain })] : []),
                    ...(signals.bad > 0 ? [t("places.table.signalsBad", { count: signals.bad })] : []),
                  ].join(" · ")}
        </small>
      </td>
    </>
  );
}

/** `5.4 bar air main, limit 5.8`, as it comes in: the limit only where it is passed. */
function ShownLimit({
  value,
  isNamed,
  isStock,
}: {
  readonly value: LimitedValue;
  /** Of storage: what has no unit counts pieces. */
  readonly isStock: boolean;
  /** Another one is called the same: it says where it is. */
  readonly isNamed: boolean;
}): ReactNode {
  const { t, language } = useWords();
  const { low, high } = value;
  const isDemo = useStore(useStudio().world)?.demo === true;
  const shown = useSignal(value.signal).value;
  const { value: now, state } = limitNow(value, shown);
  // of a demonstration all of it is of simulated machines, which the head of its column says
  const origin = shown === undefined || shown.origin === "measured" || (isDemo && shown.origin === "simulated") ? undefined : shown.origin;
  const limit = state === "low" ? low : state === "high" ? high : undefined;
  const isCount = isStock && (value.unit === undefined || value.unit === "1");
  const unit = isCount ? t("places.table.pieces", { count: now ?? 0 }) : value.unit;
  return (
    <span className={`dw-place-value ${limit === undefined ? "" : "is-outside"}`}>
      <b data-signal={value.signal}>{now === undefined ? "–" : withUnit(numberText(now), unit)}</b> {signalTitle(value, language)}
      {origin !== undefined && <OriginMark origin={origin} />}
      {isNamed && value.of !== undefined && <small> {inLanguage(value.of, language)}</small>}
      {limit !== undefined && <small> {t("places.table.limit", { limit: withUnit(numberText(limit), unit) })}</small>}
    </span>
  );
}

/** What the main meter counts beyond the rows above: with it they add up by hand. */
function RemainderRow({
  rows,
  total,
  hasCost,
}: {
  readonly rows: readonly PlaceSums[];
  readonly total: PlaceSums;
  readonly hasCost: boolean;
}): ReactNode {
  const { t, language } = useWords();
  const rest = remainderOf(rows, total);
  if (rest === undefined) return null;
  const { kWh, isUpperBound, cost } = rest;
  return (
    <tr className="is-remainder">
      <th scope="row" colSpan={7} title={t("places.table.remainderHint")}>
        {t("places.table.remainder")}
      </th>
      <td className="is-number" data-label="kWh">
        {kWh === undefined ? (
          <Unknown why={t("places.table.remainderUnknown")} />
        ) : (
          <UpTo figure={fixedText(kWh, 0)} isBound={isUpperBound} />
        )}
      </td>
      {hasCost && (
        <td className="is-number" data-label={t("places.table.cost")}>
          {cost === undefined ? (
            <Unknown why={t("places.table.noCost")} />
          ) : (
            <UpTo
              figure={moneyText(cost.amount, cost.currency, language, Number.isInteger(cost.amount) ? 0 : 2)}
              isBound={cost.isUpperBound}
            />
          )}
        </td>
      )}
    </tr>
  );
}

/** `≤ 12` of what may be in a row of which a part is not known. */
function UpTo({ figure, isBound }: { readonly figure: string; readonly isBound: boolean }): ReactNode {
  const { t } = useWords();
  return isBound ? <span title={t("places.table.remainderAtMost")}>≤ {figure}</span> : figure;
}

function TotalRow({
  sums,
  above,
  at,
  hasCost,
  hasRows,
  onOee,
}: Pick<RowProps, "sums" | "above" | "at" | "hasCost" | "onOee"> & { readonly hasRows: boolean }): ReactNode {
  const { t, language } = useWords();
  const { place, lines, alarms, signals } = sums;
  const only = !hasRows && lines.length === 1 ? lines[0] : undefined;
  return (
    <tr className="is-total">
      <th scope="row">
        {inLanguage(place.title, language)}
        <small>{hasRows ? t("places.table.sum") : t(`places.kind.${shownKind(place, above)}`)}</small>
      </th>
      <td data-label={t("places.table.signals")} colSpan={lines.length === 0 ? 5 : 1}>
        {only === undefined ? (
          <small className="dw-quiet-text">{t("places.table.allSignals", { good: signals.good, count: signals.total })}</small>
        ) : (
          <LineStrip line={only} at={at} />
        )}
      </td>
      {lines.length > 0 && <ShiftCells of={sums} only={only} lines={lines.length} oeeHint={t("places.table.oeeHint")} onOee={onOee} />}
      <td data-label={t("places.table.alarms")}>
        <AlarmCounts counts={alarms} />
      </td>
      <td className="is-number" data-label="kWh">
        <EnergyText of={sums} isMain={hasRows} />
      </td>
      {hasCost && <CostCell sums={sums} isMain={hasRows} />}
    </tr>
  );
}
