import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { Place, Summary } from "../contract.ts";
import { linesWithin } from "./lines-within.ts";
import { mapShapes } from "./map-shapes.ts";
import { PlaceMap } from "./place-map.tsx";
import { rowOfPlace } from "./row-of-place.ts";
import type { BoardFlight } from "./scene-flight.ts";

const PlaceScene = lazy(() => import("./place-scene.tsx"));

type View = "scene" | "plan";

interface Ground {
  readonly places: readonly Place[];
  readonly root: Place;
  readonly summary: Summary;
  readonly selected: string | undefined;
  readonly onSelect: (row: string | undefined) => void;
  readonly onOpen: (place: string) => void;
  readonly scene: BoardFlight["scene"];
}

/** Where everything of a place stands: in 3D, or as a plan where positions are known. A browser without WebGL and a small screen begin with the plan. */
export function PlaceGround({ places, root, summary, selected, onSelect, onOpen, scene }: Ground): ReactNode {
  const { t } = useWords();
  const hasPlan = useMemo(() => mapShapes(places, root.id) !== undefined, [places, root.id]);
  const hasLines = linesWithin(places, root.id).some(({ place }) => place !== root.id);
  const hasScene = canDraw() && (hasLines || hasPlan);
  const [chosen, choose] = useState<View>(() => (matchMedia("(max-width: 700px)").matches ? "plan" : "scene"));
  if (!hasScene && !hasPlan) return null;
  const view: View = hasScene && (chosen === "scene" || !hasPlan) ? "scene" : "plan";
  const select = (place: string | undefined): void => onSelect(place === undefined ? undefined : rowOfPlace(places, root.id, place));
  return (
    <div className="dw-place-ground">
      {view === "scene" ? (
        <Suspense fallback={<div className="dw-place-scene" role="status" aria-label={t("frame.loading")} />}>
          <PlaceScene key={root.id} {...{ places, root, summary, selected, onOpen }} onSelect={select} flying={scene} />
        </Suspense>
      ) : (
        <PlaceMap places={places} root={root} causes={summary.causes} selected={selected} onSelect={onSelect} onOpen={onOpen} />
      )}
      {hasScene && hasPlan && (
        <SegmentedControl
          className="dw-place-views"
          size="xs"
          aria-label={t("places.scene.view")}
          value={view}
          data={[
            { value: "scene", label: t("places.scene.scene") },
            { value: "plan", label: t("places.scene.plan") },
          ]}
          onChange={(value) => choose(value as View)}
        />
      )}
    </div>
  );
}

function canDraw(): boolean {
  return typeof WebGL2RenderingContext !== "undefined";
}
