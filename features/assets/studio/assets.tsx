import { SegmentedControl, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { StationInfo } from "@doppelwerk/client";
import {
  Empty,
  ScrollRegion,
  SignalValue,
  Waiting,
  byRelevance,
  explorerModes,
  formatPlace,
  inLanguage,
  parsePlace,
  signalName,
  stationName,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { LineTree } from "./line-tree.tsx";
import { ShellCardView } from "./shell-card.tsx";
import { VALUES, valuesOf } from "./home/values-detail.ts";
import "./assets.css";

const PlantHome = lazy(() => import("./home/plant-home.tsx"));
const Explorer = lazy(() => import("./explorer/explorer.tsx").then((room) => ({ default: room.Explorer })));

/** The assets of the line, the values of the plant that more can be made of, or every shell of the repository. */
export default function Assets(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { detail, subject } = useStore(studio.address.store);
  const values = valuesOf(detail);
  const place = useMemo(() => (valuesOf(detail) === undefined ? parsePlace(detail) : undefined), [detail]);
  const line = useStore(studio.line);
  const open = (mode: string): void => {
    const selected = mode === "shells" ? line?.stations.find(({ id, shell }) => id === subject || shell === subject) : undefined;
    const chosen = selected === undefined ? mode : formatPlace({ mode: "shells", shell: selected.shell });
    studio.address.go({ detail: mode === "line" ? undefined : chosen });
  };
  return (
    <div className="dw-page dw-assets-page">
      <div className="dw-assets-bar">
        <SegmentedControl
          size="xs"
          aria-label={t("assets.explorer.modes")}
          value={place?.mode ?? (values === undefined ? "line" : VALUES)}
          data={["line", VALUES, ...explorerModes].map((mode) => ({ value: mode, label: t.or(`assets.explorer.mode.${mode}`, mode) }))}
          onChange={open}
        />
      </div>
      {values !== undefined ? (
        <div className="dw-assets-values">
          <Suspense fallback={<Waiting />}>
            <PlantHome connection={values.connection} />
          </Suspense>
        </div>
      ) : place === undefined ? (
        <LineAssets />
      ) : (
        <Suspense fallback={<Waiting />}>
          <Explorer place={place} />
        </Suspense>
      )}
    </div>
  );
}

/** The asset tree from site to station, and what stands behind the one selected. */
function LineAssets(): ReactNode {
  const studio = useStudio();
  const { subject } = useScope();
  const { t, language } = useWords();
  const world = useStore(studio.world);
  const line = useStore(studio.line);
  const path = world?.lines.find(({ id }) => id === line?.id)?.path ?? world?.path ?? [];
  const [search, setSearch] = useState("");
  const needle = search.trim().toLowerCase();
  const stations = (line?.stations ?? []).filter(
    (station) => needle === "" || `${station.id} ${station.name.en} ${station.name.zh} ${station.shell}`.toLowerCase().includes(needle),
  );
  const selected = line?.stations.find((station) => station.id === subject || station.shell === subject);
  if (world?.empty === true)
    return (
      <Empty
        title={t("assets.emptyTitle")}
        text={t("assets.emptyText")}
        action={t("view.connect")}
        onAction={() => studio.address.go({ view: "connect" })}
      />
    );
  return (
    <div className="dw-assets">
      <div className="dw-tree">
        <TextInput
          size="sm"
          leftSection={<IconSearch size={14} />}
          placeholder={t("assets.search")}
          aria-label={t("assets.search")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <LineTree path={path.map((step) => inLanguage(step, language))} stations={stations} selected={selected} />
      </div>
      <ScrollRegion className="dw-asset-detail" label={selected === undefined ? t("assets.chooseTitle") : selected.id}>
        {selected === undefined ? (
          <Empty title={t("assets.chooseTitle")} text={t("assets.chooseText")} />
        ) : (
          <AssetDetail station={selected} />
        )}
      </ScrollRegion>
    </div>
  );
}

function AssetDetail({ station }: { readonly station: StationInfo }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const signals = [
    ...Object.values(station.signals),
    ...byRelevance(station.processValues, (id) => studio.signals.entry(id)).filter((id) => !Object.values(station.signals).includes(id)),
  ];
  const toTrend = (): void => studio.address.go({ subject: station.id, inspector: true, tab: "trend" });
  return (
    <>
      <header className="dw-asset-head">
        <h2>
          {station.id} {stationName(station, language)}
        </h2>
        <small>{station.shell}</small>
      </header>
      <div className="dw-asset-columns">
        <div>
          <ShellCardView shell={station.shell} />
        </div>
        <section className="dw-block">
          <header>
            <h3>{t("assets.signals")}</h3>
            <span>{signals.length}</span>
          </header>
          <table className="dw-table" aria-label={t("assets.signals")}>
            <tbody>
              {signals.map((id) => {
                const entry = studio.signals.entry(id);
                return (
                  <tr key={id} className="is-link" onClick={toTrend}>
                    <td title={entry?.name}>
                      <UnstyledButton onClick={toTrend}>{signalName(entry, language, id)}</UnstyledButton>
                    </td>
                    <td className="is-number">
                      <SignalValue id={id} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      </div>
    </>
  );
}
