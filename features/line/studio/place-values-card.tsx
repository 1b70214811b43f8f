import { IconChevronDown } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { LineInfo } from "@doppelwerk/client";
import { Card, numberText, roleWords, signalName, unitText, useStore, useStudio, useWords, withoutPlace } from "@doppelwerk/kit/studio";
import { PlaceChart } from "./place-chart.tsx";
import { isNear } from "./place-scale.ts";
import { usePlaceValues } from "./use-place-values.ts";
import "./cards.css";

export default function PlaceValuesCard(): ReactNode {
  const line = useStore(useStudio().line);
  return line === undefined ? null : <PlaceValues line={line} />;
}

/** The constraint's process values: each by place where there are places, median and 90 % of the last hour, its samples as quantile dots. */
function PlaceValues({ line }: { readonly line: LineInfo }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { ids, series, loading, nextQuantity } = usePlaceValues(line);
  const first = ids[0] === undefined ? undefined : studio.signals.entry(ids[0]);
  const values = series.flatMap((place) => place.values);
  const words =
    line.constraint === ""
      ? t("line.board.placeValuesNowhere")
      : first === undefined
        ? t("line.board.placeValues", { station: line.constraint })
        : t("line.board.placeValuesOf", { what: roleWords(withoutPlace(signalName(first, language))), station: line.constraint });
  const limit =
    first !== undefined && isNear(values, first.high)
      ? `${unitText(first.unit) === "" ? "" : ", "}${t("line.board.limit", { value: numberText(first.high, first.resolution) })}`
      : "";
  return (
    <Card
      className="dw-board-places"
      title={nextQuantity === undefined ? words : <QuantityButton words={words} onNext={nextQuantity} />}
      note={
        first === undefined ? "" : [`${unitText(first.unit)}${limit}`, t("line.board.placeNote")].filter((part) => part !== "").join(" · ")
      }
    >
      {values.length === 0 ? (
        <p className="dw-quiet">
          {ids.length === 0
            ? t(line.constraint === "" ? "line.board.noConstraint" : "line.board.noPlaceValues")
            : t(loading ? "value.onTheWay" : "trend.empty")}
        </p>
      ) : (
        <PlaceChart
          series={series}
          bounds={[first?.low, first?.high]}
          resolution={first?.resolution}
          unit={unitText(first?.unit)}
          label={words}
        />
      )}
    </Card>
  );
}

function QuantityButton({ words, onNext }: { readonly words: string; readonly onNext: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <button type="button" className="dw-quantity" title={t("line.board.otherQuantity")} onClick={onNext}>
      {words} <IconChevronDown size={14} />
    </button>
  );
}
