import type { ReactNode } from "react";
import { OriginMark, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import "./places.css";

/** Where the figures of a board are from, in the words that stand beside values elsewhere. Of a demonstration the machines are simulated, so that nothing is called measured. */
export default function BoardOrigins(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const machines = useStore(studio.world)?.demo === true ? "simulated" : "measured";
  return (
    <ul className="dw-board-origins" aria-label={t("places.origins.title")}>
      {([machines, "derived", "forecast", "entered"] as const).map((origin) => (
        <li key={origin}>
          <OriginMark origin={origin} /> {t(`places.origins.${origin}`)}
        </li>
      ))}
    </ul>
  );
}
