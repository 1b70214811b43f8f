import type { ReactNode } from "react";
import { AddressLink, useSubject, useWords } from "@doppelwerk/kit/studio";
import { statesDetail } from "./states-detail.ts";

/** From a station to what its raw states mean, and who wrote that. */
export default function StatesLink(): ReactNode {
  const { t } = useWords();
  const station = useSubject()?.station;
  if (station === undefined) return null;
  return (
    <div className="dw-block dw-links">
      <AddressLink to={{ view: "connect", detail: statesDetail(station.id) }}>
        {t("connect.states.ofStation", { station: station.id })}
      </AddressLink>
    </div>
  );
}
