import * as calls from "../../calls.ts";
import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { answerOf, formatPlace, inLanguage, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { WRITTEN_BY } from "./written-by.ts";

/** Nothing selected, and no line: what is connected, and the assets that there are. */
export default function PlantTab(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const plant = useLoad(answerOf(calls.plantValues, {}, WRITTEN_BY)).value;
  if (plant === undefined) return null;
  const { connections, values, more, assets } = plant;
  return (
    <>
      <section className="dw-block">
        <dl className="dw-facts">
          <dt>{t("assets.home.connections")}</dt>
          <dd>{connections.map(({ name }) => name).join(", ")}</dd>
          <dt>{t("assets.plant.values")}</dt>
          <dd>{values.length + more}</dd>
        </dl>
      </section>
      <section className="dw-block">
        <header>
          <h3>{t("assets.plant.assets")}</h3>
        </header>
        {assets.length === 0 && <p className="dw-fine">{t("assets.plant.none")}</p>}
        <ul className="dw-station-list">
          {assets.map(({ shell, name, values: count }) => (
            <li key={shell}>
              <UnstyledButton
                title={inLanguage(name, language)}
                onClick={() => studio.address.go({ view: "assets", detail: formatPlace({ mode: "shells", shell }) })}
              >
                <span>{inLanguage(name, language)}</span>
                <small>{t("assets.plant.valuesOf", { count })}</small>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
