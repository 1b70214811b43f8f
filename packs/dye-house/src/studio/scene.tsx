import { Card, ThemeContext, useStudio, useText, useThemeTokens, Problem, shownError, type ShownError } from "@doppelwerk/kit/studio";
import type { Viewer } from "@doppelwerk/kit/studio/viewer";
import { useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { Batch } from "../model/batch.ts";
import { dyeHouseStage } from "../model/stage.ts";
import type { Overview } from "./calls.ts";

/** Quality of a sample without a value. */
const BAD = 2;

interface MachineState {
  readonly state: "idle" | "running" | "unknown";
  readonly value?: string;
}

interface SceneProps {
  readonly plant: Overview;
  readonly batches: readonly Batch[];
  /** A machine was clicked, by name. */
  readonly onMachine: (name: string) => void;
}

/** Machines, tanks and ranges in 3D; a machine that dyes is marked as running, with its phase on the label. */
export function Scene({ plant, batches, onMachine }: SceneProps): ReactNode {
  const text = useText();
  const { address, signals } = useStudio();
  const tokens = useThemeTokens();
  const themeName = useContext(ThemeContext);
  const choose = useRef(onMachine);
  choose.current = onMachine;
  const host = useRef<HTMLDivElement>(null);
  const [viewer, setViewer] = useState<Viewer | undefined>(undefined);
  const [failure, setFailure] = useState<ShownError | undefined>(undefined);
  useEffect(() => {
    let made: Viewer | undefined;
    let isGone = false;
    import("@doppelwerk/kit/studio/viewer")
      .then((room) => {
        if (isGone || host.current === null) return;
        made = new room.Viewer({ theme: room.viewerTheme(tokens, themeName), pixelRatioLimit: 1.5 });
        made.mount(host.current);
        made.onSelect = (hit) => {
          const machine = plant.machines.find(({ name }) => name === hit?.stationId);
          address.amend({ subject: machine?.shell });
          if (machine !== undefined) choose.current(machine.name);
        };
        setViewer(made);
      })
      .catch((error: unknown) => setFailure(shownError(error)));
    return () => {
      isGone = true;
      made?.dispose();
      setViewer(undefined);
    };
    // another theme draws it again
  }, [address, plant, tokens, themeName]);
  useEffect(() => viewer?.setStage(dyeHouseStage(plant.machines, plant.ranges, plant.tanks)), [viewer, plant]);
  useEffect(() => {
    const running = new Map(batches.filter(({ to }) => to === undefined).map((batch) => [batch.machine, batch]));
    const stateOf = ({ name, functionSignal, temperatureSignal }: Overview["machines"][number]): MachineState => {
      const value = signals.get(functionSignal ?? temperatureSignal ?? "");
      if (value?.quality === BAD) return { state: "unknown", value: text("dyeHouse.gantt.lost") };
      const phase = running.get(name)?.phases.at(-1)?.phase;
      return phase === undefined ? { state: "idle" } : { state: "running", value: text(`dyeHouse.phase.${phase}`) };
    };
    const stations = plant.machines.map((machine) => [machine.name, stateOf(machine)] as const);
    viewer?.setFrame({ instant: 0, stations: new Map(stations), parts: [] });
  }, [viewer, plant, batches, text, signals]);
  return (
    <Card title={text("dyeHouse.scene.title")} note={text("dyeHouse.scene.note")}>
      {failure === undefined ? <div className="dye-house-scene" ref={host} /> : <Problem text={failure.message} code={failure.code} />}
    </Card>
  );
}
