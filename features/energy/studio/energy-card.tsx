import type { ReactNode } from "react";
import {
  Card,
  clockText,
  inLanguage,
  numberText,
  percentText,
  useOfShift,
  useStore,
  useStudio,
  useWords,
  whyNoFigures,
  withUnit,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { LineEnergyAnswer } from "../contract.ts";
import type {} from "../message-codes.ts";
import "./energy.css";

const MAX_ROWS = 8;

/** What the stations of the line used in the shift, and what of its meter is allocated to none; nothing where it has no meters. */
export default function EnergyCard(): ReactNode {
  const studio = useStudio();
  const snapshot = useStore(studio.snapshot);
  const { t, zone } = useWords();
  const loaded = useOfShift("GET /energy", ({ client, ...query }, signal) =>
    calls.ofPeriod({ requester: client.requester }, { query }, { signal }),
  );
  const answer = loaded.value;
  if (snapshot === undefined || (answer !== undefined && answer.meters.length === 0)) return null;
  if (answer === undefined)
    return (
      <Card className="dw-energy" title={t("energy.title")}>
        <p className="dw-quiet">{whyNoFigures(loaded, snapshot, t, zone)}</p>
      </Card>
    );
  const span = t("energy.span", { from: clockText(answer.from, zone, false), to: clockText(answer.to, zone, false) });
  return (
    <Card className="dw-energy" title={titleOf(answer, t)} note={span}>
      <Rows answer={answer} />
      {answer.isOver && <p className="dw-energy-over">{t("energy.over")}</p>}
    </Card>
  );
}

function titleOf({ meteredKWh, allocatedKWh }: LineEnergyAnswer, t: ReturnType<typeof useWords>["t"]): string {
  if (meteredKWh === undefined) return t("energy.titleOfStations", { used: kWhText(allocatedKWh) });
  return t("energy.titleOf", { used: kWhText(meteredKWh) });
}

/** Many plants begin the name of a station with its id. */
const nameOf = (station: string, title: string): string => (title.startsWith(station) ? title : `${station} ${title}`);

const kWhText = (kWh: number | undefined): string => (kWh === undefined ? "–" : withUnit(numberText(kWh, 0.1), "kWh"));

function Rows({ answer: { stations, meteredKWh, allocatedKWh, unallocatedKWh } }: { readonly answer: LineEnergyAnswer }): ReactNode {
  const { t, language } = useWords();
  const sorted = stations.toSorted((a, b) => (b.kWh ?? -1) - (a.kWh ?? -1));
  const rest = sorted.slice(MAX_ROWS);
  const all = Math.max(meteredKWh ?? allocatedKWh, allocatedKWh, 1e-9);
  const rows = sorted
    .slice(0, MAX_ROWS)
    .map(({ station, title, kWh }) => ({ key: station, name: nameOf(station, inLanguage(title, language)), kWh, look: "" }));
  if (rest.length > 0) {
    const kWh = rest.some((each) => each.kWh === undefined) ? undefined : rest.reduce((sum, each) => sum + (each.kWh ?? 0), 0);
    rows.push({ key: "others", name: t("energy.others", { count: rest.length }), kWh, look: "" });
  }
  if (meteredKWh !== undefined) rows.push({ key: "unallocated", name: t("energy.rest"), kWh: unallocatedKWh, look: "is-rest" });
  return (
    <ul className="dw-energy-rows">
      {rows.map(({ key, name, kWh, look }) => (
        <li key={key} className={look}>
          <span className="dw-energy-name" title={name}>
            {name}
          </span>
          <span className="dw-energy-bar" aria-hidden>
            <i style={{ width: `${(100 * Math.max(0, kWh ?? 0)) / all}%` }} />
          </span>
          <span className="dw-energy-value">{kWhText(kWh)}</span>
          <span className="dw-energy-share">{kWh === undefined ? "" : percentText(kWh / all)}</span>
        </li>
      ))}
    </ul>
  );
}
