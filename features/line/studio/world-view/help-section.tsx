import type { ReactNode } from "react";
import { Keys, useWords } from "@doppelwerk/kit/studio";

/** The keys of the 3D view, while it has the focus. */
const worldKeys = [
  ["line.world.home", "H"],
  ["line.world.top", "T"],
  ["line.world.walk", "G"],
  ["help.step", "W A S D"],
  ["help.recall", "1 … 9"],
  ["help.store", "Shift 1 … 9"],
] as const;

export default function WorldHelp(): ReactNode {
  const { t } = useWords();
  return (
    <section>
      <h3>{t("help.worldTitle")}</h3>
      {worldKeys.map(([label, keys]) => (
        <div key={label} className="dw-key-line">
          <span>{t(label)}</span>
          <Keys keys={keys} />
        </div>
      ))}
    </section>
  );
}
