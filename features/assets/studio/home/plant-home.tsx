import * as calls from "../../calls.ts";
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconPlug, IconRoute } from "@tabler/icons-react";
import { LIVE } from "@doppelwerk/world";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  Failure,
  Waiting,
  answerOf,
  inLanguage,
  linesOf,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  isActiveAlarm,
} from "@doppelwerk/kit/studio";
import type { PlantValues } from "../../contract.ts";
import { MakeAsset } from "./make-asset.tsx";
import { MakeLine } from "./make-line.tsx";
import { ValueCourses } from "./value-courses.tsx";
import { ValueList } from "./value-list.tsx";
import { treeOfValues } from "./value-tree.ts";
import { VALUES } from "./values-detail.ts";
import { WRITTEN_BY } from "./written-by.ts";
import "./home.css";

/**
 * The values of the plant by folder, their course, alarms, and the way to assets and to a line: the first one, or a further one. `connection`: the values
 * of this one alone.
 */
export default function PlantHome({ connection }: { readonly connection?: string | undefined }): ReactNode {
  const plant = useLoad(answerOf(calls.plantValues, {}, WRITTEN_BY));
  if (plant.value !== undefined) return <Home key={connection} plant={plant.value} connection={connection} />;
  return plant.kind === "failed" ? <Failure message={plant.message} code={plant.code} onRetry={plant.reload} /> : <Waiting />;
}

function Home({ plant: whole, connection }: { readonly plant: PlantValues; readonly connection: string | undefined }): ReactNode {
  const studio = useStudio();
  const { branch, time } = useScope();
  const isPast = useStore(time.shown) !== undefined;
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [making, setMaking] = useState<"asset" | "line" | undefined>(undefined);
  const { t } = useWords();
  const canMake = branch === LIVE && !isPast;
  const plant = useMemo(() => ofConnection(whole, connection), [whole, connection]);
  const source = plant.connections.find(({ id }) => id === connection)?.name;
  // in the order of the tree, not in that of their ids
  const inTree = useMemo(
    () =>
      new Map(
        treeOfValues(plant)
          .flatMap((node) => node.signals)
          .map((signal, at) => [signal, at]),
      ),
    [plant],
  );
  const values = plant.values
    .filter(({ signal }) => selected.has(signal))
    .toSorted((a, b) => inTree.get(a.signal)! - inTree.get(b.signal)!);
  const done = (): void => {
    setMaking(undefined);
    setSelected(new Set());
  };
  const free = plant.values.filter(({ shell }) => shell === undefined).length;
  return (
    <div className="dw-page dw-home">
      <Head plant={whole} canMake={canMake} onLine={() => setMaking("line")} />
      <Card
        title={source === undefined ? t("assets.home.title") : t("assets.home.titleOf", { connection: source })}
        note={t("assets.home.count", { count: plant.values.length + plant.more, free })}
        className="dw-home-values"
      >
        {connection !== undefined && (
          <Button className="dw-home-all" size="compact-sm" variant="subtle" onClick={() => studio.address.go({ detail: VALUES })}>
            {t("assets.home.allConnections")}
          </Button>
        )}
        <ValueList plant={plant} selected={selected} onSelect={setSelected} />
        {plant.more > 0 && <p className="dw-quiet">{t("assets.home.more", { count: plant.more })}</p>}
      </Card>
      <div className="dw-home-side">
        {making === "asset" ? (
          <MakeAsset values={values.filter(({ shell }) => shell === undefined)} onBack={() => setMaking(undefined)} onMade={done} />
        ) : making === "line" ? (
          <MakeLine plant={whole} onBack={() => setMaking(undefined)} onMade={done} />
        ) : (
          <Card className="dw-home-chosen" title={t("assets.home.trendTitle")}>
            <ValueCourses
              plant={plant}
              values={values}
              canMake={canMake}
              onMake={() => setMaking("asset")}
              onClear={() => setSelected(new Set())}
            />
          </Card>
        )}
      </div>
    </div>
  );
}

function ofConnection(plant: PlantValues, connection: string | undefined): PlantValues {
  return connection === undefined ? plant : { ...plant, values: plant.values.filter((value) => value.connection === connection) };
}

/** What there is of lines and assets, and the next step. */
function Head({
  plant,
  canMake,
  onLine,
}: {
  readonly plant: PlantValues;
  readonly canMake: boolean;
  readonly onLine: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const snapshot = useStore(studio.snapshot);
  // the picture of a line that is chosen holds its alarms alone
  const { line } = useStore(studio.address.store);
  const active = snapshot?.alarms.filter(isActiveAlarm).length ?? 0;
  const { branch } = useScope();
  const listed = useLoad(linesOf(branch)).value ?? [];
  const lines = listed.length;
  const title = listed.find(({ id }) => id === line)?.title;
  const place = title === undefined ? t("assets.home.wholePlant") : inLanguage(title, language);
  const { assets } = plant;
  const free = assets.filter(({ isStation }) => !isStation).length;
  return (
    <header className="dw-home-head">
      <div>
        <h2>{lines === 0 ? t("assets.home.noneYet") : t("assets.home.lines", { count: lines })}</h2>
        <p>{lines === 0 ? t("assets.home.noneYetText") : t("assets.home.linesText")}</p>
      </div>
      <div className="dw-home-bar">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlug size={14} />}
          onClick={() => studio.address.go({ view: "connect" })}
        >
          {t("assets.home.connections")} {plant.connections.length}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconAlertTriangle size={14} />}
          onClick={() => studio.address.go({ view: "alarms" })}
        >
          {snapshot?.alarmsUnknownBefore === undefined
            ? t("assets.home.alarmsActive", { count: active, place })
            : t("assets.home.alarmsUnknown", { count: active, place })}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => studio.address.go({ view: "assets", detail: "shells" })}>
          {t("assets.home.assets", { count: assets.length })}
        </Button>
        <Button
          size="compact-sm"
          leftSection={<IconRoute size={14} />}
          disabled={!canMake || free === 0}
          title={free === 0 ? t("assets.line.noAssets") : undefined}
          onClick={onLine}
        >
          {lines === 0 ? t("assets.home.makeLine") : t("assets.home.makeAnother")}
        </Button>
      </div>
    </header>
  );
}
