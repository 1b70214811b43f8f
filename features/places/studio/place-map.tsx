import { useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { inLanguage, useWords } from "@doppelwerk/kit/studio";
import type { Cause, Place } from "../contract.ts";
import { labelSpots } from "./label-spots.ts";
import { mapShapes, type Rectangle, type MapShape, type PlaceMapShapes } from "./map-shapes.ts";

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
  const [floor, setFloor] = useState<HTMLDivElement | null>(null);
  const pixels = useWidth(floor);
  const spots = useMemo(
    () => (shapes === undefined ? new Map<string, Rectangle>() : spotsIn(shapes, pixels, language)),
    [shapes, pixels, language],
  );
  if (shapes === undefined) return null;
  const { box } = shapes;
  const [, , width, height] = box;
  const ratio = width / height;
  return (
    <figure className="dw-place-map">
      <div
        ref={setFloor}
        className={`dw-place-floor ${pixels < SMALL_PLAN ? "is-small" : ""}`}
        style={{ aspectRatio: ratio, ["--dw-place-ratio" as string]: ratio }}
      >
        <Shapes
          shapes={shapes}
          title={t("places.map.title", { place: inLanguage(root.title, language) })}
          {...{ causes, selected, onSelect, onOpen }}
        />
        {labelled(shapes).map(({ place, row }) => {
          const spot = spots.get(place.id);
          return (
            spot !== undefined && (
              <MapLabel
                key={place.id}
                {...{ place, spot, box }}
                isCentre={row !== place.id}
                isSelected={place.id === selected}
                onOpen={() => onOpen(place.id)}
              />
            )
          );
        })}
      </div>
    </figure>
  );
}

/** What has a name on the plan: areas first, then the lines in them. */
function labelled({ rows, centres }: Pick<PlaceMapShapes, "rows" | "centres">): readonly (MapShape & { readonly row: string })[] {
  return [...rows.map((shape) => ({ ...shape, row: shape.place.id })), ...centres];
}

interface LabelSize {
  readonly han: number;
  readonly letter: number;
  readonly padding: number;
  readonly height: number;
}

/** Sizes of a label as its style sheet has it, pixels: at most, as a wider one would only find no room. */
const LARGE: LabelSize = { han: 12, letter: 7, padding: 14, height: 20 };
const SMALL: LabelSize = { han: 11, letter: 6.4, padding: 8, height: 17 };
/** A plan that is narrower has small labels. */
const SMALL_PLAN = 500;
/** Between a label and the outline around it, pixels: half of a line that is two wide. */
const INSET = 2;

/** Where labels stand on a plan of so many pixels in width. */
function spotsIn(shapes: PlaceMapShapes, pixels: number, language: "en" | "zh"): ReadonlyMap<string, Rectangle> {
  const metres = shapes.box[2] / pixels;
  const size = pixels < SMALL_PLAN ? SMALL : LARGE;
  const labels = labelled(shapes).map(({ place, ...outline }) => {
    const wide = Array.from(inLanguage(place.title, language), (letter) => (/\p{Script=Han}/u.test(letter) ? size.han : size.letter));
    const text = wide.reduce((sum, each) => sum + each, size.padding) * metres;
    return { id: place.id, outline, width: Math.min(outline.width - 2 * INSET * metres, text), height: size.height * metres };
  });
  return labelSpots(labels, shapes.parts, INSET * metres);
}

/** Until it is laid out. */
const SOME_WIDTH = 600;

function useWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(SOME_WIDTH);
  useEffect(() => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0) || SOME_WIDTH));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return width;
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
        >
          <title>{inLanguage(place.title, language)}</title>
        </rect>
      ))}
      {centres.map(({ place, row, ...rectangle }) => (
        <rect
          key={place.id}
          {...rectangle}
          className={`dw-map-centre ${ofPlace(place.id)}`}
          vectorEffect="non-scaling-stroke"
          onClick={() => onSelect(row)}
          onDoubleClick={() => onOpen(place.id)}
        >
          <title>{inLanguage(place.title, language)}</title>
        </rect>
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

/** The name of an area or a line where it covers no machine, no wider than it: it opens its board. */
function MapLabel({
  place,
  spot: { x, y, width: wide },
  box: [left, top, width, height],
  isCentre,
  isSelected,
  onOpen,
}: {
  readonly place: Place;
  readonly spot: Rectangle;
  readonly box: PlaceMapShapes["box"];
  readonly isCentre: boolean;
  readonly isSelected: boolean;
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
      onClick={onOpen}
    >
      {inLanguage(place.title, language)}
    </button>
  );
}
