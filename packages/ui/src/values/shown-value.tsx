import { Tooltip } from "@mantine/core";
import type { ShownValue, SignalEntry } from "@doppelwerk/sync";
import type { ReactNode } from "react";
import { STATION_STATES } from "@doppelwerk/operations";
import { nameOfValue, quality } from "@doppelwerk/world";
import { stateLook } from "./state-look.ts";
import { useWords } from "../session/context.tsx";
import { useScope } from "../session/scope.tsx";
import { durationText, momentText } from "../time/format.ts";
import { unitText, valueText } from "./number.ts";
import { OriginMark, originText } from "./origin-mark.tsx";
import { useSignal } from "./use-signal.ts";
import type { Translate } from "../language/catalogues.ts";

/** Values that come once a cycle are not stale between two of them. */
const STALE_AFTER = 300_000_000;

/** A value with its unit and standing: stale fades, uncertain bears `?`, bad is struck; the reason, and where it is from, stand on hover. */
export function SignalValue({ id }: { readonly id: string }): ReactNode {
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const { entry, value } = useSignal(id);
  if (value === undefined) return <span className="dw-value is-missing">–</span>;
  const age = time.instant() - value.sourceTime;
  const stale = age > STALE_AFTER && typeof value.value === "number" && entry?.valueType === "double";
  const kind = value.quality === quality.bad ? "is-bad" : value.quality === quality.uncertain ? "is-uncertain" : stale ? "is-stale" : "";
  const reason =
    value.quality === quality.bad
      ? t("value.bad")
      : value.quality === quality.uncertain
        ? t("value.uncertain")
        : stale
          ? t("value.stale", { duration: durationText(age, language) })
          : t("value.good");
  return (
    <Tooltip
      label={`${reason} · ${momentText(value.sourceTime, zone, language)} · ${originText(value.origin, t)}`}
      multiline
      maw={340}
      openDelay={300}
    >
      <span className={`dw-value dw-fades ${kind}`}>
        <ValueWord value={value.value} entry={entry} />
        {value.quality === quality.uncertain && <i>?</i>}
        {entry?.unit !== undefined && <span className="dw-unit">{unitText(entry.unit)}</span>}
        {value.origin !== "measured" && <OriginMark origin={value.origin} />}
      </span>
    </Tooltip>
  );
}

/** A value in words: codes of standards in those of the reader, numbers that the plant names in those of the plant, with the number beside them. */
function ValueWord({ value, entry }: { readonly value: ShownValue["value"]; readonly entry: SignalEntry | undefined }): ReactNode {
  const { t } = useWords();
  const named = nameOfValue(entry?.enumeration, value);
  const code = typeof value === "boolean" && named !== undefined ? undefined : codeWord(value, entry?.role, t);
  if (code !== undefined) return <b>{code}</b>;
  if (named === undefined) return <b>{valueText(value, entry)}</b>;
  return (
    <>
      <b>{named}</b>
      {typeof value === "number" && <span className="dw-unit">{value}</span>}
    </>
  );
}

const coded = new Set(["ItemState", "OperationMode"]);

/** Codes of OPC 40001-1 (Machinery) and truth values in words; undefined for what is a value of its own. */
function codeWord(value: number | string | boolean | undefined, role: string | undefined, t: Translate): string | undefined {
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value === "number" && role === "State") return t(`state.${stateLook(STATION_STATES[value] ?? "unknown")}`);
  if (typeof value === "number" && role !== undefined && coded.has(role)) return t.or(`opc.${role}.${value}`, String(value));
  return undefined;
}

/** Where a value lies: the normal band, its limits, a mark. Nothing when the signal has no range (P20: unknown stays unknown). */
export function IndicatorBar({ id }: { readonly id: string }): ReactNode {
  const { entry, value } = useSignal(id);
  const { low, high, warningLow, warningHigh } = entry ?? {};
  if (low === undefined || high === undefined || high <= low || typeof value?.value !== "number") return null;
  const reach = high - low;
  const place = (at: number): number => Math.min(100, Math.max(0, ((at - low + reach * 0.35) / (reach * 1.7)) * 100));
  const outside = value.value < low || value.value > high;
  const bounds = [warningLow, warningHigh].filter((bound) => bound !== undefined);
  return (
    <span className={`dw-indicator ${outside ? "is-outside" : ""}`} aria-hidden>
      <span style={{ left: `${place(low)}%`, right: `${100 - place(high)}%` }} />
      {bounds.map((bound) => (
        <b key={bound} style={{ left: `${place(bound)}%` }} />
      ))}
      <i style={{ left: `${place(value.value)}%` }} />
    </span>
  );
}
