import type { ReactNode } from "react";
import { numberText, percentText, useWords } from "@doppelwerk/kit/studio";
import type { LossBudget } from "../contract.ts";

const ELEMENTS = ["APT", "AUST", "ADET", "ADOT", "unknownS"] as const;

/** Where the planned busy time went in the elements of ISO 22400-2, and the OEE that follows from them. */
export function TimeModelBar({
  budget: { timeModel: model, station, idealCycleS, produced, good },
}: {
  readonly budget: LossBudget;
}): ReactNode {
  const { t } = useWords();
  if (model === undefined || model.plannedBusyS <= 0) return null;
  const availability = model.APT / model.plannedBusyS;
  const effectiveness = model.APT > 0 ? (idealCycleS * produced) / model.APT : undefined;
  const quality = produced > 0 ? good / produced : undefined;
  const oee = effectiveness === undefined || quality === undefined ? undefined : availability * effectiveness * quality;
  const shown = ELEMENTS.filter((element) => element === "APT" || model[element] > 0);
  return (
    <figure className="dw-time-model">
      <figcaption>
        {t("losses.time.title", { station, minutes: numberText(Math.round(model.plannedBusyS / 60)) })} <small>ISO 22400-2</small>
      </figcaption>
      <div className="dw-time-model-bar" aria-hidden>
        {shown.map((element) => (
          <i key={element} className={`is-${element}`} style={{ flexGrow: model[element] / model.plannedBusyS }} />
        ))}
      </div>
      <dl>
        {shown.map((element) => (
          <div key={element}>
            <dt>
              <i className={`is-${element}`} /> {t(`losses.time.${element}`)}
            </dt>
            <dd>
              {t("losses.budget.minutes", { minutes: numberText(Math.round(model[element] / 60)) })}
              <small> {percentText(model[element] / model.plannedBusyS)}</small>
            </dd>
          </div>
        ))}
      </dl>
      {oee !== undefined && (
        <p className="dw-quiet-text">
          {t("losses.time.oee", {
            oee: percentText(oee),
            availability: percentText(availability),
            effectiveness: percentText(effectiveness!),
            quality: percentText(quality!),
          })}
        </p>
      )}
    </figure>
  );
}
