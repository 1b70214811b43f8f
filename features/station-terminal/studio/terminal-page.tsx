import type { ReactNode } from "react";
import { useStore, useStudio } from "@doppelwerk/kit/studio";
import { SetUp } from "./set-up.tsx";
import { StationScreen } from "./station-screen.tsx";
import "./terminal-page.css";

/** The terminal of the station that the address names; without one the choice of it. */
export default function TerminalPage(): ReactNode {
  const { detail } = useStore(useStudio().address.store);
  if (detail?.startsWith("at:")) return <StationScreen key={detail} station={detail.slice(3)} />;
  return <SetUp part={detail} />;
}
