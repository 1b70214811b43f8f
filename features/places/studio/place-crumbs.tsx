import { ActionIcon, UnstyledButton } from "@mantine/core";
import { IconChevronRight, IconSitemap } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Hint, inLanguage, useIsWholeSite, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";
import { currentPlace, placeOfLine } from "./current-place.ts";
import { goToPlace } from "./go-to-place.ts";
import openTree from "./open-tree.ts";
import { pathOfPlace, usePlaces } from "./use-places.ts";
import { wholeOf } from "./whole-of.ts";
import "./places.css";

/** Steps that are shown; of a longer path the outermost and the innermost ones. */
const MAX_STEPS = 5;

/** The places from the outermost one to where the studio is: each leads to its board. */
export default function PlaceCrumbs({ children }: { readonly children: ReactNode }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const address = useStore(studio.address.store);
  const read = useStore(studio.line);
  const line = useIsWholeSite() ? undefined : read;
  const places = usePlaces().value?.places ?? [];
  const current = currentPlace(places, address, line, wholeOf(places));
  if (current === undefined) return children;
  const path = pathOfPlace(places, current.id);
  const steps: readonly (Place | undefined)[] =
    path.length <= MAX_STEPS ? path : [path[0], undefined, ...path.slice(path.length - MAX_STEPS + 2)];
  const go = (place: Place): void => {
    // the line is a place of every page, not only of the board
    if (address.view !== "board" && place.id === placeOfLine(places, line)?.id) studio.address.go({ subject: undefined });
    else goToPlace(studio, place, places);
  };
  return (
    <>
      <Hint label={t("places.tree.open")} keys="Shift+P">
        <ActionIcon
          className="dw-place-tree-open"
          variant="subtle"
          color="gray"
          aria-label={t("places.tree.open")}
          onClick={() => openTree(studio)}
        >
          <IconSitemap size={16} />
        </ActionIcon>
      </Hint>
      {steps.map((place, index) => (
        <span key={place?.id ?? "between"} className="dw-crumb">
          {index > 0 && <IconChevronRight size={14} aria-hidden />}
          {place === undefined ? (
            <UnstyledButton aria-label={t("places.tree.open")} onClick={() => openTree(studio)}>
              …
            </UnstyledButton>
          ) : (
            <UnstyledButton
              className={index === steps.length - 1 ? "is-last" : ""}
              aria-current={index === steps.length - 1 ? "page" : undefined}
              title={t(`places.kind.${place.kind}`)}
              onClick={() => go(place)}
            >
              {inLanguage(place.title, language)}
            </UnstyledButton>
          )}
        </span>
      ))}
    </>
  );
}
