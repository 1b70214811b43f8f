import type { ReactNode } from "react";
import {
  Card,
  Chart,
  DataTable,
  Empty,
  Failure,
  momentText,
  monthText,
  NotReadAgain,
  numberText,
  OriginMark,
  useLoad,
  useScope,
  useWords,
  Waiting,
  withUnit,
  type ChartMark,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { EnergyLoad } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { AskedOfEnergy } from "./energy-page.tsx";
import { costText } from "./energy-text.ts";

const EVERY_MS = 60_000;
const kWText = (kW: number): string => withUnit(numberText(kW, kW < 10 ? 0.01 : 0.1), "kW");

/** Mean power of quarter hours, the highest of them with what ran then, and what each month is charged for its highest. */
export function LoadView({ asked }: { readonly asked: AskedOfEnergy }): ReactNode {
  const { branch, line, isMoving, spanNow } = asked;
  const { t } = useWords();
  const loaded = useLoad(
    {
      key: ["GET /energy-load", branch, line, isMoving ? "live" : spanNow().to, spanNow().to - spanNow().from],
      run: ({ client }, signal) => calls.load(client, { query: { branch, line, ...spanNow() } }, { signal }),
      changedBy: { kinds: ["energyMeter", "energyTariff"] },
    },
    { everyMs: isMoving ? EVERY_MS : undefined },
  );
  const load = loaded.value;
  if (load === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (load.of.length === 0)
    return <Empty title={t("energy.page.none", { medium: t("energy.medium.electricity") })} text={t("energy.page.noneText")} />;
  return (
    <>
      <NotReadAgain loaded={loaded} />
      <Profile load={load} />
      <Peaks load={load} />
      <Demand load={load} />
    </>
  );
}

function Profile({ load }: { readonly load: EnergyLoad }): ReactNode {
  const { t, zone, language } = useWords();
  const [peak] = load.peaks;
  const missing = load.quarters.filter(({ kW }) => kW === undefined).length;
  const marks: ChartMark[] = [
    {
      kind: "line",
      name: t("energy.load.power"),
      tone: "hue",
      isStepped: true,
      points: load.quarters.map(({ at, kW }) => ({ x: at, y: kW })),
    },
    ...(peak === undefined
      ? []
      : [{ kind: "rule" as const, name: t("energy.load.peak"), tone: "worse" as const, y: peak.kW, isLabelled: true }]),
  ];
  return (
    <section className="dw-energy-load">
      <header className="dw-energy-head">
        <h2>
          {peak === undefined
            ? t("energy.load.none")
            : t("energy.load.title", { peak: kWText(peak.kW), when: momentText(peak.at, zone, language, false) })}
          {load.isSimulated && <OriginMark origin="simulated" />}
        </h2>
        <p className="dw-quiet-text">
          {t("energy.load.about", { of: load.of.join(", ") })}
          {missing > 0 && ` · ${t("energy.load.missing", { count: missing })}`}
        </p>
      </header>
      <Chart
        label={t("energy.load.power")}
        x={{ kind: "time", from: load.from, to: load.to }}
        y={{ kind: "number", unit: "kW", name: t("energy.load.power"), include: [0], digits: 1 }}
        marks={marks}
        height={220}
      />
    </section>
  );
}

function Peaks({ load }: { readonly load: EnergyLoad }): ReactNode {
  const { t, zone, language } = useWords();
  const { time } = useScope();
  return (
    <Card title={t("energy.load.peaks")} note={t("energy.load.peaksNote")}>
      <DataTable
        caption={t("energy.load.peaks")}
        rows={load.peaks}
        keyOf={({ at }) => String(at)}
        empty={t("energy.load.none")}
        onChoose={({ at }) => time.goTo(at)}
        columns={[
          { title: t("energy.load.when"), cell: ({ at }) => momentText(at, zone, language, false) },
          { title: t("energy.load.power"), isNumber: true, cell: ({ kW }) => kWText(kW) },
          { title: t("energy.load.used"), cell: ({ used }) => used.map(({ station, kW }) => `${station} ${kWText(kW)}`).join(", ") || "–" },
          { title: t("energy.load.working"), cell: ({ working }) => working.join(", ") || "–" },
          { title: t("energy.load.orders"), cell: ({ orders }) => orders.join(", ") || "–" },
        ]}
      />
    </Card>
  );
}

function Demand({ load }: { readonly load: EnergyLoad }): ReactNode {
  const { t, zone, language } = useWords();
  if (load.demand.length === 0) return null;
  return (
    <Card title={t("energy.load.demand")} note={t("energy.load.demandNote")}>
      <DataTable
        caption={t("energy.load.demand")}
        rows={load.demand}
        keyOf={({ month }) => month}
        columns={[
          { title: t("energy.load.month"), cell: ({ at }) => monthText(at, zone, language) },
          { title: t("energy.load.when"), cell: ({ at }) => momentText(at, zone, language, false) },
          { title: t("energy.load.power"), isNumber: true, cell: ({ kW }) => kWText(kW) },
          { title: t("energy.load.charge"), isNumber: true, cell: ({ charge, currency }) => costText(charge, currency) },
        ]}
      />
    </Card>
  );
}
