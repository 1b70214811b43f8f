import { useMemo } from "react";
import type { ReactNode } from "react";
import { inLanguage, useWords } from "@doppelwerk/kit/studio";
import type { Cause, Place } from "../contract.ts";
import { mapShapes, type MapShape, type PlaceMapShapes } from "./map-shapes.ts";

interface Plan {
  readonly places: readonly Place[];
  readonly root: Place;
  readonly causes: readonly Cause[];
  readonly selected: string | undefined;
  readonly onSelect: (row: string) => void;
  readonly onOpen: (place: string) => void;
}

/** The plan of a place in 2D, from the positions of what stands in it; nothing where they are not given. Only what needs attention has a colour. */
export function PlaceMap({ places, root, causes, selected, onSelect, onOpen }: Plan): ReactNode {
  const { t, language } = useWords();
  const shapes = useMemo(() => mapShapes(places, root.id), [places, root.id]);
  if (shapes === undefined) return null;
  const { rows, centres, box } = shapes;
  const [, , width, height] = box;
  const ratio = width / height;
  return (
    <figure className="dw-place-map">
      <div className="dw-place-floor" style={{ aspectRatio: ratio, ["--dw-place-ratio" as string]: ratio }}>
        <Shapes
          shapes={shapes}
          title={t("places.map.title", { place: inLanguage(root.title, language) })}
          {...{ causes, selected, onSelect, onOpen }}
        />
        {[...rows.map((shape) => ({ ...shape, row: shape.place.id })), ...centres].map((shape) => (
          <MapLabel
            key={shape.place.id}
            shape={shape}
            box={box}
            isCentre={shape.row !== shape.place.id}
            isSelected={shape.place.id === selected}
            onSelect={() => onSelect(shape.row)}
            onOpen={() => onOpen(shape.place.id)}
          />
        ))}
      </div>
    </figure>
  );
}

interface Shown extends Pick<Plan, "causes" | "selected" | "onSelect" | "onOpen"> {
  readonly shapes: PlaceMapShapes;
  readonly title: string;
}

/** Outlines of areas and lines, and what stands in them. */
function Shapes({ shapes: { rows, centres, parts, box }, title, causes, selected, onSelect, onOpen }: Shown): ReactNode {
  const urgencyOf = (isOf: (cause: Cause) => boolean): string => {
    const priority = causes.find((cause) => cause.priority !== undefined && isOf(cause))?.priority;
    return priority === undefined ? "" : `dw-p${priority} is-urgent`;
  };
  const ofRow = (row: string): string => urgencyOf((cause) => cause.row === row || follows(cause, (each) => each.row === row));
  const ofPlace = (place: string): string => urgencyOf((cause) => cause.place === place || follows(cause, (each) => each.place === place));
  const { language } = useWords();
  return (
    <svg viewBox={box.join(" ")} role="img" aria-label={title}>
      {rows.map(({ place, ...rectangle }) => (
        <rect
          key={place.id}
          {...rectangle}
          className={`dw-map-row ${ofRow(place.id)} ${place.id === selected ? "is-selected" : ""}`}
          vectorEffect="non-scaling-stroke"
          onClick={() => onSelect(place.id)}
          onDoubleClick={() => onOpen(place.id)}
        />
      ))}
      {centres.map(({ place, row, ...rectangle }) => (
        <rect
          key={place.id}
          {...rectangle}
          className={`dw-map-centre ${ofPlace(place.id)}`}
          vectorEffect="non-scaling-stroke"
          onClick={() => onSelect(row)}
          onDoubleClick={() => onOpen(place.id)}
        />
      ))}
      {parts.map(({ place, row, ...rectangle }) => (
        <rect
          key={place.id}
          {...rectangle}
          className={`dw-map-part ${ofPlace(place.id)}`}
          vectorEffect="non-scaling-stroke"
          onClick={() => onSelect(row)}
          onDoubleClick={() => onOpen(row)}
        >
          <title>{inLanguage(place.title, language)}</title>
        </rect>
      ))}
    </svg>
  );
}

function follows({ follows: lines = [] }: Cause, isOne: (line: NonNullable<Cause["follows"]>[number]) => boolean): boolean {
  return lines.some(isOne);
}

/** The name of an area or a line in its corner, no wider than it. */
function MapLabel({
  shape: { place, x, y, width: wide },
  box: [left, top, width, height],
  isCentre,
  isSelected,
  onSelect,
  onOpen,
}: {
  readonly shape: MapShape;
  readonly box: PlaceMapShapes["box"];
  readonly isCentre: boolean;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
}): ReactNode {
  const { language } = useWords();
  const share = (metres: number, of: number): string => `${(metres / of) * 100}%`;
  return (
    <button
      type="button"
      // the row of the table is the same for a keyboard and a reader
      tabIndex={-1}
      aria-hidden
      title={inLanguage(place.title, language)}
      className={`dw-map-label ${isCentre ? "is-centre" : ""} ${isSelected ? "is-selected" : ""}`}
      style={{ left: share(x - left, width), top: share(y - top, height), maxWidth: share(wide, width) }}
      onClick={onSelect}
      onDoubleClick={onOpen}
    >
      {inLanguage(place.title, language)}
    </button>
  );
}
