import type { ReactNode } from "react";
import { ShellCardView } from "./shell-card.tsx";
import { useStore, useStudio, useSubject, useWords } from "@doppelwerk/kit/studio";

/** Nameplate, properties with what is planned, and the submodels of the subject; not a second time beside its card on *Assets*. */
export default function DocumentsTab(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { view } = useStore(studio.address.store);
  const subject = useSubject();
  if (subject === undefined) return null;
  return view === "assets" ? (
    <p className="dw-quiet">{t("assets.inspector.shownBeside")}</p>
  ) : (
    <ShellCardView shell={subject.station.shell} />
  );
}
