import type { ReactNode } from "react";
import { ShellCardView } from "./shell-card.tsx";
import { useSubject } from "@doppelwerk/kit/studio";

/** Nameplate, properties with what is planned, and the submodels of the subject. */
export default function DocumentsTab(): ReactNode {
  const subject = useSubject();
  return subject === undefined ? null : <ShellCardView shell={subject.station.shell} />;
}
