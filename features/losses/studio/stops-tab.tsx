import { useState } from "react";
import type { ReactNode } from "react";
import { DAY, Failure, NotReadAgain, useSubject, useWords } from "@doppelwerk/kit/studio";
import { StopList } from "./stop-list.tsx";
import { useReasons } from "./use-reasons.ts";
import { useStops } from "./use-stops.ts";

const MAX_SHOWN = 40;

/** Stops of the station over the last day, the newest first. */
export default function StopsTab(): ReactNode {
  const station = useSubject()?.station.id;
  return station === undefined ? null : <StopsOfStation key={station} station={station} />;
}

function StopsOfStation({ station }: { readonly station: string }): ReactNode {
  const { t } = useWords();
  const loaded = useStops({ station, last: DAY });
  const reasons = useReasons();
  const [max, setMax] = useState(MAX_SHOWN);
  const stops = loaded.value?.stops;
  return (
    <section className="dw-block">
      <header>
        <h3>{t("losses.stops")}</h3>
        <span>{t("losses.lastDay")}</span>
      </header>
      {stops === undefined && loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {stops === undefined && loaded.kind !== "failed" && (
        <p className="dw-quiet" role="status">
          {t("frame.loading")}
        </p>
      )}
      {stops !== undefined && (
        <>
          <NotReadAgain loaded={loaded} />
          {stops.length === 0 && <p className="dw-quiet">{t("losses.noStops")}</p>}
          <StopList stops={stops} max={max} reasons={reasons} reload={loaded.reload} onMore={() => setMax(max + MAX_SHOWN)} />
        </>
      )}
    </section>
  );
}
