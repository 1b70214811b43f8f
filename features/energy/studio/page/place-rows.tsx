import type { ReactNode } from "react";
import { inLanguage, percentText, ScrollRegion, ShareBar, useWords } from "@doppelwerk/kit/studio";
import type { EnergyUse } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { STATE_GROUPS } from "../../model/state-groups.ts";
import { amountText, costText } from "./energy-text.ts";

type Place = EnergyUse["places"][number];

/** Places in the order of their tree, each with what it used by state, and below the ones inside what its meter counts beyond them. */
export function PlaceRows({ use }: { readonly use: EnergyUse }): ReactNode {
  const { t } = useWords();
  const rows = inTree(use.places);
  return (
    <>
      <ScrollRegion label={t("energy.places.title")}>
        <table className="dw-energy-table" aria-label={t("energy.places.title")}>
          <thead>
            <tr>
              <th>{t("energy.places.place")}</th>
              <th className="is-number">{t("energy.places.amount")}</th>
              <th className="is-number">{t("energy.places.share")}</th>
              <th>{t("energy.places.states")}</th>
              <th className="is-number">{t("energy.places.standby")}</th>
              <th className="is-number">{t("energy.places.cost")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) =>
              row.kind === "rest" ? (
                <Rest key={`${row.of.place} rest`} {...row} use={use} />
              ) : (
                <PlaceRow key={row.place.place} {...row} use={use} />
              ),
            )}
          </tbody>
        </table>
      </ScrollRegion>
      <Legend />
    </>
  );
}

type Row =
  | { readonly kind: "place"; readonly place: Place; readonly depth: number; readonly of: Place | undefined }
  | { readonly kind: "rest"; readonly of: Place; readonly depth: number };

/** Metered places below the one whose meter counts them too; others are left out, but for lines. */
function inTree(places: readonly Place[]): readonly Row[] {
  const shown = places.filter(({ isMetered, kind }) => isMetered || kind === "line");
  const ids = new Set(shown.map(({ place }) => place));
  const rows: Row[] = [];
  const add = (place: Place, depth: number, of: Place | undefined): void => {
    rows.push({ kind: "place", place, depth, of });
    const inside = shown.filter((each) => each !== place && (each.above === place.place || (!place.isMetered && isOfLine(each, place))));
    for (const each of inside.toSorted((a, b) => b.known - a.known)) add(each, depth + 1, place.isMetered ? place : undefined);
    if (place.allocated !== undefined) rows.push({ kind: "rest", of: place, depth: depth + 1 });
  };
  for (const place of shown) {
    const isInside = (place.above !== undefined && ids.has(place.above)) || shown.some((line) => !line.isMetered && isOfLine(place, line));
    if (!isInside) add(place, 0, undefined);
  }
  return rows;
}

/** A station of a line without a meter of its own. */
function isOfLine(place: Place, line: Place): boolean {
  return place.kind === "station" && line.kind === "line" && place.line === line.line;
}

function PlaceRow({ place, depth, of, use }: Extract<Row, { readonly kind: "place" }> & { readonly use: EnergyUse }): ReactNode {
  const { t, language } = useWords();
  const { amount, known, states, standbyShare, cost, isMetered, title, unknownS } = place;
  const name = inLanguage(title, language);
  const isAtLeast = isMetered && amount === undefined;
  return (
    <tr>
      <th scope="row" style={{ paddingInlineStart: 4 + depth * 16 }} title={name}>
        {name.startsWith(place.place) || place.kind !== "station" ? name : `${place.place} ${name}`}
      </th>
      <td className="is-number" title={isAtLeast ? t("energy.places.unknown", { minutes: Math.ceil(unknownS / 60) }) : undefined}>
        {isMetered ? (isAtLeast ? `≥ ${amountText(known, use.unit)}` : amountText(amount, use.unit)) : t("energy.places.noMeter")}
      </td>
      <td className="is-number">{of?.amount && amount !== undefined ? percentText(amount / of.amount) : ""}</td>
      <td className="dw-energy-states">
        {states !== undefined && <ShareBar seconds={Object.fromEntries(states.map((each) => [each.state, each.amount]))} name={name} />}
      </td>
      <td className="is-number">{standbyShare === undefined ? "" : percentText(standbyShare)}</td>
      <td className="is-number">{isMetered ? costText(cost, use.currency) : ""}</td>
    </tr>
  );
}

/** What the meter of a place counts beyond those inside: never left out, and below zero where these count more. */
function Rest({ of, depth, use }: Extract<Row, { readonly kind: "rest" }> & { readonly use: EnergyUse }): ReactNode {
  const { t } = useWords();
  const { unallocated, amount, isOver, isEven } = of;
  const share = unallocated === undefined || !amount ? "" : percentText(unallocated / amount);
  return (
    <tr className={isOver === true ? "is-rest is-over" : "is-rest"}>
      <th scope="row" style={{ paddingInlineStart: 4 + depth * 16 }}>
        {t("energy.rest")}
      </th>
      <td className="is-number">{amountText(unallocated, use.unit)}</td>
      <td className="is-number">{share}</td>
      <td colSpan={3} className="dw-quiet-text">
        {unallocated === undefined
          ? t("energy.rest.unknown")
          : isOver === true
            ? t("energy.rest.over")
            : isEven === true
              ? t("energy.rest.even")
              : ""}
      </td>
    </tr>
  );
}

const LOOK = { producing: "running", waiting: "starved", stopped: "failed", off: "off", unknown: "unknown" } as const;

function Legend(): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-legend">
      {STATE_GROUPS.map((group) => (
        <span key={group}>
          <i className={`dw-chip is-${LOOK[group]}`} /> {t(`energy.group.${group}`)}
        </span>
      ))}
    </div>
  );
}
