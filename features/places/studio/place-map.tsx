import { useMemo } from "react";
import type { ReactNode } from "react";
import { inLanguage, useWords } from "@doppelwerk/kit/studio";
import type { Cause, Place } from "../contract.ts";
import { mapShapes, type MapShape, type PlaceMapShapes } from "./map-shapes.ts";

/** Pixels. */
const MAX_HEIGHT = 300;

/** The plan of a place in 2D, from the positions of what stands in it; nothing where they are not given. Only what needs attention has a colour. */
export function PlaceMap({
  places,
  root,
  causes,
  selected,
  onSelect,
  onOpen,
}: {
  readonly places: readonly Place[];
  readonly root: Place;
  readonly causes: readonly Cause[];
  readonly selected: string | undefined;
  readonly onSelect: (row: string) => void;
  readonly onOpen: (place: string) => void;
}): ReactNode {
  const { t, language } = useWords();
  const shapes = useMemo(() => mapShapes(places, root.id), [places, root.id]);
  if (shapes === undefined) return null;
  const { rows, parts, box } = shapes;
  const [, , width, height] = box;
  const priorityOf = (row: string): number | undefined => causes.find((cause) => cause.row === row)?.priority;
  const urgencyOf = (place: string): string => {
    const priority = causes.find((cause) => cause.place === place)?.priority;
    return priority === undefined ? "" : `dw-p${priority} is-urgent`;
  };
  return (
    <figure className="dw-place-map" style={{ aspectRatio: width / height, maxWidth: (width / height) * MAX_HEIGHT }}>
      <svg viewBox={box.join(" ")} role="img" aria-label={t("places.map.title", { place: inLanguage(root.title, language) })}>
        {rows.map(({ place, ...rectangle }) => (
          <rect
            key={place.id}
            {...rectangle}
            className={[
              "dw-map-row",
              priorityOf(place.id) === undefined ? "" : `dw-p${priorityOf(place.id)} is-urgent`,
              place.id === selected ? "is-selected" : "",
            ].join(" ")}
            vectorEffect="non-scaling-stroke"
            onClick={() => onSelect(place.id)}
            onDoubleClick={() => onOpen(place.id)}
          />
        ))}
        {parts.map(({ place, row, ...rectangle }) => (
          <rect
            key={place.id}
            {...rectangle}
            className={`dw-map-part ${urgencyOf(place.id)}`}
            vectorEffect="non-scaling-stroke"
            onClick={() => onSelect(row)}
            onDoubleClick={() => onOpen(row)}
          >
            <title>{inLanguage(place.title, language)}</title>
          </rect>
        ))}
      </svg>
      {rows.map((row) => (
        <MapLabel
          key={row.place.id}
          row={row}
          box={box}
          isSelected={row.place.id === selected}
          onSelect={() => onSelect(row.place.id)}
          onOpen={() => onOpen(row.place.id)}
        />
      ))}
    </figure>
  );
}

/** The name of an area in its corner. */
function MapLabel({
  row: { place, x, y, width: wide },
  box: [left, top, width, height],
  isSelected,
  onSelect,
  onOpen,
}: {
  readonly row: MapShape;
  readonly box: PlaceMapShapes["box"];
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
}): ReactNode {
  const { language } = useWords();
  const [across, down] = [((x - left) / width) * 100, ((y - top) / height) * 100];
  const end = 100 - ((x + wide - left) / width) * 100;
  return (
    <button
      type="button"
      // the row of the table is the same for a keyboard and a reader
      tabIndex={-1}
      aria-hidden
      className={`dw-map-label ${isSelected ? "is-selected" : ""}`}
      // in the right half it ends where its area ends, so that none leaves the plan
      style={{ top: `${down}%`, ...(across < 50 ? { left: `${across}%` } : { right: `${end}%` }) }}
      onClick={onSelect}
      onDoubleClick={onOpen}
    >
      {inLanguage(place.title, language)}
    </button>
  );
}
