import { Button } from "@mantine/core";
import { IconChartLine, IconStack2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Empty, IndicatorBar, SignalValue, Spark, inLanguage, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { PlantValue, PlantValues } from "../../contract.ts";

/** As many as Trends draw. */
const MAX_SHOWN = 8;
const MINUTES = 60;

/** The selected values with their last hour, and what can be done with them. */
export function ValueCourses({
  plant,
  values,
  canMake,
  onMake,
  onClear,
}: {
  readonly plant: PlantValues;
  readonly values: readonly PlantValue[];
  readonly canMake: boolean;
  readonly onMake: () => void;
  readonly onClear: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  if (values.length === 0) return <Empty title={t("assets.home.chooseTitle")} text={t("assets.home.chooseText")} />;
  const detail = new URLSearchParams({
    s: values
      .slice(0, MAX_SHOWN)
      .map(({ signal }) => signal)
      .join(","),
  }).toString();
  return (
    <>
      <div className="dw-home-bar">
        <b>{t("assets.home.selected", { count: values.length })}</b>
        <Button size="compact-sm" variant="subtle" onClick={onClear}>
          {t("assets.home.clear")}
        </Button>
        <span className="dw-grow" />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconChartLine size={14} />}
          onClick={() => studio.address.go({ view: "trends", detail })}
        >
          {t("assets.home.trends")}
        </Button>
        <Button
          size="compact-sm"
          leftSection={<IconStack2 size={14} />}
          disabled={!canMake || values.every(({ shell }) => shell !== undefined)}
          title={canMake ? undefined : t("assets.home.past")}
          onClick={onMake}
        >
          {t("assets.home.make")}
        </Button>
      </div>
      <div className="dw-home-courses">
        {values.slice(0, MAX_SHOWN).map((value) => (
          <Course key={value.signal} value={value} plant={plant} />
        ))}
      </div>
      {values.length > MAX_SHOWN && <p className="dw-quiet">{t("assets.home.more", { count: values.length - MAX_SHOWN })}</p>}
    </>
  );
}

function Course({ value, plant }: { readonly value: PlantValue; readonly plant: PlantValues }): ReactNode {
  const { t, language } = useWords();
  const asset = plant.assets.find(({ shell }) => shell === value.shell);
  const isNumber = value.valueType === "double" || value.valueType === "integer";
  return (
    <section className="dw-home-course">
      <header>
        <h3 title={value.path.join(" / ")}>{value.path.slice(-2).join(" / ")}</h3>
        <SignalValue id={value.signal} />
      </header>
      {asset !== undefined && <small>{t("assets.home.ofAsset", { asset: inLanguage(asset.name, language) })}</small>}
      {isNumber && <IndicatorBar id={value.signal} />}
      {isNumber && <Spark id={value.signal} height={40} minutes={MINUTES} />}
    </section>
  );
}
